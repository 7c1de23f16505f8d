"""Somebody at the door who has an appointment: at the kiosk and on a phone."""

from datetime import date

import pytest

from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.common import clock
from parvis.offices.models import Office
from parvis.procedures.models import Mode
from parvis.reception import queries
from parvis.reception.models import Ticket
from tests.booking.house import BookingHouse
from tests.reception.house import at
from tests.web.door.visitor import Visitor, parts
from tests.web.seats import WEDNESDAY, bookable


@pytest.fixture
def seats(nanterre: Office) -> BookingHouse:
    return bookable(nanterre)


@pytest.fixture
def appointment(seats: BookingHouse) -> Appointment:
    """Wednesday at ten; it is a quarter to."""
    made = seats.booked(
        seats.slots(day=WEDNESDAY, hours=("10:00", "12:00"))[0],
        attendees=[seats.attendee("renewal", family_name="Exemple", birth_date=date(1996, 2, 29))],
    )
    clock.hold(at("09:45", WEDNESDAY))
    return made


def test_it_is_the_first_choice(appointment: Appointment, visitor: Visitor) -> None:
    visitor.open("demarche")
    assert visitor.text.index("J'ai un rendez-vous") < visitor.text.index('name="d"')


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_a_scanned_code_gives_the_ticket(appointment: Appointment, language: str) -> None:
    visitor = Visitor(language=language)
    visitor.open("rendez-vous")
    visitor.answer(n=f"https://parvis.exemple.invalid/rendez-vous/r/{appointment.token}/")
    assert "10:00" in visitor.text
    assert "Exemple" not in visitor.text
    visitor.answer(p="")
    ticket = Ticket.objects.get()
    assert str(ticket) in visitor.text
    assert (ticket.appointment, ticket.rank, ticket.language) == (appointment, "appointment", language)


def test_a_card_of_priority_is_asked_for(appointment: Appointment, visitor: Visitor) -> None:
    visitor.open("rendez-vous")
    visitor.answer(n=appointment.number.lower())
    assert visitor.answer(p="courtesy").status_code == 400
    visitor.open("rendez-vous")
    visitor.answer(n=appointment.number)
    visitor.answer(p="family_card")
    assert Ticket.objects.get().rank == "priority"


def test_by_name_and_birth_date(appointment: Appointment, visitor: Visitor) -> None:
    visitor.open("rendez-vous", "nom=1")
    assert visitor.answer(name="exemple", **parts(date(1996, 2, 28))).status_code == 422
    assert "Aucun rendez-vous trouvé" in visitor.text
    assert 'value="exemple"' in visitor.text
    visitor.answer(name="exemple", **parts(date(1996, 2, 29)))
    visitor.answer(p="")
    assert Ticket.objects.get().appointment == appointment


def test_pressed_twice_or_found_again_it_is_the_same_ticket(appointment: Appointment, visitor: Visitor) -> None:
    visitor.open("rendez-vous")
    visitor.answer(n=appointment.number)
    form = visitor.url
    for _twice in range(2):
        assert visitor.client.post(form, {"p": ""}).status_code == 302
    visitor.open("rendez-vous")
    visitor.answer(n=appointment.number)
    assert str(Ticket.objects.get()) in visitor.text


def test_two_appointments_of_one_person_are_told_apart(
    seats: BookingHouse, appointment: Appointment, visitor: Visitor
) -> None:
    number = appointment.booked.get().foreign_number
    clock.hold(at("08:00", WEDNESDAY))
    seats.booked(
        seats.slots(day=WEDNESDAY, hours=("10:30", "11:00"))[0],
        seats.wish("student"),
        attendees=[seats.attendee("student", foreign_number=number)],
    )
    clock.hold(at("10:10", WEDNESDAY))
    visitor.open("rendez-vous")
    visitor.answer(n=number)
    assert "10:00" in visitor.text
    assert "10:30" in visitor.text


def test_too_early_says_when(appointment: Appointment, visitor: Visitor) -> None:
    clock.hold(at("09:00", WEDNESDAY))
    visitor.open("rendez-vous")
    visitor.answer(n=appointment.number)
    assert "09:30" in visitor.text
    assert 'name="p"' not in visitor.text
    assert visitor.client.post(visitor.url, {"p": ""}).status_code == 409
    assert not Ticket.objects.exists()


def test_another_day_says_which(appointment: Appointment, visitor: Visitor) -> None:
    clock.hold(at("10:00", date(2017, 12, 12)))
    visitor.open("rendez-vous")
    visitor.answer(n=appointment.number)
    assert "13 décembre 2017" in visitor.text
    assert not Ticket.objects.exists()


def test_late_is_told_and_received(seats: BookingHouse, appointment: Appointment, visitor: Visitor) -> None:
    bookable(appointment.office, mode=Mode.APPOINTMENT_ONLY)
    clock.hold(at("11:00", WEDNESDAY))
    visitor.open("rendez-vous")
    visitor.answer(n=appointment.number)
    assert "Vous serez reçu quand même" in visitor.text
    visitor.answer(p="")
    assert Ticket.objects.get().rank == "walk_in"


def test_cancelled_is_told(appointment: Appointment, visitor: Visitor) -> None:
    Appointment.objects.update(state=Status.CANCELLED)
    visitor.open("rendez-vous")
    visitor.answer(n=appointment.number)
    assert "a été annulé" in visitor.text
    assert visitor.client.post(visitor.url, {"p": ""}).status_code == 409


@pytest.mark.parametrize("typed", ["", " ", "x", "23456789", "9900000000", "🎈", "\u202e", "%" * 300, "a" * 9000])
def test_what_names_nothing_is_said(appointment: Appointment, visitor: Visitor, typed: str) -> None:
    visitor.open("rendez-vous")
    assert visitor.answer(n=typed).status_code == 422
    assert 'role="alert"' in visitor.text


@pytest.mark.parametrize("reference", ["", "x", "W1sxLDFd:1:2", "é", "a" * 5000])
def test_a_forged_reference_is_refused(appointment: Appointment, visitor: Visitor, reference: str) -> None:
    visitor.open("rendez-vous/arrivee", f"r={reference}")
    assert visitor.page is not None
    assert visitor.page.status_code == 400


def test_a_phone_proves_that_it_is_there(appointment: Appointment) -> None:
    phone = Visitor(door="/porte/nanterre/")
    phone.open("rendez-vous")
    assert phone.answer(n=appointment.number).status_code == 422
    assert phone.answer(n=appointment.number, door_code="ZZZZ").status_code == 422
    code = queries.door_code(appointment.office)
    phone.answer(n=appointment.number, door_code=code)
    phone.answer(p="")
    ticket = Ticket.objects.get()
    assert phone.url == f"/t/{ticket.token}/"


def test_by_appointment_only_shows_where_to_book(seats: BookingHouse, nanterre: Office) -> None:
    bookable(nanterre, mode=Mode.APPOINTMENT_ONLY)
    kiosk, phone = Visitor(), Visitor(door="/porte/nanterre/")
    for visitor in (kiosk, phone):
        visitor.open("expiration", "d=renewal&c=92050")
        visitor.date(date(2018, 1, 10))
        assert "sur rendez-vous seulement" in visitor.text
        assert "data:image/svg" in visitor.text
    assert 'href="/rendez-vous/nanterre/"' in phone.text
    assert 'href="/rendez-vous/nanterre/"' not in kiosk.text
