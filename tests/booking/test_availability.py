"""What is shown is what may be taken; who is looked for is found."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from parvis.booking import actions, queries
from parvis.booking.errors import SlotFull, SlotGone
from parvis.booking.models import Seat, Slot
from parvis.booking.states import Audience, Channel, SeatState
from tests.booking.house import DAY, TODAY, WEB, BookingHouse
from tests.offices.factories import ClosureFactory, OfficeFactory
from tests.reception.house import at, wait


def test_days_and_hours_in_order(house: BookingHouse) -> None:
    later, sooner = DAY + timedelta(days=1), TODAY + timedelta(days=1)
    house.slots(day=later, seats=3)
    house.slots(day=sooner, hours=("14:00", "14:30"), seats=1)
    house.slots(day=sooner, hours=("09:00", "09:15"), seats=1)
    wish = house.wish()
    assert [(free.day, free.seats) for free in queries.free_days(wish)] == [(sooner, 3), (later, 12)]
    hours = [timezone.localtime(free.starts_at).strftime("%H:%M") for free in queries.free_slots(wish, sooner)]
    assert hours == ["09:00", "14:00", "14:15"]
    assert queries.first_free(wish) == at("09:00", sooner)
    assert [free.day for free in queries.free_days(wish, since=later)] == [later]
    assert [free.day for free in queries.free_days(wish, until=sooner)] == [sooner]
    assert queries.free_slots(wish, TODAY - timedelta(days=7)) == []
    assert queries.first_free(house.wish("receipt_renewal")) is None


def test_what_is_shown_may_be_taken_and_what_is_not_may_not(house: BookingHouse) -> None:
    """The list and the action read the same rules: pools, lists, closures, hours, notice, horizon, visits in a row."""
    days = [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2), DAY + timedelta(days=3), date(2017, 12, 25)]
    for day in [*days, TODAY + timedelta(days=63)]:
        house.slots(day=day, hours=("08:30", "11:30"), seats=1, minutes=30)
        house.slots(day=day, hours=("11:30", "13:30"), seats=1, minutes=30, audience=Audience.STUDENTS)
        house.slots(day=day, hours=("13:30", "15:00"), seats=1, minutes=30, channel=Channel.DESK)
        house.slots(day=day, hours=("15:00", "17:00"), seats=1, minutes=30, accepts=("student", "receipt_renewal"))
    ClosureFactory(office=house.office, day=TODAY + timedelta(days=1), lines=[house.house.lines["handover"]])
    ClosureFactory(office=house.office, day=DAY)
    wishes = [
        (house.wish(), WEB),
        (house.wish("student"), WEB),
        (house.wish("student", "receipt_renewal", people=2), WEB),
        (house.wish(people=4), WEB),
        (house.wish(channel=Channel.DESK), house.agent),
        (house.wish("receipt_renewal", channel=Channel.PHONE), house.agent),
    ]
    taken = 0
    for wish, by in wishes:
        shown = {free.slot_id for day in queries.free_days(wish) for free in queries.free_slots(wish, day.day)}
        for slot in Slot.objects.order_by("pk"):
            try:
                held = actions.hold(wish, slot.pk, by=by)
            except (SlotFull, SlotGone):
                assert slot.pk not in shown, (wish, slot)
            else:
                assert slot.pk in shown, (wish, slot)
                taken += 1
                actions.cancel(held, by=by)
                Seat.objects.update(available_from=None)
    assert taken > 60


@pytest.mark.parametrize("state", [SeatState.WITHHELD, SeatState.OFFERED, SeatState.WITHDRAWN])
def test_other_seats_are_neither_shown_nor_taken(house: BookingHouse, state: SeatState) -> None:
    slot = house.slot(seats=2)
    Seat.objects.filter(slot=slot).update(state=state)
    assert queries.free_days(house.wish()) == []
    with pytest.raises(SlotFull):
        house.hold(slot)


def test_the_clocks_go_back_and_the_hour_stays(house: BookingHouse) -> None:
    """Across a change of the hour, nine o'clock is nine o'clock of that day."""
    house.policy(horizon_days=200)
    spring = date(2018, 3, 26)
    house.slot(day=spring, hour="09:00")
    free = queries.free_slots(house.wish(), spring)
    assert [timezone.localtime(one.starts_at).strftime("%H:%M %z") for one in free] == ["09:00 +0200"]


def test_somebody_is_found_at_the_desk(house: BookingHouse) -> None:
    slot = house.slot(seats=9)
    one = house.booked(slot, attendees=[house.attendee(family_name="Exemple-Fictif", given_name="Élodie")])
    two = house.booked(slot, attendees=[house.attendee(family_name="Témoin", given_name="Ana Élodie")])
    house.pending(slot, attendees=[house.attendee(family_name="Exemple")])
    find = lambda typed: queries.for_check_in(house.office, DAY, typed)  # noqa: E731
    assert find(f"https://bureau.invalid/rendez-vous/r/{one.token}/") == [one]
    assert find(f"https://bureau.invalid/rendez-vous/r/{one.token}") == [one]
    assert find(f" {one.number[:4].lower()} {one.number[4:]} ") == [one]
    assert find(one.booked.get().foreign_number) == [one]
    assert find("elodie") == [one, two]
    assert find("FICTIF exemple") == [one]
    assert find("") == find("   ") == find("?!") == find("personne") == []
    assert queries.for_check_in(house.office, DAY + timedelta(days=1), "elodie") == []
    assert queries.for_check_in(OfficeFactory(), DAY, one.token) == []
    assert queries.by_number(OfficeFactory(), one.number) is None


def test_addresses_that_are_none(house: BookingHouse) -> None:
    mine = house.booked(house.slot())
    assert queries.by_token(mine.token) == mine
    for typed in ("", "x", mine.token[:-1], f"{mine.token}x", "é" * 22, "\x00" * 22, mine.token.swapcase()):
        assert queries.by_token(typed) is None
    for typed in ("", "0O1I0O1I", "\x00", "x" * 500):
        assert queries.by_number(house.office, typed) is None


def test_the_people_of_a_day(house: BookingHouse) -> None:
    slot = house.slot(seats=9)
    first, second = house.booked(house.slot(hour="14:00")), house.booked(slot)
    house.hold(slot)
    house.pending(slot)
    actions.cancel(house.booked(slot), by=WEB)
    assert list(queries.of_day(house.office, DAY)) == [second, first]
    assert queries.live_of("n:9900000000", house.house.procedures["renewal"]) is None


def test_a_freed_seat_shows_when_its_delay_is_over(house: BookingHouse) -> None:
    house.policy(release_after_min=30, release_after_max=30)
    slot = house.slot(seats=1)
    actions.cancel(house.booked(slot), by=WEB)
    wait(29.9)
    assert queries.free_days(house.wish()) == []
    wait(0.1)
    assert queries.free_days(house.wish())[0].seats == 1
