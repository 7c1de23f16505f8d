"""Moved, cancelled, reminded, checked in, counted absent."""

from datetime import timedelta

import pytest

from parvis.booking import actions, queries
from parvis.booking.errors import (
    AlreadyBooked,
    ByDrawOnly,
    MovedTooOften,
    NotToday,
    PlaceDrawn,
    SlotFull,
    TooEarlyToCheckIn,
    TooLateToChange,
)
from parvis.booking.models import AllocationRule, Appointment, Seat
from parvis.booking.states import Allocation, CancelReason, SeatState, Status
from parvis.common import clock
from parvis.common.errors import IllegalMove
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.messages.states import Status as Sent
from tests.booking.house import DAY, TODAY, WEB, BookingHouse, seat_states
from tests.booking.scarcity import drawn
from tests.reception.house import at, wait


def reminders() -> list[tuple[str, str]]:
    """The reminders, with what became of them."""
    return list(Message.objects.filter(kind="booking.reminder").order_by("pk").values_list("key", "state"))


def test_moving_takes_the_new_seat_before_it_gives_back_the_old(house: BookingHouse) -> None:
    first, full, other = house.slot(seats=1), house.slot(seats=1, hour="11:00"), house.slot(seats=1, hour="14:00")
    mine = house.booked(first)
    house.booked(full)
    with pytest.raises(SlotFull):
        actions.move_to(mine, full.pk, by=WEB)
    assert seat_states(first) == ["booked"]
    number, token = mine.number, mine.token
    moved = actions.move_to(mine, other.pk, by=WEB)
    assert (moved.starts_at, moved.sequence, moved.moves) == (other.starts_at, 1, 1)
    assert (moved.number, moved.token, moved.state) == (number, token, Status.CONFIRMED)
    assert (seat_states(first), seat_states(other)) == (["free"], ["booked"])
    assert Seat.objects.get(slot=first).available_from > clock.now()
    assert Message.objects.filter(kind="booking.moved").count() == 1
    told = Entry.objects.get(what="appointment.moved").facts
    assert told["before"] == first.starts_at.isoformat()
    with pytest.raises(AlreadyBooked):
        house.booked(
            house.slot(hour="15:00"), attendees=[house.attendee(foreign_number=mine.booked.get().foreign_number)]
        )


def test_moved_twice_by_one_press_is_moved_once(house: BookingHouse) -> None:
    mine, other = house.booked(house.slot()), house.slot(hour="14:00")
    actions.move_to(mine, other.pk, by=WEB, key="press")
    assert actions.move_to(mine, other.pk, by=WEB, key="press").sequence == 1


def test_a_family_keeps_its_time_when_it_moves(house: BookingHouse) -> None:
    family = house.booked(house.slots(seats=1)[0], house.wish(people=3))
    afternoon = house.slots(seats=1, hours=("14:00", "15:00"))
    with pytest.raises(SlotFull):
        actions.move_to(family, afternoon[2].pk, by=WEB)
    moved = actions.move_to(family, afternoon[1].pk, by=WEB)
    assert moved.minutes == 45
    assert [seat_states(slot) for slot in afternoon] == [["free"], ["booked"], ["booked"], ["booked"]]


def test_a_few_moves_and_no_more_but_the_desk_may(house: BookingHouse) -> None:
    house.policy(release_after_min=0, release_after_max=0)
    slots = [house.slot(hour=hour) for hour in ("09:00", "11:00")]
    mine = house.booked(slots[0])
    for turn in range(3):
        mine = actions.move_to(mine, slots[(turn + 1) % 2].pk, by=WEB)
    with pytest.raises(MovedTooOften) as said:
        actions.move_to(mine, slots[0].pk, by=WEB)
    assert "3" in str(said.value)
    assert actions.move_to(mine, slots[0].pk, by=house.agent).moves == 4


def test_no_way_around_the_draw_by_moving(house: BookingHouse) -> None:
    mine, other = house.booked(house.slot()), house.slot(day=DAY + timedelta(days=1))
    renewal = house.house.procedures["renewal"]
    AllocationRule.objects.create(
        office=house.office, procedure=renewal, allocation=Allocation.DRAW, valid_from=DAY + timedelta(days=1)
    )
    with pytest.raises(ByDrawOnly):
        actions.move_to(mine, other.pk, by=WEB)


