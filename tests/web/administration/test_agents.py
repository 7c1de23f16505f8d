"""Accounts: opening one, what each may do, closing it."""

import html
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from parvis.casefiles import queries
from parvis.journal.models import Entry
from parvis.offices import queries as offices
from parvis.offices.models import Agent
from parvis.web.audit.sentences import Teller
from tests.offices.factories import AgentFactory
from tests.procedures.factories import DocumentFactory
from tests.reception.house import House

NEW = {"name": "Témoin Nouveau", "username": "temoin.nouveau", "roles": ["greeter"], "lines": ["filing"]}
ADDRESS = "/pilotage/agents/nouveau/"


def said(answer: HttpResponse) -> str:
    """What a page says."""
    return html.unescape(answer.content.decode())


def test_the_list_shows_roles_lines_and_accounts_that_were_closed(house: House, screen: Client) -> None:
    AgentFactory(office=house.office, name="Témoin Un", roles=["greeter"], lines=[house.lines["filing"]])
    AgentFactory(office=house.office, name="Témoin Parti", is_active=False)
    AgentFactory(name="Témoin Ailleurs")
    page = said(screen.get("/pilotage/agents/"))
    assert "Témoin Un" in page
    assert "Agent d'accueil" in page
    assert "1 compte fermé" in page
    assert "Témoin Ailleurs" not in page


def test_a_proposed_password_is_shown_once_and_works(house: House, screen: Client) -> None:
    answer = screen.post(ADDRESS, NEW)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    [password] = re.findall(r'first-password" dir="ltr">([^<]+)<', said(answer))
    agent = Agent.objects.get(name="Témoin Nouveau")
    assert agent.user.check_password(password)
    assert authenticate(username="temoin.nouveau", password=password) == agent.user
    assert offices.roles_of(agent) == ["greeter"]
    assert [line.code for line in agent.lines.all()] == ["filing"]
    assert password not in said(screen.get("/pilotage/agents/"))
    assert password not in str(list(Entry.objects.values_list("facts", flat=True).order_by("pk")))


def test_a_typed_password_is_not_shown(house: House, screen: Client) -> None:
    typed = "une phrase assez longue"
    answer = screen.post(ADDRESS, {**NEW, "password": typed}, follow=True)
    assert "Compte ouvert : Témoin Nouveau." in said(answer)
    assert typed not in said(answer)
    assert User.objects.get(username="temoin.nouveau").check_password(typed)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"name": ""}, 422),
        ({"name": " \u202e "}, 422),
        ({"name": "é" * 10_000}, 422),
        ({"username": ""}, 422),
        ({"username": "deux mots"}, 422),
        ({"username": "x" * 10_000}, 422),
        ({"password": "court"}, 422),
        ({"password": "password1234"}, 422),
        ({"roles": ["prefet"]}, 422),
        ({"lines": ["licence"]}, 422),
        ({"username": "temoin.connu"}, 409),
    ],
)
def test_an_impossible_account_is_refused_in_words(
    house: House, screen: Client, changed: dict[str, object], status: int
) -> None:
    AgentFactory(office=house.office, user__username="temoin.connu")
    before = User.objects.count()
    answer = screen.post(ADDRESS, {**NEW, **changed})
    assert answer.status_code == status
    assert 'role="alert"' in said(answer)
    assert User.objects.count() == before


def test_roles_and_skills_are_changed_and_journaled(house: House, screen: Client) -> None:
    agent = AgentFactory(office=house.office, roles=["greeter"], lines=[house.lines["filing"]])
    page = said(screen.get(f"/pilotage/agents/{agent.pk}/"))
    assert page.count("checked") == 2
    screen.post(f"/pilotage/agents/{agent.pk}/", {"roles": ["counter_agent"], "lines": ["receipts", "handover"]})
    assert offices.roles_of(agent) == ["counter_agent"]
    assert {line.code for line in agent.lines.all()} == {"receipts", "handover"}
    assert Entry.objects.named("agent.roles_changed", "agent.skills_changed").count() == 2


def test_what_an_officer_reviews_is_chosen_here_and_told_in_the_journal(house: House, screen: Client) -> None:
    for code in ("student", "renewal"):
        DocumentFactory(procedure=house.procedures[code], stage="filing")
    agent = AgentFactory(office=house.office, roles=["case_officer"])
    address = f"/pilotage/agents/{agent.pk}/"
    assert screen.post(address, {"procedures": ["permit_handover"]}).status_code == 422
    screen.post(address, {"roles": ["case_officer"], "procedures": ["student", "renewal"]})
    assert {one.code for one in queries.reviewed_by(agent)} == {"student", "renewal"}
    assert said(screen.get(address)).count("checked") == 3
    screen.post(address, {"roles": ["case_officer"], "procedures": ["student"]})
    assert [one.code for one in queries.reviewed_by(agent)] == ["student"]
    screen.post(address, {"roles": ["case_officer"]})
    assert queries.reviewed_by(agent) == []
    assert Entry.objects.filter(what="agent.review_changed").count() == 3
    last = Entry.objects.filter(what="agent.review_changed").latest("pk")
    assert "instruit : toutes" in Teller(house.office, [last]).tell()[0].sentence


