"""Hours and closures: what a change would hit is shown before it is decided, and history stays."""

import html
from datetime import date, time, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices import queries as offices
from parvis.offices.models import Agent, Closure, OpeningWindow
from parvis.reception import actions
from tests.offices.factories import ClosureFactory, LineFactory
from tests.reception.house import MONDAY, House, at

TUESDAY = MONDAY + timedelta(days=1)
ASKED = {"weekday": "1", "valid_from": "2017-12-11", "opens_1": "13:00", "closes_1": "16:00"}
LINE = "/pilotage/horaires/filing/"


def said(answer: HttpResponse) -> str:
    """What a page says."""
    return html.unescape(answer.content.decode())


def test_the_week_of_every_line_is_shown(house: House, screen: Client) -> None:
    page = said(screen.get("/pilotage/horaires/"))
    assert "09:00–16:00" in page
    assert "09:00–15:30" in page
    weekends, thursdays = 2 * len(house.lines), len(house.lines) - 1
    assert page.count("fermé</span>") == weekends + thursdays


def test_a_change_shows_first_what_it_hits(house: House, screen: Client, head: Agent) -> None:
    house.ticket("renewal")
    page = said(screen.get(LINE, ASKED))
    assert "1 personne qui a un ticket aujourd'hui ne serait plus reçue à temps" in page
    assert "09:00–16:00, en vigueur depuis le 1 janvier 2017" in page
    assert "Décider ce changement" in page
    assert offices.weekly_hours(house.lines["filing"], MONDAY)[1] == ((time(9), time(16)),)


def test_a_promise_that_would_fall_on_a_closed_day_is_shown(house: House, screen: Client, head: Agent) -> None:
    actions.give_return(house.ticket("renewal"), kind="first_next_day", by=head, reason="Panne")
    asked = {"weekday": "2", "valid_from": "2017-12-12", "closed": "on", "reason_fr": "Instruction"}
    assert "1 retour a été promis à un moment où la file serait fermée." in said(screen.get(LINE, asked))


def test_an_earlier_closing_shows_who_is_no_longer_received(house: House, screen: Client, head: Agent) -> None:
    house.desk("filing")
    for _ in range(10):
        house.ticket("renewal")
    actions.give_return(house.ticket("renewal"), kind="later_today", at=at("14:00"), by=head, reason="Fictif")
    morning = {**ASKED, "opens_1": "09:00", "closes_1": "12:00"}
    page = said(screen.get(LINE, morning))
    assert "2 personnes qui ont un ticket aujourd'hui ne seraient plus reçues à temps" in page
    assert "1 retour a été promis à un moment où la file serait fermée." in page
    page = said(screen.get(LINE, {**morning, "valid_from": "2017-12-18"}))
    assert "Aucun ticket d'aujourd'hui n'est touché." in page
    assert "Aucun retour promis n'est touché." in page


def test_a_change_is_decided_and_history_stays(house: House, screen: Client, head: Agent) -> None:
    later = {**ASKED, "valid_from": "2017-12-18"}
    assert screen.post(f"{LINE}changer/", later).status_code == 302
    line = house.lines["filing"]
    assert offices.weekly_hours(line, MONDAY)[1] == ((time(9), time(16)),)
    assert offices.weekly_hours(line, date(2017, 12, 18))[1] == ((time(13), time(16)),)
    fact = Entry.objects.named("opening.changed").get()
    assert (fact.agent_id, fact.facts["before"], fact.facts["after"]) == (head.pk, ["09:00-16:00"], ["13:00-16:00"])
    page = said(screen.get(LINE))
    assert "17/12/2017" in page
    assert "change le 18 décembre" in said(screen.get("/pilotage/horaires/"))


def test_a_day_with_a_pause_at_noon(house: House, screen: Client) -> None:
    sent = {**ASKED, "opens_1": "09:00", "closes_1": "12:00", "opens_2": "13:30", "closes_2": "16:00"}
    screen.post(f"{LINE}changer/", sent)
    assert offices.weekly_hours(house.lines["filing"], MONDAY)[1] == ((time(9), time(12)), (time(13, 30), time(16)))


def test_closing_a_weekday_tells_the_public_why(house: House, screen: Client) -> None:
    sent = {"weekday": "2", "valid_from": "2017-12-12", "closed": "on", "reason_fr": "Instruction des dossiers"}
    screen.post(f"{LINE}changer/", sent)
    assert offices.why_closed(house.lines["filing"], TUESDAY) == "Instruction des dossiers"


