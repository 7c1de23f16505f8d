"""Seats kept while the form is filled: for how long, of which pool, and what is refused."""

from datetime import date, timedelta

import pytest

from parvis.booking import actions, queries
from parvis.booking.errors import (
    ByDrawOnly,
    CardNotInStock,
    HoldExpired,
    NotByAppointment,
    SlotFull,
    SlotGone,
    TooLateToChange,
    TooManyPeople,
    TooOften,
)
from parvis.booking.models import AllocationRule, Appointment, Seat
from parvis.booking.states import Allocation, Audience, Channel, SeatState, Status
from parvis.common import clock
from parvis.common.errors import KeyReused
from parvis.journal.models import Entry
from parvis.procedures.models import AccessMode, Mode
from tests.booking.house import DAY, TODAY, WEB, BookingHouse, seat_states
from tests.offices.factories import ClosureFactory
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import at, wait


def test_a_hold_ends_by_itself_and_its_seat_comes_back_later(house: BookingHouse) -> None:
    """Ten minutes, then nobody's, then free again after a delay that nobody can foresee: never at once."""
    house.policy(release_after_min=10, release_after_max=120)
    slot = house.slot(seats=1)
    held = house.hold(slot)
    assert held.hold_until == clock.now() + timedelta(minutes=10)
    wait(9.9)
    assert actions.expire_due() == 0
    wait(0.1)
    assert actions.expire_due() == 1
    assert actions.expire_due() == 0
    held.refresh_from_db()
    assert held.state == Status.EXPIRED
    seat = Seat.objects.get(slot=slot)
    assert seat.state == SeatState.FREE
    assert seat.available_from is not None
    assert timedelta(minutes=10) <= seat.available_from - clock.now() <= timedelta(minutes=120)
    assert queries.free_slots(house.wish(), DAY) == []
    with pytest.raises(SlotFull):
        house.hold(slot)
    wait(120)
    assert [free.seats for free in queries.free_slots(house.wish(), DAY)] == [1]
    assert house.hold(slot).state == Status.HELD


def test_the_delay_of_freed_seats_is_drawn_each_time(house: BookingHouse) -> None:
    slot = house.slot(seats=12)
    for _ in range(12):
        house.hold(slot)
    wait(10)
    actions.expire_due()
    delays = set(Seat.objects.order_by("pk").values_list("available_from", flat=True))
    assert len(delays) > 6


def test_what_was_typed_serves_again_on_another_seat(house: BookingHouse) -> None:
    first, second = house.slot(seats=1), house.slot(seats=1, hour="11:00")
    held = house.pending(first)
    wait(15)
    actions.expire_due()
    with pytest.raises(HoldExpired):
        actions.confirm(held, code=house.code(), by=WEB)
    again = actions.hold_again(held, second.pk, by=WEB)
    assert (again.state, again.starts_at, again.email) == (Status.HELD, second.starts_at, held.email)
    assert again.booked.get().given_name.startswith("Témoin")
    assert seat_states(second) == ["held"]


def test_a_change_of_mind_gives_the_first_seat_back_later(house: BookingHouse) -> None:
    first, second = house.slot(seats=1), house.slot(seats=1, hour="11:00")
    held = house.hold(first)
    wait(3)
    again = actions.hold_again(held, second.pk, by=WEB)
    assert again.pk == held.pk
    assert again.hold_until == clock.now() + timedelta(minutes=10)
    assert seat_states(first) == ["free"]
    assert [free.starts_at for free in queries.free_slots(house.wish(), DAY)] == []
    confirmed = house.booked(house.slot(hour="14:00"))
    with pytest.raises(TooLateToChange):
        actions.hold_again(confirmed, second.pk, by=WEB)


def test_one_hold_does_not_hide_the_whole_calendar(house: BookingHouse) -> None:
    """Each change of mind hides a seat for a while: somebody who takes one after the other is stopped, in both ways."""
    slots = house.slots(hours=("09:00", "12:00"), seats=1)
    held = house.hold(slots[0])
    for slot in slots[1:9]:
        held = actions.hold_again(held, slot.pk, by=WEB)
    with pytest.raises(TooOften):
        actions.hold_again(held, slots[9].pk, by=WEB)
    assert seat_states(slots[8]) == ["held"]
    wait(10)
    actions.expire_due()
    with pytest.raises(TooOften):
        actions.hold_again(held, slots[9].pk, by=WEB)


