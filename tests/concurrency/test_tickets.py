"""Several hands on one ticket, one counter, one day: each act happens once, and twice when the locks go."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.offices.models import Agent, Counter
from parvis.reception import actions, queries
from parvis.reception.actions import arrivals, calls, closing, counters, moves
from parvis.reception.errors import AlreadyInVisit, CounterTaken, ReturnRefused
from parvis.reception.models import CounterSession, HelpCall, ReturnPass, Step, Ticket
from parvis.reception.states import Outcome, ReturnKind, SessionState
from tests.concurrency.threads import Meeting, together, without_row_locks
from tests.offices.factories import AgentFactory
from tests.reception.house import MONDAY, House, at, build, wait

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
Job = Callable[[], object]
Desk = tuple[Counter, Agent]


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the row locks away, and let two hands read before either writes."""
    without_row_locks(monkeypatch)
    both = Meeting()
    for module, name in (
        (moves, "locked"),
        (closing, "locked"),
        (counters, "locked"),
        (counters, "lock"),
        (calls, "lock"),
    ):
        monkeypatch.setattr(module, name, both.after(getattr(module, name)))


def told(what: str) -> int:
    return Entry.objects.filter(what=what).count()


def refused_in_words(answers: list[Any]) -> None:
    failed = [one for one in answers if isinstance(one, BaseException)]
    assert all(isinstance(one, BusinessError) for one in failed), failed


def called(house: House, *procedures: str) -> tuple[Ticket, Desk]:
    house.ticket(*procedures)
    desk = house.desk("filing")
    ticket = actions.call_next(desk[0], by=desk[1])
    assert ticket
    return ticket, desk


def serving(house: House, *procedures: str) -> tuple[Ticket, Agent]:
    ticket, (_counter, agent) = called(house, *procedures)
    return actions.arrive(ticket, by=agent), agent


def parked(house: House) -> Ticket:
    ticket, agent = serving(house)
    return actions.park(ticket, room="B1", by=agent)


def from_many(house: House, act: Callable[[Desk], object]) -> Job:
    """The same act, each time from another counter."""
    desks = iter([house.desk("filing") for _ in range(4)])
    return lambda: act(next(desks))


def arrive(house: House) -> tuple[str, Job]:
    ticket, (_counter, agent) = called(house)
    return "ticket.arrived", lambda: actions.arrive(ticket, by=agent)


def mark_absent(house: House) -> tuple[str, Job]:
    ticket, (_counter, agent) = called(house)
    return "ticket.absent", lambda: actions.mark_absent(ticket, by=agent)


def put_back(house: House) -> tuple[str, Job]:
    ticket, (counter, agent) = called(house)
    actions.mark_absent(ticket, by=agent)
    wait(3)
    assert actions.call_next(counter, by=agent) == ticket
    actions.mark_absent(ticket, by=agent)
    return "ticket.put_back", lambda: actions.put_back(ticket, by=agent)


def pick(house: House) -> tuple[str, Job]:
    ticket = house.ticket()
    return "ticket.called", from_many(house, lambda desk: actions.pick(ticket, counter=desk[0], by=desk[1]))


def resume(house: House) -> tuple[str, Job]:
    ticket = parked(house)
    return "ticket.resumed", from_many(house, lambda desk: actions.resume(ticket, counter=desk[0], by=desk[1]))


def park(house: House) -> tuple[str, Job]:
    ticket, agent = serving(house)
    return "ticket.parked", lambda: actions.park(ticket, room="B1", by=agent)


def finish(house: House) -> tuple[str, Job]:
    ticket, agent = serving(house)
    return "ticket.received", lambda: actions.finish(ticket, outcome=Outcome.DONE, by=agent)


def leave(house: House) -> tuple[str, Job]:
    ticket = house.ticket()
    return "ticket.left", lambda: actions.leave(ticket, by=KIOSK)


def give_return(house: House) -> tuple[str, Job]:
    ticket = house.ticket()
    _counter, agent = house.desk("filing")
    kind = ReturnKind.FIRST_NEXT_DAY
    return "ticket.deferred", lambda: actions.give_return(ticket, kind=kind, by=agent, reason="Panne.")


def give_return_for_a_copy(house: House) -> tuple[str, Job]:
    ticket, agent = serving(house)
    kind = ReturnKind.MISSING_COPY
    return "ticket.may_come_back", lambda: actions.give_return(ticket, kind=kind, by=agent, reason="Une copie.")


