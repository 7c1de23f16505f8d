"""Signing in, the lock of a shared machine, the end of the day."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices import actions as offices
from parvis.offices.models import Agent
from parvis.web.account import presence
from tests.reception.house import at
from tests.web.staff import PASSWORD, Staff


def sign_in(client: Client, agent: Agent, password: str = PASSWORD, **more: str) -> str:
    """Where signing in leads, empty when it is refused."""
    answer = client.post("/compte/connexion/", {"login": agent.user.username, "password": password, **more})
    return answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("role", "home"),
    [
        ("counter_agent", "/guichet/"),
        ("handover_agent", "/guichet/"),
        ("greeter", "/accueil/"),
        ("head_of_office", "/pilotage/"),
        ("internal_auditor", "/journal/"),
        ("administrator", "/pilotage/agents/"),
        ("case_officer", "/instruction/"),
        ("mail_phone_team", "/aide/"),
        ("press_officer", "/compte/"),
    ],
)
def test_each_role_begins_where_it_works(staff: Staff, role: str, home: str) -> None:
    client, agent = Client(), staff.agent(role)
    assert sign_in(client, agent) == home
    assert client.get(home).status_code == 200
    assert client.get("/").headers["Location"] == home
    if home != "/compte/":
        assert 'href="/compte/"' in client.get(home).content.decode()
    assert Entry.objects.filter(what="agent.signed_in", subject_id=agent.pk).exists()


def test_wrong_password_and_somebody_who_left_are_told_the_same(staff: Staff) -> None:
    agent, gone = staff.agent("greeter"), staff.agent("greeter")
    offices.deactivate(gone, by=agent)
    pages = [
        Client().post("/compte/connexion/", {"login": who.user.username, "password": what})
        for who, what in ((agent, "faux"), (gone, PASSWORD))
    ]
    errors = [list(page.context["form"].non_field_errors()) for page in pages]
    assert errors[0] == errors[1] != []


def test_an_account_may_do_what_its_roles_may_and_nothing_of_its_own(staff: Staff) -> None:
    _client, agent = staff.signed_in("greeter")
    agent.user.user_permissions.add(Permission.objects.get(codename="pick_ticket"))
    known = Agent.objects.select_related("user").get(pk=agent.pk)
    assert [known.can(name) for name in ("reception.put_back_ticket", "reception.pick_ticket")] == [True, False]


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "inscription/"])
def test_nobody_signs_up(staff: Staff, path: str) -> None:
    assert Client().get(f"/compte/{path}").status_code == 404


def test_the_cover_leaves_nothing_to_see(staff: Staff) -> None:
    client, agent = Client(), staff.agent("counter_agent", lines=("filing",))
    sign_in(client, agent)
    old = client.session.session_key
    client.post("/compte/verrou/", {"back_to": "/guichet/3/?vu=1"})
    assert client.session.session_key != old
    answer = client.get("/guichet/", follow=True)
    assert answer.redirect_chain[-1][0] == "/compte/deverrouiller/"
    assert agent.name in answer.content.decode()
    assert client.post("/guichet/3/ouvrir/").headers["Location"].startswith("/compte/connexion/")


def test_only_the_same_agent_uncovers_the_machine(staff: Staff) -> None:
    client, agent = Client(), staff.agent("counter_agent")
    sign_in(client, agent)
    client.post("/compte/verrou/", {"back_to": "/guichet/3/"})
    refused = client.post("/compte/deverrouiller/", {"password": "pas le bon mot"})
    assert refused.status_code == 400
    answer = client.post("/compte/deverrouiller/", {"password": PASSWORD})
    assert answer.headers["Location"] == "/guichet/3/"
    assert client.get("/guichet/").status_code == 200
    facts = Entry.objects.filter(subject_id=agent.pk, what__startswith="agent.").order_by("pk")
    assert [fact.what for fact in facts][-2:] == ["agent.locked", "agent.unlocked"]


@pytest.mark.parametrize("address", ["https://ailleurs.exemple/", "//ailleurs.exemple/", "javascript:alert(1)", ""])
def test_the_way_back_stays_in_the_house(staff: Staff, address: str) -> None:
    client, agent = Client(), staff.agent("greeter")
    sign_in(client, agent)
    client.post("/compte/verrou/", {"back_to": address})
    assert client.post("/compte/deverrouiller/", {"password": PASSWORD}).headers["Location"] == "/"


def test_another_agent_takes_the_locked_machine(staff: Staff) -> None:
    client, agent, other = Client(), staff.agent("greeter"), staff.agent("greeter")
    sign_in(client, agent)
    client.post("/compte/verrou/")
    assert client.post("/compte/changer-d-agent/").headers["Location"] == "/compte/connexion/"
    assert client.get("/compte/deverrouiller/").headers["Location"] == "/compte/connexion/"
    assert sign_in(client, other) == "/accueil/"


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("/accueil/?q=fictif", "/accueil/%3Fq%3Dfictif"),
        (f"/accueil/?q={'9' * 20_000}", "/accueil/"),
        (f"/pilotage/horaires/{'9' * 20_000}/", "/"),
    ],
)
def test_one_comes_back_where_one_was_unless_the_address_is_endless(db: None, asked: str, back: str) -> None:
    assert Client().get(asked).headers["Location"] == f"/compte/connexion/?next={back}"


def test_a_session_ends_an_hour_after_the_closing(staff: Staff) -> None:
    client, agent = Client(), staff.agent("greeter")
    sign_in(client, agent)
    left = (client.session.get_expiry_date() - timezone.now()).total_seconds() / 3600
    # Handover, the last line, closes at four: seven hours from ten o'clock with the hour after.
    assert left == pytest.approx(7, abs=0.1)


def test_late_evening_and_thursday(staff: Staff) -> None:
    agent = staff.agent("head_of_office")
    with clock.held(at("21:00")):
        assert presence.session_life(agent, now=clock.now()) == presence.AT_LEAST
    with clock.held(clock.at(clock.today().replace(day=16), "10:00")):
        assert presence.session_life(agent, now=clock.now()) == presence.WHEN_CLOSED


def test_own_account_and_second_factor(staff: Staff) -> None:
    client, agent = Client(), staff.agent("press_officer")
    sign_in(client, agent)
    assert "Communication" in client.get("/compte/").content.decode()
    assert client.get("/compte/securite/").status_code == 200
    assert client.get("/compte/mot-de-passe/").status_code == 200
    assert "svg" in client.get("/compte/securite/application/activer/", follow=True).content.decode()


def test_the_cover_speaks_english(staff: Staff) -> None:
    client, agent = Client(), staff.agent("greeter")
    sign_in(client, agent)
    client.get("/compte/?lang=en")
    client.post("/compte/verrou/")
    assert 'lang="en"' in client.get("/compte/deverrouiller/").content.decode()
