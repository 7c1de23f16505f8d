"""Asking for a place: before a draw, or when no day has room."""

import pytest

from parvis.booking.models import AllocationRule, SeatRequest
from tests.booking.house import SINCE, BookingHouse
from tests.web.appointments.booker import EMAIL, START, Booker, person


@pytest.fixture
def drawn(house: BookingHouse) -> None:
    """The seats of renewals are given by draw."""
    AllocationRule.objects.create(
        office=house.office, procedure=house.house.procedures["renewal"], allocation="draw", valid_from=SINCE
    )


def test_a_request_states_who_when_and_why(booker: Booker, drawn: None) -> None:
    booker.prove()
    booker.say_who(suits=["1am", "4pm"], ground="job_at_risk", ground_reason="Contrat qui commence")
    made = SeatRequest.objects.get()
    assert (made.foreign_number, made.email, made.suits) == ("9900000001", EMAIL, ["1am", "4pm"])
    assert (made.ground, made.ground_reason, made.ground_confirmed_by) == ("job_at_risk", "Contrat qui commence", None)
    assert made.expires_on is not None
    assert booker.url == f"/tirages/demande/{made.token}/"


def test_asked_twice_it_is_one_request(booker: Booker, drawn: None) -> None:
    booker.prove()
    form, fields = booker.url, {**booker.hidden(), **person(), "contact": "1", "email": EMAIL}
    for _ in range(2):
        assert booker.client.post(form, fields).status_code == 302
    assert SeatRequest.objects.count() == 1


def test_with_nothing_free_a_request_is_left_once_the_contact_is_proved(booker: Booker) -> None:
    booker.prove()
    assert "Aucune place n'est libre" in booker.text
    booker.link("Laisser une demande")
    booker.say_who()
    assert SeatRequest.objects.get().email == EMAIL


def test_no_page_promises_an_offer_where_nothing_is_drawn(booker: Booker) -> None:
    booker.prove()
    days = booker.text
    booker.link("Laisser une demande")
    form = booker.text
    booker.say_who()
    for page in (days, form, booker.text):
        assert "regardez encore" in page
        assert "proposons" not in page
    assert 'href="/rendez-vous/nanterre/"' in booker.text
    assert 'id="proof"' in booker.text


def test_while_a_seat_is_free_no_request_is_taken(booker: Booker, house: BookingHouse) -> None:
    house.slots()
    booker.prove()
    booker.get(booker.url.replace("/jour/", "/demande/"))
    assert booker.say_who().status_code == 409
    assert not SeatRequest.objects.exists()


def test_a_seat_before_the_day_on_which_one_may_file_is_of_no_use(booker: Booker, house: BookingHouse) -> None:
    """The permit may be renewed from 20 January; a seat is free in December alone: the page and the form agree."""
    house.slots()
    booker.prove("d=renewal&c=92050&e=2018-03-20")
    leave_a_request(booker)


def test_a_seat_for_one_is_of_no_use_to_a_family(booker: Booker, house: BookingHouse) -> None:
    house.slot(seats=1)
    booker.prove(f"{START}&n=2")
    leave_a_request(booker)


def leave_a_request(booker: Booker) -> None:
    """The page says that nothing is free, and the request is taken and dated."""
    assert "Aucune place n'est libre" in booker.text
    booker.link("Laisser une demande")
    assert booker.say_who().status_code == 200
    made = SeatRequest.objects.get()
    assert booker.url == f"/tirages/demande/{made.token}/"
    assert [one.outcome for one in made.attempts.order_by("pk")] == ["no_seat"]


def test_a_proof_of_work_alone_leaves_no_request(booker: Booker, drawn: None) -> None:
    booker.open("demande", START)
    assert "/verification/" in booker.url
    assert "demande=1" in booker.url
    assert "data-altcha=" not in booker.text


@pytest.mark.parametrize(
    "wrong", [{"email": "autre@exemple.invalid"}, {"p0-family_name": ""}, {"ground": "health", "ground_reason": ""}]
)
def test_a_mistake_keeps_what_was_typed(booker: Booker, drawn: None, wrong: dict[str, str]) -> None:
    booker.prove()
    page = booker.say_who(**({"p0-given_name": "Gardé", "suits": ["2am"]} | wrong))
    assert page.status_code == 422
    assert 'value="Gardé"' in booker.text
    assert 'value="2am" checked' in booker.text
    assert not SeatRequest.objects.exists()
