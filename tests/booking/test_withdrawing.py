"""Hours change and days close: whoever had a seat is shown first, then gets the nearest other one, or is told."""

from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest

from parvis.booking import actions, queries
from parvis.booking.actions import withdrawing
from parvis.booking.errors import HoldExpired, SlotGone
from parvis.booking.models import AllocationRule, Appointment, Offer, Seat, SeatRequest, Slot
from parvis.booking.rules import Contact
from parvis.booking.states import OfferState, RequestState, SeatState, Status
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.messages.states import Channel
from parvis.offices.errors import InThePast
from parvis.offices.models import Closure
from tests.booking.house import WEB, BookingHouse, seat_states
from tests.reception.house import MONDAY, at

WEEK = timedelta(days=7)
DAY, NEXT = MONDAY + WEEK, MONDAY + 2 * WEEK  # the second one is Christmas: closed
TUESDAY, WEDNESDAY = DAY + timedelta(days=1), DAY + timedelta(days=2)
WHY = {"fr": "Panne"}


def close(house: BookingHouse, day: date = DAY, *lines: str) -> withdrawing.Withdrawn:
    named = [house.house.lines[code] for code in lines]
    return actions.close_exceptionally(house.office, day, lines=named, reason=WHY, by=house.agent).withdrawn


def again(appointment: Appointment) -> Appointment:
    return Appointment.objects.get(pk=appointment.pk)


