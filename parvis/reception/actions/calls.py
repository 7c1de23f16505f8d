"""Calling people to a counter, in the stated order, and what follows the call."""

from datetime import datetime, timedelta

from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action, first_free, lock
from parvis.journal.actions import Actor
from parvis.offices.models import Counter
from parvis.reception import queries, rules
from parvis.reception.actions.moves import move, take, take_here, tell
from parvis.reception.errors import CounterBusy, TicketNotHere
from parvis.reception.models import Call, Step, Ticket
from parvis.reception.states import Rank, Status

_ONE_CALL = {"ticket_one_per_counter": CounterBusy}


@action(constraints=_ONE_CALL)
def call_next(counter: Counter, *, by: Actor, key: str = "") -> Ticket | None:
    """Call the next person to this counter; None when nobody waits for it.

    Two counters that press together get two different tickets: rows being called are skipped. Pressing twice with
    the same key calls one person. Raises ``CounterNotOpen``, ``NotYourCounter``, ``CounterBusy``.
    """
    return once(
        key,
        {"call_next": counter.pk},
        lambda: _call_next(counter, by=by),
        keep=lambda called: called.pk if called else None,
        again=lambda pk: queries.ticket(pk) if pk else None,
    )


@action(constraints=_ONE_CALL)
def pick(ticket: Ticket, *, counter: Counter, by: Actor) -> Ticket:
    """Call one person out of order: a permission of its own, and a fact of its own in the journal."""
    now = clock.now()
    lock(Counter, counter.pk)
    rules.check_may_call(queries.desk(counter.pk), by)
    taken = take(ticket, Status.WAITING)
    ahead = queries.ahead_of(taken).count()
    _call(taken, counter, by=by, now=now, line=taken.line.code, picked=True, ahead=ahead)
    return taken


@action(constraints=_ONE_CALL)
def resume(ticket: Ticket, *, counter: Counter, by: Actor) -> Ticket:
    """Call back to a counter somebody who was put aside (fingerprints, a copy to make)."""
    now = clock.now()
    lock(Counter, counter.pk)
    rules.check_may_call(queries.desk(counter.pk), by)
    taken = take(ticket, Status.PARKED)
    move(taken, Status.CALLED, counter=counter, agent_id=by.agent_id, called_at=now, calls=1, room="")
    _show(taken, counter, now=now)
    tell("ticket.resumed", taken, by=by, now=now, topics=(f"call:{taken.office_id}",), counter=counter.pk)
    return taken


@action()
def call_again(ticket: Ticket, *, by: Actor) -> Ticket:
    """Show and speak the call once more."""
    now = clock.now()
    taken = take_here(ticket, by, Status.CALLED)
    taken.calls += 1
    taken.save(update_fields=["calls"])
    Call.objects.create(office_id=taken.office_id, ticket=taken, counter=_counter_of(taken), at=now, is_repeat=True)
    tell("ticket.called_again", taken, by=by, now=now, topics=(f"call:{taken.office_id}",), calls=taken.calls)
    return taken


@action()
def arrive(ticket: Ticket, *, by: Actor) -> Ticket:
    """The person called is at the counter: the service begins."""
    now = clock.now()
    taken = take_here(ticket, by, Status.CALLED)
    move(taken, Status.SERVING, served_at=taken.served_at or now)
    Step.objects.filter(ticket=taken, outcome="", procedure_id=taken.procedure_id).update(started_at=now)
    tell("ticket.arrived", taken, by=by, now=now, counter=taken.counter_id)
    return taken


@action()
def mark_absent(ticket: Ticket, *, by: Actor) -> Ticket:
    """Nobody came. The first time the person keeps their place and is called again a little later; then missed."""
    now = clock.now()
    taken = take_here(ticket, by, Status.CALLED)
    absences = taken.absences + 1
    if absences == 1:
        pause = timedelta(minutes=queries.policy(taken.office).absent_pause)
        move(taken, Status.WAITING, counter=None, agent=None, absences=absences, not_before=now + pause)
        tell("ticket.absent", taken, by=by, now=now, count=absences)
    else:
        move(taken, Status.MISSED, counter=None, agent=None, absences=absences)
        tell("ticket.missed", taken, by=by, now=now, count=absences)
    return taken


@action()
def put_back(ticket: Ticket, *, by: Actor) -> Ticket:
    """A missed person is there after all: back in the queue from now on, as a walk-in or with their legal right."""
    now = clock.now()
    taken = take(ticket, Status.MISSED)
    rank = Rank.PRIORITY if taken.rank == Rank.PRIORITY else Rank.WALK_IN
    place = rules.ranked(rank, now, queries.policy(taken.office))
    move(
        taken,
        Status.WAITING,
        rank=place.rank,
        reference_at=place.reference_at,
        rank_at=place.rank_at,
        absences=0,
        not_before=None,
    )
    tell("ticket.put_back", taken, by=by, now=now, reference_at=now.isoformat())
    return taken


def _call_next(counter: Counter, *, by: Actor) -> Ticket | None:
    now = clock.now()
    counter = lock(Counter, counter.pk)
    desk = rules.check_may_call(queries.desk(counter.pk), by)
    ticket = first_free(queries.next_in_line(desk.lines, now=now))
    if ticket is None:
        return None
    _call(ticket, counter, by=by, now=now, line=desk.lines[ticket.line_id])
    return ticket


def _call(
    ticket: Ticket, counter: Counter, *, by: Actor, now: datetime, line: str, picked: bool = False, ahead: int = 0
) -> None:
    first = ticket.first_called_at is None
    move(
        ticket,
        Status.CALLED,
        counter=counter,
        agent_id=by.agent_id,
        called_at=now,
        first_called_at=ticket.first_called_at or now,
        calls=1,
        not_before=None,
    )
    _show(ticket, counter, now=now)
    tell(
        "ticket.called",
        ticket,
        by=by,
        now=now,
        topics=(f"call:{ticket.office_id}",),
        line=line,
        counter=counter.pk,
        first=first,
        picked=picked,
        ahead=ahead,
        rank=str(rules.rank_told(ticket)),
        reference_at=ticket.reference_at.isoformat(),
        waited=max(0, round((now - ticket.reference_at).total_seconds())),
        arrived_waited=max(0, round((now - ticket.arrived_at).total_seconds())),
        told_low=ticket.told_low,
        told_high=ticket.told_high,
    )


def _counter_of(ticket: Ticket) -> Counter:
    if ticket.counter is None:
        raise TicketNotHere(number=str(ticket))
    return ticket.counter


def _show(ticket: Ticket, counter: Counter, *, now: datetime) -> None:
    Call.objects.create(office_id=ticket.office_id, ticket=ticket, counter=counter, at=now)
