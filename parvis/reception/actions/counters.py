"""Opening, holding and closing a counter."""

from datetime import datetime

from parvis.common import clock, live
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Agent, Counter
from parvis.reception import queries, rules
from parvis.reception.actions.moves import locked, move, pause_step, session_at, tell
from parvis.reception.errors import (
    AlreadyAtCounter,
    CounterBusy,
    CounterNotOpen,
    CounterTaken,
    HelpAlreadyAsked,
    NoSkill,
)
from parvis.reception.models import CounterSession, HelpCall, Ticket
from parvis.reception.states import SessionState, Status

_ONE_SESSION = {"session_one_open_per_counter": CounterTaken, "session_one_open_per_agent": AlreadyAtCounter}


@action(constraints=_ONE_SESSION)
def open_counter(counter: Counter, *, by: Agent) -> CounterSession:
    """Sit down at a counter. Pressing twice is harmless.

    Raises ``CounterTaken``, ``AlreadyAtCounter``, ``NoSkill``.
    """
    counter = lock(Counter, counter.pk)
    held = session_at(counter.pk)
    if held and held.agent_id == by.pk:
        return held
    return _open(counter, by=by, now=clock.now())


@action(constraints=_ONE_SESSION)
def relieve(counter: Counter, *, by: Agent) -> CounterSession:
    """Take over a counter that a colleague holds; a person called or served there goes on with the new agent."""
    now = clock.now()
    counter = lock(Counter, counter.pk)
    held = session_at(counter.pk)
    if held and held.agent_id == by.pk:
        return held
    if held:
        _set(held, SessionState.CLOSED, now=now)
        _tell("counter.relieved", counter, by=by, now=now, from_agent=held.agent_id)
    ticket = queries.current(counter)
    if ticket:
        Ticket.objects.filter(pk=ticket.pk).update(agent=by)
    return _open(counter, by=by, now=now)


@action()
def close_counter(counter: Counter, *, by: Agent, puts_back: bool = False) -> None:
    """Leave the counter; with somebody called or served, only when ``puts_back``: they keep their place in the queue.

    Raises ``CounterNotOpen``, ``NotYourCounter``, ``CounterBusy``.
    """
    now = clock.now()
    counter = lock(Counter, counter.pk)
    session = rules.check_holds(session_at(counter.pk), by)
    ticket = queries.current(counter)
    if ticket and not puts_back:
        raise CounterBusy(number=str(ticket))
    if ticket:
        ticket = locked(ticket.pk)
        pause_step(ticket, now)
        move(ticket, Status.WAITING, counter=None, agent=None)
        tell("ticket.put_back", ticket, by=by, now=now, reference_at=ticket.reference_at.isoformat())
    _set(session, SessionState.CLOSED, now=now)
    _tell("counter.closed", counter, by=by, now=now)


@action()
def take_break(counter: Counter, *, by: Agent) -> CounterSession:
    """Pause a counter that has nobody. Raises ``CounterBusy``; pressing twice is harmless."""
    now = clock.now()
    counter = lock(Counter, counter.pk)
    session = rules.check_holds(session_at(counter.pk), by)
    if session.state == SessionState.BREAK:
        return session
    if queries.current(counter):
        raise CounterBusy
    _set(session, SessionState.BREAK, now=now)
    _tell("counter.break_started", counter, by=by, now=now)
    return session


@action()
def end_break(counter: Counter, *, by: Agent) -> CounterSession:
    """Be back at the counter; pressing twice is harmless."""
    now = clock.now()
    counter = lock(Counter, counter.pk)
    session = rules.check_holds(session_at(counter.pk), by)
    if session.state == SessionState.BREAK:
        _set(session, SessionState.OPEN, now=now)
        _tell("counter.break_ended", counter, by=by, now=now)
    return session


@action(constraints={"help_one_open_per_counter": HelpAlreadyAsked})
def call_for_help(counter: Counter, *, by: Agent) -> HelpCall:
    """Ask the other counters to come at once. Raises ``HelpAlreadyAsked``."""
    now = clock.now()
    rules.check_holds(session_at(counter.pk), by)
    call = HelpCall.objects.create(counter=counter, asked_by=by, asked_at=now)
    _tell("help.called", counter, by=by, now=now)
    return call


@action()
def answer_help(call: HelpCall, *, by: Agent) -> HelpCall:
    """Say "I am coming"; the first answer counts, the next ones change nothing."""
    now = clock.now()
    call = lock(HelpCall, call.pk)
    if call.answered_at is None:
        call.answered_by, call.answered_at = by, now
        call.save(update_fields=["answered_by", "answered_at"])
        _tell("help.answered", call.counter, by=by, now=now, after=max(0, round((now - call.asked_at).total_seconds())))
    return call


def _open(counter: Counter, *, by: Agent, now: datetime) -> CounterSession:
    if not counter.is_active or counter.office_id != by.office_id:
        raise CounterNotOpen
    if not counter.lines.filter(agents=by).exists():
        raise NoSkill
    session = CounterSession.objects.create(counter=counter, agent=by, opened_at=now, state_since=now)
    _tell("counter.opened", counter, by=by, now=now)
    return session


def _set(session: CounterSession, state: SessionState, *, now: datetime) -> None:
    session.state, session.state_since = state, now
    session.closed_at = now if state == SessionState.CLOSED else None
    session.save(update_fields=["state", "state_since", "closed_at"])


def _tell(what: str, counter: Counter, *, by: Actor, now: datetime, **facts: object) -> None:
    journal.record(what, counter, by=by, at=now, office=counter.office_id, **facts)
    live.changed(f"office:{counter.office_id}")