def test_changes_of_mind_count_for_the_network_address(house: BookingHouse) -> None:
    house.policy(holds_per_address=2)
    slots = house.slots(seats=1)
    held = house.hold(slots[0], address="192.0.2.1")
    actions.hold_again(held, slots[1].pk, by=WEB, address="192.0.2.1")
    with pytest.raises(TooOften):
        actions.hold_again(held, slots[2].pk, by=WEB, address="192.0.2.1")


def test_a_hold_again_that_finds_no_seat_keeps_the_first(house: BookingHouse) -> None:
    first, second = house.slot(seats=1), house.slot(seats=1, hour="11:00")
    held = house.hold(first)
    house.hold(second)
    with pytest.raises(SlotFull):
        actions.hold_again(held, second.pk, by=WEB)
    assert seat_states(first) == ["held"]


def test_the_same_press_twice_holds_once(house: BookingHouse) -> None:
    slot = house.slot(seats=3)
    assert house.hold(slot, key="press").pk == house.hold(slot, key="press").pk
    assert seat_states(slot) == ["free", "free", "held"]
    with pytest.raises(KeyReused):
        house.hold(house.slot(hour="12:00"), key="press")
    assert Entry.objects.filter(what="appointment.held").count() == 1


def test_seats_of_a_pool_are_for_it_until_they_fall_back(house: BookingHouse) -> None:
    slot = house.slot(seats=2, audience=Audience.STUDENTS)
    with pytest.raises(SlotFull):
        house.hold(slot)
    assert queries.free_days(house.wish()) == []
    student = house.wish("student")
    assert [free.seats for free in queries.free_slots(student, DAY)] == [2]
    assert house.hold(slot, student).state == Status.HELD
    with clock.held(at("11:59", DAY - timedelta(days=2))), pytest.raises(SlotFull):
        house.hold(slot)
    with clock.held(at("12:00", DAY - timedelta(days=2))):
        assert house.hold(slot).state == Status.HELD


def test_seats_of_a_channel_are_for_it(house: BookingHouse) -> None:
    slot = house.slot(seats=1, channel=Channel.PHONE)
    with pytest.raises(SlotFull):
        house.hold(slot)
    assert house.hold(slot, house.wish(channel=Channel.PHONE), by=house.agent).channel == Channel.PHONE


def test_reserved_seats_go_first(house: BookingHouse) -> None:
    slot = house.slot(seats=3, audience=Audience.STUDENTS)
    Seat.objects.filter(slot=slot, number__gt=1).update(audience="")
    taken = Seat.objects.get(appointment=house.hold(slot, house.wish("student")))
    assert taken.audience == Audience.STUDENTS


def test_a_visit_takes_as_many_slots_in_a_row_as_it_needs(house: BookingHouse) -> None:
    slots = house.slots(seats=1, hours=("09:00", "10:00"))
    family = house.wish(people=3)
    assert [free.starts_at for free in queries.free_slots(family, DAY)] == [slots[0].starts_at, slots[1].starts_at]
    held = house.hold(slots[1], family)
    assert held.minutes == 45
    assert [seat_states(slot) for slot in slots] == [["free"], ["held"], ["held"], ["held"]]
    with pytest.raises(SlotFull):
        house.hold(slots[0], family)
    assert seat_states(slots[0]) == ["free"]
    assert queries.free_days(family) == []


def test_no_visit_runs_past_the_plan_or_over_a_full_slot(house: BookingHouse) -> None:
    slots = house.slots(seats=1, hours=("09:00", "10:00"))
    house.hold(slots[2])
    pair = house.wish(people=2)
    assert [free.starts_at for free in queries.free_slots(pair, DAY)] == [slots[0].starts_at]
    for slot in slots[1:]:
        with pytest.raises(SlotFull):
            house.hold(slot, pair)


def test_a_line_takes_its_own_procedures_and_a_list_says_which(house: BookingHouse) -> None:
    filing = house.slot()
    with pytest.raises(SlotGone):
        house.hold(filing, house.wish("receipt_renewal"))
    mixed = house.slot(hour="14:00", minutes=30, accepts=("renewal", "receipt_renewal"))
    both = house.wish("renewal", "receipt_renewal")
    assert [free.slot_id for free in queries.free_slots(both, DAY)] == [mixed.pk]
    assert house.hold(mixed, both).minutes == 30
    with pytest.raises(SlotGone):
        house.hold(mixed, house.wish("student"))


