"""The days of an office: when it receives for new files, when it works, and how files spread over them."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.offices.rules import public_holiday

FILING = "filing"
FRIDAY = 5
UNEVEN = 0.6  # places by which a pick is off, as a standard deviation
T = TypeVar("T")


class OfficeDays:
    """The days of one office, each asked once."""

    def __init__(self, office: Office) -> None:
        self._line: Line | None = office.lines.filter(code=FILING).first()
        self._known: dict[date, bool] = {}

    def receives(self, day: date) -> bool:
        """Whether files are taken at the counters: neither Thursdays nor any other day the office decided to close."""
        if day not in self._known:
            self._known[day] = works(day) and (self._line is None or bool(offices.hours(self._line, day)))
        return self._known[day]

    def received(self, first: date, last: date) -> list[date]:
        """The days of a span, both ends included, on which files are taken."""
        return [day for day in span(first, last) if self.receives(day)]

    def received_around(self, day: date, chance: Random) -> date:
        """One of the days of the week around this one on which files are taken; the day itself when there is none."""
        found = self.received(day - timedelta(days=3), day + timedelta(days=3))
        return chance.choice(found) if found else day


def works(day: date) -> bool:
    """Whether agents are at work: Thursdays behind closed doors included, weekends and public holidays not."""
    return day.isoweekday() <= FRIDAY and not public_holiday(day)


def worked(first: date, last: date) -> list[date]:
    """The days of a span, both ends included, on which agents are at work."""
    return [day for day in span(first, last) if works(day)]


def worked_by(day: date) -> date:
    """This day if agents are at work, else the last one before."""
    return next(one for one in (day - timedelta(days=n) for n in range(30)) if works(one))


def span(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def evenly(many: int, over: Sequence[T]) -> list[T]:
    """So many picks spread evenly over an order; none when there is nothing to pick from."""
    return [over[turn * len(over) // many] for turn in range(many)] if over else []


def spread(many: int, over: Sequence[T], chance: Random) -> list[T]:
    """The same with the unevenness of life, in order: a day has more than its neighbours, a week hardly."""
    last = len(over) - 1
    places = [turn * len(over) / many + chance.gauss(0, UNEVEN) for turn in range(many)] if over else []
    return [over[min(last, abs(round(place)))] for place in sorted(places)]
