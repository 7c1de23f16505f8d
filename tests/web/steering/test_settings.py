"""What each counter serves, the order of the queue and its guarantee, the end of the day, the figures."""

import html
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from parvis.booking.models import BookingPolicy
from parvis.booking.rules.limits import BOUNDS as BOOKING_BOUNDS
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices.models import Agent
from parvis.reception import actions, queries
from parvis.reception.errors import InvalidPolicy
from parvis.reception.models import CounterSession, QueuePolicy, Ticket
from parvis.reception.rules import BOUNDS
from parvis.reception.states import Rank, SessionState, Status
from tests.offices.factories import AgentFactory
from tests.reception.house import House, at

POLICY = {
    "appointment_head_start": 20,
    "priority_head_start": 60,
    "absent_pause": 3,
    "doors_before_opening": 30,
    "printer_host": "",
    "printer_port": 9100,
}


def said(answer: HttpResponse) -> str:
    """What a page says."""
    return html.unescape(answer.content.decode())


def test_a_counter_is_given_other_lines(house: House, screen: Client) -> None:
    counter = house.counter("filing")
    page = said(screen.get("/pilotage/guichets/"))
    assert "Aucun guichet ne sert" in page
    answer = screen.post(f"/pilotage/guichets/{counter.number}/", {"lines": ["filing", "receipts"]})
    assert answer["Location"] == "/pilotage/guichets/"
    assert {line.code for line in counter.lines.all()} == {"filing", "receipts"}
    assert "Guichet 1 : files D, R." in said(screen.get("/pilotage/guichets/"))
    assert Entry.objects.named("counter.lines_changed").count() == 1


def test_a_counter_may_serve_nothing_and_the_page_says_so(house: House, screen: Client) -> None:
    counter = house.counter("filing")
    screen.post(f"/pilotage/guichets/{counter.number}/")
    assert not counter.lines.exists()
    assert "Guichet 1 : plus aucune file." in said(screen.get("/pilotage/guichets/"))


def test_unknown_lines_and_counters_change_nothing(house: House, screen: Client) -> None:
    counter = house.counter("filing")
    screen.post(f"/pilotage/guichets/{counter.number}/", {"lines": ["filing", "licence"]})
    assert [line.code for line in counter.lines.all()] == ["filing"]
    assert "rien n'a été changé" in said(screen.get("/pilotage/guichets/"))
    assert screen.post("/pilotage/guichets/99/", {"lines": ["filing"]}).status_code == 404


def test_the_rules_state_their_guarantee(house: House, screen: Client) -> None:
    page = said(screen.get("/pilotage/regles/"))
    assert "Personne n'est dépassé par quelqu'un dont l'heure de référence vient plus de <strong>1 h</strong>" in page
    typed = {**POLICY, "priority_head_start": "35"}
    assert "plus de <strong>35 minutes</strong>" in said(screen.get("/pilotage/regles/garantie/", typed))
    none = {**POLICY, "priority_head_start": "0", "appointment_head_start": "0"}
    assert "personne n'est dépassé" in said(screen.get("/pilotage/regles/garantie/", none))
    half_typed = {**POLICY, "priority_head_start": "abc"}
    assert "plus de <strong>1 h</strong>" in said(screen.get("/pilotage/regles/garantie/", half_typed))


def test_the_rules_are_set_and_journaled(house: House, screen: Client, head: Agent) -> None:
    sent = {**POLICY, "priority_head_start": 45, "printer_host": "imprimante.exemple"}
    assert screen.post("/pilotage/regles/", sent).status_code == 302
    rule = QueuePolicy.objects.get(office=house.office)
    assert (rule.priority_head_start, rule.printer_host) == (45, "imprimante.exemple")
    fact = Entry.objects.named("policy.changed").get()
    assert fact.agent_id == head.pk
    assert fact.facts == {
        "before": {"priority_head_start": 60, "printer_host": ""},
        "after": {"priority_head_start": 45, "printer_host": "imprimante.exemple"},
    }


def test_how_late_one_may_come_is_set_once_and_holds_everywhere(house: House, screen: Client) -> None:
    """On the page of booking; the queue ranks by it, and the page of the queue says it."""
    rules = {name: getattr(BookingPolicy(), name) for name in BOOKING_BOUNDS}
    assert screen.post("/pilotage/places/regles/", {**rules, "late_minutes": 25}).status_code == 302
    clock.hold(at("10:50"))
    assert house.ticket("renewal", appointment_at=at("10:25")).rank == Rank.APPOINTMENT
    assert house.ticket("renewal", appointment_at=at("10:24")).rank == Rank.WALK_IN
    said_on_both = "Arrivé plus de 25 minutes après son rendez-vous, on est reçu sans rendez-vous."
    assert said_on_both in said(screen.get("/pilotage/regles/garantie/", POLICY))
    page = said(screen.get("/pilotage/regles/"))
    assert said_on_both in page
    assert 'href="/pilotage/places/regles/"' in page
    assert "late_tolerance" not in page


def test_setting_the_same_rules_writes_nothing(house: House, screen: Client) -> None:
    screen.post("/pilotage/regles/", POLICY)
    assert not QueuePolicy.objects.exists()
    assert not Entry.objects.named("policy.changed").exists()


