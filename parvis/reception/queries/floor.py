"""The head of office's view: every counter, and whether everybody can still be received today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Counter, Line, Office
from parvis.reception import rules
from parvis.reception.models import CounterSession, HelpCall, Redirection, Ticket
from parvis.reception.queries.line import held_by
from parvis.reception.queries.outlook import outlook
from parvis.reception.states import AT_COUNTER, OPEN, RedirectReason, SessionState, Status


@dataclass(frozen=True, slots=True)
class CounterView:
    """One counter: who holds it, what happens there and since when."""

    counter: Counter
    session: CounterSession | None
    ticket: Ticket | None
    state: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class LineAdmission:
    """Work waiting on a line against the counter time left until it closes, in minutes; ``level`` ok, tight or over.

    ``minutes_open``: how long the line still receives today, its pauses left out; ``minutes_left``: that for every
    counter that serves it now.
    """

    line: Line
    waiting: int
    work_minutes: int
    minutes_left: int
    minutes_open: int
    counters_open: int
    closes_at: datetime | None
    level: str

    @property
    def late_by(self) -> int:
        """Minutes of work that do not fit before closing, 0 when all fits."""
        return max(0, self.work_minutes - self.minutes_left)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Today's people so far: arrivals = received + left + redirected + turned away + still here."""

    arrivals: int
    received: int
    left: int
    redirected: int
    turned_away: int
    still_here: int


def floor(office: Office) -> Sequence[CounterView]:
    """Every counter in use, by number."""
    sessions = held_by(office)
    rows = Ticket.objects.select_related("line", "procedure").filter(office=office, state__in=AT_COUNTER)
    tickets = {ticket.counter_id: ticket for ticket in rows.order_by("pk")}
    return [_view(counter, sessions.get(counter.pk), tickets.get(counter.pk)) for counter in offices.counters(office)]


def help_calls(office: Office) -> Sequence[HelpCall]:
    """The calls for help nobody has answered yet, the oldest first."""
    rows = HelpCall.objects.select_related("counter", "asked_by").filter(counter__office=office, answered_at=None)
    return list(rows.order_by("pk"))


def admission(office: Office) -> Sequence[LineAdmission]:
    """For every line open today: does the work waiting fit in the counter time left?"""
    now = clock.now()
    day = clock.office_day(now)
    seen = outlook(office.pk, now=now)
    spans = offices.hours_by_line(office, day)
    views = []
    for line in offices.lines(office):
        if line.pk not in spans and line.pk not in seen.work:
            continue
        own, mine = seen.work_for(line.pk), seen.work.get(line.pk, rules.Work())
        counters = len(seen.serving(line.pk))
        closes_at = spans[line.pk][-1][1] if line.pk in spans else None
        open_for = rules.time_left(spans.get(line.pk, []), now).total_seconds()
        left = open_for * counters
        needed = own.mean if counters else mine.mean
        views.append(
            LineAdmission(
                line=line,
                waiting=round(mine.people),
                work_minutes=round(needed / 60),
                minutes_left=round(left / 60),
                minutes_open=round(open_for / 60),
                counters_open=counters,
                closes_at=closes_at,
                level=rules.admission_level(needed, left),
            )
        )
    return views


def day_counts(office: Office, day: date) -> DayCounts:
    """The people of a day so far, from the tickets and the redirections."""
    tickets = Ticket.objects.filter(office=office, day=day).order_by().values_list("state").annotate(n=Count("id"))
    by_state = dict(tickets)
    told = Redirection.objects.filter(office=office, day=day).order_by().values_list("reason").annotate(n=Count("id"))
    by_reason = dict(told)
    full = by_reason.pop(RedirectReason.DAY_FULL, 0)
    return DayCounts(
        arrivals=sum(by_state.values()) + sum(by_reason.values()) + full,
        received=by_state.get(Status.RECEIVED, 0),
        left=by_state.get(Status.LEFT, 0),
        redirected=by_state.get(Status.DEFERRED, 0) + sum(by_reason.values()),
        turned_away=by_state.get(Status.TURNED_AWAY, 0) + full,
        still_here=sum(by_state.get(state, 0) for state in OPEN),
    )


def return_hours(ticket: Ticket) -> Sequence[datetime]:
    """The hours today that may be offered to somebody who cannot wait: every quarter the line receives throughout.

    From an hour from now.
    """
    now = clock.now()
    quarter = timedelta(minutes=15)
    start = (now + timedelta(minutes=60)).replace(second=0, microsecond=0)
    start += timedelta(minutes=-start.minute % 15)
    spans = offices.hours(ticket.line, clock.office_day(now))
    steps = max(0, (spans[-1][1] - start) // quarter) if spans else 0
    hours = [start + quarter * step for step in range(steps)]
    return [at for at in hours if any(opens <= at and at + quarter <= closes for opens, closes in spans)]


def _view(counter: Counter, session: CounterSession | None, ticket: Ticket | None) -> CounterView:
    if session is None:
        return CounterView(counter, None, ticket, "closed", None)
    if session.state == SessionState.BREAK:
        return CounterView(counter, session, ticket, "break", session.state_since)
    if ticket is None:
        return CounterView(counter, session, None, "free", session.state_since)
    since = ticket.served_at if ticket.state == Status.SERVING else ticket.called_at
    return CounterView(counter, session, ticket, ticket.state, since)
