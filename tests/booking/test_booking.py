"""From a free hour to a confirmed appointment, for one person, for families, and for others."""

from datetime import date, timedelta

import pytest
from django.db.models.functions import Length

from parvis.booking import actions, queries, rules
from parvis.booking.errors import (
    AlreadyBooked,
    BookerMissing,
    CardNotInStock,
    CodeExpired,
    CodeWrong,
    ContactMissing,
    ContactNotProved,
    HoldExpired,
    IdentityMissing,
    PassportMalformed,
    SlotFull,
    SlotGone,
    TooManyPeople,
    TooOften,
)
from parvis.booking.models import Appointment, BookedProcedure, Seat
from parvis.booking.rules import Booker, Contact
from parvis.booking.states import BookedBy, Channel, SeatState, Status
from parvis.common import clock
from parvis.common.errors import KeyReused
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.people.errors import (
    BirthDateImpossible,
    EmailMalformed,
    ForeignNumberMalformed,
    NameMissing,
    PhoneMalformed,
)
from parvis.people.models import Person
from parvis.permits.actions import hand_over
from tests.booking.house import DAY, TODAY, WEB, BookingHouse, seat_states
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import wait


def kinds() -> list[str]:
    """What was queued, in order, codes aside."""
    return list(Message.objects.exclude(kind="booking.code").order_by("pk").values_list("kind", flat=True))


def test_the_whole_way(house: BookingHouse) -> None:
    slot = house.slot(seats=2)
    wish = house.wish()
    assert [(day.day, day.seats) for day in queries.free_days(wish)] == [(DAY, 2)]
    assert [free.seats for free in queries.free_slots(wish, DAY)] == [2]
    assert queries.first_free(wish) == slot.starts_at
    held = actions.hold(wish, slot.pk, by=WEB)
    assert held.state == Status.HELD
    assert [free.seats for free in queries.free_slots(wish, DAY)] == [1]
    contact = house.contact(phone="06 39 98 12 34", language="ar")
    pending = actions.give_details(held, attendees=[house.attendee()], contact=contact, by=WEB)
    assert (pending.state, pending.phone, pending.language) == (Status.PENDING, "+33639981234", "ar")
    assert pending.hold_until == clock.now() + timedelta(minutes=15)
    confirmed = actions.confirm(pending, code=house.code(), by=WEB)
    assert (confirmed.state, confirmed.hold_until) == (Status.CONFIRMED, None)
    assert seat_states(slot) == ["booked", "free"]
    assert kinds() == ["booking.confirmed", "booking.confirmed"]
    told = list(Entry.objects.about(confirmed).values_list("what", flat=True))
    assert told == ["appointment.held", "appointment.pending", "appointment.confirmed"]


def test_the_fact_of_a_booking_is_the_same_by_either_way(house: BookingHouse) -> None:
    """In one go or step by step: the figures read the same facts, and nobody's name."""
    slot = house.slot(seats=2)
    actions.confirm(house.pending(slot), code=house.code(), by=WEB)
    house.booked(slot, by=WEB, contact=(contact := house.contact()), proof=proof_of(house, contact))
    first, second = Entry.objects.filter(what="appointment.confirmed").order_by("pk")
    assert first.facts == second.facts
    assert first.facts == {
        "line": "filing",
        "procedure": "renewal",
        "channel": "web",
        "audience": "",
        "starts_at": "2017-12-18T08:00:00+00:00",
        "lead_hours": 167.0,
        "people": 1,
        "booked_by": "self",
    }
    one, two = Appointment.objects.order_by("pk").values(
        "office", "line", "procedure", "day", "starts_at", "minutes", "state", "hold_until", "sequence", "channel",
        "language", "confirmed_at", "ended_at",
    )  # fmt: skip
    assert one == two
    assert Appointment.objects.annotate(long=Length("token")).filter(long=22).count() == 2


def proof_of(house: BookingHouse, contact: Contact) -> str:
    """The signed proof that somebody reads this contact."""
    check = actions.send_code(contact, by=WEB)
    return actions.prove(check.token, house.code())


