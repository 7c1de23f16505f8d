"""Two tabs on one summons, and a card that is handed over meanwhile."""

from collections import Counter as Tally
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from parvis.booking import actions
from parvis.booking.actions import summons
from parvis.booking.errors import AlreadyBooked, CardNotInStock
from parvis.booking.models import Appointment, BookedProcedure, Seat
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.messages.models import Message
from parvis.permits import actions as permits
from parvis.permits.models import Handover, Permit
from tests.booking.house import BookingHouse, build
from tests.concurrency.threads import Meeting, only_read, together
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
THREADS = 8


@pytest.fixture
def house(transactional_db: None) -> Iterator[BookingHouse]:
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def card(house: BookingHouse) -> Permit:
    return PermitFactory(office=house.office, person=PersonFactory(email="carte@exemple.invalid"))


def choosing(house: BookingHouse, card: Permit) -> list[Callable[[], Appointment]]:
    """Eight tabs, each at another hour."""
    slots = house.slots("handover", minutes=10, hours=("09:00", "10:20"), seats=1)
    return [lambda slot=slot: actions.book_handover(card, slot.pk) for slot in slots[:THREADS]]


def test_one_booking_a_card_and_the_other_seats_stay_free(house: BookingHouse, card: Permit) -> None:
    answers = together(choosing(house, card))
    assert Tally(map(type, answers)) == {Appointment: 1, AlreadyBooked: THREADS - 1}
    assert Seat.objects.filter(state="booked").count() == 1
    assert Seat.objects.filter(state="free").count() == Seat.objects.count() - 1


def test_control_without_lock_nor_constraints_one_card_has_two_bookings(
    house: BookingHouse, card: Permit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summons, "lock", Meeting().after(only_read))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX booked_once_per_permit")
        cursor.execute("DROP INDEX booked_once_per_person")
    try:
        together(choosing(house, card)[:2])
        assert BookedProcedure.objects.filter(permit=card, is_live=True).count() == 2
    finally:
        Seat.objects.update(state="free", appointment=None)
        Appointment.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX booked_once_per_permit ON booking_bookedprocedure (permit_id)"
                " WHERE is_live AND permit_id IS NOT NULL"
            )
            cursor.execute(
                "CREATE UNIQUE INDEX booked_once_per_person ON booking_bookedprocedure (identity, procedure_id)"
                " WHERE is_live"
            )


def test_a_card_handed_over_meanwhile_is_not_booked_after(house: BookingHouse, card: Permit) -> None:
    """Whichever is first: nobody gets an hour for a card that had left when they asked."""

    def hand_over() -> Handover:
        return permits.hand_over(card, by=house.agent)

    answers = together([hand_over, *choosing(house, card)])
    assert isinstance(answers[0], Handover)
    booked = [one for one in answers[1:] if isinstance(one, Appointment)]
    refused = {type(one) for one in answers[1:]} - {Appointment}
    assert len(booked) <= 1
    assert refused <= {AlreadyBooked, CardNotInStock}


def test_sixteen_workers_summon_once(card: Permit) -> None:
    answers = together([lambda: actions.summon(card, by=SYSTEM)] * (2 * THREADS))
    assert Tally(answers) == {True: 1, False: 2 * THREADS - 1}
    assert Message.objects.filter(kind=summons.SUMMONS).count() == 1


def test_several_workers_tell_each_person_once(house: BookingHouse) -> None:
    for _ in range(5):
        PermitFactory(office=house.office)
    assert sorted(together([actions.summon_due] * 4)) == [0, 0, 0, 5]
    assert Message.objects.filter(kind=summons.SUMMONS).count() == 5
