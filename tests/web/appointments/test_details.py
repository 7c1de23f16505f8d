"""Who comes, the code, and everything that can go wrong between the hour and the confirmation."""

import re
from datetime import timedelta

import pytest

from parvis.booking import actions
from parvis.booking.models import Appointment, BookedProcedure, Seat
from parvis.booking.states import SeatState, Status
from parvis.common import clock
from parvis.messages.models import Message
from tests.booking.house import DAY, BookingHouse
from tests.web.appointments.booker import EMAIL, START, Booker, person


def test_the_hour_until_which_the_seat_is_kept_is_written(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    booker.hold()
    assert "retenu pour vous jusqu'à" in booker.text
    assert "10:10" in booker.text
    assert 'data-seconds="600"' in booker.text


def test_a_contact_that_was_not_proved_gets_a_code(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    held = booker.hold()
    booker.say_who(email="autre@exemple.invalid")
    assert f"/r/{held.token}/code/" in booker.url
    assert "autre@exemple.invalid" in booker.text
    assert booker.answer(code="000000" if booker.code() != "000000" else "000001").status_code == 422
    assert "Ce code n'est pas le bon" in booker.text
    booker.answer(code=booker.code())
    held.refresh_from_db()
    assert held.state == Status.CONFIRMED
    assert held.email == "autre@exemple.invalid"


def test_the_code_may_be_asked_again_and_the_address_corrected(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    held = booker.hold()
    booker.say_who(email="faute@exemple.invalid")
    booker.answer(again="1")
    assert "Un autre code est parti" in booker.text
    booker.answer(contact="1", email="juste@exemple.invalid")
    assert "juste@exemple.invalid" in booker.text
    sent = Message.objects.filter(kind="booking.code").order_by("-pk")[0]
    assert sent.recipient == "juste@exemple.invalid"
    booker.answer(code=booker.code())
    held.refresh_from_db()
    assert (held.state, held.email) == (Status.CONFIRMED, "juste@exemple.invalid")


def test_a_lost_seat_keeps_what_was_typed_and_offers_other_hours_on_the_same_page(
    booker: Booker, house: BookingHouse
) -> None:
    house.slots(seats=1)
    held = booker.hold()
    clock.hold(clock.now() + timedelta(minutes=11))
    actions.expire_due()
    page = booker.say_who(**person(family_name="Gardé"))
    assert page.status_code == 409
    assert "n'est plus retenu" in booker.text
    assert 'value="Gardé"' in booker.text
    booker.say_who(**person(family_name="Gardé"), slot=booker.text.split('name="slot" value="')[1].split('"')[0])
    held.refresh_from_db()
    assert held.state == Status.CONFIRMED
    assert held.starts_at == clock.at(DAY, "09:15")
    assert held.booked.get().family_name == "Gardé"


def test_a_code_typed_too_late_leads_back_with_everything_kept(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    held = booker.hold()
    booker.say_who(email="autre@exemple.invalid", **person(family_name="Gardé"))
    clock.hold(clock.now() + timedelta(minutes=16))
    actions.expire_due()
    assert booker.answer(code=booker.code()).status_code == 409
    booker.link("Choisissez une autre heure")
    assert 'value="Gardé"' in booker.text
    assert 'value="autre@exemple.invalid"' in booker.text
    assert f"/r/{held.token}/identite/" in booker.url


def test_a_code_typed_too_late_needs_no_worker_to_come_by(booker: Booker, house: BookingHouse) -> None:
    house.slots(seats=1)
    held = booker.hold()
    booker.say_who(email="autre@exemple.invalid")
    clock.hold(clock.now() + timedelta(minutes=16))
    booker.get(booker.url.replace("/code/", "/identite/"))
    booker.say_who(slot=booker.text.split('name="slot" value="')[1].split('"')[0])
    held.refresh_from_db()
    assert (held.state, held.starts_at) == (Status.CONFIRMED, clock.at(DAY, "09:15"))


def test_the_same_form_sent_twice_is_one_appointment(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    booker.hold()
    fields = person() | {"contact": "1", "email": EMAIL, "kind": "self"}
    form = booker.url
    booker.client.post(form, fields)
    booker.url = form
    booker.answer(**fields)
    assert "Votre rendez-vous" in booker.text
    assert Appointment.objects.filter(state=Status.CONFIRMED).count() == 1


def test_the_same_hour_pressed_twice_is_one_hold(booker: Booker, house: BookingHouse) -> None:
    house.slots(seats=5)
    booker.prove()
    booker.link(" place")
    form, fields = booker.url, {**booker.hidden(), "slot": booker.slot("09:00")}
    first, second = booker.client.post(form, fields), booker.client.post(form, fields)
    assert first["Location"] == second["Location"]
    assert Seat.objects.filter(state=SeatState.HELD).count() == 1


def test_an_hour_taken_by_somebody_else_meanwhile_is_said_and_the_others_stay(
    booker: Booker, house: BookingHouse
) -> None:
    [slot, *_rest] = house.slots(seats=1)
    booker.prove()
    booker.link(" place")
    wanted = booker.slot("09:00")
    house.booked(slot)
    assert booker.answer(slot=wanted).status_code == 409
    assert "vient d'être pris" in booker.text
    assert "09:15" in booker.text


def test_coming_back_to_choose_another_hour_moves_the_hold(booker: Booker, house: BookingHouse) -> None:
    house.slots(seats=1)
    held = booker.hold()
    booker.link("Retour")
    booker.answer(slot=booker.slot("09:30"))
    assert held.token in booker.url
    held.refresh_from_db()
    assert held.starts_at == clock.at(DAY, "09:30")
    assert Seat.objects.filter(state=SeatState.HELD).count() == 1


def test_back_to_the_hours_after_the_end_shows_the_appointment(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    held = booker.hold()
    booker.link("Retour")
    hours, slot = booker.url, booker.slot("09:30")
    booker.get(f"/rendez-vous/r/{held.token}/identite/?{START}")
    booker.say_who()
    booker.answer(code=booker.code())
    booker.url = hours
    booker.answer(slot=slot)
    assert "Confirmé" in booker.text
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"p0-family_name": ""},
        {"p0-family_name": "…"},
        {"p0-day": "31", "p0-month": "2"},
        {"p0-year": "12000"},
        {"p0-foreign_number": "12"},
        {"p0-foreign_number": "", "p0-passport_number": "!"},
        {"p0-foreign_number": "", "p0-passport_number": ""},
        {"email": "pas une adresse"},
        {"email": "", "phone": ""},
        {"email": "", "phone": "12"},
        {"kind": "relative", "name": ""},
        {"kind": "nobody"},
    ],
)
def test_a_mistake_is_said_where_it_is_and_the_rest_stays(
    booker: Booker, house: BookingHouse, wrong: dict[str, str]
) -> None:
    house.slots()
    booker.hold()
    page = booker.say_who(**{"p0-given_name": "Gardé", **wrong})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in booker.text
    assert 'value="Gardé"' in booker.text
    assert not BookedProcedure.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"p0-family_name": "O", "p0-given_name": ""},
        {"p0-family_name": "Ł"},
        {"p0-family_name": "王"},
        {"p0-family_name": "اختبار"},
        {"p0-day": "29", "p0-month": "2", "p0-year": "2000"},
        {"p0-foreign_number": "", "p0-passport_number": "ab 12-345"},
        {"p0-foreign_number": "٩٩٠٠٠٠٠٠٠١"},
    ],
)
def test_names_of_one_letter_any_script_and_leap_days_are_fine(
    booker: Booker, house: BookingHouse, given: dict[str, str]
) -> None:
    house.slots()
    booker.hold()
    booker.say_who(**given)
    assert "Confirmé" in booker.text