def test_a_family_comes_together(house: BookingHouse) -> None:
    slots = house.slots(seats=1)
    family = house.booked(slots[0], house.wish("renewal", "student", people=2))
    assert family.minutes == 60
    assert family.booked.count() == 4
    assert {seat_states(slot)[0] for slot in slots} == {"booked"}
    assert Entry.objects.get(what="appointment.confirmed").facts["people"] == 2
    held = house.hold(house.slot(hour="11:00"))
    with pytest.raises(TooManyPeople):
        actions.give_details(held, attendees=[house.attendee(), house.attendee()], contact=house.contact(), by=WEB)
    assert held.booked.count() == 0


def test_more_people_than_wished_take_the_time_they_need(house: BookingHouse) -> None:
    slots = house.slots(seats=1)
    pair = house.booked(slots[0], attendees=[house.attendee(), house.attendee()])
    assert pair.minutes == 30
    with pytest.raises(TooManyPeople):
        house.booked(slots[2], attendees=[house.attendee() for _ in range(7)])


def test_one_live_booking_for_a_person_and_a_procedure(house: BookingHouse) -> None:
    slot = house.slot(seats=3)
    first = house.booked(slot)
    person = first.booked.get()
    again = house.attendee(foreign_number=person.foreign_number)
    with pytest.raises(AlreadyBooked):
        house.booked(slot, attendees=[again])
    with pytest.raises(AlreadyBooked):
        house.pending(slot, attendees=[again])
    assert Message.objects.get(kind="booking.already").recipient == first.email
    student = house.attendee("student", foreign_number=person.foreign_number)
    assert house.booked(house.slot(hour="14:00"), house.wish("student"), attendees=[student]).is_live
    actions.cancel(first, by=WEB)
    Seat.objects.update(available_from=None)
    assert house.booked(slot, attendees=[again]).state == Status.CONFIRMED


@pytest.mark.parametrize("typed", ["9900123456", "99 00 12 34 56", "9900.123.456", "٩٩٠٠١٢٣٤٥٦"])
def test_every_channel_finds_the_same_person(house: BookingHouse, typed: str) -> None:
    slot = house.slot(seats=3)
    first = house.booked(
        slot, house.wish(channel=Channel.PHONE), attendees=[house.attendee(foreign_number="9900123456")]
    )
    with pytest.raises(AlreadyBooked):
        house.pending(slot, attendees=[house.attendee(foreign_number=typed)])
    assert queries.live_of(f"n:{9900123456}", house.house.procedures["renewal"]) == first


def test_a_zero_before_a_number_makes_nobody_new(house: BookingHouse) -> None:
    slot = house.slot(seats=3)
    house.booked(slot, attendees=[house.attendee(foreign_number="990012345")])
    with pytest.raises(AlreadyBooked):
        house.booked(slot, attendees=[house.attendee(foreign_number="0990012345")])


def test_a_passport_is_compared_without_its_spelling(house: BookingHouse) -> None:
    slot = house.slot(seats=4)
    by_passport = house.attendee(foreign_number="", passport_number="ex 12-345")
    first = house.booked(slot, attendees=[by_passport])
    assert first.booked.get().identity == "p:EX12345:1990-01-01"
    both = house.attendee(foreign_number="9900777777", passport_number="EX12345")
    for same in (house.attendee(foreign_number="", passport_number="EX12345"), both):
        with pytest.raises(AlreadyBooked):
            house.booked(slot, attendees=[same])
    twin = house.attendee(foreign_number="", passport_number="EX12345", birth_date=date(1991, 1, 1))
    assert house.booked(slot, attendees=[twin]).state == Status.CONFIRMED


def test_a_person_known_to_the_office_is_linked_and_nobody_is_created(house: BookingHouse) -> None:
    known = PersonFactory(foreign_number="9900555555")
    slot = house.slot(seats=3)
    mine = house.booked(slot, attendees=[house.attendee(foreign_number="9900 555 555")])
    held = house.pending(slot, attendees=[house.attendee("renewal")])
    assert mine.booked.get().person == known
    assert held.booked.get().person is None
    assert Person.objects.count() == 1