def test_changing_nothing_writes_nothing(house: House, screen: Client) -> None:
    same = {**ASKED, "opens_1": "09:00"}
    assert "ces horaires sont déjà ceux de la file" in said(screen.get(LINE, same))
    screen.post(f"{LINE}changer/", same)
    assert not Entry.objects.named("opening.changed").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"valid_from": "2017-12-10"}, "Cette date est passée"),
        ({"valid_from": "0001-01-01"}, "Cette date est passée"),
        ({"valid_from": "9999-12-31"}, "Choisissez une date dans les deux ans."),
        ({"valid_from": "hier"}, "Saisissez une date valide."),
        ({"opens_1": "16:00", "closes_1": "09:00"}, "La fermeture vient après l'ouverture."),
        ({"opens_1": "09:00", "closes_1": "09:00"}, "La fermeture vient après l'ouverture."),
        ({"opens_1": "25:99"}, "Saisissez une heure valide."),
        ({"closes_1": ""}, "Donnez l'heure d'ouverture et l'heure de fermeture."),
        ({"opens_2": "12:00", "closes_2": "18:00"}, "sans chevaucher une autre"),
        ({"opens_1": "", "closes_1": ""}, "Donnez des horaires, ou cochez"),
        ({"closed": "on"}, "Des horaires sont donnés"),
        ({"weekday": "8"}, "Sélectionnez un choix valide"),
        ({"weekday": "x" * 10_000}, "Sélectionnez un choix valide"),
        ({"reason_fr": "é" * 10_000}, "200"),
    ],
)
def test_impossible_hours_are_refused_in_words_before_and_when_deciding(
    house: House, screen: Client, changed: dict[str, str], words: str
) -> None:
    sent = {**ASKED, **changed}
    before = OpeningWindow.objects.count()
    for answer in (screen.get(LINE, sent), screen.post(f"{LINE}changer/", sent)):
        assert answer.status_code == 422
        assert words in said(answer)
    assert OpeningWindow.objects.count() == before


def test_a_line_of_another_office_does_not_exist(house: House, screen: Client) -> None:
    LineFactory(code="licence")
    for answer in (
        screen.get("/pilotage/horaires/licence/"),
        screen.post("/pilotage/horaires/licence/changer/", ASKED),
    ):
        assert answer.status_code == 404


def test_a_closure_shows_first_what_it_hits(house: House, screen: Client, head: Agent) -> None:
    house.ticket("renewal")
    actions.give_return(house.ticket("renewal"), kind="first_next_day", by=head, reason="Panne")
    today = said(screen.get("/pilotage/fermetures/", {"day": "2017-12-11", "reason_fr": "Panne de chauffage"}))
    assert "1 personne a un ticket aujourd'hui pour ces files." in today
    tomorrow = said(screen.get("/pilotage/fermetures/", {"day": "2017-12-12", "reason_fr": "Panne de chauffage"}))
    assert "1 retour a été promis ce jour-là." in tomorrow
    assert not Closure.objects.exists()


def test_a_closure_of_a_day_that_is_closed_anyway_says_so(house: House, screen: Client) -> None:
    page = said(screen.get("/pilotage/fermetures/", {"day": "2017-12-25", "reason_fr": "Noël"}))
    assert "Aucune de ces files n'ouvre ce jour-là" in page


def test_a_closure_is_declared_for_some_lines_and_taken_back(house: House, screen: Client) -> None:
    sent = {"day": "2017-12-12", "lines": ["filing", "receipts"], "reason_fr": "Panne", "reason_en": "Failure"}
    assert screen.post("/pilotage/fermetures/declarer/", sent).status_code == 302
    closure = Closure.objects.get()
    assert {line.code for line in closure.lines.all()} == {"filing", "receipts"}
    assert closure.reason == {"fr": "Panne", "en": "Failure"}
    assert offices.hours(house.lines["handover"], TUESDAY)
    assert "Panne" in said(screen.get("/pilotage/fermetures/"))
    answer = screen.post(f"/pilotage/fermetures/{closure.pk}/annuler/", follow=True)
    assert "gardent leur nouvelle heure" in answer.content.decode()
    assert offices.hours(house.lines["filing"], TUESDAY)
    assert Entry.objects.named("closure.declared", "closure.cancelled").count() == 2


def test_without_a_line_the_whole_office_closes(house: House, screen: Client) -> None:
    screen.post("/pilotage/fermetures/declarer/", {"day": "2017-12-12", "reason_fr": "Panne"})
    assert offices.office_hours(house.office, TUESDAY) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"day": "2017-12-10"},
        {"day": "9999-12-31"},
        {"day": ""},
        {"lines": "licence"},
        {"reason_fr": " "},
        {"reason_fr": "é" * 10_000},
    ],
)
def test_an_impossible_closure_is_refused(house: House, screen: Client, changed: dict[str, str]) -> None:
    sent = {"day": "2017-12-12", "reason_fr": "Panne", **changed}
    assert screen.get("/pilotage/fermetures/", sent).status_code == 422
    assert screen.post("/pilotage/fermetures/declarer/", sent).status_code == 422
    assert not Closure.objects.exists()


def test_a_closure_that_is_over_or_of_another_office_stays(house: House, screen: Client) -> None:
    over = ClosureFactory(office=house.office, day=MONDAY - timedelta(days=3))
    elsewhere = ClosureFactory(day=clock.today())
    assert screen.post(f"/pilotage/fermetures/{over.pk}/annuler/").status_code == 422
    assert screen.post(f"/pilotage/fermetures/{elsewhere.pk}/annuler/").status_code == 404
    assert Closure.objects.count() == 2