def test_a_family_books_the_time_it_needs(booker: Booker, house: BookingHouse) -> None:
    house.slots(seats=1)
    needed = house.house.procedures["renewal"].mean_minutes * 2
    booker.prove(f"{START}&n=2")
    booker.choose()
    booker.say_who(**person(), **person("p1", "9900000002", given_name="Second"))
    assert "2 personnes" in booker.text
    made = Appointment.objects.get()
    assert made.minutes >= needed
    assert [one.foreign_number for one in made.booked.order_by("position")] == ["9900000001", "9900000002"]


def test_somebody_books_for_another_and_the_person_is_told(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    booker.hold()
    booker.say_who(kind="association", name="Association Exemple", booker_email="asso@exemple.invalid")
    booker.answer(code=booker.code())
    assert "Association Exemple" in booker.text
    assert Message.objects.filter(kind="booking.taken_for_you", recipient=EMAIL).exists()


def test_a_person_with_a_live_booking_is_told_and_their_own_contact_gets_the_link(
    booker: Booker, house: BookingHouse
) -> None:
    slot, *_rest = house.slots(seats=5)
    known = house.attendee(foreign_number="9900000001")
    house.booked(slot, attendees=[known], contact=house.contact(email="la-personne@exemple.invalid"))
    booker.hold()
    assert booker.say_who().status_code == 409
    assert "existe déjà" in booker.text
    assert Message.objects.filter(kind="booking.already", recipient="la-personne@exemple.invalid").count() == 1


def test_an_unknown_or_forged_token_opens_nothing(booker: Booker, house: BookingHouse) -> None:
    for token in ("x", "A" * 22, "é" * 22, "%00"):
        for step in ("", "identite/", "code/", "deplacer/", "annuler/", "convocation.pdf", "rendez-vous.ics"):
            assert booker.get(f"/rendez-vous/r/{token}/{step}").status_code in (400, 404)


def test_nobody_holds_seats_without_having_proved_to_be_there(booker: Booker, house: BookingHouse) -> None:
    slot, *_rest = house.slots()
    for forged in ("", "&v=forged", "&v=" + "a" * 5000):
        address = f"/rendez-vous/nanterre/heure/?{START}{forged}&j={DAY.isoformat()}"
        assert booker.client.post(address, {"slot": slot.pk})["Location"].startswith(
            "/rendez-vous/nanterre/verification/"
        )
    assert not Appointment.objects.exists()


def test_one_pass_holds_a_few_seats_only(booker: Booker, house: BookingHouse) -> None:
    house.slots(seats=30)
    booker.prove()
    booker.link(" place")
    form, slot = booker.url, booker.slot("09:00")
    answers = [booker.client.post(form, {"slot": slot, "key": f"k{n}"}).status_code for n in range(10)]
    assert answers == [302] * 8 + [429] * 2


def test_two_people_without_a_key_are_two_people(house: BookingHouse, booker: Booker) -> None:
    """A command that names no key is nobody else's: the second person must not come upon the first one's form."""
    house.slot(seats=2)
    pages = set()
    for somebody in (booker, Booker()):
        somebody.prove()
        days = re.findall(r'href="([^"]+)"', somebody.text)
        somebody.get(next(one for one in days if f"j={DAY.isoformat()}" in one))
        somebody.answer(slot=somebody.slot("09:00"), key="")
        pages.add(somebody.url.partition("?")[0])
    assert Appointment.objects.count() == len(pages) == 2