def told(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


def slot_at(slots: Sequence[Slot], hour: str) -> Slot:
    return next(slot for slot in slots if slot.starts_at == at(hour, slot.day))


def test_a_closed_day_gives_its_people_the_nearest_same_half_day(house: BookingHouse) -> None:
    lost = house.slot(hour="09:00")
    house.slot(hour="14:00", day=TUESDAY)
    nearest = house.slot(hour="10:00", day=TUESDAY)
    house.slot(hour="09:00", day=WEDNESDAY)
    one = house.booked(lost)
    assert queries.hit_by_closure(house.office, [], DAY).by_procedure == [("renewal", 1)]
    assert close(house) == withdrawing.Withdrawn(seats=2, rebooked=1)
    moved = again(one)
    assert (moved.state, moved.starts_at, moved.sequence) == (Status.CONFIRMED, nearest.starts_at, 1)
    assert moved.seats.get().slot == nearest
    assert seat_states(lost) == ["withdrawn", "withdrawn"]
    assert told("booking.moved_by_office") == [one.email]
    fact = Entry.objects.named("appointment.moved").get()
    assert fact.facts["reason"] == "seat_withdrawn"
    assert Entry.objects.named("seat.withdrawn").get().facts["rebooked"] == 1


def test_the_other_half_day_when_there_is_nothing_else(house: BookingHouse) -> None:
    one = house.booked(house.slot(hour="09:00"))
    other = house.slot(hour="14:00", day=TUESDAY)
    close(house)
    assert again(one).starts_at == other.starts_at


def test_nobody_is_called_earlier_at_short_notice(house: BookingHouse) -> None:
    today = house.slot(hour="14:00", day=MONDAY)
    one = house.booked(house.slot(hour="14:00"))
    close(house)
    assert again(one).state == Status.CANCELLED
    assert seat_states(today) == ["free", "free"]


def test_without_another_hour_the_person_is_told_to_choose(house: BookingHouse) -> None:
    one = house.booked(house.slot())
    assert close(house) == withdrawing.Withdrawn(seats=2, told=1)
    lost = again(one)
    assert (lost.state, lost.cancel_reason) == (Status.CANCELLED, "seat_withdrawn")
    assert told("booking.seat_withdrawn") == [one.email]
    assert not lost.booked.get().is_live, "another appointment may be taken at once"


def test_whoever_left_neither_address_nor_number_is_told_by_letter(house: BookingHouse) -> None:
    one = house.booked(house.slot(), contact=Contact(language="fr"))
    close(house)
    letter = Message.objects.get(kind="booking.seat_withdrawn")
    assert (letter.channel, letter.recipient) == (Channel.LETTER, one.number)


def test_somebody_else_s_seat_kept_for_others_is_not_taken(house: BookingHouse) -> None:
    one = house.booked(house.slot())
    house.slot(day=TUESDAY, audience="students")
    house.slot(day=WEDNESDAY, channel="phone")
    close(house)
    assert again(one).state == Status.CANCELLED


def test_a_seat_of_the_same_pool_is_taken(house: BookingHouse) -> None:
    student = house.booked(house.slot(audience="students"), house.wish("student"))
    kept = house.slot(day=TUESDAY, audience="students")
    close(house)
    assert again(student).starts_at == kept.starts_at


def test_a_slot_that_does_not_take_the_procedure_is_left(house: BookingHouse) -> None:
    one = house.booked(house.slot())
    house.slot(day=TUESDAY, accepts=("student",))
    close(house)
    assert again(one).state == Status.CANCELLED


def test_a_long_visit_keeps_its_length(house: BookingHouse) -> None:
    family = house.booked(house.slots()[0], house.wish(people=2))
    assert family.seats.count() == 2
    broken = house.slots(day=TUESDAY, hours=("09:00", "09:15"))
    whole = house.slots(day=WEDNESDAY, hours=("09:00", "09:30"), seats=1)
    close(house)
    moved = again(family)
    assert (moved.starts_at, moved.minutes) == (whole[0].starts_at, 30)
    assert {seat.slot for seat in moved.seats.order_by("pk")} == set(whole)
    assert seat_states(broken[0]) == ["free", "free"]


def test_of_a_long_visit_that_loses_an_end_the_rest_is_given_back(house: BookingHouse) -> None:
    slots = house.slots(hours=("09:00", "10:00"))
    family = house.booked(slot_at(slots, "09:30"), house.wish(people=2))
    done = actions.change_opening(
        house.house.lines["filing"], weekday=1, hours=[(time(9), time(9, 45))], valid_from=DAY, by=house.agent
    )
    assert done.withdrawn.rebooked == 1
    assert again(family).starts_at == at("09:15", DAY)
    assert seat_states(slot_at(slots, "09:45")) == ["withdrawn", "withdrawn"]
    freed = Seat.objects.filter(slot=slot_at(slots, "09:30"), appointment=None)
    assert {seat.state for seat in freed.order_by("pk")} == {SeatState.FREE}
    assert Seat.objects.filter(appointment=family).count() == 2


def test_a_form_being_filled_starts_again(house: BookingHouse) -> None:
    typing = house.hold(house.slot())
    assert close(house).expired == 1
    assert again(typing).state == Status.EXPIRED
    with pytest.raises(HoldExpired):
        actions.give_details(typing, attendees=[house.attendee()], contact=house.contact(), by=WEB)


def test_whoever_awaits_the_code_chooses_again(house: BookingHouse) -> None:
    pending = house.pending(house.slot())
    assert close(house).expired == 1
    assert again(pending).state == Status.EXPIRED


def test_other_lines_and_days_are_left_alone(house: BookingHouse) -> None:
    other_line = house.booked(house.slot("receipts"), house.wish("receipt_renewal"))
    other_day = house.booked(house.slot(day=TUESDAY))
    assert close(house, DAY, "filing").people == 0
    assert {again(one).state for one in (other_line, other_day)} == {Status.CONFIRMED}


def test_seats_come_back_when_the_closure_is_cancelled(house: BookingHouse) -> None:
    lost = house.slot()
    one = house.booked(lost)
    close(house)
    assert queries.free_slots(house.wish(), DAY) == []
    actions.cancel_closure(Closure.objects.get(), by=house.agent)
    assert seat_states(lost) == ["free", "free"]
    assert len(queries.free_slots(house.wish(), DAY)) == 1
    assert again(one).state == Status.CANCELLED, "the person was told: nobody books in their name"


def test_what_is_withdrawn_cannot_be_booked(house: BookingHouse) -> None:
    lost = house.slot()
    close(house)
    with pytest.raises(SlotGone):
        house.hold(lost)


def test_shorter_hours_withdraw_what_lies_outside(house: BookingHouse) -> None:
    slots = house.slots(hours=("09:00", "10:00"))
    early, late = house.booked(slot_at(slots, "09:00")), house.booked(slot_at(slots, "09:45"))
    line, hours = house.house.lines["filing"], [(time(9), time(9, 30))]
    shown = queries.hit_by_opening_change(line, 1, hours, DAY)
    assert [one.pk for one in shown.appointments] == [late.pk]
    assert shown.free_seats == 3
    done = actions.change_opening(line, weekday=1, hours=hours, valid_from=DAY, by=house.agent)
    assert (done.withdrawn.rebooked, done.withdrawn.told) == (1, 0)
    assert again(late).starts_at == at("09:15", DAY)
    assert again(early).sequence == 0


def test_other_weekdays_keep_their_hours(house: BookingHouse) -> None:
    one = house.booked(house.slot(day=TUESDAY))
    actions.change_opening(house.house.lines["filing"], weekday=1, hours=[], valid_from=MONDAY, by=house.agent)
    assert again(one).state == Status.CONFIRMED


def test_a_change_that_changes_nothing_touches_nobody(house: BookingHouse) -> None:
    one = house.booked(house.slot())
    same = [(time(9), time(16))]
    done = actions.change_opening(house.house.lines["filing"], weekday=1, hours=same, valid_from=MONDAY, by=SYSTEM)
    assert done.plan.changes_nothing
    assert again(one).state == Status.CONFIRMED


def test_the_past_is_not_closed(house: BookingHouse) -> None:
    with pytest.raises(InThePast):
        close(house, MONDAY - timedelta(days=1))


def test_whoever_has_come_keeps_their_seat(house: BookingHouse) -> None:
    here = house.booked(house.slot(day=MONDAY, hour="10:15"), house.wish(channel="desk"))
    actions.check_in(here, by=house.agent)
    assert close(house, MONDAY).people == 0
    assert again(here).state == Status.CHECKED_IN


def test_a_withheld_seat_serves_whoever_lost_theirs(house: BookingHouse) -> None:
    one = house.booked(house.slot())
    kept = house.slot(day=TUESDAY)
    kept.seats.update(state=SeatState.WITHHELD)
    close(house)
    assert again(one).starts_at == kept.starts_at


def test_an_offer_of_a_lost_seat_ends(house: BookingHouse) -> None:
    procedure = house.house.procedures["renewal"]
    AllocationRule.objects.create(office=house.office, procedure=procedure, allocation="draw", valid_from=MONDAY)
    seat = house.slot(seats=1).seats.get()
    request = SeatRequest.objects.create(
        office=house.office, procedure=procedure, identity="n:9900000001", family_name="Témoin",
        birth_date=date(1990, 1, 1), created_at=clock.now(), state=RequestState.OFFERED,
    )  # fmt: skip
    Seat.objects.filter(pk=seat.pk).update(state=SeatState.OFFERED)
    offer = Offer.objects.create(
        seat=seat, seats=[seat.pk], request=request, created_at=clock.now(), expires_at=at("16:00")
    )
    close(house)
    offer.refresh_from_db()
    request.refresh_from_db()
    assert (offer.state, request.state) == (OfferState.EXPIRED, RequestState.WAITING)
    assert seat_states(seat.slot) == ["withdrawn"]


def test_a_reminder_of_the_old_hour_is_not_sent(house: BookingHouse) -> None:
    house.booked(house.slot(day=TUESDAY))
    house.slot(day=WEDNESDAY)
    with clock.held(at("09:30", DAY - timedelta(days=1))):
        actions.remind_due()
        assert Message.objects.filter(kind="booking.reminder", state="queued").count() == 1
        close(house, TUESDAY)
        assert not Message.objects.filter(kind="booking.reminder", state="queued").exists()


def test_the_fill_of_each_pool(house: BookingHouse) -> None:
    students = house.slot(audience="students", seats=3)
    everybody = house.slot(hour="10:00", seats=2)
    house.booked(students, house.wish("student"))
    came = house.booked(everybody)
    with clock.held(at("10:00", DAY)):
        actions.check_in(came, by=house.agent)
        rows = {row.audience: row for row in queries.fill(house.office, DAY, DAY)}
    assert (rows["students"].seats, rows["students"].booked, rows["students"].fallen_back) == (3, 1, 2)
    assert (rows[""].seats, rows[""].booked, rows[""].fallen_back, rows[""].attended) == (2, 1, 0, 1)
    assert rows["students"].rate == pytest.approx(1 / 3)