@pytest.mark.parametrize("day", [TODAY, DAY])
def test_the_hour_must_be_ahead(house: BookingHouse, day: date) -> None:
    slot = house.slot(day=day, hour="10:45", seats=2)
    with clock.held(at("10:00", day)):
        assert queries.free_slots(house.wish(), day) == []
        with pytest.raises(SlotGone):
            house.hold(slot)
        assert house.hold(slot, house.wish(channel=Channel.DESK), by=house.agent).state == Status.HELD
    with clock.held(at("10:45", day)), pytest.raises(SlotGone):
        house.hold(slot, house.wish(channel=Channel.DESK), by=house.agent)


def test_nothing_past_the_horizon(house: BookingHouse) -> None:
    far = TODAY + timedelta(days=63)
    slot = house.slot(day=far)
    assert queries.free_days(house.wish()) == []
    with pytest.raises(SlotGone):
        house.hold(slot)
    house.policy(horizon_days=63)
    assert [free.day for free in queries.free_days(house.wish())] == [far]
    assert house.hold(slot).day == far


def test_a_closed_day_is_neither_shown_nor_taken(house: BookingHouse) -> None:
    slot, thursday, christmas = house.slot(), DAY + timedelta(days=3), date(2017, 12, 25)
    ClosureFactory(office=house.office, day=DAY)
    others = [
        house.slot(day=thursday),
        house.slot(day=christmas),
        house.slot(hour="16:00", day=DAY + timedelta(days=1)),
    ]
    assert queries.free_days(house.wish()) == []
    for gone in [slot, *others]:
        with pytest.raises(SlotGone):
            house.hold(gone)


def test_another_offices_slot_is_not_taken(house: BookingHouse) -> None:
    with pytest.raises(SlotGone):
        house.hold(house.slot(), house.wish(office=PermitFactory().office))
    with pytest.raises(SlotGone):
        actions.hold(house.wish(), 987_654_321, by=WEB)


def test_access_by_date(house: BookingHouse) -> None:
    """Walk-in until the day, on appointment from then on; the seats of the first days are not offered."""
    before, after = house.slot(), house.slot(day=DAY + timedelta(days=1))
    renewal = house.house.procedures["renewal"]
    AccessMode.objects.filter(procedure=renewal).delete()
    AccessMode.objects.create(procedure=renewal, mode=Mode.WALK_IN, valid_from=date(2017, 1, 1))
    AccessMode.objects.create(procedure=renewal, mode=Mode.APPOINTMENT_ONLY, valid_from=DAY + timedelta(days=1))
    with pytest.raises(NotByAppointment):
        house.hold(before)
    assert [free.day for free in queries.free_days(house.wish())] == [DAY + timedelta(days=1)]
    assert house.hold(after).state == Status.HELD


def test_by_draw_nobody_books_directly(house: BookingHouse) -> None:
    before, after = house.slot(), house.slot(day=DAY + timedelta(days=1))
    AllocationRule.objects.create(
        office=house.office,
        procedure=house.house.procedures["renewal"],
        allocation=Allocation.DRAW,
        valid_from=DAY + timedelta(days=1),
    )
    assert [free.day for free in queries.free_days(house.wish())] == [DAY]
    with pytest.raises(ByDrawOnly):
        house.hold(after)
    assert house.hold(before).state == Status.HELD


def test_a_handover_needs_the_card(house: BookingHouse) -> None:
    slot = house.slot("handover", minutes=10)
    card = PermitFactory(office=house.office, person=PersonFactory())
    gone = PermitFactory(office=house.office, gone=True)
    for permit in (None, gone):
        with pytest.raises(CardNotInStock):
            house.hold(slot, house.wish("permit_handover", permit=permit))
    assert house.hold(slot, house.wish("permit_handover", permit=card)).state == Status.HELD


@pytest.mark.parametrize("people", [0, -1, 7])
def test_so_many_people_and_no_more(house: BookingHouse, people: int) -> None:
    slots = house.slots(hours=("09:00", "12:00"))
    with pytest.raises(TooManyPeople) as said:
        house.hold(slots[0], house.wish(people=people))
    assert "6" in str(said.value)


def test_one_address_holds_so_often_a_day(house: BookingHouse) -> None:
    house.policy(holds_per_address=3)
    slot = house.slot(seats=9)
    for _ in range(3):
        house.hold(slot, address="192.0.2.7")
    with pytest.raises(TooOften):
        house.hold(slot, address="192.0.2.7")
    assert Appointment.objects.count() == 3
    assert house.hold(slot, address="192.0.2.8").state == Status.HELD
    with clock.held(at("10:00", TODAY + timedelta(days=1))):
        assert house.hold(slot, address="192.0.2.7").state == Status.HELD
