"""How long people may expect to wait: measured durations, people ahead, counters open, the pace of the last hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.reception import rules
from parvis.reception.models import Ticket
from parvis.reception.queries.doors import Doors, doors, policy
from parvis.reception.queries.outlook import Outlook, outlook
from parvis.reception.rules import WaitRange
from parvis.reception.states import Status


@dataclass(frozen=True, slots=True)
class LineWait:
    """A line at a glance: people waiting, since when the first, counters open, and the expected wait of a newcomer."""

    line: Line
    waiting: int
    oldest_at: datetime | None
    counters_open: int
    range: WaitRange | None


def expected_wait(ticket: Ticket) -> WaitRange | None:
    """What a person who waits may still expect; None when they do not wait or no counter serves their line."""
    if ticket.state != Status.WAITING:
        return None
    now = clock.now()
    seen = outlook(ticket.office_id, now=now, rank_at=ticket.rank_at, before=ticket.pk)
    return _range(ticket.line, seen, doors(ticket.line, now))


def wait_from(line: Line, *, rank_at: datetime, now: datetime, doors: Doors) -> WaitRange | None:
    """What somebody who would now take a place of this rank time may expect on a line."""
    return _range(line, outlook(line.office_id, now=now, rank_at=rank_at), doors)


def wait_by_line(office: Office) -> Sequence[LineWait]:
    """Every line that is open today: people waiting, counters open, what a newcomer may expect."""
    now = clock.now()
    day = clock.office_day(now)
    seen = outlook(office.pk, now=now)
    waiting = Ticket.objects.filter(office=office, day=day, state=Status.WAITING).values("line").order_by("line")
    counts = {row["line"]: row for row in waiting.annotate(people=Count("id"), oldest=Min("arrived_at"))}
    open_today = offices.hours_by_line(office, day)
    rule = policy(office)
    return [
        LineWait(
            line=line,
            waiting=counts[line.pk]["people"] if line.pk in counts else 0,
            oldest_at=counts[line.pk]["oldest"] if line.pk in counts else None,
            counters_open=len(seen.serving(line.pk)),
            range=_range(line, seen, Doors(rule, open_today.get(line.pk, []))),
        )
        for line in offices.lines(office).select_related("office")
        if line.pk in open_today or line.pk in counts
    ]


def _range(line: Line, seen: Outlook, doors: Doors) -> WaitRange | None:
    counters = seen.serving(line.pk)
    pace = seen.paces.get(line.pk, rules.USUAL_PACE)
    wait = rules.expected_wait(
        seen.work_for(line.pk),
        counters=len(counters),
        free=bool(counters & seen.idle),
        service=seen.usual_service(line.code),
        bias=pace,
    )
    if wait is None:
        return None
    # Before the opening nobody is called: the wait for the doors comes first.
    until_open = max(timedelta(), doors.opens - seen.now) if doors.opens else timedelta()
    low, high = (until_open + timedelta(seconds=seconds) for seconds in wait)
    past_closing = doors.closes is not None and seen.now + high > doors.closes
    return WaitRange(low=low, high=high, past_closing=past_closing, pace=pace)
