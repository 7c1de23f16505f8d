"""Who came, and why they go first, is in the tables of the office alone: no fact, event, display or log says it."""

import json
import logging

import pytest
from django.test import Client

from parvis.journal.models import Entry
from parvis.reception import actions
from parvis.reception.states import LeaveReason, Outcome, Priority, ReturnKind
from tests.people.factories import PersonFactory
from tests.web.staff import Staff

NAME = "Xylophone Fictif"
SECRETS = (NAME, "Xylophone", "1990", "mobility_card", "Ascenseur")


@pytest.fixture
def day(staff: Staff) -> Staff:
    """A person with a right to go first, from the door to the return slip, and one who leaves."""
    browser, agent = staff.at_counter(1, "filing")
    come = staff.ticket(name=NAME, priority=Priority.MOBILITY_CARD)
    known = staff.ticket(person=PersonFactory(family_name="Xylophone", given_name="Fictif"))
    for path in ("appeler", "arrive", "terminer"):
        fields = {"ticket": come.pk, "outcome": Outcome.DONE.value, "key": path}
        assert browser.post(f"/guichet/1/{path}/", fields).status_code == 302
    actions.leave(staff.ticket(name=f"{NAME} deux"), by=agent, reason=LeaveReason.TOLD_US)
    actions.give_return(known, kind=ReturnKind.FIRST_NEXT_DAY, by=agent, reason="Ascenseur en panne")
    return staff


def test_no_fact_says_who_or_why(day: Staff) -> None:
    told = json.dumps(list(Entry.objects.order_by("pk").values_list("what", "facts")))
    assert "ticket.deferred" in told
    assert [secret for secret in SECRETS if secret in told] == []


@pytest.mark.parametrize("path", ["/affichage/nanterre/", "/affichage/nanterre/tableau/"])
def test_no_display_says_who(day: Staff, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert [secret for secret in SECRETS if secret in answer.content.decode()] == []


def test_no_page_of_a_ticket_says_who(day: Staff) -> None:
    ticket = day.ticket(name=f"{NAME} trois", priority=Priority.MOBILITY_CARD)
    for path in (f"/t/{ticket.token}/", f"/t/{ticket.token}/etat/", f"/borne/nanterre/ticket/{ticket.token}/"):
        answer = Client().get(path)
        assert answer.status_code == 200
        assert [secret for secret in SECRETS if secret in answer.content.decode()] == []
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_fault_logs_nothing_that_was_typed(staff: Staff, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    client.post("/compte/connexion/", {"login": NAME, "password": "mot-de-passe-Xylophone"})
    client.post("/borne/nanterre/identite/?d=information", {"seal": "x", "name": NAME, "year": "1990"})
    assert [secret for secret in SECRETS if secret in caplog.text] == []


def test_no_address_says_by_what_right_somebody_goes_ahead(staff: Staff) -> None:
    """Histories and logs keep addresses; a person without any right carries as much as one who has one."""
    step = "/borne/nanterre/priorite/?d=information"
    given = [Client().post(step, {"p": right}).headers["Location"] for right in ("", "mobility_card", "family_card")]
    assert all("card" not in address for address in given)
    assert len({len(address) for address in given}) == 1
    assert len(set(given)) == 3
