"""When silence refuses, and when to say so beforehand."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from parvis.casefiles.states import UNDECIDED
from parvis.procedures.rules import add_days, add_months


class Silence(Protocol):
    """After how long silence refuses: months, or days."""

    @property
    def months(self) -> int | None: ...

    @property
    def days(self) -> int | None: ...


class Waiting(Protocol):
    """A file, as far as silence goes."""

    @property
    def state(self) -> str: ...

    @property
    def decide_by(self) -> date | None: ...


def silence_ends(rule: Silence, complete_on: date) -> date:
    """The day on which silence refuses a request complete on ``complete_on`` (R*311-12, R311-12-1; source C17).

    Four months by default; two for a minor's travel document, six for family reunification, ninety days for a
    student's card (source V20, R432-2). A missing day of the month is its last one.
    """
    return add_months(complete_on, rule.months) if rule.months else add_days(complete_on, rule.days or 0)


def warn_from(ends: date) -> date:
    """The first day on which the office is warned: a month before."""
    return add_months(ends, -1)


def silence_dates(rule: Silence | None, complete_on: date) -> tuple[date | None, date | None]:
    """When silence refuses, and from when the office is warned; neither when the catalogue knows no rule."""
    if rule is None:
        return None, None
    ends = silence_ends(rule, complete_on)
    return ends, warn_from(ends)


def is_silent(case_file: Waiting, day: date) -> bool:
    """Whether the law deems the request refused on that day though nobody decided it.

    Never a state: the file may still be granted, and nobody may be told that somebody refused it.
    """
    return case_file.state in UNDECIDED and case_file.decide_by is not None and day >= case_file.decide_by


def is_near_silence(case_file: Waiting, day: date) -> bool:
    """Whether silence will refuse within a month."""
    ends = case_file.decide_by
    return case_file.state in UNDECIDED and ends is not None and warn_from(ends) <= day < ends


def working_days_after(day: date, count: int, holidays: Iterable[date]) -> date:
    """The last of ``count`` working days after a day; Saturdays, Sundays and public holidays do not count."""
    closed = frozenset(holidays)
    while count > 0:
        day = add_days(day, 1)
        if day == date.max:
            return day
        count -= day.weekday() < 5 and day not in closed
    return day