def close_counter(house: House) -> tuple[str, Job]:
    counter, agent = house.desk("filing")
    return "counter.closed", lambda: actions.close_counter(counter, by=agent)


def close_counter_and_put_back(house: House) -> tuple[str, Job]:
    _ticket, (counter, agent) = called(house)
    return "ticket.put_back", lambda: actions.close_counter(counter, by=agent, puts_back=True)


def take_break(house: House) -> tuple[str, Job]:
    counter, agent = house.desk("filing")
    return "counter.break_started", lambda: actions.take_break(counter, by=agent)


def end_break(house: House) -> tuple[str, Job]:
    counter, agent = house.desk("filing")
    actions.take_break(counter, by=agent)
    return "counter.break_ended", lambda: actions.end_break(counter, by=agent)


def answer_help(house: House) -> tuple[str, Job]:
    counter, agent = house.desk("filing")
    asked = actions.call_for_help(counter, by=agent)
    return "help.answered", from_many(house, lambda desk: actions.answer_help(asked, by=desk[1]))


def close_day(house: House) -> tuple[str, Job]:
    house.ticket()
    clock.hold(at("20:00"))
    return "ticket.turned_away", lambda: actions.close_day(house.office, day=MONDAY, by=KIOSK)


ACTS = [arrive, mark_absent, put_back, pick, resume, park, finish, leave, give_return, give_return_for_a_copy]
ACTS += [close_counter, close_counter_and_put_back, take_break, end_break, answer_help, close_day]
Make = Callable[[House], tuple[str, Job]]


@pytest.mark.parametrize("make", ACTS)
def test_four_hands_do_it_once(house: House, make: Make) -> None:
    what, job = make(house)
    before = told(what)
    refused_in_words(together([job] * 4))
    assert told(what) - before == 1


@pytest.mark.parametrize("make", ACTS)
def test_control_without_the_lock_both_do_it(house: House, make: Make, request: pytest.FixtureRequest) -> None:
    what, job = make(house)
    before = told(what)
    request.getfixturevalue("no_lock")
    together([job] * 2)
    assert told(what) - before == 2


def test_every_call_is_counted(house: House) -> None:
    ticket, (_counter, agent) = called(house)
    together([lambda: actions.call_again(ticket, by=agent)] * 2)
    ticket.refresh_from_db()
    assert ticket.calls == 3


def test_control_without_the_lock_a_call_is_not_counted(house: House, request: pytest.FixtureRequest) -> None:
    ticket, (_counter, agent) = called(house)
    request.getfixturevalue("no_lock")
    together([lambda: actions.call_again(ticket, by=agent)] * 2)
    ticket.refresh_from_db()
    assert ticket.calls == 2


def adding(house: House) -> tuple[Ticket, list[Job]]:
    """Two things more are asked for at once."""
    ticket, agent = serving(house)
    more = [house.procedures["student"], house.procedures["receipt_renewal"]]
    return ticket, [lambda one=one: actions.add_procedure(ticket, procedure=one, by=agent) for one in more]  # type: ignore[misc]


def test_two_procedures_added_at_once_are_two_steps(house: House) -> None:
    ticket, jobs = adding(house)
    assert not [one for one in together(jobs) if isinstance(one, BaseException)]
    assert list(Step.objects.filter(ticket=ticket).values_list("position", flat=True)) == [1, 2, 3]


