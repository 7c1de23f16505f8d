"""The ticket page: every state in words, no name, no other ticket."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from parvis.common import clock
from parvis.journal.actions import KIOSK
from parvis.offices.models import Agent, Counter
from parvis.reception import actions
from parvis.reception.models import Ticket
from parvis.reception.states import Outcome, ReturnKind, Status
from tests.reception.house import House, at, build, wait


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """A small office at ten o'clock."""
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def desk(house: House) -> tuple[Counter, Agent]:
    """An open counter of the filing line."""
    return house.desk()


def page(ticket: Ticket, part: str = "", **headers: str) -> str:
    """What the page of a ticket says."""
    answer = Client(headers=headers).get(f"/t/{ticket.token}/{part}")
    assert answer.status_code == 200
    return answer.content.decode().replace("&#x27;", "'")


def test_waiting_shows_the_place_and_the_range(house: House, desk: tuple[Counter, Agent]) -> None:
    for _ in range(3):
        house.ticket()
    ticket = house.ticket(holder_name="Secret Exemple")
    said = page(ticket)
    assert str(ticket) in said
    assert "3 personnes avant vous" in said
    assert "minutes" in said
    assert "Secret" not in said
    assert f'data-live="/live/ticket/{ticket.token}"' in said


def test_without_a_counter_the_place_is_kept(house: House) -> None:
    assert "Votre place est gardée" in page(house.ticket())


def test_the_call_cannot_be_missed(house: House, desk: tuple[Counter, Agent]) -> None:
    ticket = house.ticket()
    counter, agent = desk
    actions.call_next(counter, by=agent)
    said = page(ticket, "etat/")
    assert "C'est à vous" in said
    assert f"Guichet {counter.number}" in said
    assert 'role="alert"' in said
    assert "<html" not in said


def test_each_state_has_its_words(house: House, desk: tuple[Counter, Agent]) -> None:
    counter, agent = desk
    ticket = house.ticket()
    actions.call_next(counter, by=agent)
    actions.mark_absent(ticket, by=agent)
    assert "Restez près des guichets" in page(ticket)
    wait(10)
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    assert "Vous êtes reçu au guichet" in page(ticket)
    actions.park(ticket, room="12", by=agent)
    assert "Patientez en salle 12" in page(ticket)
    actions.resume(ticket, counter=counter, by=agent)
    actions.arrive(ticket, by=agent)
    actions.finish(ticket, outcome=Outcome.DONE, by=agent)
    said = page(ticket)
    assert "Vous avez été reçu" in said
    assert "data-live=" not in said


def test_missed_says_to_come_to_the_desk(house: House, desk: tuple[Counter, Agent]) -> None:
    counter, agent = desk
    ticket = house.ticket()
    for _ in range(2):
        actions.call_next(counter, by=agent)
        actions.mark_absent(ticket, by=agent)
        wait(10)
    assert "appelé deux fois" in page(ticket)


def test_leaving_asks_first_and_can_be_pressed_twice(house: House) -> None:
    ticket = house.ticket()
    assert "Quitter la file ?" in page(ticket, "?partir=1")
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.post(f"/t/{ticket.token}/partir/").status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == Status.LEFT
    assert "Vous avez quitté la file" in page(ticket)


def test_leaving_is_a_post(house: House) -> None:
    ticket = house.ticket()
    answer = Client().get(f"/t/{ticket.token}/partir/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    ticket.refresh_from_db()
    assert ticket.state == Status.WAITING


def test_somebody_called_cannot_be_taken_out_of_the_queue_by_their_phone(
    house: House, desk: tuple[Counter, Agent]
) -> None:
    ticket = house.ticket()
    actions.call_next(desk[0], by=desk[1])
    Client().post(f"/t/{ticket.token}/partir/")
    ticket.refresh_from_db()
    assert ticket.state == Status.CALLED


def test_yesterdays_ticket_says_it_is_over(house: House) -> None:
    ticket = house.ticket()
    clock.hold(clock.now() + timedelta(days=1))
    said = page(ticket)
    assert "lundi 11 décembre 2017" in said
    assert "plus valable" in said
    assert "data-live=" not in said
    Client().post(f"/t/{ticket.token}/partir/")
    ticket.refresh_from_db()
    assert ticket.state == Status.WAITING


@pytest.mark.parametrize("token", ["x", "A" * 22, "..%2f..%2fetc", "a" * 5_000, "' OR 1=1 --"])
@pytest.mark.parametrize("path", ["/t/{}/", "/t/{}/etat/", "/orientation/{}/"])
def test_a_forged_token_is_kindly_not_found(house: House, path: str, token: str) -> None:
    answer = Client().get(path.format(token))
    assert answer.status_code == 404
    assert "adressez-vous" in answer.content.decode()


def test_the_page_speaks_the_language_of_the_ticket_until_another_is_chosen(house: House) -> None:
    ticket = house.ticket(language="ar")
    client = Client()
    french_phone = {"Accept-Language": "fr"}
    assert 'lang="ar" dir="rtl"' in client.get(f"/t/{ticket.token}/", headers=french_phone).content.decode()
    assert '<html lang="en"' in client.get(f"/t/{ticket.token}/?lang=en").content.decode()
    assert "before you" in client.get(f"/t/{house.ticket(language='ar').token}/").content.decode()


def test_a_missed_copy_shows_the_way_back(house: House, desk: tuple[Counter, Agent]) -> None:
    counter, agent = desk
    ticket = house.ticket()
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    given = actions.give_return(ticket, kind=ReturnKind.MISSING_COPY, by=agent, reason="copie du passeport")
    said = page(ticket)
    assert given.code in said
    assert "Revenez aujourd'hui, sans refaire la file" in said


def test_an_agreed_hour_is_said_with_the_hour(house: House) -> None:
    ticket = house.ticket()
    given = actions.give_return(ticket, kind=ReturnKind.LATER_TODAY, at=at("14:15"), by=KIOSK, reason="Fictif")
    said = page(ticket)
    assert "Revenez aujourd'hui à 14:15" in said
    assert given.code in said
    assert "Vous n'avez pas été reçu" not in said
    clock.hold(clock.now() + timedelta(days=1))
    said = page(ticket)
    assert given.code not in said
    assert "Vous n'avez pas été reçu" in said


def test_the_first_place_of_another_day_is_said_with_the_day(house: House) -> None:
    ticket = house.ticket()
    given = actions.give_return(ticket, kind=ReturnKind.FIRST_NEXT_DAY, by=KIOSK, reason="Fictif")
    said = page(ticket)
    assert "Revenez le mardi 12 décembre 2017, vous passerez en premier" in said
    assert given.code in said


def test_documents_to_have_ready_are_listed(house: House) -> None:
    assert "À préparer pour le guichet" in page(house.ticket("renewal", "student"))


def test_a_nul_character_in_a_token_is_unreadable_not_a_fault(house: House) -> None:
    assert Client().get("/t/%00/").status_code == 400
