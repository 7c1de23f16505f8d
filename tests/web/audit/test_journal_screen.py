"""Searching the journal: by kind, agent, day and ticket, page by page, in sentences."""

import ast
import html
import re
from datetime import date, time
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from parvis.common import clock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM
from parvis.offices import actions as offices
from parvis.offices.models import Agent
from parvis.permits import actions as permits
from parvis.procedures import actions as procedures
from parvis.procedures.models import AccessMode, Mode
from parvis.reception import actions
from parvis.web.audit.kinds import KINDS
from parvis.web.audit.views import PAGE
from tests.booking.house import SINCE, BookingHouse
from tests.offices.factories import AgentFactory, LineFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import House, at, wait
from tests.web.seats import WEDNESDAY

ROOT = Path(__file__).resolve().parents[3]


def said(answer: HttpResponse) -> str:
    """What a page says."""
    return html.unescape(answer.content.decode())


def look(client: Client, **asked: object) -> str:
    """Search and read."""
    answer = client.get("/journal/", asked)
    assert answer.status_code == 200
    return said(answer)


def kinds_in(source: str) -> set[str]:
    """The kinds of facts that a Python file records."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in {"record", "tell", "_tell", "_record"} and node.args:
                words = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
                found |= {word for word in words if isinstance(word, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", word)}
    return found


def test_every_kind_of_fact_has_a_sentence() -> None:
    recorded = set().union(*(kinds_in(path.read_text()) for path in (ROOT / "parvis").rglob("*.py")))
    assert "ticket.called" in recorded
    assert recorded - set(KINDS) == set()


def test_a_visit_is_told_in_sentences(house: House, screen: Client) -> None:
    counter, agent = house.desk("filing")
    ticket = house.ticket("renewal")
    wait(12)
    house.serve(counter, agent)
    page = look(screen, ticket="d 1")
    assert "D001 donné : renewal (Sans rendez-vous)" in page
    assert "D001 appelé au guichet 1 (Sans rendez-vous, attente 12 minutes)" in page
    assert "D001 : renewal, Démarche faite, en moins d'une minute au guichet 1" in page
    assert "D001 a été reçu" in page
    assert f"Appel · {agent.name}" in page
    assert "Borne" in page
    assert "Guichet 1 ouvert" not in page
    assert f'"rank": "{ticket.rank}"' in page


def test_an_appointment_is_followed_from_the_hold_to_the_card(house: House, screen: Client) -> None:
    AccessMode.objects.bulk_create(
        AccessMode(procedure=one, mode=Mode.MIXED, valid_from=SINCE) for one in house.procedures.values()
    )
    seats = BookingHouse(house, AgentFactory(office=house.office, roles=["greeter"]))
    card = PermitFactory(office=house.office)
    slot = seats.slots("handover", day=WEDNESDAY, minutes=10, hours=("10:00", "12:00"))[0]
    wish = seats.wish("permit_handover", permit=card)
    booked = seats.booked(slot, wish, attendees=[seats.attendee("permit_handover", permit=card)])
    other = seats.booked(seats.slots(day=WEDNESDAY, hours=("10:00", "12:00"))[0])
    clock.hold(at("09:55", WEDNESDAY))
    ticket = actions.check_in(booked, by=AgentFactory(office=house.office, name="Accueil Exemple"))
    page = look(screen, ticket=booked.number.lower())
    assert "Rendez-vous pris pour le 13 décembre 10:00 : permit_handover (Internet)" in page
    assert "La personne attendue le 13 décembre 10:00 est arrivée" in page
    assert f"{ticket} donné" in page
    assert f"?ticket={booked.number}" in page
    assert other.number not in page
    permits.hand_over(card, ticket=str(ticket), by=AgentFactory(office=house.office))
    assert f"Un titre est remis, ticket {ticket}" in look(screen, ticket=booked.number)


def test_how_people_come_is_told_with_the_procedure(house: House, screen: Client) -> None:
    head = AgentFactory(office=house.office, name="Cheffe Exemple")
    renewal = house.procedures["renewal"]
    procedures.change_access(renewal, mode=Mode.APPOINTMENT_ONLY, valid_from=date(2018, 1, 8), by=head)
    page = look(screen, what="procedure.access_changed")
    assert "renewal, accès : Sans rendez-vous, puis Sur rendez-vous seulement le 8 janvier 2018" in page
    assert "Cheffe Exemple" in page


def test_somebody_called_out_of_order_stands_out(house: House, screen: Client) -> None:
    counter, _agent = house.desk("filing")
    house.ticket("renewal")
    last = house.ticket("renewal")
    head = Agent.objects.get(sessions__counter=counter)
    actions.pick(last, counter=counter, by=head)
    assert "Hors de son tour : 1 personne était devant" in look(screen, what="ticket.called")


def test_what_the_head_decides_is_told(house: House, screen: Client) -> None:
    head = AgentFactory(office=house.office, name="Cheffe Exemple")
    counter = house.counter("filing")
    line = house.lines["filing"]
    offices.change_opening(line, weekday=1, hours=[(time(13), time(16))], valid_from=date(2017, 12, 18), by=head)
    offices.close_exceptionally(house.office, date(2017, 12, 20), reason={"fr": "Panne"}, by=head)
    offices.set_counter_lines(counter, lines=[line, house.lines["receipts"]], by=head)
    offices.give_roles(head, roles=["head_of_office"], by=head)
    actions.set_policy(house.office, by=head, absent_pause=10)
    page = look(screen)
    assert "filing, lundi : 09:00-16:00, puis 13:00-16:00 à partir du 18 décembre 2017" in page
    assert "Fermeture exceptionnelle le 20 décembre 2017, files toutes" in page
    assert "Guichet 1 : files D, désormais D, R" in page
    assert "Rôles de Cheffe Exemple : —, désormais Chef de bureau" in page
    assert "Délai avant de rappeler un absent 3, désormais Délai avant de rappeler un absent 10" in page


def test_facts_are_found_by_kind_agent_and_day(house: House, screen: Client) -> None:
    counter, agent = house.desk("filing")
    house.ticket("renewal")
    house.serve(counter, agent)
    assert "Guichet 1 ouvert" in look(screen, what="counter.")
    assert "D001" not in look(screen, what="counter.")
    by_agent = look(screen, agent=agent.pk)
    assert "D001 a été reçu" in by_agent
    assert "D001 donné" not in by_agent
    assert "Aucun fait ne correspond." in look(screen, day="2017-12-08")
    assert "D001 donné" in look(screen, day="2017-12-11")
    assert "Aucun fait ne correspond." in look(screen, what="licorne")


def test_a_kind_is_found_by_its_name_too(house: House, screen: Client) -> None:
    house.ticket("renewal")
    counter, _agent = house.desk("filing")
    found = look(screen, what="ticket donné")
    assert "D001 donné" in found
    assert f"Guichet {counter.number} ouvert" not in found


def test_only_the_calls_out_of_order(house: House, screen: Client) -> None:
    counter, agent = house.desk("filing")
    house.ticket("renewal")
    actions.pick(house.ticket("renewal"), counter=counter, by=agent)
    found = look(screen, out_of_order="on")
    assert "D002 appelé" in found
    assert "D001" not in found
    assert "D002 donné" not in found


def test_a_day_ends_at_midnight_of_the_office(house: House, screen: Client) -> None:
    journal.record("agent.signed_in", house.office, by=SYSTEM, at=at("23:59"), office=house.office.pk)
    clock.hold(at("10:00", date(2017, 12, 12)))
    assert "11/12/2017" in look(screen, day="2017-12-11")
    assert "Aucun fait ne correspond." in look(screen, day="2017-12-12")


def test_pages_do_not_move_while_facts_come_in(house: House, screen: Client) -> None:
    def record(count: int) -> None:
        for _fact in range(count):
            journal.record("office.loaded", house.office, by=SYSTEM, at=clock.now(), office=house.office.pk)

    record(PAGE + 20)
    first = look(screen, what="office.loaded")
    [older] = re.findall(r'href="\?([^"]*avant=\d+)"', first)
    record(5)
    second = said(screen.get(f"/journal/?{older}"))
    numbers = [set(re.findall(r"n° (\d+)", page)) for page in (first, second)]
    assert [len(found) for found in numbers] == [PAGE, 20]
    assert not numbers[0] & numbers[1]
    assert "Revenir aux plus récents" in second
    assert "Plus anciens" not in second


def test_another_office_is_never_shown(house: House, screen: Client) -> None:
    line = LineFactory(december_2017=True)
    there = House(line.office, {"filing": line}, house.procedures)
    there.ticket("renewal")
    stranger = AgentFactory(office=line.office)
    assert "Aucun fait ne correspond." in look(screen)
    assert screen.get("/journal/", {"agent": stranger.pk}).status_code == 422
    assert screen.get("/journal/", {"ticket": "D001"}).status_code == 422


@pytest.mark.parametrize(
    "asked",
    [
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"day": "hier"},
        {"agent": "x"},
        {"ticket": "D999"},
        {"ticket": "'; DROP"},
        {"what": "x" * 10_000},
        {"ticket": "é" * 10_000},
    ],
)
def test_what_cannot_be_searched_is_said(house: House, screen: Client, asked: dict[str, str]) -> None:
    assert screen.get("/journal/", asked).status_code == 422


@pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 19, "9" * 10_000, "²"])
def test_a_forged_page_key_is_harmless(house: House, screen: Client, before: str) -> None:
    assert screen.get("/journal/", {"avant": before}).status_code == 200


def test_a_fact_of_an_unknown_kind_or_an_older_shape_is_shown_as_it_is(house: House, screen: Client) -> None:
    now = clock.now()
    ticket = house.ticket("renewal")
    journal.record("moon.landed", ticket, by=SYSTEM, at=now, office=house.office.pk, day="hier")
    journal.record("day.closed", house.office, by=SYSTEM, at=now, office=house.office.pk, day="hier", turned_away=None)
    journal.record("opening.changed", ticket, by=SYSTEM, at=now, office=house.office.pk, weekday="lundi")
    page = look(screen)
    assert "moon.landed" in page
    assert "Journée du hier close : — non reçus" in page


@pytest.mark.parametrize("role", ["greeter", "counter_agent", "administrator", "press_officer"])
def test_other_roles_are_refused(house: House, role: str) -> None:
    client = Client()
    client.force_login(AgentFactory(office=house.office, roles=[role]).user)
    assert client.get("/journal/").status_code == 403
