"""What annoyed people who walked the whole way: a dead end, an error far from the eye, an office left behind."""

import re
from datetime import date

import pytest

from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.procedures.models import AccessMode, Mode
from tests.booking.house import BookingHouse
from tests.web.appointments.booker import START, Booker, person


def begins_at(page: str) -> list[str]:
    """The names of the fields that ask for the focus, in order."""
    return [
        name
        for control in re.findall(r"<(?:input|select|textarea)[^>]*autofocus[^>]*>", page)
        for name in re.findall(r' name="([^"]+)"', control)
    ]


def test_without_appointment_the_hours_the_address_and_the_list_are_told(booker: Booker, house: BookingHouse) -> None:
    AccessMode.objects.filter(procedure__code="renewal").update(mode=Mode.WALK_IN)
    booker.open("conseil", START)
    assert "sans rendez-vous" in booker.text
    assert "lundi 11 décembre" in booker.text
    assert house.office.address.splitlines()[0] in booker.text
    booker.link("apporter")
    assert booker.page is not None
    assert booker.page["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [("p0-foreign_number", "p0-foreign_number"), ("email", "email"), ("p0-month", "p0-day")],
)
def test_after_a_mistake_the_page_begins_at_the_first_wrong_field(
    booker: Booker, house: BookingHouse, wrong: str, where: str
) -> None:
    house.slots()
    booker.hold()
    assert begins_at(booker.text) == []
    booker.say_who(**{wrong: "13"})
    assert begins_at(booker.text)[0] == where


def test_who_moved_to_another_commune_checks_which_office_receives_them(booker: Booker, house: BookingHouse) -> None:
    made: Appointment = house.booked(house.slot())
    booker.get(f"/rendez-vous/r/{made.token}/?lang=fr")
    assert "J'ai changé de commune" in booker.text
    booker.link("Vérifier")
    assert "Où habitez-vous" in booker.text
    booker.answer(c="92002")
    assert "autre bureau" in booker.text


def test_the_code_stands_alone_where_nothing_else_is_offered(booker: Booker, house: BookingHouse) -> None:
    booker.open("verification", START)
    assert re.search(r"<span data-without-script>Recevez un code</span><span data-with-script hidden>", booker.text)


FAMILY = f"{START}&d=minor_travel_document&n=2"


def family(**changes: object) -> dict[str, object]:
    """A mother for her own permit, her child for a document to travel."""
    mother = person() | {"p0-procedures": ["renewal"]}
    child = person("p1", "9900000002", date(2010, 5, 3)) | {"p1-procedures": ["minor_travel_document"]}
    return mother | child | changes


def test_in_a_family_everybody_comes_for_their_own(booker: Booker, house: BookingHouse) -> None:
    house.slots(hours=("09:00", "12:00"), seats=1)
    booker.hold(query=FAMILY)
    assert len(re.findall(r'name="p1-procedures"[^>]*checked', booker.text)) == 2
    booker.say_who(**family())
    made = Appointment.objects.get()
    assert made.state == Status.CONFIRMED
    assert {(one.foreign_number, one.procedure.code) for one in made.booked.all()} == {
        ("9900000001", "renewal"),
        ("9900000002", "minor_travel_document"),
    }


@pytest.mark.parametrize(
    ("ticked", "told"), [([], "Choisissez"), (["minor_travel_document"], "Personne n'est coché pour : ")]
)
def test_what_nobody_comes_for_is_said_beside_the_choice(
    booker: Booker, house: BookingHouse, ticked: list[str], told: str
) -> None:
    house.slots(hours=("09:00", "12:00"), seats=1)
    booker.hold(query=FAMILY)
    assert booker.say_who(**family(**{"p0-procedures": ticked})).status_code == 422
    assert told in booker.text
    assert 'value="9900000002"' in booker.text
