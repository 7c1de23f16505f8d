"""A program finds a place, proves a contact, books, moves and cancels."""

from datetime import timedelta

import pytest

from parvis.api import actions as keys
from parvis.booking.models import Appointment, BookedProcedure, BookingPolicy, Seat
from parvis.booking.states import Channel, SeatState, Status
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages.models import Message
from tests.api.program import Program, new_key
from tests.booking.house import DAY, BookingHouse
from tests.booking.proofs import solved
from tests.offices.factories import OfficeFactory


def test_what_there_is_and_what_is_free(house: BookingHouse, program: Program) -> None:
    slot = house.slot(seats=2)
    code = house.office.code
    assert [one["code"] for one in program.get("/offices").json()] == [code]
    known = {one["code"]: one for one in program.get(f"/offices/{code}/procedures").json()}
    assert known["renewal"]["given"] == "immediate"
    assert program.get(f"/offices/{code}/days", procedure="renewal").json() == [{"day": DAY.isoformat(), "seats": 2}]
    found = program.get(f"/offices/{code}/slots", procedure="renewal", day=DAY.isoformat()).json()
    assert [(one["slot"], one["seats"], one["minutes"]) for one in found] == [(slot.pk, 2, 15)]
    assert program.get(f"/offices/{code}/days", procedure="receipt_renewal").json() == []


def test_the_whole_way_without_a_partners_key(house: BookingHouse, program: Program) -> None:
    slot = house.slot(seats=1)
    payload = solved(program.post("/challenges").json()["challenge"])
    email = "essai@exemple.invalid"
    refused = program.post("/contacts", {"email": email})
    assert (refused.status_code, refused.json()["code"]) == (422, "challenge_failed")
    check = program.post("/contacts", {"email": email, "challenge": payload})
    assert check.status_code == 201, check.content
    again = program.post("/contacts", {"email": email, "challenge": payload})
    assert again.json()["code"] == "challenge_failed"
    wrong = program.post(f"/contacts/{check.json()['check']}/proof", {"code": "x"})
    assert wrong.json()["code"] == "code_wrong"
    proof = program.post(f"/contacts/{check.json()['check']}/proof", {"code": house.code()}).json()["proof"]
    made = program.book(slot, email=email, proof=proof)
    assert made.status_code == 201
    assert Message.objects.get(kind="booking.confirmed").recipient == email


def test_a_booking_is_the_same_as_on_the_screens(house: BookingHouse, program: Program) -> None:
    slot = house.slot(seats=1)
    made = program.book(slot)
    assert made.status_code == 201
    appointment = Appointment.objects.get(token=made.json()["token"])
    assert (appointment.state, appointment.channel) == (Status.CONFIRMED, Channel.WEB)
    assert Seat.objects.get(appointment=appointment).state == SeatState.BOOKED
    fact = Entry.objects.get(what="appointment.confirmed")
    assert (fact.origin, fact.subject_id) == ("api", appointment.pk)
    assert "Exemple" not in made.content.decode()
    seen = program.get(f"/appointments/{appointment.token}").json()
    assert seen == made.json()
    assert seen["starts_at"] == "2017-12-18T09:00:00+01:00"
    full = program.book(slot)
    assert (full.status_code, full.json()["code"]) == (409, "slot_full")


def test_move_and_cancel(house: BookingHouse, program: Program) -> None:
    first, second = house.slot(seats=1), house.slot(hour="10:00", seats=1)
    token = program.book(first).json()["token"]
    key = new_key()
    moved = [program.post(f"/appointments/{token}/move", {"slot": second.pk}, key=key) for _ in range(2)]
    assert [one.json()["sequence"] for one in moved] == [1, 1]
    assert moved[0].json()["starts_at"] == "2017-12-18T10:00:00+01:00"
    ended = [program.post(f"/appointments/{token}/cancel") for _ in range(2)]
    assert [one.json()["state"] for one in ended] == ["cancelled", "cancelled"]
    too_late = program.post(f"/appointments/{token}/move", {"slot": first.pk}, key=new_key())
    assert too_late.json()["code"] == "too_late_to_change"


def test_a_token_ends_a_month_after_the_visit(house: BookingHouse, program: Program) -> None:
    token = program.book(house.slot()).json()["token"]
    clock.hold(Appointment.objects.get().starts_at + timedelta(days=30))
    for answer in (program.get(f"/appointments/{token}"), program.post(f"/appointments/{token}/cancel")):
        assert (answer.status_code, answer.json()["code"]) == (410, "link_over")


