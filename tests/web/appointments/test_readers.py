"""What annoyed people who walked the whole way: a dead end, an error far from the eye, an office left behind."""

import re

import pytest

from parvis.booking.models import Appointment
from parvis.procedures.models import AccessMode, Mode
from tests.booking.house import BookingHouse
from tests.web.appointments.booker import START, Booker


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


@pytest.mark.parametrize(("wrong", "where"), [("p0-foreign_number", "p0-foreign_number"), ("email", "email")])
def test_after_a_mistake_the_page_begins_at_the_first_wrong_field(
    booker: Booker, house: BookingHouse, wrong: str, where: str
) -> None:
    house.slots()
    booker.hold()
    assert begins_at(booker.text) == []
    booker.say_who(**{wrong: "12"})
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