def test_who_waits_keeps_their_place_when_rules_change(house: House, screen: Client) -> None:
    ticket = house.ticket("renewal", priority="mobility_card")
    screen.post("/pilotage/regles/", {**POLICY, "priority_head_start": 0})
    assert queries.ticket(ticket.pk).rank_at == ticket.rank_at
    later = house.ticket("renewal", priority="mobility_card")
    assert later.rank_at == later.reference_at


@pytest.mark.parametrize(
    "changed",
    [{name: high + 1} for name, (_low, high) in BOUNDS.items()]
    + [{name: low - 1} for name, (low, _high) in BOUNDS.items()]
    + [{"absent_pause": ""}, {"absent_pause": "1e3"}, {"absent_pause": "9" * 10_000}]
    + [{"printer_host": host} for host in ("http://x/", "a b", "-x", "x" * 201, "é", "x\n")[:5]],
)
def test_impossible_rules_are_refused(house: House, screen: Client, changed: dict[str, object]) -> None:
    assert screen.post("/pilotage/regles/", {**POLICY, **changed}).status_code == 422
    assert not QueuePolicy.objects.exists()


@pytest.mark.parametrize("fields", [{"head_start": 1}, {"absent_pause": True}, {"printer_host": None}])
def test_the_action_refuses_what_no_form_sends(house: House, head: Agent, fields: dict[str, object]) -> None:
    with pytest.raises(InvalidPolicy):
        actions.set_policy(house.office, by=head, **fields)


def test_closing_says_first_what_it_would_do_and_asks_to_be_sure_before_the_hour(house: House, screen: Client) -> None:
    counter, agent = house.desk("filing")
    house.ticket("renewal")
    house.ticket("renewal")
    actions.arrive(actions.call_next(counter, by=agent), by=agent)
    page = said(screen.get("/pilotage/cloture/"))
    assert "1 personne attend encore : elle sera comptée « non reçue »." in page
    assert "1 personne au guichet ou mise de côté sera comptée reçue, sans résultat écrit." in page
    assert "Guichets qui seront fermés : 1" in page
    answer = screen.post("/pilotage/cloture/fermer/", {"day": "2017-12-11"})
    assert answer.status_code == 422
    assert "cochez la case" in said(answer)
    assert Ticket.objects.open().count() == 2


def test_the_day_is_closed_and_reported(house: House, screen: Client, head: Agent) -> None:
    house.desk("filing")
    house.ticket("renewal")
    clock.hold(at("16:05"))
    assert screen.post("/pilotage/cloture/fermer/", {"day": "2017-12-11"}).status_code == 302
    assert Ticket.objects.get().state == Status.TURNED_AWAY
    assert CounterSession.objects.get().state == SessionState.CLOSED
    page = said(screen.get("/pilotage/cloture/"))
    assert "Ce que la clôture a fait" in page
    assert head.name in page
    assert "Rien à clore" in page


def test_an_early_closing_that_is_meant(house: House, screen: Client) -> None:
    house.ticket("renewal")
    screen.post("/pilotage/cloture/fermer/", {"day": "2017-12-11", "sure": "1"})
    assert not Ticket.objects.open().exists()


def test_a_day_left_open_is_closed_later(house: House, screen: Client) -> None:
    house.ticket("renewal")
    clock.hold(at("08:00", date(2017, 12, 12)))
    assert "Le lundi 11 décembre 2017 n'a pas été clos" in said(screen.get("/pilotage/cloture/"))
    assert screen.post("/pilotage/cloture/fermer/", {"day": "2017-12-11"}).status_code == 302
    assert not Ticket.objects.open().exists()


@pytest.mark.parametrize("day", ["2017-12-08", "2017-12-12", "9999-12-31", "", "x" * 10_000])
def test_a_page_that_is_out_of_date_closes_nothing(house: House, screen: Client, day: str) -> None:
    house.ticket("renewal")
    answer = screen.post("/pilotage/cloture/fermer/", {"day": day, "sure": "1"})
    assert answer.status_code == 409
    assert Ticket.objects.open().count() == 1


def test_the_figures_of_a_day_add_up_and_are_defined(house: House, screen: Client) -> None:
    counter, agent = house.desk("filing")
    house.ticket("renewal")
    house.ticket("renewal")
    house.serve(counter, agent)
    page = said(screen.get("/pilotage/jour/"))
    assert "2 arrivés = 1 reçus + 0 partis + 0 orientés + 0 non reçus + 1 en cours" in page
    assert "Ce que veulent dire ces chiffres" in page
    assert "0 arrivés" in said(screen.get("/pilotage/jour/", {"date": "2017-12-08"}))


@pytest.mark.parametrize("day", ["2017-12-12", "9999-12-31", "0001-01-01", "hier", "x" * 10_000])
def test_a_day_without_figures_is_refused(house: House, screen: Client, day: str) -> None:
    assert screen.get("/pilotage/jour/", {"date": day}).status_code == 422


def test_each_role_sees_the_pages_it_may_open(house: House) -> None:
    client = Client()
    client.force_login(AgentFactory(office=house.office, roles=["administrator"]).user)
    page = said(client.get("/pilotage/regles/"))
    assert "/pilotage/horaires/" in page
    assert "/pilotage/agents/" in page
    assert "/pilotage/cloture/" not in page
    assert client.get("/pilotage/cloture/").status_code == 403
    assert client.post("/pilotage/cloture/fermer/", {"day": "2017-12-11"}).status_code == 403