def test_the_code_is_typed_back(house: BookingHouse) -> None:
    pending = house.pending(house.slot())
    right = house.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(4):
        with pytest.raises(CodeWrong):
            actions.confirm(pending, code=wrong, by=WEB)
    assert actions.confirm(pending, code=f" {right[:3]} {right[3:]} ", by=WEB).state == Status.CONFIRMED
    # The back button, or a second tab: the same press again harms nothing.
    assert actions.confirm(pending, code=wrong, by=WEB).state == Status.CONFIRMED
    assert Entry.objects.filter(what="appointment.confirmed").count() == 1


def test_five_tries_and_the_code_is_dead(house: BookingHouse) -> None:
    pending = house.pending(house.slot())
    right = house.code()
    for typed in ["", "abc", "000", "12345678901", f"{(int(right) + 1) % 1_000_000:06d}"]:
        with pytest.raises(CodeWrong):
            actions.confirm(pending, code=typed, by=WEB)
    with pytest.raises(CodeExpired):
        actions.confirm(pending, code=right, by=WEB)
    actions.send_code_again(pending, by=WEB)
    assert actions.confirm(pending, code=house.code(), by=WEB).state == Status.CONFIRMED


def test_the_clock_judges_the_end_of_the_wait_even_before_the_worker_does(house: BookingHouse) -> None:
    pending = house.pending(house.slot(seats=1))
    wait(15)
    with pytest.raises(HoldExpired):
        actions.confirm(pending, code=house.code(), by=WEB)
    with pytest.raises(HoldExpired):
        actions.send_code_again(pending, by=WEB)
    held = house.hold(house.slot(hour="11:00"))
    wait(10)
    with pytest.raises(HoldExpired):
        actions.give_details(held, attendees=[house.attendee()], contact=house.contact(), by=WEB)


def test_the_form_pressed_twice_sends_one_code(house: BookingHouse) -> None:
    held = house.hold(house.slot())
    person, contact = house.attendee(), house.contact()
    for _ in range(2):
        pending = actions.give_details(held, attendees=[person], contact=contact, by=WEB)
        assert (pending.pk, pending.state) == (held.pk, Status.PENDING)
    assert Message.objects.filter(kind="booking.code").count() == 1
    assert Entry.objects.filter(what="appointment.pending").count() == 1
    actions.confirm(pending, code=house.code(), by=WEB)
    again = actions.give_details(held, attendees=[person], contact=contact, by=WEB)
    assert again.state == Status.CONFIRMED
    assert kinds() == ["booking.confirmed"]


def test_a_second_tab_finds_the_details_given(house: BookingHouse) -> None:
    held = house.hold(house.slot())
    person, contact = house.attendee(), house.contact()
    actions.give_details(held, attendees=[person], contact=contact, by=WEB)
    with pytest.raises(HoldExpired):
        actions.give_details(held, attendees=[house.attendee()], contact=contact, by=WEB)
    assert held.booked.get().given_name == person.given_name


def test_a_proved_contact_needs_no_second_code(house: BookingHouse) -> None:
    contact = house.contact()
    proof = proof_of(house, contact)
    slot = house.slot(seats=3)
    mine = actions.give_details(house.hold(slot), attendees=[house.attendee()], contact=contact, proof=proof, by=WEB)
    assert mine.state == Status.CONFIRMED
    theirs = actions.give_details(
        house.hold(slot), attendees=[house.attendee()], contact=house.contact(), proof=proof, by=WEB
    )
    assert theirs.state == Status.PENDING
    for bad in ("", "forged", proof[:-2], f"{proof}x"):
        with pytest.raises(ContactNotProved):
            house.booked(slot, contact=contact, proof=bad, by=WEB)
    with pytest.raises(ContactNotProved):
        house.booked(slot, contact=house.contact(), proof=proof, by=WEB)
    wait(24 * 60)
    with pytest.raises(ContactNotProved):
        house.booked(slot, contact=contact, proof=proof, by=WEB)