def test_one_network_books_so_many_times_a_day(house: BookingHouse, program: Program) -> None:
    slot = house.slot(seats=5)
    house.policy(holds_per_address=2)
    near = {"X-Forwarded-For": "192.0.2.7"}
    sent = [program.post("/appointments", program.booking(slot), key=new_key(), **near) for _ in range(3)]
    assert [one.status_code for one in sent] == [201, 201, 429]
    assert program.post("/appointments", program.booking(slot), key=new_key()).status_code == 201


def test_codes_have_the_limits_of_the_head(house: BookingHouse, program: Program) -> None:
    house.policy(codes_per_contact=2)
    BookingPolicy.objects.create(office=OfficeFactory(), codes_per_contact=1)

    def ask(email: str, **more: str) -> int:
        proof = solved(program.post("/challenges").json()["challenge"])
        return int(program.post("/contacts", {"email": email, "challenge": proof, **more}).status_code)

    here = {"office": house.office.code}
    assert [ask("un@exemple.invalid", **here) for _ in range(3)] == [201, 201, 429]
    assert [ask("deux@exemple.invalid") for _ in range(2)] == [201, 429]
    assert ask("trois@exemple.invalid", office="nulle-part") == 404


def test_sent_twice_with_its_key_it_is_booked_once(house: BookingHouse, program: Program) -> None:
    slot = house.slot(seats=3)
    sent, key = program.booking(slot), new_key()
    answers = [program.post("/appointments", sent, key=key) for _ in range(3)]
    assert {one.content for one in answers} == {answers[0].content}
    assert Appointment.objects.count() == 1
    other = program.post("/appointments", program.booking(slot), key=key)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert program.post("/appointments", sent).status_code == 422
    once_more = program.post("/appointments", sent, key=new_key())
    assert (once_more.status_code, once_more.json()["code"]) == (409, "already_booked")


def test_a_family_comes_for_two_procedures(house: BookingHouse, program: Program) -> None:
    slots = house.slots(seats=1, hours=("09:00", "11:00"))
    people = [
        {
            "family_name": "Fictif",
            "birth_date": birth,
            "foreign_number": f"990060000{number}",
            "procedure": procedure,
        }
        for number, birth in enumerate(("1988-02-29", "2016-02-29"))
        for procedure in ("renewal", "student")
    ]
    made = program.book(slots[0], attendees=people)
    assert made.status_code == 201, made.content
    assert (made.json()["minutes"], made.json()["people"], made.json()["procedures"]) == (60, 2, ["renewal", "student"])
    assert BookedProcedure.objects.count() == 4


def test_a_proof_of_another_address_or_of_another_day_is_no_proof(house: BookingHouse, program: Program) -> None:
    slot = house.slot(seats=1)
    sent = program.booking(slot)
    for changes in ({"email": "autre@exemple.invalid"}, {"proof": "x"}, {"proof": sent["proof"][:-2] + "zz"}):
        refused = program.post("/appointments", sent | changes, key=new_key())
        assert refused.json()["code"] == "contact_not_proved", changes
    with clock.held(clock.now() + timedelta(days=1, minutes=1)):
        assert program.post("/appointments", sent, key=new_key()).json()["code"] == "contact_not_proved"
    assert Appointment.objects.count() == 0


def test_a_partners_key_opens_its_own_seats_and_spares_the_challenge(house: BookingHouse) -> None:
    slot = house.slot(seats=1, channel=Channel.DIGITAL_POINT)
    client, key = keys.make_client("Maison Exemple", channel=Channel.DIGITAL_POINT, by=SYSTEM)
    partner, anybody = Program(house, {"Authorization": f"Bearer {key}"}), Program(house)
    code = house.office.code
    assert anybody.get(f"/offices/{code}/days", procedure="renewal").json() == []
    assert len(partner.get(f"/offices/{code}/days", procedure="renewal").json()) == 1
    assert partner.post("/contacts", {"phone": "06 39 98 00 01"}).status_code == 201
    assert anybody.book(slot).json()["code"] == "slot_full"
    helper = {"kind": "association", "name": "Maison Exemple"}
    made = partner.book(slot, booker=helper)
    assert made.status_code == 201, made.content
    assert Appointment.objects.get().channel == Channel.DIGITAL_POINT
    assert Message.objects.filter(kind="booking.taken_for_you").exists()
    keys.end_client(client, by=SYSTEM)
    refused = partner.get("/offices/essai/days", procedure="renewal")
    assert (refused.status_code, refused.json()["code"]) == (401, "key_unknown")


@pytest.mark.parametrize("given", ["Bearer x", "Basic x", "Bearer ", "x"])
def test_an_unknown_key_opens_nothing(program: Program, given: str) -> None:
    program.headers = {"Authorization": given}
    assert program.get("/offices/essai/days", procedure="renewal").status_code == 401
