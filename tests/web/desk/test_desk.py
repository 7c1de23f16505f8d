"""The greeter's desk."""

from typing import Any

import pytest
from django.test import Client

from parvis.common import clock
from parvis.offices.models import Office
from parvis.reception import actions
from parvis.reception.models import Redirection, ReturnPass, Ticket
from parvis.reception.states import RedirectReason, Status
from tests.people.factories import PersonFactory
from tests.reception.house import at
from tests.web.staff import Staff


@pytest.fixture
def desk(staff: Staff) -> Client:
    client, _agent = staff.signed_in("greeter")
    return client


def arrive(desk: Client, **fields: Any) -> Any:
    given = {"key": "k", "procedures": ["renewal"], "name": "Témoin Fictif", "born": "01021990", "language": "fr"}
    return desk.post("/accueil/arrivee/", given | fields, follow=True)


def test_a_ticket_in_one_form(desk: Client) -> None:
    answer = arrive(desk, procedures=["renewal", "duplicate"], commune="92050", priority="mobility_card")
    ticket = Ticket.objects.get()
    assert answer.redirect_chain[-1][0] == f"/accueil/ticket/{ticket.pk}/"
    assert str(ticket) in answer.content.decode()
    assert (ticket.holder_name, str(ticket.holder_born), ticket.rank) == ("Témoin Fictif", "1990-02-01", "priority")
    assert ticket.steps.count() == 2


def test_pressing_twice_gives_one_ticket(desk: Client) -> None:
    arrive(desk)
    arrive(desk)
    assert Ticket.objects.count() == 1


def test_the_same_verdict_as_the_door_too_early(desk: Client) -> None:
    answer = arrive(desk, expires_on="10/04/2018")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Renouvellement trop tôt" in page
    assert "10 février 2018" in page
    assert "Témoin Fictif" in page
    assert not Ticket.objects.exists()
    arrive(desk, expires_on="10/04/2018", instead="slip")
    assert Redirection.objects.get().reason == RedirectReason.TOO_EARLY
    arrive(desk, expires_on="10/04/2018", instead="information", key="k2")
    assert Ticket.objects.get().line.code == "information"


def test_another_commune_gets_the_right_address(desk: Client) -> None:
    page = arrive(desk, commune="92002").content.decode()
    assert Office.objects.get(code="antony").address.splitlines()[0] in page


def test_on_thursday_filing_is_closed(desk: Client) -> None:
    with clock.held(at("10:00", at("10:00").date().replace(day=14))):
        assert "Service fermé" in arrive(desk).content.decode()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"procedures": []}, 422),
        ({"procedures": ["n'existe pas"]}, 422),
        ({"born": "31/02/1990"}, 422),
        ({"name": ""}, 422),
        ({"language": "xx"}, 422),
        ({"priority": "roi"}, 422),
        ({"return_code": "ZZZZZZZZ"}, 409),
        ({"name": "n" * 10_000}, 200),
        ({"name": "\u202eمثال 👩‍👧"}, 200),
        ({"person": "99999999", "name": ""}, 422),
    ],
)
def test_what_is_typed_wrong_is_said_beside_it(desk: Client, fields: dict[str, Any], status: int) -> None:
    assert arrive(desk, **fields).status_code == status


def test_a_second_ticket_for_the_same_person_is_refused(desk: Client) -> None:
    arrive(desk)
    assert "déjà un ticket" in arrive(desk, key="autre").content.decode()


def test_a_known_person_is_found_and_bound(desk: Client) -> None:
    person = PersonFactory(family_name="Inventé", given_name="Zoé")
    assert "Inventé" in desk.get("/accueil/personnes/", {"name": "invente"}).content.decode()
    arrive(desk, person=person.pk)
    assert Ticket.objects.get().person == person


def test_searching_todays_tickets(desk: Client, staff: Staff) -> None:
    first, second = staff.ticket(name="Alpha Fictif"), staff.ticket(name="Beta Fictif")
    page = desk.get("/accueil/etat/", {"q": "beta"}).content.decode()
    assert str(second) in page
    assert str(first) not in page
    assert str(first) in desk.get("/accueil/", {"q": str(first)}).content.decode()


def test_a_departure_a_return_and_a_missed_person(desk: Client, staff: Staff) -> None:
    leaving, coming_back, missed = staff.ticket(), staff.ticket(), staff.ticket()
    desk.post(f"/accueil/ticket/{leaving.pk}/parti/")
    assert Ticket.objects.get(pk=leaving.pk).state == Status.LEFT
    fields = {"kind": "first_next_day", "reason": "Guichets fermés"}
    answer = desk.post(f"/accueil/ticket/{coming_back.pk}/revenir/", fields, follow=True)
    assert ReturnPass.objects.get().code in answer.content.decode()
    Ticket.objects.filter(pk=missed.pk).update(state=Status.MISSED)
    desk.post(f"/accueil/ticket/{missed.pk}/remettre/")
    assert Ticket.objects.get(pk=missed.pk).state == Status.WAITING


def test_a_return_needs_a_reason_and_an_hour(desk: Client, staff: Staff) -> None:
    ticket = staff.ticket()
    url = f"/accueil/ticket/{ticket.pk}/revenir/"
    assert desk.post(url, {"kind": "later_today", "reason": ""}).status_code == 422
    assert desk.post(url, {"kind": "later_today", "reason": "Attente"}).status_code == 422
    assert desk.post(url, {"kind": "later_today", "reason": "Attente", "at": "11:15"}).status_code == 302


def test_the_paper(desk: Client, staff: Staff) -> None:
    ticket = staff.ticket()
    assert desk.post(f"/accueil/ticket/{ticket.pk}/imprimer/").headers["Location"].endswith("/papier/")
    assert str(ticket) in desk.get(f"/accueil/ticket/{ticket.pk}/papier/").content.decode()


def test_yesterdays_ticket_is_read_but_not_moved(desk: Client, staff: Staff) -> None:
    ticket = staff.ticket()
    with clock.held(at("10:00", at("10:00").date().replace(day=12))):
        assert desk.get(f"/accueil/ticket/{ticket.pk}/").status_code == 200
        answer = desk.post(f"/accueil/ticket/{ticket.pk}/parti/")
    assert answer.status_code == 409
    assert "pas d'aujourd'hui" in answer.content.decode().replace("&#x27;", "'")


def test_a_ticket_of_another_office_does_not_exist_here(staff: Staff) -> None:
    ticket = staff.ticket()
    elsewhere = Staff(Office.objects.get(code="antony"))
    client, _agent = elsewhere.signed_in("greeter")
    assert client.get(f"/accueil/ticket/{ticket.pk}/").status_code == 404
    assert client.post(f"/accueil/ticket/{ticket.pk}/parti/").status_code == 404


def test_the_story_of_a_ticket_is_told_in_the_sentences_of_the_journal(staff: Staff, desk: Client) -> None:
    _client, agent = staff.at_counter(3)
    ticket = staff.ticket()
    actions.call_next(staff.counter(3), by=agent)
    page = desk.get(f"/accueil/ticket/{ticket.pk}/").content.decode()
    assert f"{ticket} appelé au guichet 3" in page
    assert agent.name in page
    assert "%(" not in page
