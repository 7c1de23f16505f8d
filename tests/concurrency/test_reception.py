"""Sixteen hands on one line and eight counters; each lock shown to be needed by taking it away."""

import threading
from collections import Counter as Tally
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection

from parvis.common import clock, database
from parvis.common.errors import BusinessError, KeyReused
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.reception import actions, queries
from parvis.reception.actions import arrivals, calls
from parvis.reception.errors import AlreadyHasTicket, CounterBusy, CounterTaken
from parvis.reception.models import Series, Ticket
from parvis.reception.rules import WRONG_CODES
from parvis.reception.states import Outcome, Status
from tests.concurrency.threads import Meeting, done, together
from tests.offices.factories import AgentFactory
from tests.reception.house import House, at, build

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
THREADS = 16


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    with clock.held(at("10:00")):
        yield build()


def test_numbers_have_no_gap_and_no_double(house: House) -> None:
    """Sixteen threads issue 160 tickets; every eighth is refused and must not use up a number."""
    house.ticket(holder_name="Déjà Là")

    def issue(thread: int) -> list[str]:
        given = []
        for turn in range(10):
            try:
                name = "Déjà Là" if turn % 8 == 7 else f"Témoin {thread}-{turn}"
                given.append(str(house.ticket(holder_name=name)))
            except AlreadyHasTicket:
                continue
        return given

    results = together([lambda thread=thread: issue(thread) for thread in range(THREADS)])
    numbers = ["D001", *(number for given in results for number in given)]
    assert sorted(numbers) == [f"D{n:03d}" for n in range(1, THREADS * 9 + 2)]


def test_guesses_sent_together_are_counted_one_by_one(house: House) -> None:
    """Thirty-two wrong door codes at once from one address: ten are looked at, the others are not."""

    def guess() -> bool:
        return actions.try_door_code(house.office, "wrong", address="192.0.2.1")

    answers = Tally(type(one).__name__ for one in together([guess] * (2 * THREADS)))
    assert answers == {"bool": WRONG_CODES, "TooManyDoorCodes": 2 * THREADS - WRONG_CODES}


