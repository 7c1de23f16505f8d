"""The head of office in a real browser: the day at a glance, what is decided, on a desk and on a phone."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Route, expect

from parvis.common import clock
from parvis.offices import actions as offices
from parvis.offices.models import Agent, Counter, Line, Office
from parvis.procedures.models import Procedure
from parvis.reception import actions, queries
from parvis.reception.models import ReturnPass
from parvis.reception.states import Outcome
from tests.browser.screens import assert_accessible, picture
from tests.offices.factories import AgentFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import House, at

pytestmark = pytest.mark.browser

Browse = Callable[..., Page]
SIZES = {"360": {"width": 360, "height": 740}, "1280": {"width": 1280, "height": 800}}
PAGES = {
    "day": "/pilotage/jour/",
    "openings": "/pilotage/horaires/",
    "opening": "/pilotage/horaires/filing/?weekday=1&valid_from=2017-12-11&opens_1=13%3A00&closes_1=16%3A00",
    "closures": "/pilotage/fermetures/?day=2017-12-12&lines=filing&reason_fr=Panne+de+chauffage",
    "counters": "/pilotage/guichets/",
    "shifts": "/pilotage/services/",
    "policy": "/pilotage/regles/",
    "card-policy": "/pilotage/titres/?first_reminder_days=5&second_reminder_days=9&unclaimed_days=20",
    "card-policy-refused": "/pilotage/titres/?first_reminder_days=5&second_reminder_days=5&unclaimed_days=900",
    "closing": "/pilotage/cloture/",
    "agents": "/pilotage/agents/",
    "new-agent": "/pilotage/agents/nouveau/",
}


def enter(page: Page, agent: Agent, language: str) -> None:
    """Come in as an agent who has signed in and chosen a language."""
    client = Client()
    client.force_login(agent.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto(f"/borne/nanterre/?lang={language}")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language}
    page.context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in cookies.items()])


def sit(office: Office, number: int, name: str) -> tuple[Counter, Agent]:
    """Somebody opens a counter."""
    counter = Counter.objects.get(office=office, number=number)
    agent = AgentFactory(office=office, name=name, lines=list(counter.lines.order_by("pk")))
    actions.open_counter(counter, by=agent)
    return counter, agent


@pytest.fixture
def crowded(nanterre: Office) -> House:
    """Twenty to three: too many files to deposit, receipts that just fit, one counter that calls for help."""
    clock.hold(at("13:40"))
    lines = {line.code: line for line in Line.objects.filter(office=nanterre).order_by("pk")}
    procedures = {one.code: one for one in Procedure.objects.order_by("pk")}
    house = House(nanterre, lines, procedures)
    sitting = [sit(nanterre, number, f"Témoin {name}") for number, name in
               ((1, "Aube"), (2, "Brume"), (3, "Cime"), (4, "Dune"), (16, "Étang"), (20, "Falaise"), (21, "Grève"),
                (25, "Houle"))]  # fmt: skip
    for count, code in ((34, "renewal"), (14, "receipt_renewal"), (7, "permit_handover"), (2, "information")):
        for _person in range(count):
            house.ticket(code)
            clock.hold(clock.now() + timedelta(seconds=40))
    served = [(agent, actions.call_next(counter, by=agent)) for counter, agent in sitting[:4]]
    for agent, ticket in served:
        actions.arrive(ticket, by=agent)
    clock.hold(at("14:31"))
    for agent, ticket in served:
        actions.finish(ticket, outcome=Outcome.FILE_DEPOSITED, by=agent)
    for counter, agent in sitting[:3]:
        actions.arrive(actions.call_next(counter, by=agent), by=agent)
    clock.hold(at("14:40"))
    actions.call_next(sitting[5][0], by=sitting[5][1])
    actions.take_break(sitting[6][0], by=sitting[6][1])
    actions.call_for_help(sitting[1][0], by=sitting[1][1])
    return house


@pytest.fixture
def head(nanterre: Office) -> Agent:
    """The head of Nanterre, who also manages the accounts."""
    return AgentFactory(
        office=nanterre, name="Maxime Inventé", user__username="maxime", roles=["head_of_office", "administrator"]
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_day_at_a_glance(browse: Browse, crowded: House, head: Agent, language: str, size: str) -> None:
    page = browse(language=language)
    page.set_viewport_size(SIZES[size])
    enter(page, head, language)
    page.goto("/pilotage/")
    expect(page.locator(".verdict")).to_have_class("verdict notice notice-bad")
    expect(page.locator(".line-card.level-over")).to_have_count(1)
    expect(page.locator(".spot-help")).to_have_count(1)
    page.locator(".offer-list summary").first.click()
    assert_accessible(page)
    page.locator(".offer-list summary").first.click()
    page.mouse.wheel(0, -9000)
    page.wait_for_timeout(400)
    picture(page, f"steering-{language}-{size}")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_accessible(browse: Browse, crowded: House, head: Agent, language: str, size: str) -> None:
    page = browse(language=language)
    page.set_viewport_size(SIZES[size])
    enter(page, head, language)
    for name, address in PAGES.items():
        page.goto(address)
        assert_accessible(page)
        picture(page, f"steering-{name}-{language}-{size}")


def test_an_offer_is_made_and_the_screen_follows(browse: Browse, crowded: House, head: Agent) -> None:
    page = browse()
    enter(page, head, "fr")
    page.goto("/pilotage/")
    summary = page.locator(".offer-list summary").first
    number = summary.locator(".ticket-number").inner_text()
    summary.click()
    page.get_by_label("Motif, gardé au journal").first.fill("Journée complète")
    page.get_by_role("button", name="Premier le mardi 12 décembre").first.click()
    expect(page.locator("#messages")).to_contain_text(f"{number} est attendu le mardi 12 décembre")
    assert ReturnPass.objects.get().reason == "Journée complète"


def test_a_form_being_filled_is_not_replaced_while_the_rest_follows(
    browse: Browse, crowded: House, head: Agent
) -> None:
    page = browse()
    enter(page, head, "fr")
    page.goto("/pilotage/")
    page.locator(".offer-list summary").first.click()
    reason = page.get_by_label("Motif, gardé au journal").first
    reason.fill("Journée")
    counter, agent = sit(crowded.office, 5, "Témoin Île")
    with page.expect_response("**/pilotage/etat/"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('live'))")
    expect(page.locator(".spot", has_text="Témoin Île")).to_be_visible()
    expect(reason).to_be_focused()
    expect(reason).to_have_value("Journée")
    actions.close_counter(counter, by=agent)
    ticket = queries.waiting_on(crowded.lines["filing"]).last()
    assert ticket is not None
    actions.leave(ticket, by=head)
    with page.expect_response("**/pilotage/retours/"):
        page.locator(".offer-list summary").first.click()
    expect(page.locator("#offers")).not_to_contain_text(str(ticket))


def test_an_answer_under_way_does_not_replace_the_form_opened_meanwhile(
    browse: Browse, crowded: House, head: Agent
) -> None:
    page = browse()
    enter(page, head, "fr")
    page.goto("/pilotage/")
    answers: list[Route] = []
    page.route("**/pilotage/retours/", lambda route: answers.append(route))  # noqa: PLW0108 - Playwright wraps it
    with page.expect_request("**/pilotage/retours/"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('live'))")
    page.locator(".offer-list summary").first.click()
    reason = page.get_by_label("Motif, gardé au journal").first
    reason.fill("Journée")
    with page.expect_response("**/pilotage/retours/"):
        answers[0].continue_()
    expect(page.locator("#offers[data-held-back]")).to_be_visible()
    expect(reason).to_be_focused()
    expect(reason).to_have_value("Journée")


def test_the_guarantee_follows_what_is_typed(browse: Browse, crowded: House, head: Agent) -> None:
    page = browse()
    enter(page, head, "fr")
    page.goto("/pilotage/regles/")
    expect(page.locator("#guarantee strong")).to_have_text("1 h")
    page.get_by_label("Avance d'une priorité légale").fill("35")
    expect(page.locator("#guarantee strong")).to_have_text("35 minutes")


def test_the_delays_of_the_cards_are_decided_by_keyboard(browse: Browse, nanterre: Office, head: Agent) -> None:
    then = clock.now() - timedelta(days=8)
    PermitFactory(office=nanterre, announced_at=then)
    page = browse()
    page.set_viewport_size(SIZES["360"])
    enter(page, head, "fr")
    page.goto("/pilotage/titres/")
    page.get_by_label("Premier rappel").focus()
    for days in ("5", "9", "20"):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(days)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".preview")).to_contain_text("premiers : 1, seconds : 0")
    page.get_by_role("button", name="Décider ce changement").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Délais enregistrés")
    expect(page.get_by_label("Titre non réclamé")).to_have_value("20")


def test_a_shift_is_planned_and_cancelled_by_keyboard(browse: Browse, nanterre: Office, head: Agent) -> None:
    clerk = AgentFactory(office=nanterre, name="Clerc Fictif")
    page = browse()
    page.set_viewport_size(SIZES["360"])
    enter(page, head, "fr")
    page.goto("/pilotage/services/?date=2017-12-14")
    page.get_by_label("Agent").select_option(label=clerk.name)
    page.get_by_label("Service", exact=True).select_option("back_office")
    page.get_by_label("De", exact=True).fill("09:00")
    page.get_by_label("À", exact=True).fill("08:00")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La fin du service vient après son début.")).to_be_visible()
    assert_accessible(page)
    expect(page.get_by_label("Agent")).to_have_value(str(clerk.pk))
    page.get_by_label("À", exact=True).fill("16:00")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Service de Clerc Fictif planifié")
    assert_accessible(page)
    page.get_by_role("button", name="Annuler le service de Clerc Fictif à 09:00").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Service de Clerc Fictif annulé")
    expect(page.get_by_text("Aucun service planifié ce jour-là.")).to_be_visible()


def test_without_javascript_the_head_still_decides(browse: Browse, crowded: House, head: Agent) -> None:
    page = browse(javascript=False)
    enter(page, head, "fr")
    page.goto("/pilotage/horaires/filing/")
    page.select_option("#id_weekday", "5")
    page.fill("#id_opens_1", "10:00")
    page.fill("#id_closes_1", "15:00")
    page.click("text=Voir ce que cela change")
    page.click("text=Décider ce changement")
    expect(page.locator("#messages")).to_contain_text("Horaires enregistrés")


def test_an_account_is_opened(browse: Browse, crowded: House, head: Agent) -> None:
    offices.sync_roles()
    page = browse()
    enter(page, head, "fr")
    page.goto("/pilotage/agents/nouveau/")
    page.get_by_label("Nom", exact=True).fill("Témoin Nouveau")
    page.get_by_label("Identifiant").fill("temoin.nouveau")
    page.get_by_label("Agent d'accueil").check()
    page.get_by_role("button", name="Ouvrir ce compte").click()
    expect(page.locator(".first-password")).to_be_visible()
    assert_accessible(page)