def test_the_same_duties_again_write_nothing(house: House, screen: Client) -> None:
    agent = AgentFactory(office=house.office, roles=["greeter"], lines=[house.lines["filing"]])
    screen.post(f"/pilotage/agents/{agent.pk}/", {"roles": ["greeter"], "lines": ["filing"]})
    assert not Entry.objects.named("agent.roles_changed", "agent.skills_changed").exists()


@pytest.mark.parametrize("changed", [{"roles": ["prefet"]}, {"lines": ["licence"]}])
def test_unknown_roles_and_lines_change_nothing(house: House, screen: Client, changed: dict[str, list[str]]) -> None:
    agent = AgentFactory(office=house.office, roles=["greeter"])
    sent = {"roles": ["counter_agent"], "lines": [], **changed}
    assert screen.post(f"/pilotage/agents/{agent.pk}/", sent).status_code == 422
    assert offices.roles_of(agent) == ["greeter"]


def test_an_account_is_closed_and_its_holder_is_out(house: House, screen: Client) -> None:
    agent = AgentFactory(office=house.office, roles=["head_of_office"])
    theirs = Client()
    theirs.force_login(agent.user)
    assert theirs.get("/pilotage/").status_code == 200
    assert screen.post(f"/pilotage/agents/{agent.pk}/fermer/").status_code == 302
    assert theirs.get("/pilotage/").status_code in {302, 403}
    assert "1 compte fermé" in said(screen.get("/pilotage/agents/"))


def test_nobody_closes_their_own_account_or_leaves_the_office_without_administrator(
    house: House, screen: Client
) -> None:
    me = Agent.objects.get(name="Administratrice Exemple")
    screen.post(f"/pilotage/agents/{me.pk}/fermer/")
    assert "Vous ne pouvez pas fermer votre propre compte." in said(screen.get(f"/pilotage/agents/{me.pk}/"))
    answer = screen.post(f"/pilotage/agents/{me.pk}/", {"roles": ["greeter"]})
    assert answer.status_code == 409
    assert "Vous ne pouvez pas vous retirer vous-même l'administration." in said(answer)
    me.refresh_from_db()
    assert (me.is_active, offices.roles_of(me)) == (True, ["administrator"])


def test_an_agent_of_another_office_does_not_exist(house: House, screen: Client) -> None:
    stranger = AgentFactory(roles=["greeter"])
    assert screen.get(f"/pilotage/agents/{stranger.pk}/").status_code == 404
    assert screen.post(f"/pilotage/agents/{stranger.pk}/", {"roles": []}).status_code == 404
    assert screen.post(f"/pilotage/agents/{stranger.pk}/fermer/").status_code == 404
    stranger.refresh_from_db()
    assert stranger.is_active


def test_only_the_administrator_manages_accounts(house: House) -> None:
    client = Client()
    client.force_login(AgentFactory(office=house.office, roles=["head_of_office"]).user)
    assert client.get("/pilotage/agents/").status_code == 403
    assert client.post(ADDRESS, NEW).status_code == 403


def test_a_forgotten_password_and_a_lost_telephone(house: House, screen: Client) -> None:
    agent = AgentFactory(office=house.office, name="Témoin Oublieux", roles=["greeter"])
    agent.user.set_password("ancien-mot-de-passe")
    agent.user.save()
    theirs = Client()
    theirs.force_login(agent.user, backend="parvis.web.account.backend.RolesOnly")
    TOTP.activate(agent.user, generate_totp_secret())
    assert theirs.get("/accueil/").status_code == 200
    answer = screen.post(f"/pilotage/agents/{agent.pk}/mot-de-passe/")
    assert "no-store" in answer["Cache-Control"]
    [password] = re.findall(r'first-password" dir="ltr">([^<]+)<', said(answer))
    agent.user.refresh_from_db()
    assert agent.user.check_password(password)
    assert theirs.get("/accueil/").status_code == 302
    assert not Authenticator.objects.exists()
    facts = Entry.objects.get(what="agent.password_reset").facts
    assert facts["second_factor_removed"] is True
    assert password not in str(facts)


def test_nobody_resets_their_own_password_or_that_of_another_office(house: House, screen: Client) -> None:
    me, elsewhere = Agent.objects.get(name="Administratrice Exemple"), AgentFactory()
    before = me.user.password
    screen.post(f"/pilotage/agents/{me.pk}/mot-de-passe/")
    me.user.refresh_from_db()
    assert me.user.password == before
    assert screen.post(f"/pilotage/agents/{elsewhere.pk}/mot-de-passe/").status_code == 404
