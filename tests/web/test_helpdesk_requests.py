"""An agent asks for a place for a person: before a draw, or when nothing is free."""

import html
from typing import Any

import pytest
from django.test import Client

from parvis.booking.models import AllocationRule, Attempt, SeatRequest
from parvis.booking.states import Allocation, Channel, UrgentGround
from parvis.messages import composing
from parvis.messages.models import Message
from tests.booking.house import SINCE, BookingHouse
from tests.booking.scarcity import drawn
from tests.reception.house import wait
from tests.web.seats import WEDNESDAY, bookable
from tests.web.staff import Staff
from tests.web.test_helpdesk import CONTACT, PERSON, VISIT

URGENCY = {"expires_on": "15/01/2018", "ground": UrgentGround.JOB_AT_RISK, "ground_reason": "Contrat d'exemple"}


@pytest.fixture
def seats(staff: Staff) -> BookingHouse:
    return bookable(staff.office)


@pytest.fixture
def phone(staff: Staff) -> Client:
    client, _agent = staff.signed_in("mail_phone_team")
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def ask(client: Client, visit: str = VISIT, **changes: Any) -> Any:
    return client.post(f"/aide/demander/?{visit}", {**PERSON, **CONTACT, **URGENCY, "suits": ["1am", "2pm"]} | changes)


@pytest.fixture
def by_draw(seats: BookingHouse) -> None:
    AllocationRule.objects.create(
        office=seats.office,
        procedure=seats.house.procedures["renewal"],
        allocation=Allocation.DRAW,
        valid_from=SINCE,
    )
    seats.slots(day=WEDNESDAY)


@pytest.mark.usefixtures("by_draw")
def test_a_procedure_by_draw_is_asked_for(phone: Client) -> None:
    page = text(phone.get(f"/aide/prendre/?{VISIT}"))
    assert "données par tirage" in page
    assert 'action="/aide/demander/?d=renewal' in page
    assert "Réserver" not in page
    answer = ask(phone)
    made = SeatRequest.objects.get()
    assert answer["Location"] == f"/tirages/demande/{made.token}/"
    assert (made.channel, made.ground, sorted(made.suits)) == (Channel.PHONE, "job_at_risk", ["1am", "2pm"])
    assert str(made.expires_on) == "2018-01-15"


@pytest.mark.usefixtures("by_draw")
def test_asked_again_by_phone_it_is_the_same_with_one_attempt_more(phone: Client) -> None:
    first = ask(phone)
    wait(24 * 60)
    assert ask(phone, key="k2", phone="01 99 00 00 02")["Location"] == first["Location"]
    assert SeatRequest.objects.count() == 1
    assert Attempt.objects.count() == 2


def test_a_drawn_place_is_not_moved_and_the_agent_is_told(seats: BookingHouse, phone: Client) -> None:
    scarce = drawn(seats)
    mine = scarce.give(seats.slot(day=WEDNESDAY, seats=1))
    assert mine.state == "confirmed"
    page = text(phone.get(f"/aide/rendez-vous/{mine.pk}/"))
    assert "/deplacer/" not in page
    assert "on ne peut pas échanger celle-ci" in page
    other = seats.slot(day=WEDNESDAY, seats=1, hour="14:00")
    answer = phone.post(f"/aide/rendez-vous/{mine.pk}/deplacer/?jour={WEDNESDAY}", {"slot": str(other.pk)}, follow=True)
    assert "on ne peut pas échanger celle-ci" in text(answer)
    mine.refresh_from_db()
    assert mine.moves == 0


@pytest.mark.usefixtures("seats")
def test_when_nothing_is_free_a_request_keeps_their_place(phone: Client) -> None:
    assert "Aucune place libre" in text(phone.get(f"/aide/prendre/?{VISIT}"))
    assert ask(phone).status_code == 302


def test_a_seat_for_one_is_of_no_use_to_two(seats: BookingHouse, phone: Client) -> None:
    """The page says that nothing is free for both of them: the request is taken."""
    seats.slot(day=WEDNESDAY, seats=1)
    visit = VISIT.replace("n=1", "n=2")
    assert "Aucune place libre" in text(phone.get(f"/aide/prendre/?{visit}"))
    second = {name.replace("p0-", "p1-"): value for name, value in PERSON.items()}
    second["p1-foreign_number"] = "9900 444 445"
    assert ask(phone, visit, **second).status_code == 302
    assert [one.outcome for one in Attempt.objects.order_by("pk")] == ["no_seat"]


def test_not_while_something_is_free(seats: BookingHouse, phone: Client) -> None:
    seats.slots(day=WEDNESDAY)
    answer = ask(phone)
    assert answer.status_code == 409
    assert 'role="alert"' in text(answer)
    assert not SeatRequest.objects.exists()


@pytest.mark.usefixtures("by_draw")
def test_a_request_asks_for_one_person_and_says_so(phone: Client) -> None:
    family = VISIT.replace("n=1", "n=3")
    page = text(phone.get(f"/aide/prendre/?{family}"))
    assert 'name="p0-family_name"' in page
    assert 'name="p1-family_name"' not in page
    assert "Une demande est pour une seule personne" in page
    assert ask(phone, family).status_code == 302
    assert "Une demande est pour une seule personne" not in text(phone.get(f"/aide/prendre/?{VISIT}"))


def test_a_family_that_finds_no_place_loses_nothing_it_typed(seats: BookingHouse, phone: Client) -> None:
    second = {name.replace("p0", "p1"): value for name, value in PERSON.items()}
    second |= {"p1-family_name": "Fictif", "p1-foreign_number": "9900 555 555"}
    family = VISIT.replace("n=1", "n=2")
    gone = seats.booked(seats.slot(day=WEDNESDAY, seats=1)).seats.get().slot_id
    sent = {**PERSON, **second, **CONTACT, "slot": str(gone)}
    page = text(phone.post(f"/aide/prendre/?{family}&jour={WEDNESDAY}", sent))
    assert 'value="Fictif"' in page
    assert "Celle-ci sera pour la personne 1." in page


@pytest.mark.usefixtures("by_draw")
def test_who_asked_is_kept_and_the_person_is_told_of_it(phone: Client) -> None:
    asso = {"booked_by": "association", "booker_name": "Association Exemple", "booker_email": "asso@exemple.invalid"}
    assert ask(phone, language="fr", **asso).status_code == 302
    made = SeatRequest.objects.get()
    assert (made.booked_by, made.booker_name, made.booker_email) == tuple(asso.values())
    told = {one.recipient: composing.composed(one).body for one in Message.objects.filter(kind__startswith="booking.")}
    assert set(told) == {CONTACT["email"], "asso@exemple.invalid"}
    assert "Quelqu'un a fait une demande de rendez-vous pour vous" in told[CONTACT["email"]]
    assert "Association Exemple" in told[CONTACT["email"]]
    assert "pour une autre personne" in told["asso@exemple.invalid"]


@pytest.mark.usefixtures("by_draw")
def test_who_asks_for_somebody_says_their_name(phone: Client) -> None:
    assert ask(phone, booked_by="association").status_code == 422
    assert not SeatRequest.objects.exists()


@pytest.mark.usefixtures("by_draw")
@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"expires_on": "30/02/2018"}, 422), ({"ground": "because"}, 422), ({"p0-birth_date": ""}, 422),
     ({"suits": ["9am", "x" * 200]}, 302)],
)  # fmt: skip
def test_bad_input(phone: Client, wrong: dict[str, Any], status: int) -> None:
    assert ask(phone, **wrong).status_code == status
    assert SeatRequest.objects.count() == (status == 302)
