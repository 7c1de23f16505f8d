"""People with an appointment at the greeter's desk, and people who should have one."""

import html
from typing import Any

import pytest
from django.test import Client

from parvis.booking.models import Appointment
from parvis.common import clock
from parvis.procedures.models import Mode
from parvis.reception import actions
from parvis.reception.models import Ticket
from tests.booking.house import BookingHouse
from tests.reception.house import at
from tests.web.seats import WEDNESDAY, bookable
from tests.web.staff import Staff


@pytest.fixture
def seats(staff: Staff) -> BookingHouse:
    return bookable(staff.office)


@pytest.fixture
def appointment(seats: BookingHouse) -> Appointment:
    made = seats.booked(seats.slots(day=WEDNESDAY, hours=("10:00", "12:00"))[0])
    clock.hold(at("09:45", WEDNESDAY))
    return made


@pytest.fixture
def desk(staff: Staff) -> Client:
    client, _agent = staff.signed_in("greeter")
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def arrive(desk: Client, **fields: Any) -> Any:
    given = {"key": "k", "procedures": ["renewal"], "name": "Témoin Fictif", "born": "01021990", "language": "fr"}
    return desk.post("/accueil/arrivee/", given | fields, follow=True)


def test_who_is_expected_is_shown_until_they_come(appointment: Appointment, desk: Client) -> None:
    who = appointment.booked.get()
    assert who.full_name in text(desk.get("/accueil/"))
    assert who.full_name in text(desk.get("/accueil/etat/"))
    desk.post(f"/aide/rendez-vous/{appointment.pk}/arrivee/")
    assert f"/aide/rendez-vous/{appointment.pk}/arrivee/" not in text(desk.get("/accueil/"))


def test_the_papers_are_those_of_another(appointment: Appointment, desk: Client) -> None:
    """The greeter sees whom the ticket names; who came in their place has nothing, and they are expected still."""
    desk.post("/accueil/rendez-vous/", {"n": appointment.number})
    ticket, who = Ticket.objects.get(), appointment.booked.get()
    page = text(desk.get(f"/accueil/ticket/{ticket.pk}/"))
    for known in (who.full_name, f"{who.birth_date:%d/%m/%Y}", who.foreign_number, "Pas la bonne personne"):
        assert known in page
    said = text(desk.post(f"/accueil/ticket/{ticket.pk}/autre-personne/", follow=True))
    assert "ne vaut plus" in said
    assert "Pas la bonne personne" not in said
    assert who.full_name in text(desk.get("/accueil/"))


def test_a_scan_gives_the_ticket_at_once(appointment: Appointment, desk: Client) -> None:
    address = f"https://parvis.exemple.invalid/rendez-vous/r/{appointment.token}/"
    answer = desk.post("/accueil/rendez-vous/", {"n": address})
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/accueil/ticket/{ticket.pk}/"
    assert ticket.appointment == appointment


def test_a_name_shows_who_it_may_be(appointment: Appointment, desk: Client) -> None:
    answer = desk.post("/accueil/rendez-vous/", {"n": "exemple"})
    assert answer.status_code == 200
    assert appointment.number in text(answer)
    born = appointment.booked.get().birth_date
    assert born
    assert f"{born:%d/%m/%Y}" in text(answer)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("typed", ["", "personne", "23456789", "x" * 4000])
def test_nobody_found_is_said(appointment: Appointment, desk: Client, typed: str) -> None:
    answer = desk.post("/accueil/rendez-vous/", {"n": typed})
    assert answer.status_code == 422
    assert "Aucun rendez-vous trouvé" in text(answer)


def test_too_early_is_said_beside_the_field(appointment: Appointment, desk: Client) -> None:
    clock.hold(at("09:00", WEDNESDAY))
    answer = desk.post("/accueil/rendez-vous/", {"n": appointment.number})
    assert answer.status_code == 409
    assert "09:30" in text(answer)
    assert appointment.number in text(answer)


def test_without_the_appointment_one_is_booked_or_the_person_is_received(staff: Staff, desk: Client) -> None:
    bookable(staff.office, mode=Mode.APPOINTMENT_ONLY)
    answer = arrive(desk)
    assert answer.status_code == 409
    assert "/aide/prendre/?d=renewal&canal=desk" in text(answer)
    assert "Témoin Fictif" in text(answer)
    arrive(desk, instead="anyway")
    ticket = Ticket.objects.get()
    assert (ticket.procedure.code, ticket.rank) == ("renewal", "walk_in")


def test_the_counter_sees_the_hour_and_the_identity_to_check(appointment: Appointment, staff: Staff) -> None:
    ticket = actions.check_in(appointment, by=staff.agent("greeter"))
    counter, agent = staff.at_counter(1)
    actions.call_next(staff.counter(1), by=agent)
    page = text(counter.get("/guichet/1/"))
    who = appointment.booked.get()
    for shown in (str(ticket), "10:00", appointment.number, who.full_name, who.foreign_number, "01/01/1990"):
        assert shown in page