def test_somebody_books_for_somebody(house: BookingHouse) -> None:
    """The name of who did it is kept, the code goes to them, and the person is told."""
    slot = house.slot(seats=3)
    booker = Booker(kind=BookedBy.ASSOCIATION, name="Association Fictive", email="accueil@association.invalid")
    pending = house.pending(slot, booker=booker)
    assert Message.objects.get(kind="booking.code").recipient == booker.email
    done = actions.confirm(pending, code=house.code(), by=WEB)
    assert (done.booked_by, done.booker_name) == (BookedBy.ASSOCIATION, "Association Fictive")
    told = Message.objects.filter(kind="booking.taken_for_you").order_by("recipient")
    assert sorted(told.values_list("recipient", flat=True)) == sorted([done.email, booker.email])
    with pytest.raises(BookerMissing):
        house.pending(slot, booker=Booker(kind=BookedBy.RELATIVE, email=booker.email))
    atonce = house.booked(slot, booker=booker)
    assert atonce.booker_email == booker.email


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"family_name": " ", "given_name": ""}, NameMissing),
        ({"family_name": "123"}, NameMissing),
        ({"foreign_number": ""}, IdentityMissing),
        ({"birth_date": None}, IdentityMissing),
        ({"foreign_number": "12"}, ForeignNumberMalformed),
        ({"foreign_number": "", "passport_number": "AB1"}, PassportMalformed),
        ({"foreign_number": "", "passport_number": "AB/*12345"}, PassportMalformed),
        ({"foreign_number": "", "passport_number": "ЖЖ12345"}, PassportMalformed),
        ({"birth_date": TODAY + timedelta(days=1)}, BirthDateImpossible),
        ({"birth_date": date(1880, 1, 1)}, BirthDateImpossible),
    ],
)
def test_what_names_nobody_is_said_and_nothing_is_lost(house: BookingHouse, changes: dict, error: type) -> None:
    slot = house.slot(seats=1)
    held = house.hold(slot)
    with pytest.raises(error):
        actions.give_details(held, attendees=[house.attendee(**changes)], contact=house.contact(), by=WEB)
    with pytest.raises(error):
        house.booked(slot, attendees=[house.attendee(**changes)])
    held.refresh_from_db()
    assert held.state == Status.HELD
    assert actions.give_details(held, attendees=[house.attendee()], contact=house.contact(), by=WEB).pk == held.pk


@pytest.mark.parametrize(
    ("contact", "error"),
    [
        (Contact(), ContactMissing),
        (Contact(email="temoin"), EmailMalformed),
        (Contact(phone="06 1"), PhoneMalformed),
        (Contact(phone="+999 999 999 999 99"), PhoneMalformed),
    ],
)
def test_a_contact_that_reaches_nobody(house: BookingHouse, contact: Contact, error: type) -> None:
    with pytest.raises(error):
        house.pending(house.slot(), contact=contact)


def test_at_the_desk_somebody_may_have_neither_address_nor_phone(house: BookingHouse) -> None:
    done = house.booked(house.slot(), contact=Contact())
    assert done.state == Status.CONFIRMED
    assert kinds() == []


@pytest.mark.parametrize("name", ["Ô", "Y", "李", "O", "X Æ A", "Đặng", "بن سالم", "N'", "Exemple-Fictif " * 8])
def test_names_of_one_letter_and_of_any_script(house: BookingHouse, name: str) -> None:
    slot = house.slot(seats=2)
    mine = house.booked(slot, attendees=[house.attendee(family_name=name, given_name="")])
    kept = house.pending(slot, attendees=[house.attendee(family_name=name, given_name="")]).booked.get()
    assert mine.booked.get().family_name == kept.family_name == name.strip()[:120].strip()
    assert queries.for_check_in(house.office, DAY, name.split(maxsplit=1)[0])[0] == mine


@pytest.mark.parametrize("born", [date(2000, 2, 29), date(1988, 2, 29), date(1900, 3, 1)])
def test_somebody_born_on_a_29_february(house: BookingHouse, born: date) -> None:
    slot = house.slot(seats=2)
    mine = house.booked(slot, attendees=[house.attendee(birth_date=born, foreign_number="", passport_number="AB12345")])
    assert mine.booked.get().birth_date == born
    assert mine.booked.get().identity.endswith(born.isoformat())


