"""The board of a day of review: who works on what, how fast, and the stock falling."""

from collections import Counter as Tally
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from parvis.casefiles.models import CaseFile
from parvis.casefiles.queries.stock import MOVED, stock_on
from parvis.casefiles.states import UNDECIDED, State
from parvis.common import clock
from parvis.journal.queries import day_bounds
from parvis.offices.models import Agent, Office, Shift

FIRST_HOUR, LAST_HOUR = 8, 19
_ASKED = frozenset({State.INFORMATION_REQUESTED, State.OPINION_PENDING, State.COMMITTEE_REFERRAL})


@dataclass(slots=True)
class OfficerDay:
    """One officer on a day: files in hand now, what they did, on which procedures, and how many an hour they finished.

    Finished is proposed or signed. ``per_hour`` counts from the first to the last act, a quarter of an hour at least.
    """

    agent: Agent
    on_shift: bool = False
    in_hand: int = 0
    completed: int = 0
    asked: int = 0
    proposed: int = 0
    signed: int = 0
    procedures: Tally[str] = field(default_factory=Tally)
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def per_hour(self) -> float | None:
        if self.first_at is None or self.last_at is None:
            return None
        return (self.proposed + self.signed) / max((self.last_at - self.first_at) / timedelta(hours=1), 0.25)


@dataclass(frozen=True, slots=True)
class Hour:
    """What happened from this instant to an hour later, and the stock at its end."""

    at: datetime
    proposed: int
    decided: int
    stock: int


@dataclass(frozen=True, slots=True)
class Board:
    """A day of review. ``hours`` go from eight to the present one, or to seven in the evening of a day that is over."""

    day: date
    officers: list[OfficerDay]
    hours: list[Hour]
    stock_start: int
    stock_end: int

    @property
    def decided(self) -> int:
        return sum(hour.decided for hour in self.hours)


@dataclass(frozen=True, slots=True)
class _Fact:
    at: datetime
    agent_id: int | None
    procedure: str
    was: str
    is_now: str

    @property
    def leaves(self) -> bool:
        return self.was in UNDECIDED and self.is_now not in UNDECIDED

    @property
    def enters(self) -> bool:
        return self.was not in UNDECIDED and self.is_now in UNDECIDED


_FACTS = """
SELECT e.at, e.agent_id, p.code, coalesce(e.facts->>'from', ''), coalesce(e.facts->>'to', '')
FROM journal_entry e
JOIN casefiles_casefile f ON f.id = e.subject_id JOIN procedures_procedure p ON p.id = f.procedure_id
WHERE e.office_id = %s AND e.what = ANY(%s) AND e.at >= %s AND e.at < %s ORDER BY e.at, e.id
"""


def thursday(office: Office, day: date) -> Board:
    """Who reviews files on a day, how many an hour, and the stock hour by hour; any day, Thursdays above all."""
    start, end = day_bounds(day)
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [office.pk, MOVED, start, end])
        facts = [_Fact(*row) for row in cursor.fetchall()]
    before = stock_on(office, day) - sum(fact.enters - fact.leaves for fact in facts)
    hours = _hours(day, facts, before)
    return Board(day, _officers(office, day, facts), hours, before, hours[-1].stock if hours else before)


def _hours(day: date, facts: list[_Fact], stock: int) -> list[Hour]:
    """The hours of the day, each with what it did; the first and the last take what was done before and after."""
    by_hour: dict[int, list[_Fact]] = defaultdict(list)
    for fact in facts:
        by_hour[min(max(timezone.localtime(fact.at).hour, FIRST_HOUR), LAST_HOUR - 1)].append(fact)
    told = []
    for hour in range(FIRST_HOUR, LAST_HOUR):
        at = clock.at(day, f"{hour:02}:00")
        if at > clock.now() and hour not in by_hour:
            break
        done = by_hour[hour]
        stock += sum(fact.enters - fact.leaves for fact in done)
        proposed = sum(fact.is_now == State.PROPOSED for fact in done)
        told.append(Hour(at, proposed, sum(fact.leaves for fact in done), stock))
    return told


def _officers(office: Office, day: date, facts: list[_Fact]) -> list[OfficerDay]:
    """Those whose shift is review on that day, and whoever moved a file; the busiest first."""
    start, end = day_bounds(day)
    shifts = Shift.objects.filter(duty=Shift.Duty.BACK_OFFICE, agent__office=office)
    on_shift = set(
        shifts.filter(starts_at__lt=end, ends_at__gt=start).order_by("pk").values_list("agent_id", flat=True)
    )
    acted = {fact.agent_id for fact in facts if fact.agent_id is not None}
    agents = Agent.objects.filter(office=office, pk__in=on_shift | acted).order_by("name", "pk")
    days = {agent.pk: OfficerDay(agent, on_shift=agent.pk in on_shift) for agent in agents}
    mine = CaseFile.objects.undecided().filter(officer__in=list(days)).values("officer").annotate(files=Count("pk"))
    for row in mine.order_by("officer"):
        days[row["officer"]].in_hand = row["files"]
    for fact in facts:
        if fact.agent_id in days:
            _count(days[fact.agent_id], fact)
    return sorted(days.values(), key=lambda officer: -(officer.proposed + officer.signed))


def _count(officer: OfficerDay, fact: _Fact) -> None:
    officer.completed += fact.is_now == State.UNDER_REVIEW and fact.was in {State.DEPOSITED, State.INCOMPLETE}
    officer.asked += fact.is_now in _ASKED
    officer.proposed += fact.is_now == State.PROPOSED
    officer.signed += fact.leaves and fact.is_now in {State.GRANTED, State.REFUSED}
    officer.procedures[fact.procedure] += 1
    officer.first_at = officer.first_at or fact.at
    officer.last_at = fact.at