def test_control_a_number_taken_outside_the_transaction_leaves_a_gap(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a connection of its own it is held until nobody's commit: who is refused has used one up."""
    elsewhere = connection.copy()
    monkeypatch.setattr(arrivals, "connection", elsewhere)
    try:
        house.ticket(holder_name="Déjà Là")
        with pytest.raises(AlreadyHasTicket):
            house.ticket(holder_name="Déjà Là")
        assert str(house.ticket()) == "D003"
    finally:
        elsewhere.close()


def test_control_a_number_read_before_it_is_written_is_given_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the constraint is left then, and one of both gets a fault instead of a ticket."""
    house.ticket()
    both, take = Meeting(), arrivals._next_number

    def read_then_write(*series: Any) -> int:
        last = Series.objects.get().last
        both.wait()
        take(*series)
        return last + 1

    monkeypatch.setattr(arrivals, "_next_number", read_then_write)
    given = together([house.ticket] * 2)
    assert Tally(type(one) for one in given) == {Ticket: 1, IntegrityError: 1}
    assert any("ticket_number_once_a_day" in str(one) for one in given)


def test_nobody_is_called_by_two_counters(house: House) -> None:
    """Eight counters, two hands each, empty a line of sixty: each person is called once, in order, and received."""
    for _ in range(60):
        house.ticket()
    desks = [house.desk("filing") for _ in range(8)]

    def work(index: int) -> list[int]:
        counter, agent = desks[index // 2]
        served = []
        for _ in range(60):
            try:
                ticket = actions.call_next(counter, by=agent)
                if ticket is None:
                    break
                served.append(ticket.pk)
                actions.arrive(ticket, by=agent)
                actions.finish(ticket, outcome=Outcome.DONE, by=agent)
            except BusinessError:
                continue
        return served

    results = together([lambda index=index: work(index) for index in range(THREADS)])
    served = [pk for given in results for pk in given]
    called = Tally(Entry.objects.filter(what="ticket.called").values_list("subject_id", flat=True))
    assert max(called.values()) == 1
    assert sorted(served) == sorted(called)
    assert len(called) == Ticket.objects.filter(state=Status.RECEIVED).count() == 60


def test_control_without_the_lock_the_same_person_is_called_twice(house: House, monkeypatch) -> None:
    """Take "next" without locking the row: two counters meet the same person, and the fault shows."""
    monkeypatch.setattr(calls, "first_free", Meeting().after(lambda queryset: queryset.first()))
    house.ticket()
    house.ticket()
    desks = [house.desk("filing") for _ in range(2)]
    together([lambda desk=desk: actions.call_next(desk[0], by=desk[1]) for desk in desks])
    called = Tally(Entry.objects.filter(what="ticket.called").values_list("subject_id", flat=True))
    assert max(called.values()) == 2


def test_the_database_alone_keeps_one_person_at_a_counter(house: House) -> None:
    """Even when somebody forgets the lock: the constraint says so, in the words of the rule."""
    counter, agent = house.desk("filing")
    house.ticket()
    second = house.ticket()
    actions.call_next(counter, by=agent)

    @database.action(constraints={"ticket_one_per_counter": CounterBusy})
    def careless() -> None:
        Ticket.objects.filter(pk=second.pk).update(state=Status.CALLED, counter=counter)

    with pytest.raises(CounterBusy):
        careless()


def test_pressing_call_twice_at_the_same_instant_calls_one(house: House) -> None:
    counter, agent = house.desk("filing")
    for _ in range(10):
        house.ticket()
    results = together([lambda: actions.call_next(counter, by=agent)] * 8)
    called = [got for got in results if isinstance(got, Ticket)]
    assert len(called) == 1
    assert all(isinstance(got, Ticket | CounterBusy) for got in results)


def test_the_same_key_fifty_times_has_one_effect(house: House) -> None:
    arrival = house.arrival()
    for _ in range(4):
        results = together([lambda: actions.issue_ticket(arrival, by=KIOSK, key="same").pk] * 12)
        assert len(set(done(results))) == 1
    other = house.arrival()
    results = together([lambda: actions.issue_ticket(other, by=KIOSK, key="same")] * 2)
    assert all(isinstance(got, KeyReused) for got in results)
    assert Ticket.objects.count() == 1


def test_one_person_at_two_kiosks_gets_one_ticket(house: House) -> None:
    arrival = house.arrival()
    results = together([lambda: actions.issue_ticket(arrival, by=KIOSK)] * 8)
    assert sum(isinstance(got, Ticket) for got in results) == 1
    assert sum(isinstance(got, AlreadyHasTicket) for got in results) == 7


def test_two_agents_sit_down_at_one_counter(house: House) -> None:
    counter = house.counter("filing")
    agents = [AgentFactory(office=house.office, lines=[house.lines["filing"]]) for _ in range(6)]
    results = together([lambda agent=agent: actions.open_counter(counter, by=agent) for agent in agents])
    assert sum(isinstance(got, CounterTaken) for got in results) == 5
    assert len(queries.held_by(house.office)) == 1


def test_a_person_leaves_while_being_called(house: House) -> None:
    """Whichever comes first, the ticket ends in one state and the journal tells one story."""
    counter, agent = house.desk("filing")
    for _ in range(20):
        ticket = house.ticket()
        together(
            [
                lambda: actions.call_next(counter, by=agent),
                lambda ticket=ticket: actions.leave(ticket, by=KIOSK),
            ]
        )
        ticket.refresh_from_db()
        told = set(Entry.objects.about(ticket).values_list("what", flat=True))
        if ticket.state == Status.LEFT:
            assert "ticket.left" in told
        else:
            assert ticket.state == Status.CALLED
            assert "ticket.left" not in told
            actions.arrive(ticket, by=agent)
            actions.finish(ticket, outcome=Outcome.DONE, by=agent)


def test_a_lock_held_too_long_is_said_within_three_seconds(house: House) -> None:
    counter, agent = house.desk("filing")
    house.ticket()
    held = threading.Event()
    done = threading.Event()

    def hold() -> None:
        from django.db import transaction

        with transaction.atomic():
            database.lock(type(counter), counter.pk)
            held.set()
            done.wait(timeout=20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(timeout=10)
    try:
        with pytest.raises(BusinessError) as said:
            actions.call_next(counter, by=agent)
    finally:
        done.set()
        holder.join()
    assert said.value.code == "busy"