def test_booked_twice_with_one_key_is_booked_once(house: BookingHouse) -> None:
    slot = house.slot(seats=3)
    person, contact = house.attendee(), house.contact()
    first = house.booked(slot, attendees=[person], contact=contact, key="press")
    again = house.booked(slot, attendees=[person], contact=contact, key="press")
    assert first == again
    with pytest.raises(KeyReused):
        house.booked(slot, attendees=[house.attendee()], contact=contact, key="press")
    assert seat_states(slot) == ["booked", "free", "free"]


def test_a_press_that_was_refused_may_be_pressed_again(house: BookingHouse) -> None:
    """A key is not used up by a no."""
    slot = house.slot(seats=1)
    first = house.booked(slot)
    person, contact = house.attendee(), house.contact()
    with pytest.raises(SlotFull):
        house.booked(slot, attendees=[person], contact=contact, key="press")
    actions.cancel(first, by=WEB)
    wait(121)
    assert house.booked(slot, attendees=[person], contact=contact, key="press").state == Status.CONFIRMED


def test_one_person_books_so_often_a_day(house: BookingHouse) -> None:
    house.policy(bookings_per_person=2, release_after_min=0, release_after_max=0)
    slot = house.slot(seats=9)
    person = house.attendee()
    for way in ("one go", "steps"):
        contact = house.contact()
        proof = proof_of(house, contact)
        if way == "steps":
            mine = actions.give_details(house.hold(slot), attendees=[person], contact=contact, proof=proof, by=WEB)
        else:
            mine = house.booked(slot, attendees=[person], contact=contact, proof=proof, by=WEB)
        actions.cancel(mine, by=WEB)
    contact = house.contact()
    proof = proof_of(house, contact)
    with pytest.raises(TooOften):
        house.booked(slot, attendees=[person], contact=contact, proof=proof, by=WEB)
    third = house.pending(slot, attendees=[person])
    with pytest.raises(TooOften):
        actions.confirm(third, code=house.code(), by=WEB)
    assert house.booked(slot, attendees=[person]).state == Status.CONFIRMED
    assert Seat.objects.filter(state=SeatState.HELD).count() == 1


def test_who_knows_somebody_s_number_keeps_them_from_nothing(house: BookingHouse) -> None:
    house.policy(bookings_per_person=1)
    slot, person = house.slot(seats=9), house.attendee()
    theirs = [house.pending(slot, attendees=[person]) for _attempt in range(3)]
    mine = house.pending(slot, attendees=[person])
    assert actions.confirm(mine, code=house.code(), by=WEB).state == Status.CONFIRMED
    assert queries.live_of(rules.identity(person), person.procedure) == mine
    for attempt in theirs:
        with pytest.raises(AlreadyBooked):
            house.pending(slot, attendees=[person])
        attempt.refresh_from_db()
        assert attempt.state == Status.PENDING


def test_the_first_of_two_who_confirms_is_expected_and_the_other_is_told(house: BookingHouse) -> None:
    slot, person = house.slot(seats=2), house.attendee()
    first = house.pending(slot, attendees=[person])
    first_code = house.code()
    second = house.pending(slot, attendees=[person])
    actions.confirm(second, code=house.code(), by=WEB)
    with pytest.raises(AlreadyBooked):
        actions.confirm(first, code=first_code, by=WEB)
    assert BookedProcedure.objects.filter(is_live=True).count() == 1
    assert Message.objects.get(kind="booking.already").recipient == second.email


def test_one_contact_books_so_often_a_day(house: BookingHouse) -> None:
    house.policy(holds_per_contact=2)
    slot, contact = house.slot(seats=9), house.contact()
    proof = proof_of(house, contact)
    for _ in range(2):
        house.booked(slot, contact=contact, proof=proof, by=WEB)
    with pytest.raises(TooOften):
        house.booked(slot, contact=contact, proof=proof, by=WEB)
    assert Seat.objects.filter(state=SeatState.BOOKED).count() == 2


