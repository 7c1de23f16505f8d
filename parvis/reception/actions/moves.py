"""What every action on a ticket shares: taking it, moving it, telling of it."""

from datetime import datetime
from typing import Any

from django.db import connection

from parvis.common import clock, live
from parvis.common.states import move as move_state
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.reception import rules
from parvis.reception.errors import TicketMoved
from parvis.reception.models import CounterSession, Step, Ticket
from parvis.reception.states import MOVES, SessionState, Status


def take(ticket: Ticket, *states: Status) -> Ticket:
    """The ticket, locked, if it is of today and in one of these states. Raises ``TicketMoved``."""
    taken = locked(ticket.pk)
    rules.check_today(taken, clock.today())
    if states and taken.state not in states:
        raise TicketMoved(number=str(taken), state=taken.get_state_display())
    return taken


def locked(pk: int) -> Ticket:
    """The ticket of this key, locked, with what every action says of it."""
    rows = Ticket.objects.select_related("line", "procedure", "office").select_for_update(of=("self",), no_key=True)
    # Who held the row may have sent the person on: the line and procedure joined before the wait are then no longer
    # the ticket's, and PostgreSQL gives no row. It is ours by then: the second reading has those of now.
    return rows.filter(pk=pk).first() or rows.get(pk=pk)


def take_here(ticket: Ticket, by: Actor, *states: Status) -> Ticket:
    """The ticket, locked, if it is at the counter that this agent holds. Raises also ``TicketNotHere``."""
    taken = take(ticket, *states)
    rules.check_here(taken, counter_of(by))
    return taken


def counter_of(by: Actor) -> int | None:
    """The key of the counter that an agent holds."""
    with connection.cursor() as cursor:
        # By hand: asked at every press of a button.
        cursor.execute(
            "SELECT counter_id FROM reception_countersession WHERE agent_id = %s AND state <> 'closed'", [by.agent_id]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def session_at(counter_id: int) -> CounterSession | None:
    """The open session of a counter."""
    return CounterSession.objects.filter(counter_id=counter_id).exclude(state=SessionState.CLOSED).first()


def move(ticket: Ticket, new: Status, **fields: Any) -> None:
    """Move a ticket along the table of moves and write the fields that go with it."""
    move_state(ticket, new, moves=MOVES, **fields)


def present_step(ticket: Ticket) -> Step | None:
    """The procedure being done for a person, or to be done next."""
    rows = Step.objects.filter(ticket=ticket, outcome="", procedure_id=ticket.procedure_id)
    return rows.order_by("position").first()


def pause_step(ticket: Ticket, now: datetime) -> None:
    """Stop the watch of the present procedure: what was worked so far is kept."""
    step = present_step(ticket)
    if step and step.started_at:
        Step.objects.filter(pk=step.pk).update(worked=worked(step, now), started_at=None)


def worked(step: Step, now: datetime) -> float:
    """How long a procedure has been worked on, in seconds; a clock put back meanwhile takes nothing away."""
    return step.worked + max(0.0, (now - (step.started_at or now)).total_seconds())


def tell(what: str, ticket: Ticket, *, by: Actor, now: datetime, topics: tuple[str, ...] = (), **facts: Any) -> None:
    """Record a fact about a ticket and let the open screens know once it is committed."""
    journal.record(what, ticket, by=by, at=now, office=ticket.office_id, **facts)
    live.changed(f"office:{ticket.office_id}", f"ticket:{ticket.pk}", *topics)
