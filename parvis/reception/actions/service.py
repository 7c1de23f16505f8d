"""At the counter: what is done for the person, and where they go next."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action
from parvis.common.text import clean
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Line
from parvis.procedures.models import Procedure
from parvis.reception import queries, rules
from parvis.reception.actions.moves import counter_of, move, pause_step, take, take_here, tell, worked
from parvis.reception.errors import AlreadyInVisit, BadReturn, TextMissing, TicketNotHere
from parvis.reception.models import ReturnPass, Step, Ticket
from parvis.reception.states import LeaveReason, Outcome, ReturnKind, Status

_NOT_TWICE = {"step_not_twice_to_do": AlreadyInVisit}


@action()
def finish(ticket: Ticket, *, outcome: Outcome, by: Actor, key: str = "") -> Ticket:
    """Say what was done for the present procedure.

    With another procedure in the visit the person goes on: at once when this line serves it, else in the other
    line with the same number and reference. Otherwise the visit is over and the person was received.
    """
    content = {"finish": ticket.pk, "outcome": str(outcome)}
    return once(
        key,
        content,
        lambda: _finish(take_here(ticket, by, Status.SERVING), Outcome(outcome), by=by),
        keep=lambda done: done.pk,
        again=queries.ticket,
    )


@action()
def park(ticket: Ticket, *, room: str, by: Actor) -> Ticket:
    """Put the person aside in a room (fingerprints, copies) and free the counter; they keep everything."""
    now = clock.now()
    where = clean(room, limit=20)
    if not where:
        raise TextMissing
    taken = take_here(ticket, by, Status.SERVING)
    pause_step(taken, now)
    move(taken, Status.PARKED, counter=None, agent=None, room=where)
    tell("ticket.parked", taken, by=by, now=now, room=where)
    return taken


@action(constraints=_NOT_TWICE)
def transfer(ticket: Ticket, *, procedure: Procedure, by: Actor) -> Ticket:
    """Send the person on for another procedure: same number, same reference, so the same place as on arrival.

    Raises ``LineClosed`` when nobody serves it today, ``NotServedHere``, ``AlreadyInVisit``.
    """
    now = clock.now()
    taken = take_here(ticket, by, Status.SERVING)
    line = queries.line_today(taken.office, procedure.line_code, now)
    from_line = taken.line.code
    _close_step(taken, Outcome.REDIRECTED, by=by, now=now)
    _append_step(taken, procedure)
    _send_on(taken, procedure, line)
    tell("ticket.transferred", taken, by=by, now=now, from_line=from_line, line=line.code, procedure=procedure.code)
    return taken


@action(constraints=_NOT_TWICE)
def add_procedure(ticket: Ticket, *, procedure: Procedure, by: Actor) -> Ticket:
    """The person also comes for something else: one more step of the same visit. Raises as ``transfer`` does."""
    now = clock.now()
    taken = take(ticket, Status.WAITING, Status.CALLED, Status.SERVING, Status.PARKED)
    queries.line_today(taken.office, procedure.line_code, now)
    _append_step(taken, procedure)
    tell("ticket.procedure_added", taken, by=by, now=now, procedure=procedure.code)
    return taken


@action()
def leave(ticket: Ticket, *, by: Actor, reason: LeaveReason = LeaveReason.TOLD_US) -> Ticket:
    """The person goes away of their own accord, before or during the wait, or from the counter."""
    now = clock.now()
    taken = take(ticket, Status.WAITING, Status.CALLED, Status.SERVING, Status.PARKED, Status.MISSED)
    if taken.counter_id is not None and by.agent_id is not None:
        rules.check_here(taken, counter_of(by))
    elif taken.state == Status.SERVING:
        raise TicketNotHere(number=str(taken))
    move(taken, Status.LEFT, counter=None, closed_at=now)
    tell("ticket.left", taken, by=by, now=now, reason=str(reason), line=taken.line.code)
    return taken


@action()
def give_return(ticket: Ticket, *, kind: ReturnKind, by: Actor, reason: str, at: datetime | None = None) -> ReturnPass:
    """Give the right to come back without losing one's place, with the reason on record.

    For a missing copy the person was received and comes back today with the same reference. A person who waits and
    cannot be served is offered an hour today (``at``), or the first place of the next day the line is open.
    Raises ``TextMissing``, ``BadReturn``.
    """
    now = clock.now()
    why = clean(reason, limit=200)
    if not why:
        raise TextMissing
    if kind == ReturnKind.MISSING_COPY:
        taken = take_here(ticket, by, Status.SERVING)
        _close_step(taken, Outcome.FILE_INCOMPLETE, by=by, now=now)
        reference_at = taken.reference_at
        move(taken, Status.RECEIVED, counter=None, closed_at=now)
        tell("ticket.received", taken, by=by, now=now, line=taken.line.code)
    else:
        taken = take(ticket, Status.WAITING, Status.PARKED)
        reference_at = _return_reference(taken, ReturnKind(kind), at, now)
        move(taken, Status.DEFERRED, room="", closed_at=now)
    given = ReturnPass.objects.create(
        ticket=taken,
        kind=kind,
        valid_on=clock.office_day(reference_at) if kind == ReturnKind.FIRST_NEXT_DAY else taken.day,
        reference_at=reference_at,
        reason=why,
    )
    what = "ticket.may_come_back" if kind == ReturnKind.MISSING_COPY else "ticket.deferred"
    tell(what, taken, by=by, now=now, kind=str(kind), line=taken.line.code)
    return given


def _finish(ticket: Ticket, outcome: Outcome, *, by: Actor) -> Ticket:
    now = clock.now()
    left = _close_step(ticket, outcome, by=by, now=now)
    line_code = ticket.line.code
    if not left:
        move(ticket, Status.RECEIVED, counter=None, closed_at=now)
        tell("ticket.received", ticket, by=by, now=now, line=line_code)
    elif left[0].procedure.line_code == line_code:
        ticket.procedure = left[0].procedure
        ticket.save(update_fields=["procedure"])
        Step.objects.filter(pk=left[0].pk).update(started_at=now)
        tell("ticket.continued", ticket, by=by, now=now, procedure=ticket.procedure.code)
    else:
        line = Line.objects.get(office=ticket.office_id, code=left[0].procedure.line_code)
        _send_on(ticket, left[0].procedure, line)
        code = left[0].procedure.code
        tell("ticket.transferred", ticket, by=by, now=now, from_line=line_code, line=line.code, procedure=code)
    return ticket


def _close_step(ticket: Ticket, outcome: Outcome, *, by: Actor, now: datetime) -> list[Step]:
    """Write what was done for the present procedure and how long it took; the steps still to be done.

    The measure feeds the expected waits.
    """
    to_do = list(Step.objects.filter(ticket=ticket, outcome="").select_related("procedure").order_by("position"))
    step = next((one for one in to_do if one.procedure_id == ticket.procedure_id), None)
    if step is None:
        return to_do
    seconds = worked(step, now)
    Step.objects.filter(pk=step.pk).update(outcome=outcome, done_at=now, worked=seconds)
    facts: dict[str, Any] = {"line": ticket.line.code, "procedure": ticket.procedure.code, "outcome": str(outcome)}
    facts |= {"seconds": round(seconds, 1), "counter": ticket.counter_id}
    journal.record("step.done", ticket, by=by, at=now, office=ticket.office_id, **facts)
    _measure(ticket, seconds)
    return [one for one in to_do if one is not step]


def _measure(ticket: Ticket, seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reception_servicemeasure AS known (office_id, procedure_id, day, services, seconds, squares)"
            " VALUES (%s, %s, %s, 1, %s, %s) ON CONFLICT (office_id, procedure_id, day) DO UPDATE SET"
            " services = known.services + 1, seconds = known.seconds + excluded.seconds,"
            " squares = known.squares + excluded.squares",
            [ticket.office_id, ticket.procedure_id, ticket.day, seconds, seconds**2],
        )


def _append_step(ticket: Ticket, procedure: Procedure) -> None:
    position = Step.objects.filter(ticket=ticket).count() + 1
    Step.objects.create(ticket=ticket, position=position, procedure=procedure)


def _send_on(ticket: Ticket, procedure: Procedure, line: Line) -> None:
    move(ticket, Status.WAITING, line=line, procedure=procedure, counter=None, agent=None, absences=0)


def _return_reference(ticket: Ticket, kind: ReturnKind, at: datetime | None, now: datetime) -> datetime:
    """The reference time with which the person will come back. Raises ``BadReturn``."""
    if kind == ReturnKind.LATER_TODAY:
        if (
            at is None
            or at <= now
            or at >= queries.end_of(ticket.day)
            or not queries.doors(ticket.line, now).receive(at)
        ):
            raise BadReturn
        return at
    opening = queries.next_opening(ticket.line, now)
    if opening is None:
        raise BadReturn
    policy = queries.policy(ticket.office)
    # Before anybody who comes that morning, a legal priority at the opening of the doors included.
    return opening - timedelta(minutes=policy.doors_before_opening) - policy.largest_head_start