def test_cancelled_is_cancelled_once(house: BookingHouse) -> None:
    slot = house.slot(seats=1)
    mine = house.booked(slot)
    for _ in range(2):
        assert actions.cancel(mine, by=WEB).state == Status.CANCELLED
    assert Entry.objects.filter(what="appointment.cancelled").count() == 1
    assert Message.objects.filter(kind="booking.cancelled").count() == 1
    assert not mine.booked.get().is_live
    assert queries.free_days(house.wish()) == []
    wait(121)
    assert queries.free_days(house.wish())[0].seats == 1


def test_a_hold_let_go_tells_nobody(house: BookingHouse) -> None:
    held = house.hold(house.slot())
    assert actions.cancel(held, by=WEB).hold_until is None
    assert Message.objects.count() == 0
    expired = house.hold(house.slot(hour="11:00"))
    wait(10)
    actions.expire_due()
    with pytest.raises(TooLateToChange):
        actions.cancel(expired, by=WEB)


def test_the_office_cancels_in_its_own_words(house: BookingHouse) -> None:
    actions.cancel(house.booked(house.slot()), reason=CancelReason.WRONG_PERSON, by=house.agent)
    assert Message.objects.filter(kind="booking.cancelled_by_office").count() == 1


def test_too_late_once_it_has_begun(house: BookingHouse) -> None:
    mine, other = house.booked(house.slot()), house.slot(hour="14:00")
    with clock.held(at("09:00", DAY)):
        for change in (lambda: actions.cancel(mine, by=WEB), lambda: actions.move_to(mine, other.pk, by=WEB)):
            with pytest.raises(TooLateToChange):
                change()
        actions.check_in(mine, by=house.agent)
        with pytest.raises(TooLateToChange):
            actions.cancel(mine, by=house.agent)


def test_a_seat_freed_for_a_draw_waits_for_it(house: BookingHouse) -> None:
    slot = house.slot(seats=1, day=DAY + timedelta(days=8))
    mine = house.booked(slot)
    AllocationRule.objects.create(
        office=house.office,
        procedure=house.house.procedures["renewal"],
        allocation=Allocation.DRAW,
        valid_from=TODAY,
    )
    actions.cancel(mine, by=WEB)
    assert seat_states(slot) == ["withheld"]


def test_one_reminder_two_days_before(house: BookingHouse) -> None:
    mine = house.booked(house.slot())
    assert actions.remind_due() == 0
    with clock.held(at("08:59", DAY - timedelta(days=2))):
        assert actions.remind_due() == 0
    with clock.held(at("09:00", DAY - timedelta(days=2))):
        assert actions.remind_due() == 1
        assert actions.remind_due() == 0
        # Moved to the next week: the reminder that was not sent yet is taken back, another one will come.
        later = house.slot(day=DAY + timedelta(days=8))
        actions.move_to(mine, later.pk, by=WEB)
        assert reminders()[0][1] == Sent.CANCELLED
        assert actions.remind_due() == 0
    with clock.held(at("09:30", DAY + timedelta(days=6))):
        assert actions.remind_due() == 1
    assert [state for _, state in reminders()] == [Sent.CANCELLED, Sent.QUEUED]


def test_who_booked_yesterday_for_tomorrow_is_not_reminded(house: BookingHouse) -> None:
    house.booked(house.slot(day=TODAY + timedelta(days=1)))
    wait(60)
    assert actions.remind_due() == 0
    cancelled = house.booked(house.slot())
    actions.cancel(cancelled, by=WEB)
    with clock.held(at("09:00", DAY - timedelta(days=2))):
        assert actions.remind_due() == 0


def test_an_office_reminds_earlier(house: BookingHouse) -> None:
    house.policy(reminder_hours=72)
    house.booked(house.slot())
    with clock.held(at("09:00", DAY - timedelta(days=3))):
        assert actions.remind_due() == 1


