"""From a free hour to a confirmed appointment, for one person and for families."""

import pytest

from parvis.booking import actions, queries
from parvis.booking.errors import AlreadyBooked
from parvis.booking.models import Seat
from parvis.booking.states import SeatState, Status
from parvis.messages.models import Message
from tests.booking.house import DAY, WEB, BookingHouse


def test_the_whole_way(house: BookingHouse) -> None:
    slot = house.slot(seats=2)
    wish = house.wish()
    assert [(day.day, day.seats) for day in queries.free_days(wish)] == [(DAY, 2)]
    assert [free.seats for free in queries.free_slots(wish, DAY)] == [2]
    held = actions.hold(wish, slot.pk, by=WEB)
    assert held.state == Status.HELD
    assert [free.seats for free in queries.free_slots(wish, DAY)] == [1]
    pending = actions.give_details(held, attendees=[house.attendee()], contact=house.contact(), by=WEB)
    assert pending.state == Status.PENDING
    confirmed = actions.confirm(pending, code=house.code(), by=WEB)
    assert confirmed.state == Status.CONFIRMED
    assert Seat.objects.get(appointment=confirmed).state == SeatState.BOOKED
    assert Message.objects.filter(kind="booking.confirmed").count() == 1


def test_one_live_booking_for_a_person_and_a_procedure(house: BookingHouse) -> None:
    slot = house.slot(seats=3)
    first = house.booked(slot)
    person = first.booked.get()
    again = house.attendee(foreign_number=person.foreign_number)
    with pytest.raises(AlreadyBooked):
        house.booked(slot, attendees=[again])
    told = Message.objects.get(kind="booking.already")
    assert told.recipient == first.email
    moved = actions.move_to(first, house.slot(hour="10:00").pk, by=WEB)
    assert moved.sequence == 1
    assert actions.cancel(moved, by=WEB).state == Status.CANCELLED
    assert house.booked(slot, attendees=[again]).state == Status.CONFIRMED