def test_the_contact_that_was_proved_answers_for_the_bookings(house: BookingHouse) -> None:
    """One phone that was proved, and another e-mail address each time: the day's allowance is that of the phone."""
    house.policy(holds_per_contact=2)
    slot, phone = house.slot(seats=9), "+33639981234"
    proof = proof_of(house, Contact(phone=phone))
    for _ in range(2):
        house.booked(slot, contact=house.contact(phone=phone), proof=proof, by=WEB)
    with pytest.raises(TooOften):
        house.booked(slot, contact=house.contact(phone=phone), proof=proof, by=WEB)
    with pytest.raises(TooOften):
        house.pending(slot, contact=house.contact(phone=phone), proof=proof)
    assert Seat.objects.filter(state=SeatState.BOOKED).count() == 2


def test_a_handover_is_for_a_card_and_once(house: BookingHouse) -> None:
    slot = house.slot("handover", minutes=10, seats=4)
    card = PermitFactory(office=house.office, person=PersonFactory())
    wish = house.wish("permit_handover", permit=card)
    for permit in (None, PermitFactory(office=house.office, gone=True)):
        with pytest.raises(CardNotInStock):
            house.booked(slot, wish, attendees=[house.attendee("permit_handover", permit=permit)])
    mine = house.booked(slot, wish, attendees=[house.attendee("permit_handover", permit=card)])
    assert mine.booked.get().permit == card
    with pytest.raises(AlreadyBooked):
        house.booked(slot, wish, attendees=[house.attendee("permit_handover", permit=card)])
    actions.cancel(mine, by=WEB)
    hand_over(card, by=house.agent)
    with pytest.raises(CardNotInStock):
        house.booked(slot, wish, attendees=[house.attendee("permit_handover", permit=card)])


def test_seats_held_for_one_thing_do_not_serve_another(house: BookingHouse) -> None:
    """Who holds a seat for a renewal cannot use it for what is drawn, for another line, or for another list."""
    slot, contact = house.slot(seats=4, minutes=30), house.contact()
    held = house.hold(slot, house.wish(people=2))
    for other in ("receipt_renewal", "permit_handover"):
        people = [house.attendee(), house.attendee(other, permit=PermitFactory(office=house.office))]
        with pytest.raises(SlotGone):
            actions.give_details(held, attendees=people, contact=contact, by=WEB)
        with pytest.raises(SlotGone):
            house.booked(slot, attendees=people)
    with pytest.raises(SlotGone):
        actions.give_details(held, attendees=[house.attendee("student")], contact=contact, by=WEB)
    together = [house.attendee(), house.attendee("student")]
    assert actions.give_details(held, attendees=together, contact=contact, by=WEB).booked.count() == 2


def test_nothing_that_an_action_takes_changes_a_name(house: BookingHouse) -> None:
    """Whatever happens to an appointment, the people it is for stay as they were given."""
    slot, other = house.slot(seats=2), house.slot(hour="11:00")
    mine = house.booked(slot)
    before = list(BookedProcedure.objects.order_by("pk").values("identity", "family_name", "given_name", "birth_date"))
    with pytest.raises(HoldExpired):
        actions.give_details(mine, attendees=[house.attendee()], contact=house.contact(), by=WEB)
    mine = actions.move_to(mine, other.pk, by=WEB)
    with pytest.raises(HoldExpired):
        actions.give_details(mine, attendees=[house.attendee()], contact=house.contact(), by=house.agent)
    actions.cancel(mine, by=WEB)
    with pytest.raises(HoldExpired):
        actions.give_details(mine, attendees=[house.attendee()], contact=house.contact(), by=WEB)
    after = list(BookedProcedure.objects.order_by("pk").values("identity", "family_name", "given_name", "birth_date"))
    assert before == after


def test_the_audience_is_that_of_the_procedure(house: BookingHouse) -> None:
    assert rules.audience_of(house.house.procedures["student"]) == "students"
    assert rules.audience_of(house.house.procedures["renewal"]) == ""