def test_check_in_has_its_hours(house: BookingHouse) -> None:
    mine = house.booked(house.slot(hour="10:00"))
    with pytest.raises(NotToday) as other_day:
        actions.check_in(mine, by=house.agent)
    assert "10:00" in str(other_day.value)
    with clock.held(at("09:29", DAY)), pytest.raises(TooEarlyToCheckIn) as early:
        actions.check_in(mine, by=house.agent)
    assert "09:30" in str(early.value)
    with clock.held(at("09:30", DAY)):
        assert actions.check_in(mine, by=house.agent).state == Status.CHECKED_IN
        with pytest.raises(IllegalMove):
            actions.check_in(mine, by=house.agent)
    told = Entry.objects.get(what="appointment.checked_in").facts
    assert (told["minutes_late"], told["late"]) == (-30.0, False)


def test_late_people_are_received(house: BookingHouse) -> None:
    slot = house.slot(hour="10:00", seats=3)
    late, absent = house.booked(slot), house.booked(slot)
    with clock.held(at("10:15", DAY)):
        assert actions.mark_no_shows(house.office, DAY, by=SYSTEM) == 0
    with clock.held(at("10:16", DAY)):
        actions.check_in(late, by=house.agent)
        assert actions.mark_no_shows(house.office, DAY, by=SYSTEM) == 1
        assert actions.mark_no_shows(house.office, DAY, by=SYSTEM) == 0
        absent.refresh_from_db()
        assert absent.state == Status.NO_SHOW
        assert actions.check_in(absent, by=house.agent).state == Status.CHECKED_IN
    assert all(entry.facts["late"] for entry in Entry.objects.filter(what="appointment.checked_in"))


def test_who_did_not_come_may_book_again(house: BookingHouse) -> None:
    mine = house.booked(house.slot())
    with clock.held(at("17:00", DAY)):
        actions.mark_no_shows(house.office, DAY, by=SYSTEM)
        again = house.slot(day=DAY + timedelta(days=8))
        same = house.attendee(foreign_number=mine.booked.get().foreign_number)
        assert house.booked(again, attendees=[same]).state == Status.CONFIRMED
    assert Seat.objects.filter(state=SeatState.BOOKED).count() == 2


@pytest.mark.parametrize("state", [Status.HELD, Status.PENDING, Status.CANCELLED, Status.EXPIRED])
def test_who_is_not_expected_is_not_checked_in(house: BookingHouse, state: Status) -> None:
    slot = house.slot(day=TODAY, hour="12:00")
    mine = {
        Status.HELD: lambda: house.hold(slot),
        Status.PENDING: lambda: house.pending(slot),
        Status.CANCELLED: lambda: actions.cancel(house.booked(slot), by=WEB),
        Status.EXPIRED: lambda: house.pending(slot),
    }[state]()
    if state == Status.EXPIRED:
        wait(15)
        actions.expire_due()
    with clock.held(at("12:00")), pytest.raises(IllegalMove):
        actions.check_in(mine, by=house.agent)
    assert Appointment.objects.get().state == state


@pytest.mark.parametrize("by_agent", [True, False])
def test_a_drawn_place_is_exchanged_for_no_other(house: BookingHouse, by_agent: bool) -> None:
    scarce = drawn(house)
    mine, other = scarce.give(scarce.seats(1)), scarce.seats(1, hour="14:00")
    # The draw has ended since, and the other place could be booked directly.
    AllocationRule.objects.update(allocation=Allocation.IMMEDIATE)
    with pytest.raises(PlaceDrawn):
        actions.move_to(mine, other.pk, by=house.agent if by_agent else WEB)
    assert seat_states(other) == ["free"]


def test_what_was_booked_directly_moves_until_only_draws_are_left(house: BookingHouse) -> None:
    mine, other = house.booked(house.slot(seats=1)), house.slot(seats=1, hour="14:00")
    assert not queries.is_drawn(mine)
    rule = AllocationRule(office=house.office, procedure=house.house.procedures["renewal"], allocation="draw")
    rule.valid_from = DAY
    rule.save()
    assert not queries.is_drawn(mine)
    earlier = house.slot(seats=1, hour="14:00", day=DAY - timedelta(days=3))
    actions.move_to(mine, earlier.pk, by=WEB)
    rule.valid_from = TODAY
    rule.save()
    mine.refresh_from_db()
    assert queries.is_drawn(mine)
    with pytest.raises(PlaceDrawn):
        actions.move_to(mine, other.pk, by=WEB)
