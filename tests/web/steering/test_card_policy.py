"""How long cards wait: what other delays would make due, then the decision."""

import html
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from parvis.booking import actions as booking
from parvis.booking.rules import Contact
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices.models import Agent, Office
from parvis.permits import queries
from parvis.permits.models import CardPolicy
from parvis.procedures.models import AccessMode, Mode
from parvis.web.audit.sentences import Teller
from tests.booking.house import SINCE, BookingHouse
from tests.offices.factories import OfficeFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import House

ADDRESS = "/pilotage/titres/"
DECIDE = f"{ADDRESS}changer/"
USUAL = {"first_reminder_days": "15", "second_reminder_days": "30", "unclaimed_days": "90"}
SHORT = {"first_reminder_days": "5", "second_reminder_days": "9", "unclaimed_days": "20"}


def said(answer: HttpResponse) -> str:
    """What a page says."""
    return " ".join(html.unescape(answer.content.decode()).split())


def waiting(office: Office, days: int, reminders: int = 0, **more: object) -> None:
    """A card announced so many days ago."""
    then = clock.now() - timedelta(days=days)
    PermitFactory(office=office, announced_at=then, reminded_at=then, reminders=reminders, **more)


@pytest.fixture
def stock(house: House) -> Office:
    """Four cards that wait: the usual delays make none due."""
    for days, reminders in ((3, 0), (6, 0), (25, 1), (40, 2)):
        waiting(house.office, days, reminders)
    waiting(house.office, 100, 2, unclaimed_on=clock.today())
    waiting(OfficeFactory(), 50)
    return house.office


def test_the_page_shows_the_delays_of_the_office(house: House, screen: Client) -> None:
    page = said(screen.get(ADDRESS))
    for shown in ("15 jours après l'annonce", "30 jours après l'annonce", "90 jours après l'annonce", 'value="15"'):
        assert shown in page
    CardPolicy.objects.create(office=house.office, first_reminder_days=1, second_reminder_days=2, unclaimed_days=3)
    assert "1 jour après l'annonce" in said(screen.get(ADDRESS))


def test_a_change_is_counted_before_it_is_decided(stock: Office, screen: Client) -> None:
    page = said(screen.get(ADDRESS, SHORT))
    assert '<strong>2</strong> <span class="soft">(premiers : 1, seconds : 1) · avec les délais actuels : 0' in page
    assert 'non réclamés</dt><dd><strong>2</strong> <span class="soft">· avec les délais actuels : 0' in page
    assert "Déjà dans cette liste</dt><dd>1 " in page
    assert "1 titre serait compté non réclamé sans que sa personne ait reçu les deux rappels." in page
    assert not CardPolicy.objects.exists()
    assert not Entry.objects.named("card_policy.changed").exists()
    for name, days in SHORT.items():
        assert f'<input type="hidden" name="{name}" value="{days}">' in page
        assert f'name="{name}" value="{days}" min="1"' in page


def test_a_card_with_an_hour_is_told_apart(stock: Office, house: House, screen: Client, head: Agent) -> None:
    handover = house.procedures["permit_handover"]
    AccessMode.objects.create(procedure=handover, mode=Mode.MIXED, valid_from=SINCE)
    assert "déjà un rendez-vous" not in said(screen.get(ADDRESS, SHORT))
    slot = BookingHouse(house, head).slots("handover", minutes=10, hours=("09:00", "09:10"), seats=1)[0]
    card = queries.to_remind(clock.now(), tried=CardPolicy(office=stock, **{name: int(n) for name, n in SHORT.items()}))
    booking.book_handover(card[0], slot.pk, contact=Contact(email="carte@exemple.invalid"))
    assert "1 de ces titres a déjà un rendez-vous : aucun rappel ne part pour lui." in said(screen.get(ADDRESS, SHORT))


def test_the_delays_are_decided_and_told_by_the_journal(stock: Office, screen: Client, head: Agent) -> None:
    assert screen.post(DECIDE, SHORT)["Location"] == ADDRESS
    assert "Délais enregistrés" in said(screen.get(ADDRESS))
    assert queries.policy(stock).unclaimed_days == 20
    assert booking.remind_of_cards() == 1 + 1 + 1  # that of the other office is due too
    fact = Entry.objects.named("card_policy.changed").get()
    assert fact.agent_id == head.pk
    assert (fact.facts["before"]["unclaimed_days"], fact.facts["after"]["unclaimed_days"]) == (90, 20)
    told = Teller(stock, [fact]).tell()[0]
    assert told.label == "Règles des titres"
    before, _, after = told.sentence.partition(", désormais ")
    assert "Titre non réclamé 90 jours après l'annonce" in before
    assert "Premier rappel 5 jours après l'annonce" in after


def test_the_same_delays_change_nothing(house: House, screen: Client) -> None:
    page = said(screen.get(ADDRESS, USUAL))
    assert "Rien : ces délais sont déjà ceux du bureau." in page
    assert DECIDE not in page
    assert screen.post(DECIDE, USUAL).status_code == 302
    assert not CardPolicy.objects.exists()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"first_reminder_days": "0"}, "supérieure ou égale à 1"),
        ({"unclaimed_days": "731"}, "inférieure ou égale à 730"),
        ({"second_reminder_days": "12"}, "Le second rappel vient après le premier."),
        ({"unclaimed_days": "30"}, "Un titre n'est non réclamé qu'après le second rappel."),
        ({"first_reminder_days": "deux semaines"}, "Saisissez un nombre entier."),
        ({"first_reminder_days": ""}, "Ce champ est obligatoire."),
        ({"unclaimed_days": "9" * 5000}, "Saisissez un nombre entier."),
    ],
)
def test_impossible_delays_are_refused_and_nothing_typed_is_lost(
    house: House, screen: Client, typed: dict[str, str], answer: str
) -> None:
    sent = {**USUAL, "first_reminder_days": "12", **typed}
    for refused in (screen.get(ADDRESS, sent), screen.post(DECIDE, sent)):
        assert refused.status_code == 422
        page = said(refused)
        assert answer in page
        assert all(f'name="{name}" value="{value}"' in page for name, value in sent.items() if value)
        assert "Décider ce changement" not in page
    assert not CardPolicy.objects.exists()


def test_an_address_that_names_one_delay_alone_asks_for_the_others(house: House, screen: Client) -> None:
    answer = screen.get(ADDRESS, {"unclaimed_days": "60"})
    assert answer.status_code == 422
    assert said(answer).count("Ce champ est obligatoire.") == 2


def test_the_head_finds_it_in_the_menu(house: House, screen: Client) -> None:
    assert f'<a href="{ADDRESS}">Règles des titres</a>' in said(screen.get("/pilotage/regles/"))
    assert f'<a href="{ADDRESS}" aria-current="page">' in said(screen.get(ADDRESS))
