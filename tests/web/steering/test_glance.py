"""The day at a glance: the verdict, the reason, the remedy, and whom to offer another moment."""

import html
from datetime import date, time

import pytest
from django.test import Client

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.actions import change_opening
from parvis.offices.models import Agent
from parvis.reception import actions, queries
from parvis.reception.models import HelpCall, ReturnPass
from parvis.reception.states import Priority, Status
from parvis.web.steering import outlook
from tests.offices.factories import AgentFactory, CounterFactory, LineFactory
from tests.reception.house import MONDAY, House, at

TUESDAY = date(2017, 12, 12)


def text(client: Client, address: str = "/pilotage/") -> str:
    """What the page says."""
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def crowd(house: House, people: int = 6, hour: str = "15:00") -> None:
    """One open filing counter, an hour before closing, and more people than it can receive."""
    clock.hold(at(hour))
    house.desk("filing")
    for _person in range(people):
        house.ticket("renewal")


def test_everybody_will_be_received(house: House, screen: Client) -> None:
    house.desk("filing")
    house.ticket("renewal")
    page = text(screen)
    assert "Tout le monde sera reçu aujourd'hui" in page
    assert "15 minutes de travail, 6 h de guichet avant 16:00." in page


def test_too_much_work_is_said_with_the_minutes_missing_and_the_counters_that_could_open(
    house: House, screen: Client
) -> None:
    crowd(house)
    closed = house.counter("filing")
    page = text(screen)
    assert "Tout le monde ne sera pas reçu si rien ne change" in page
    assert "Il manque 30 minutes de guichet avant 16:00." in page
    assert f"Il en faut 1 de plus. Guichets fermés qui servent cette file : {closed.number}." in page


def test_the_counters_that_are_missing_are_counted_without_the_pause(house: House, screen: Client) -> None:
    """At half past eleven three hours are left, not four and a half."""
    hours = [(time(9), time(12)), (time(13, 30), time(16))]
    change_opening(house.lines["filing"], weekday=1, hours=hours, valid_from=MONDAY, by=SYSTEM)
    crowd(house, people=29, hour="11:30")
    house.counter("filing")
    page = text(screen)
    assert "Il manque 4 h 15 de guichet avant 16:00." in page
    assert "Il en faut 2 de plus." in page


def test_a_line_that_just_fits_is_a_warning(house: House, screen: Client) -> None:
    crowd(house, people=4, hour="14:55")
    assert "Tout le monde devrait être reçu, mais c'est juste" in text(screen)


def test_people_who_wait_without_an_open_counter_are_never_all_right(house: House, screen: Client) -> None:
    house.counter("handover")
    house.ticket("permit_handover")
    page = text(screen)
    assert "Tout le monde ne sera pas reçu si rien ne change" in page
    assert "Aucun guichet ouvert pour 6 minutes de travail." in page


def test_a_closed_day_says_so(house: House, screen: Client) -> None:
    clock.hold(at("10:00", date(2017, 12, 10)))
    assert "Le bureau ne reçoit personne aujourd'hui" in text(screen)


def test_the_plan_shows_who_holds_each_counter_and_whom_they_receive(house: House, screen: Client) -> None:
    counter, agent = house.desk("filing")
    house.ticket("renewal")
    ticket = actions.call_next(counter, by=agent)
    page = text(screen, "/pilotage/etat/")
    assert agent.name in page
    assert str(ticket) in page
    assert "Appelle" in page


def test_the_fragment_is_a_fragment(house: House, screen: Client) -> None:
    assert "<html" not in text(screen, "/pilotage/etat/")
    assert "<html" not in text(screen, "/pilotage/retours/")


def test_a_call_for_help_is_answered_once(house: House, screen: Client, head: Agent) -> None:
    counter, agent = house.desk("filing")
    call = actions.call_for_help(counter, by=agent)
    assert "appelle à l'aide" in text(screen)
    assert screen.post(f"/pilotage/renfort/{call.pk}/").status_code == 302
    assert f"allez au guichet {counter.number}" in text(screen)
    assert HelpCall.objects.get(pk=call.pk).answered_by == head
    assert queries.help_calls(house.office) == []


def test_somebody_already_answered(house: House, screen: Client) -> None:
    counter, agent = house.desk("filing")
    call = actions.call_for_help(counter, by=agent)
    actions.answer_help(call, by=AgentFactory(office=house.office))
    screen.post(f"/pilotage/renfort/{call.pk}/")
    assert "Un collègue va déjà" in text(screen)


def test_the_last_of_the_line_are_offered_another_moment_as_many_as_it_takes(house: House) -> None:
    crowd(house)
    [group] = outlook.offers(house.office)
    assert [str(ticket) for ticket in group.tickets] == ["D006", "D005"]
    assert group.next_opening == at("09:00", TUESDAY)
    assert group.hours == []


def test_a_legal_priority_is_never_asked_to_come_back(house: House) -> None:
    crowd(house, people=5)
    house.ticket("renewal", priority=Priority.MOBILITY_CARD)
    [group] = outlook.offers(house.office)
    assert [str(ticket) for ticket in group.tickets] == ["D005", "D004"]


