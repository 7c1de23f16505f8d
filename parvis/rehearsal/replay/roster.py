"""Who works on the files, and for how many minutes: read from the office's opening hours, never set.

An agent of a filing counter works on files from the closing of their line to the end of their day, and the whole of a
working day on which the line stays closed to the public. Some officers have no counter and review every working day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices import actions as offices
from parvis.offices import queries
from parvis.offices.models import Agent, Counter, Office
from parvis.offices.rules import public_holiday
from parvis.rehearsal import cast
from parvis.rehearsal.replay.plan import HANDOVER_MINUTES

# Assumptions of the replay, which no source gives.
OFFICERS = 6  # who review files and keep no counter
SIGNATORIES = 2
PRESENT = 0.9  # leave, sickness, training
DAY_STARTS, DAY_ENDS = "08:30", "17:00"
LUNCH_AND_BREAKS = 75.0  # minutes of a whole day
CLEARING_UP = 15.0  # minutes after the closing: the last person, the counter
WEDNESDAY, THURSDAY = 3, 4
FRIDAY = 5
WALK_IN_LINES = ("filing", "receipts", "licence", "information", "digital_point")


@dataclass(frozen=True, slots=True)
class Roster:
    """The agents of a replay. ``handover`` are the counters that give cards, each with its agent."""

    filing: Sequence[Agent]
    officers: Sequence[Agent]
    signatories: Sequence[Agent]
    handover: Sequence[tuple[Counter, Agent]]
    greeter: Agent


@dataclass(frozen=True, slots=True)
class Duty:
    """A day: the minutes each agent has for files, and the cards the handover counters have time for."""

    is_public: bool
    works: bool
    minutes: dict[int, float]
    cards: int

    @property
    def total(self) -> float:
        """Minutes at files of the whole office."""
        return sum(self.minutes.values())


def gather(office: Office) -> Roster:
    """The agents of an office: those of its counters, officers without a counter, and who signs."""
    actors = cast.gather(office)
    return Roster(
        filing=[agent for counter, agent in actors.seats if set(cast.POOLED) & _codes(counter)],
        officers=[cast.agent(office, f"instruction-{turn + 1:02d}", [], "case_officer") for turn in range(OFFICERS)],
        signatories=[
            cast.agent(office, f"signature-{turn + 1:02d}", [], "head_of_office") for turn in range(SIGNATORIES)
        ],
        handover=[(counter, agent) for counter, agent in actors.seats if "handover" in _codes(counter)],
        greeter=actors.greeter,
    )


def keep_thursdays_open(office: Office, first: date) -> None:
    """Undo the closure: what closes on Thursdays receives on them as on Wednesdays, from the first day it would not."""
    for line in office.lines.filter(code__in=WALK_IN_LINES):
        ended = line.opening_windows.filter(weekday=THURSDAY, valid_to__isnull=False).order_by("-valid_to").first()
        ends_on = ended.valid_to if ended else None
        opens_on = max(first, ends_on + timedelta(days=1)) if ends_on else first
        hours = queries.weekly_hours(line, opens_on)[WEDNESDAY]
        offices.change_opening(line, weekday=THURSDAY, hours=hours, valid_from=opens_on, by=SYSTEM)


def duty(office: Office, roster: Roster, day: date, *, scale: float) -> Duty:
    """What each agent has time for on a day, by the hours that the office has on it."""
    lines = {line.code: line for line in queries.lines(office)}
    if day.isoweekday() > FRIDAY or public_holiday(day):
        return Duty(is_public=False, works=False, minutes={}, cards=0)
    closes = queries.closing_time(lines["filing"], day)
    at_files = minutes_at_files(day, closes) * PRESENT * scale
    whole = minutes_at_files(day, None) * PRESENT * scale
    minutes = {agent.pk: at_files for agent in roster.filing} | {agent.pk: whole for agent in roster.officers}
    spans = queries.hours(lines["handover"], day)
    open_for = sum((end - start).total_seconds() / 60 for start, end in spans)
    cards = int(len(roster.handover) * open_for / HANDOVER_MINUTES * scale)
    return Duty(is_public=closes is not None, works=True, minutes=minutes, cards=cards)


def minutes_at_files(day: date, closes: datetime | None) -> float:
    """How long an agent reviews on a working day; ``closes`` is when their counter does, None when it never opens."""
    ends = clock.at(day, DAY_ENDS)
    if closes is None:
        return (ends - clock.at(day, DAY_STARTS)).total_seconds() / 60 - LUNCH_AND_BREAKS
    return max(0.0, (ends - closes).total_seconds() / 60 - CLEARING_UP)


def _codes(counter: Counter) -> set[str]:
    return {line.code for line in counter.lines.all()}
