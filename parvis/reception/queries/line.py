"""The queue: who is next, who is ahead of whom and why, and finding a ticket again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q

from parvis.booking.models import Appointment
from parvis.common import clock
from parvis.common.text import folded
from parvis.offices.models import Agent, Counter, Line, Office
from parvis.reception.models import CounterSession, Step, Ticket, TicketQuerySet
from parvis.reception.states import AT_COUNTER, Rank, SessionState, Status

_RELATED = ("line", "procedure", "office", "person", "counter")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a ticket stands where it stands."""

    rank: Rank
    reference_at: datetime
    head_start: timedelta
    rank_at: datetime
    ahead: int
    kept_from: datetime | None


def ticket(pk: int) -> Ticket:
    """A ticket with what a screen shows of it."""
    return Ticket.objects.select_related(*_RELATED).get(pk=pk)


def ticket_of(appointment: Appointment) -> Ticket:
    """The ticket that a checked-in appointment gave."""
    return Ticket.objects.select_related(*_RELATED).get(appointment=appointment)


def by_token(token: str) -> Ticket | None:
    """The ticket of this address."""
    return Ticket.objects.select_related(*_RELATED).filter(token=token).first()


def by_number(office: Office, day: date, text: str) -> Ticket | None:
    """The ticket that a person reads aloud, such as ``D12`` or ``d 012``."""
    found = re.fullmatch(r"\s*([A-Za-z]{1,2})\s*0*(\d{1,6})\s*", text[:40])
    if not found:
        return None
    rows = Ticket.objects.select_related(*_RELATED).filter(office=office, day=day)
    return rows.filter(letter=found[1].upper(), number=int(found[2])).first()


def search(office: Office, day: date, text: str = "", *, limit: int = 50) -> Sequence[Ticket]:
    """The tickets of a day by number, name or foreign number; latest first."""
    rows = Ticket.objects.select_related(*_RELATED).filter(office=office, day=day)
    wanted = text.strip()[:120]
    if wanted:
        exact = by_number(office, day, wanted)
        if exact:
            return [exact]
        name = folded(wanted) or wanted
        by_person = Q(person__folded_name__contains=name)
        if wanted.isdigit():
            by_person |= Q(person__foreign_number=wanted)
        rows = rows.filter(Q(identity__contains=name) | by_person)
    return list(rows.order_by("-id")[:limit])


def steps(of: Ticket) -> Sequence[Step]:
    """The procedures of a visit in their order."""
    return list(Step.objects.select_related("procedure").filter(ticket=of).order_by("position"))


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter as a call meets it: its agent, its state, who stands there, the lines that both serve."""

    agent_id: int
    state: str
    occupant: str | None
    lines: Mapping[int, str]


# By hand: asked at every call, and three queries of the models would cost three times as much.
_DESK = """
SELECT session.agent_id, session.state, ticket.letter, ticket.number, line.id, line.code
FROM reception_countersession AS session
LEFT JOIN reception_ticket AS ticket
    ON ticket.counter_id = session.counter_id AND ticket.state IN ('called', 'serving')
LEFT JOIN (
    offices_counter_lines AS served
    JOIN offices_agent_lines AS skill ON skill.line_id = served.line_id
    JOIN offices_line AS line ON line.id = served.line_id
) ON served.counter_id = session.counter_id AND skill.agent_id = session.agent_id
WHERE session.counter_id = %s AND session.state <> 'closed'
"""


def desk(counter_id: int) -> Desk | None:
    """An open counter as it stands; None when nobody holds it."""
    with connection.cursor() as cursor:
        cursor.execute(_DESK, [counter_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    agent_id, state, letter, number, *_line = rows[0]
    occupant = f"{letter}{number:03d}" if letter else None
    return Desk(agent_id, state, occupant, {row[4]: row[5] for row in rows if row[4]})


def next_in_line(lines: Iterable[int], *, now: datetime) -> TicketQuerySet:
    """Whoever may be called now from these lines, in the stated order: lowest rank time, then order of issue.

    People in their pause after an absence wait for its end.
    """
    return (
        Ticket.objects.filter(state=Status.WAITING, line__in=list(lines), day=clock.office_day(now))
        .filter(Q(not_before=None) | Q(not_before__lte=now))
        .in_order()
    )


def queue(counter: Counter, agent: Agent, *, limit: int = 8) -> Sequence[Ticket]:
    """The next people of this counter."""
    lines = Line.objects.filter(counters=counter, agents=agent).order_by("pk").values_list("pk", flat=True)
    rows = next_in_line(lines, now=clock.now())
    return list(rows.select_related(*_RELATED)[:limit])


def waiting_on(line: Line, *, day: date | None = None) -> TicketQuerySet:
    """Everybody who waits on a line, in order."""
    return Ticket.objects.filter(line=line, state=Status.WAITING, day=day or clock.today()).in_order()


def ahead_of(of: Ticket) -> TicketQuerySet:
    """The people of the same line who come before this ticket."""
    before = Q(rank_at__lt=of.rank_at) | Q(rank_at=of.rank_at, id__lt=of.pk)
    return Ticket.objects.filter(before, line_id=of.line_id, state=Status.WAITING, day=of.day).in_order()


def position(of: Ticket) -> int:
    """1 for the next person of the line."""
    return ahead_of(of).count() + 1


def explain(of: Ticket) -> Explanation:
    """Why this ticket stands where it stands: class, reference time, head start, people ahead."""
    return Explanation(
        rank=Rank(of.rank),
        reference_at=of.reference_at,
        head_start=of.reference_at - of.rank_at,
        rank_at=of.rank_at,
        ahead=ahead_of(of).count() if of.state == Status.WAITING else 0,
        kept_from=of.reference_at if of.reference_at < of.arrived_at else None,
    )


def current(counter: Counter) -> Ticket | None:
    """Whoever is called to or served at a counter."""
    return Ticket.objects.select_related(*_RELATED).filter(counter=counter, state__in=AT_COUNTER).first()


def open_session(agent: Agent) -> CounterSession | None:
    """The counter an agent holds."""
    rows = CounterSession.objects.select_related("counter__office", "agent").filter(agent=agent)
    return rows.exclude(state=SessionState.CLOSED).first()


def held_by(office: Office) -> dict[int, CounterSession]:
    """The open sessions of an office by counter."""
    rows = CounterSession.objects.select_related("agent", "counter").filter(counter__office=office)
    return {session.counter_id: session for session in rows.exclude(state=SessionState.CLOSED).order_by("pk")}


def parked(office: Office) -> Sequence[Ticket]:
    """The people put aside in a room, the longest first."""
    rows = Ticket.objects.select_related(*_RELATED).filter(office=office, day=clock.today(), state=Status.PARKED)
    return list(rows.in_order())


def missed(office: Office) -> Sequence[Ticket]:
    """The people who did not answer twice today, the latest first."""
    rows = Ticket.objects.select_related(*_RELATED).filter(office=office, day=clock.today(), state=Status.MISSED)
    return list(rows.order_by("-called_at", "-id"))
