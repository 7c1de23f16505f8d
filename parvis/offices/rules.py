"""When the office opens, and what a change of hours would do: values and days in, values out."""

import functools
import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

import holidays
from django.utils import timezone

from parvis.offices.errors import AnotherOffice, InThePast, InvalidHours
from parvis.offices.models import OpeningWindow

Hours = tuple[tuple[time, time], ...]
Span = tuple[datetime, datetime]
SATURDAY = 6


class OfAnOffice(Protocol):
    """Something that belongs to one office."""

    @property
    def office_id(self) -> int: ...


def public_holiday(day: date) -> str | None:
    """The French name of the public holiday of this day in metropolitan France, None on any other day.

    A public holiday closes every line, handover included (general knowledge; scenarios, reference.calendar).
    """
    return _public_holidays(day.year).get(day)


@functools.lru_cache(maxsize=64)
def _public_holidays(year: int) -> dict[date, str]:
    # A plain copy: the package's own mapping grows when it is read, which threads must not share.
    return dict(holidays.country_holidays("FR", years=year, language="fr"))


def instant(day: date, hour: time) -> datetime:
    """The aware instant at which the clock of the office shows ``hour`` on this day.

    In the night of a clock change, an hour that exists twice is the first one, an hour that does not exist is the
    instant that it would have been without the change.
    """
    return timezone.make_aware(datetime.combine(day, hour))


def holds(window: OpeningWindow, day: date) -> bool:
    """Whether this window opens its line on this day, holidays and closures aside."""
    return (
        window.weekday == day.isoweekday()
        and window.valid_from <= day
        and (window.valid_to is None or day <= window.valid_to)
    )


def spans(windows: Iterable[OpeningWindow], day: date) -> list[Span]:
    """The instants between which these windows open their line on this day, earliest first; none on a holiday."""
    if public_holiday(day):
        return []
    held = sorted((window.opens, window.closes) for window in windows if holds(window, day))
    return [(instant(day, opens), instant(day, closes)) for opens, closes in held]


def is_within(at: datetime, spans: Iterable[Span]) -> bool:
    """Whether an instant falls in one of the spans; a line is closed at its very closing hour."""
    return any(start <= at < end for start, end in spans)


def first_day(weekday: int, since: date) -> date:
    """The first day of this weekday (1 is Monday) on or after ``since``."""
    return since + timedelta(days=(weekday - since.isoweekday()) % 7)


def checked_hours(hours: Iterable[tuple[time, time]]) -> Hours:
    """The hours of one day, earliest first. Raises ``InvalidHours`` when one is empty or two overlap."""
    ordered = tuple(sorted(hours))
    if any(closes <= opens for opens, closes in ordered):
        raise InvalidHours
    if any(later[0] < earlier[1] for earlier, later in itertools.pairwise(ordered)):
        raise InvalidHours
    return ordered


def check_not_past(day: date, *, today: date) -> None:
    """Raise ``InThePast`` for a day that is over: what the public was told then stays as it was."""
    if day < today:
        raise InThePast


def check_of_office(things: Iterable[OfAnOffice], office_id: int) -> None:
    """Raise ``AnotherOffice`` unless every one of these lines, counters or agents belongs to the office."""
    if any(thing.office_id != office_id for thing in things):
        raise AnotherOffice


@dataclass(frozen=True, slots=True)
class OpeningPlan:
    """What a change of hours would do to one line on one weekday.

    ``ends``: windows that have begun and get their last day; ``withdrawn``: windows announced for later that will
    never begin; ``starts``: the hours that get a window of their own. ``before`` and ``after`` are the hours of
    ``first_day``, the first day concerned.
    """

    weekday: int
    valid_from: date
    before: Hours
    after: Hours
    ends: tuple[OpeningWindow, ...]
    withdrawn: tuple[OpeningWindow, ...]
    starts: Hours

    @property
    def first_day(self) -> date:
        return first_day(self.weekday, self.valid_from)

    @property
    def changes_nothing(self) -> bool:
        return not (self.ends or self.withdrawn or self.starts)


def plan_opening_change(
    windows: Collection[OpeningWindow],
    *,
    weekday: int,
    hours: Sequence[tuple[time, time]],
    valid_from: date,
    today: date,
) -> OpeningPlan:
    """What it would do to these windows of a line to open at ``hours`` on this weekday from ``valid_from`` on.

    No hours means closed. A window that already says so without end is left alone. Raises ``InvalidHours``, and
    ``InThePast`` when the change would begin before today.
    """
    if not 1 <= weekday <= 7:
        raise InvalidHours
    check_not_past(valid_from, today=today)
    after = checked_hours(hours)
    concerned = [w for w in windows if w.weekday == weekday and _holds_after(w, valid_from)]
    kept = [w for w in concerned if w.valid_from <= valid_from and w.valid_to is None and (w.opens, w.closes) in after]
    replaced = [w for w in concerned if w not in kept]
    day = first_day(weekday, valid_from)
    return OpeningPlan(
        weekday=weekday,
        valid_from=valid_from,
        before=tuple(sorted((w.opens, w.closes) for w in concerned if holds(w, day))),
        after=after,
        ends=tuple(w for w in replaced if w.valid_from < valid_from),
        withdrawn=tuple(w for w in replaced if w.valid_from >= valid_from),
        starts=tuple(hour for hour in after if hour not in {(w.opens, w.closes) for w in kept}),
    )


def _holds_after(window: OpeningWindow, day: date) -> bool:
    return window.valid_to is None or window.valid_to >= max(day, window.valid_from)
