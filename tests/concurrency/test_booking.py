"""Sixteen hands on the same seats; each lock and constraint shown to be needed by taking it away."""

from collections import Counter as Tally
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from parvis.booking import actions
from parvis.booking.actions import moves, seats
from parvis.booking.errors import AlreadyBooked, ChallengeFailed, HoldExpired, SlotFull, TooLateToChange, TooOften
from parvis.booking.models import Appointment, BookedProcedure, Seat
from parvis.booking.states import LIVE, SEATED, SeatState, Status
from parvis.common import clock, database
from parvis.common.errors import IllegalMove, KeyReused
from parvis.journal.models import Entry
from parvis.messages.models import Message
from tests.booking.house import WEB, BookingHouse, build
from tests.booking.proofs import solved
from tests.concurrency.threads import Meeting, done, together
from tests.reception.house import at, wait

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
THREADS = 16


@pytest.fixture
def house(transactional_db: None) -> Iterator[BookingHouse]:
    with clock.held(at("10:00")):
        yield build()


def one_seat_each() -> None:
    """Read by SQL: nobody sits on another's seat, nobody has two, nobody is expected without one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM booking_appointment a WHERE (a.state = ANY(%s)) IS DISTINCT FROM"
            " (EXISTS (SELECT FROM booking_seat WHERE appointment_id = a.id))",
            [sorted(SEATED)],
        )
        assert cursor.fetchone()[0] == 0
        cursor.execute(
            "SELECT count(*) FROM (SELECT b.identity, b.procedure_id FROM booking_bookedprocedure b"
            " JOIN booking_appointment a ON a.id = b.appointment_id WHERE a.state = ANY(%s)"
            " GROUP BY 1, 2 HAVING count(*) > 1) AS doubles",
            [sorted(LIVE)],
        )
        assert cursor.fetchone()[0] == 0


def test_a_hot_slot_is_sold_out_once(house: BookingHouse) -> None:
    """Sixteen threads, eighty people, fifty seats of one slot: fifty bookings, thirty clear refusals."""
    slot = house.slot(seats=50)
    people = [[house.attendee() for _ in range(5)] for _ in range(THREADS)]

    def rush(mine: list) -> list[str]:
        told = []
        for one in mine:
            try:
                told.append(house.booked(slot, attendees=[one]).number)
            except SlotFull:
                told.append("full")
        return told

    results = [told for given in together([lambda mine=mine: rush(mine) for mine in people]) for told in given]
    assert len(results) == 80
    # A seat that another is taking just then is no seat: nobody waits to be told so.
    assert results.count("full") >= 30
    left = Seat.objects.filter(slot=slot, state=SeatState.FREE).count()
    assert Appointment.objects.count() == 50 - left == 80 - results.count("full")
    while left:
        house.booked(slot)
        left -= 1
    with pytest.raises(SlotFull):
        house.booked(slot)
    one_seat_each()


def test_control_without_the_lock_two_people_are_given_one_seat(house: BookingHouse, monkeypatch) -> None:
    """Read a free seat, then write it: two people meet the same one, and the second takes it from the first."""
    both_have_read = Meeting()
    careless = seats._TAKE.sql.replace("FOR NO KEY UPDATE SKIP LOCKED", "")
    assert careless != seats._TAKE.sql
    monkeypatch.setattr(seats._TAKE, "sql", careless)
    give = seats.give

    def give_later(*given: object) -> None:
        both_have_read.wait()
        give(*given)

    monkeypatch.setattr(seats, "give", give_later)
    slot = house.slot(seats=1)
    results = together([lambda: house.hold(slot)] * 2)
    assert all(isinstance(one, Appointment) for one in results)
    with pytest.raises(AssertionError):
        one_seat_each()


def test_one_person_books_in_sixteen_places(house: BookingHouse) -> None:
    slots = [house.slot(seats=2, hour=f"{9 + n // 4:02d}:{n % 4 * 15:02d}") for n in range(THREADS)]
    person = house.attendee()
    results = together([lambda slot=slot: house.booked(slot, attendees=[person]) for slot in slots])
    assert Tally(type(one).__name__ for one in results) == {"Appointment": 1, "AlreadyBooked": THREADS - 1}
    assert Seat.objects.filter(state=SeatState.BOOKED).count() == 1
    one_seat_each()


def test_control_looking_first_does_not_keep_a_person_from_two(house: BookingHouse) -> None:
    """Without the constraint, who looks and then writes has two: the test above can see it."""
    slots = [house.slot(seats=2, hour=hour) for hour in ("09:00", "11:00")]
    person = house.attendee()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX booked_once_per_person")
    try:
        results = together([lambda slot=slot: house.booked(slot, attendees=[person]) for slot in slots])
        assert all(isinstance(one, Appointment) for one in results)
        with pytest.raises(AssertionError):
            one_seat_each()
    finally:
        BookedProcedure.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX booked_once_per_person ON booking_bookedprocedure (identity, procedure_id)"
                " WHERE is_live"
            )


def test_the_same_key_fifty_times_has_one_effect(house: BookingHouse) -> None:
    slot = house.slot(seats=20)
    person, contact = house.attendee(), house.contact()

    def press() -> int:
        return house.booked(slot, attendees=[person], contact=contact, key="same").pk

    results = [one for _ in range(4) for one in together([press] * 13)]
    assert len(set(done(results))) == 1
    assert Appointment.objects.count() == Seat.objects.exclude(state=SeatState.FREE).count() == 1
    assert Message.objects.filter(kind="booking.confirmed").count() == 1
    assert Entry.objects.filter(what="appointment.confirmed").count() == 1
    with pytest.raises(KeyReused):
        house.booked(slot, key="same")


def test_a_hold_pressed_fifty_times_keeps_one_seat(house: BookingHouse) -> None:
    slot = house.slot(seats=20)
    results = [one for _ in range(4) for one in together([lambda: house.hold(slot, key="press").pk] * 13)]
    assert len(set(done(results))) == 1
    assert Seat.objects.filter(state=SeatState.HELD).count() == 1


def test_confirming_while_it_expires_ends_in_one_of_both(house: BookingHouse) -> None:
    """Whichever comes first, the seat follows the appointment and the journal tells one story."""
    for turn in range(12):
        slot = house.slot(seats=1, hour=f"{9 + turn // 4:02d}:{turn % 4 * 15:02d}")
        waiting = house.pending(slot)
        code = house.code()
        Appointment.objects.filter(pk=waiting.pk).update(hold_until=clock.now() + timedelta(seconds=1))
        jobs = [lambda waiting=waiting, code=code: actions.confirm(waiting, code=code, by=WEB)]
        if turn % 2:
            wait(0.1)
        results = together([*jobs, actions.expire_due, actions.expire_due])
        waiting.refresh_from_db()
        told = set(Entry.objects.about(waiting).values_list("what", flat=True))
        if turn % 2:
            assert isinstance(results[0], HoldExpired)
            assert waiting.state == Status.EXPIRED
            assert results[1] + results[2] == 1
        assert ("appointment.confirmed" in told) == (waiting.state == Status.CONFIRMED)
        one_seat_each()


def test_cancelling_and_moving_at_once_loses_no_seat(house: BookingHouse) -> None:
    first, second = house.slot(seats=1), house.slot(seats=1, hour="11:00")
    for _ in range(8):
        mine = house.booked(first)
        results = together(
            [lambda mine=mine: actions.cancel(mine, by=WEB), lambda mine=mine: actions.move_to(mine, second.pk, by=WEB)]
        )
        assert isinstance(results[0], Appointment)
        assert isinstance(results[1], Appointment | TooLateToChange)
        assert Seat.objects.filter(state=SeatState.FREE, appointment=None).count() == 2
        one_seat_each()
        Seat.objects.update(available_from=None)


def test_control_without_the_lock_a_cancelled_appointment_moves_on(house: BookingHouse, monkeypatch) -> None:
    """Read without locking: one cancels what the other moves, and a seat is lost to somebody who will not come."""
    first, second = house.slot(seats=1), house.slot(seats=1, hour="11:00")
    mine = house.booked(first)
    monkeypatch.setattr(moves, "locked", Meeting().after(lambda one: Appointment.objects.get(pk=one.pk)))
    together([lambda: actions.cancel(mine, by=WEB), lambda: actions.move_to(mine, second.pk, by=WEB)])
    with pytest.raises(AssertionError):
        one_seat_each()


def test_allowances_count_one_by_one(house: BookingHouse) -> None:
    results = together([lambda: actions.allow("hold.address", "192.0.2.1", limit=10)] * (2 * THREADS))
    assert sum(one is None for one in results) == 10
    assert sum(isinstance(one, TooOften) for one in results) == 2 * THREADS - 10


def test_a_proof_of_work_is_spent_once(house: BookingHouse) -> None:
    payload = solved(actions.new_challenge(clock.now()))
    results = together([lambda: actions.spend_challenge(payload)] * THREADS)
    assert sum(one is None for one in results) == 1
    assert sum(isinstance(one, ChallengeFailed) for one in results) == THREADS - 1


def test_a_code_is_tried_five_times_however_many_try(house: BookingHouse) -> None:
    waiting = house.pending(house.slot())
    wrong = "999999" if house.code() != "999999" else "000000"
    results = together([lambda: actions.confirm(waiting, code=wrong, by=WEB)] * THREADS)
    assert Tally(type(one).__name__ for one in results) == {"CodeWrong": 5, "CodeExpired": THREADS - 5}


def test_families_who_share_people_never_wait_for_each_other(house: BookingHouse) -> None:
    """The same two people in either order, many times: one family is booked, nobody is told to try again."""
    slot = house.slot(seats=8, minutes=30)
    pair = [house.attendee(), house.attendee()]
    wish = house.wish(people=2)
    jobs = [
        lambda order=order: house.booked(slot, wish, attendees=order) for order in (pair, pair[::-1]) for _ in range(4)
    ]
    results = together(jobs)
    assert Tally(type(one).__name__ for one in results) == {"Appointment": 1, "AlreadyBooked": 7}


def test_check_in_at_two_desks_happens_once(house: BookingHouse) -> None:
    slot = house.slot(day=clock.today(), hour="10:30")
    mine = house.booked(slot, house.wish(channel="desk"))
    wait(20)
    results = together([lambda: actions.check_in(mine, by=house.agent)] * 8)
    assert sum(isinstance(one, Appointment) for one in results) == 1
    assert sum(isinstance(one, IllegalMove) for one in results) == 7


def test_the_seat_of_a_transaction_that_fails_is_not_lost(house: BookingHouse) -> None:
    slot = house.slot(seats=1)

    @database.action()
    def fail() -> None:
        house.hold(slot)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert house.booked(slot).state == Status.CONFIRMED
    with pytest.raises((SlotFull, AlreadyBooked)):
        house.booked(slot)
