"""Who works when: planned, refused with a sentence, cancelled, and read by the board of the review."""

import html
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from parvis.casefiles.queries import thursday
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices.models import Agent, Shift
from tests.offices.factories import AgentFactory, ShiftFactory
from tests.reception.house import House, at

PAGE = "/pilotage/services/"
TUESDAY = date(2017, 12, 12)


def said(answer: HttpResponse) -> str:
    """What a page says."""
    return html.unescape(answer.content.decode())


@pytest.fixture
def clerk(house: House) -> Agent:
    """Somebody who can be planned."""
    return AgentFactory(office=house.office, name="Clerc Fictif")


def typed(who: Agent, **changes: Any) -> dict[str, Any]:
    """The form as the head fills it in."""
    given = {"day": TUESDAY.isoformat(), "agent": who.pk, "duty": "counter", "counter": "", "starts": "09:00"}
    return given | {"ends": "16:00"} | changes


def test_a_shift_is_planned_and_the_day_shows_it(house: House, screen: Client, clerk: Agent) -> None:
    counter = house.counter("filing")
    assert "Aucun service planifié ce jour-là." in said(screen.get(PAGE))
    answer = screen.post(f"{PAGE}planifier/", typed(clerk, counter=counter.number))
    assert answer["Location"] == f"{PAGE}?date=2017-12-12"
    shift = Shift.objects.get()
    assert (shift.agent, shift.counter, shift.duty) == (clerk, counter, Shift.Duty.COUNTER)
    assert (shift.starts_at, shift.ends_at) == (at("09:00", TUESDAY), at("16:00", TUESDAY))
    page = said(screen.get(answer["Location"]))
    assert "Service de Clerc Fictif planifié." in page
    assert "09:00–16:00" in page
    assert f"guichet {counter.number}" in page
    assert "Aucun service planifié" in said(screen.get(PAGE))
    [fact] = Entry.objects.named("shift.planned")
    assert "Service de Clerc Fictif planifié : 12 décembre 09:00 – 16:00" in said(
        screen.get("/journal/?what=shift.planned&day=2017-12-11")
    )
    assert fact.agent_id == Agent.objects.get(name="Cheffe Exemple").pk


def test_who_reviews_on_a_day_stands_on_its_board(house: House, screen: Client, clerk: Agent) -> None:
    screen.post(f"{PAGE}planifier/", typed(clerk, duty="back_office", day="2017-12-14"))
    [officer] = thursday(house.office, date(2017, 12, 14)).officers
    assert (officer.agent, officer.on_shift) == (clerk, True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts": "15:00"}, "Cet agent a déjà un service à cette heure."),
        ({"ends": "08:00"}, "La fin du service vient après son début."),
        ({"ends": "09:00"}, "La fin du service vient après son début."),
        ({"day": "2017-12-10"}, "Ce jour est passé : choisissez aujourd'hui ou un jour à venir."),
        ({"day": "2020-01-01"}, "Choisissez une date dans les deux ans."),
        ({"day": "demain"}, "Saisissez une date valide."),
        ({"duty": "rien"}, "Sélectionnez un choix valide."),
        ({"counter": "99"}, "Sélectionnez un choix valide."),
        ({"agent": ""}, "Ce champ est obligatoire."),
    ],
)
def test_a_refusal_is_a_sentence_and_loses_nothing(
    screen: Client, clerk: Agent, changes: dict[str, str], sentence: str
) -> None:
    ShiftFactory(agent=clerk, starts_at=at("14:00", TUESDAY), ends_at=at("18:00", TUESDAY))
    answer = screen.post(f"{PAGE}planifier/", typed(clerk, **changes))
    assert answer.status_code in {409, 422}
    page = said(answer)
    assert sentence in page
    sent = typed(clerk, **changes)
    assert f'value="{sent["starts"]}"' in page
    assert f'value="{sent["ends"]}"' in page
    assert f'value="{sent["day"]}"' in page
    assert (f'value="{clerk.pk}" selected' in page) == bool(sent["agent"])
    assert Shift.objects.count() == 1


def test_a_counter_has_one_agent_and_the_page_says_so(house: House, screen: Client, clerk: Agent) -> None:
    counter = house.counter("filing")
    screen.post(f"{PAGE}planifier/", typed(clerk, counter=counter.number))
    other = AgentFactory(office=house.office)
    answer = screen.post(f"{PAGE}planifier/", typed(other, counter=counter.number))
    assert answer.status_code == 409
    assert "Ce guichet est déjà confié à un autre agent à cette heure." in said(answer)
    assert Shift.objects.count() == 1


def test_nobody_of_another_office_or_who_left_is_planned(screen: Client, clerk: Agent) -> None:
    elsewhere = AgentFactory()
    gone = AgentFactory(office=clerk.office, is_active=False)
    for agent in (elsewhere, gone):
        assert screen.post(f"{PAGE}planifier/", typed(agent)).status_code == 422
    assert not Shift.objects.exists()


def test_a_shift_is_cancelled_ended_or_left_as_it_was(screen: Client, clerk: Agent) -> None:
    now = clock.now()
    over = ShiftFactory(agent=clerk, starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    begun = ShiftFactory(agent=clerk, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    to_come = ShiftFactory(agent=clerk, starts_at=at("09:00", TUESDAY), ends_at=at("16:00", TUESDAY))
    page = said(screen.get(PAGE))
    assert f"{PAGE}{over.pk}/annuler/" not in page
    told = []
    for shift in (over, begun, to_come):
        answer = screen.post(f"{PAGE}{shift.pk}/annuler/", follow=True)
        told.append(said(answer))
    assert "Ce service est terminé : il reste comme il était." in told[0]
    assert "Service de Clerc Fictif terminé maintenant." in told[1]
    assert "Service de Clerc Fictif annulé." in told[2]
    assert list(Shift.objects.order_by("pk").values_list("pk", "ends_at")) == [(over.pk, over.ends_at), (begun.pk, now)]


def test_a_shift_of_another_office_is_not_found(screen: Client, clerk: Agent) -> None:
    shift = ShiftFactory(starts_at=at("09:00", TUESDAY), ends_at=at("16:00", TUESDAY))
    assert screen.post(f"{PAGE}{shift.pk}/annuler/").status_code == 404
    assert Shift.objects.count() == 1
    assert shift.agent.name not in said(screen.get(f"{PAGE}?date=2017-12-12"))


@pytest.mark.parametrize("asked", ["hier", "1999-12-31", "9999-12-31", "2020-06-01"])
def test_a_day_that_cannot_be_shown_is_said_and_today_is_shown(screen: Client, asked: str) -> None:
    answer = screen.get(PAGE, {"date": asked})
    assert answer.status_code == 422
    assert "Services du lundi 11 décembre 2017" in said(answer)