def test_control_without_the_lock_both_take_one_position_and_the_database_stops_one(
    house: House, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, jobs = adding(house)
    request.getfixturevalue("no_lock")
    monkeypatch.setattr(Step.objects, "create", Meeting().before(Step.objects.create))
    assert [type(one) for one in together(jobs) if isinstance(one, BaseException)] == [IntegrityError]
    assert Step.objects.filter(ticket=ticket).count() == 2


def test_one_procedure_added_by_four_hands_is_one_step(house: House) -> None:
    ticket, agent = serving(house)
    student = house.procedures["student"]
    answers = together([lambda: actions.add_procedure(ticket, procedure=student, by=agent)] * 4)
    assert [type(one) for one in answers if isinstance(one, BaseException)] == [AlreadyInVisit] * 3
    assert told("ticket.procedure_added") == 1


def test_one_person_is_transferred_once(house: House) -> None:
    """Who waited for the ticket meanwhile is told that it moved, though its line and procedure are others by then."""
    ticket, agent = serving(house)
    student = house.procedures["student"]
    refused_in_words(together([lambda: actions.transfer(ticket, procedure=student, by=agent)] * 4))
    assert told("ticket.transferred") == told("step.done") == 1


def test_without_the_lock_the_constraints_of_the_steps_alone_transfer_once(
    house: House, request: pytest.FixtureRequest
) -> None:
    ticket, agent = serving(house)
    request.getfixturevalue("no_lock")
    student = house.procedures["student"]
    answers = together([lambda: actions.transfer(ticket, procedure=student, by=agent)] * 2)
    assert sum(isinstance(one, Ticket) for one in answers) == 1
    assert told("ticket.transferred") == told("step.done") == 1


def returning(house: House) -> list[Job]:
    """The holder shows one code at two kiosks, the names once in the other order: no other rule sees one person."""
    ticket, agent = serving(house)
    given = actions.give_return(ticket, kind=ReturnKind.MISSING_COPY, by=agent, reason="Une copie.")
    names = [ticket.holder_name, " ".join(reversed(ticket.holder_name.split()))]
    shown = [house.arrival(holder_name=name, return_code=given.code) for name in names]
    return [lambda one=one: actions.issue_ticket(one, by=KIOSK) for one in shown]  # type: ignore[misc]


def test_a_code_to_come_back_serves_once(house: House) -> None:
    answers = together(returning(house))
    assert [type(one) for one in answers if isinstance(one, BaseException)] == [ReturnRefused]
    assert ReturnPass.objects.get().used_by in answers


def test_control_without_the_lock_a_code_serves_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = returning(house)
    without_row_locks(monkeypatch)
    monkeypatch.setattr(arrivals, "_return_pass", Meeting().after(arrivals._return_pass))
    answers = together(jobs)
    assert [type(one) for one in answers] == [Ticket, Ticket]
    assert Entry.objects.filter(what="ticket.issued", facts__came_back=True).count() == 2


def relieving(house: House, hands: int) -> tuple[Counter, list[Job]]:
    _ticket, (counter, _agent) = called(house)
    agents = [AgentFactory(office=house.office, lines=[house.lines["filing"]]) for _ in range(hands)]
    return counter, [lambda one=one: actions.relieve(counter, by=one) for one in agents]  # type: ignore[misc]


def test_who_relieves_together_relieve_one_another(house: House) -> None:
    """Each takes over from the one before; the last holds the counter and the person who is there."""
    counter, jobs = relieving(house, 4)
    answers = together(jobs)
    assert {type(one) for one in answers} == {CounterSession}
    story = Entry.objects.filter(what="counter.relieved").values_list("facts__from_agent", flat=True)
    assert len(set(story)) == 4
    held = CounterSession.objects.exclude(state=SessionState.CLOSED).get(counter=counter)
    assert Ticket.objects.get().agent_id == held.agent_id not in set(story)


def test_without_the_lock_the_constraint_alone_keeps_one_at_the_counter(
    house: House, request: pytest.FixtureRequest
) -> None:
    _counter, jobs = relieving(house, 2)
    request.getfixturevalue("no_lock")
    answers = together(jobs)
    assert [type(one) for one in answers if isinstance(one, BaseException)] == [CounterTaken]
    assert told("counter.relieved") == 1


def pausing(house: House) -> tuple[Counter, list[Job]]:
    house.ticket()
    counter, agent = house.desk("filing")
    return counter, [lambda: actions.call_next(counter, by=agent), lambda: actions.take_break(counter, by=agent)]


def is_called_to_a_pause(counter: Counter) -> bool:
    on_break = CounterSession.objects.filter(counter=counter, state=SessionState.BREAK).exists()
    return on_break and Ticket.objects.filter(counter=counter).exists()


def test_nobody_is_called_to_a_counter_that_pauses(house: House) -> None:
    counter, jobs = pausing(house)
    answers = together(jobs)
    assert sum(isinstance(one, BaseException) for one in answers) == 1
    assert not is_called_to_a_pause(counter)


def test_control_without_the_lock_somebody_is_called_to_a_pause(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    counter, jobs = pausing(house)
    without_row_locks(monkeypatch)
    both = Meeting()
    monkeypatch.setattr(queries, "desk", both.after(queries.desk))
    monkeypatch.setattr(queries, "current", both.after(queries.current))
    together(jobs)
    assert is_called_to_a_pause(counter)


def test_one_call_for_help_is_one(house: House) -> None:
    """Nothing is locked: the constraint alone says so."""
    counter, agent = house.desk("filing")
    refused_in_words(together([lambda: actions.call_for_help(counter, by=agent)] * 4))
    assert HelpCall.objects.count() == told("help.called") == 1