def test_first_place_of_the_next_day_is_given_with_its_reason(house: House, screen: Client, head: Agent) -> None:
    crowd(house)
    ticket = outlook.offers(house.office)[0].tickets[0]
    sent = {"ticket": ticket.pk, "kind": "first_next_day", "reason": "Journée complète"}
    assert screen.post("/pilotage/retours/proposer/", sent).status_code == 302
    given = ReturnPass.objects.get(ticket=ticket)
    assert (given.valid_on, given.reason) == (TUESDAY, "Journée complète")
    assert queries.ticket(ticket.pk).state == Status.DEFERRED
    assert Entry.objects.named("ticket.deferred").get().agent_id == head.pk
    assert f"Code : {given.code}" in text(screen)
    assert given.code in text(screen, f"/pilotage/retours/{given.pk}/")


def test_an_hour_of_today_is_given(house: House, screen: Client) -> None:
    crowd(house, people=30, hour="11:00")
    group = outlook.offers(house.office)[0]
    assert group.hours[0] == at("12:00")
    sent = {"ticket": group.tickets[0].pk, "kind": "later_today", "at": "14:30", "reason": "Panne"}
    assert screen.post("/pilotage/retours/proposer/", sent).status_code == 302
    assert ReturnPass.objects.get().reference_at == at("14:30")
    assert f"{group.tickets[0]} est attendu aujourd'hui à 14:30, sans refaire la file" in text(screen)


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"reason": ""}, 422, "Complétez le champ demandé."),
        ({"reason": "   \u202e "}, 422, "Complétez le champ demandé."),
        ({"kind": "missing_copy"}, 422, "Choisissez une heure"),
        ({"kind": "later_today", "at": "08:00"}, 422, "Choisissez une heure"),
        ({"kind": "later_today", "at": "99:99"}, 422, "Choisissez une heure"),
        ({"kind": "later_today"}, 422, "Choisissez une heure"),
    ],
)
def test_what_is_refused_is_said_beside_the_form(
    house: House, screen: Client, changed: dict[str, str], status: int, said: str
) -> None:
    crowd(house)
    ticket = outlook.offers(house.office)[0].tickets[0]
    sent = {"ticket": ticket.pk, "kind": "first_next_day", "reason": "Panne", **changed}
    answer = screen.post("/pilotage/retours/proposer/", sent)
    assert answer.status_code == status
    assert said in html.unescape(answer.content.decode())
    assert not ReturnPass.objects.exists()


def test_a_reason_of_ten_thousand_characters_is_kept_short(house: House, screen: Client) -> None:
    crowd(house)
    ticket = outlook.offers(house.office)[0].tickets[0]
    sent = {"ticket": ticket.pk, "kind": "first_next_day", "reason": "é" * 10_000}
    assert screen.post("/pilotage/retours/proposer/", sent).status_code == 302
    assert ReturnPass.objects.get().reason == "é" * 200


def test_somebody_called_meanwhile_is_not_sent_away(house: House, screen: Client) -> None:
    crowd(house, people=1)
    ticket = queries.by_number(house.office, clock.today(), "D001")
    counter = queries.floor(house.office)[0].counter
    actions.call_next(counter, by=Agent.objects.get(sessions__counter=counter))
    sent = {"ticket": ticket.pk, "kind": "first_next_day", "reason": "Panne"}
    answer = screen.post("/pilotage/retours/proposer/", sent)
    assert answer.status_code == 409
    assert "Ce ticket a changé entre-temps" in html.unescape(answer.content.decode())
    assert queries.ticket(ticket.pk).state == Status.CALLED


def test_what_belongs_to_another_office_does_not_exist(house: House, screen: Client) -> None:
    line = LineFactory(december_2017=True)
    counter = CounterFactory(office=line.office, lines=[line])
    agent = AgentFactory(office=line.office, lines=[line])
    actions.open_counter(counter, by=agent)
    call = actions.call_for_help(counter, by=agent)
    there = House(line.office, {"filing": line}, house.procedures)
    ticket = there.ticket("renewal")
    given = actions.give_return(there.ticket("renewal"), kind="first_next_day", by=agent, reason="Panne")
    sent = {"ticket": ticket.pk, "kind": "first_next_day", "reason": "Panne"}
    assert screen.post("/pilotage/retours/proposer/", sent).status_code == 404
    assert screen.post("/pilotage/retours/proposer/", {**sent, "ticket": "x"}).status_code == 404
    assert screen.post(f"/pilotage/renfort/{call.pk}/").status_code == 404
    assert screen.get(f"/pilotage/retours/{given.pk}/").status_code == 404
    assert not queries.help_calls(line.office)[0].answered_at


@pytest.mark.parametrize("role", ["counter_agent", "case_officer", "press_officer", "administrator"])
def test_other_roles_are_refused(house: House, role: str) -> None:
    client = Client()
    client.force_login(AgentFactory(office=house.office, roles=[role]).user)
    assert client.get("/pilotage/").status_code == 403


def test_an_auditor_looks_and_does_not_touch(house: House) -> None:
    crowd(house)
    client = Client()
    client.force_login(AgentFactory(office=house.office, roles=["internal_auditor"]).user)
    assert "<form" not in text(client, "/pilotage/retours/")
    ticket = outlook.offers(house.office)[0].tickets[0]
    sent = {"ticket": ticket.pk, "kind": "first_next_day", "reason": "Panne"}
    assert client.post("/pilotage/retours/proposer/", sent).status_code == 403


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([], ""), ([3], "3"), ([3, 4], "3, 4"), ([1, 4, 5, 6, 9, 10], "1, 4–6, 9, 10"), ([5, 6, 7], "5–7")],
)
def test_counter_numbers_are_said_in_short(numbers: list[int], said: str) -> None:
    assert outlook.runs(numbers) == said
