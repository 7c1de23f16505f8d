"""A counter by keyboard alone: no pointer is ever used here."""

import pytest
from playwright.sync_api import Page, expect

from parvis.offices import actions as offices
from parvis.offices.models import Agent, Office
from parvis.reception import actions
from parvis.reception.models import Ticket
from parvis.reception.states import Priority, Status
from tests.browser.conftest import Browse
from tests.browser.screens import assert_accessible, picture
from tests.browser.staff import sign_in
from tests.web.staff import Staff

pytestmark = pytest.mark.browser


@pytest.fixture
def staff(nanterre: Office) -> Staff:
    offices.sync_roles()
    return Staff(nanterre)


def at(page: Page, agent: Agent, staff: Staff, number: int) -> None:
    """Sign in and hold a counter."""
    actions.open_counter(staff.counter(number), by=agent)
    sign_in(page, agent)
    expect(page.locator("#screen")).to_be_visible()


def receive(page: Page) -> None:
    """Call the next person and receive them."""
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="La personne est là")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Terminer autrement")).to_be_visible()


def state_of(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).state


def test_a_whole_cycle_by_keyboard(browse: Browse, staff: Staff) -> None:
    agent = staff.agent("counter_agent", lines=("filing",), name="Camille Témoin")
    first = staff.ticket("renewal", name="Zoé Exemple", language="ar")
    second = staff.ticket("student", name="Ali Fictif", priority=Priority.MOBILITY_CARD)
    others = [staff.ticket(code) for code in ("duplicate", "employee", "first_request", "address_change")]
    page = browse(width="desk")
    sign_in(page, agent)
    picture(page, "counters-fr-1366")
    page.get_by_role("button", name="Ouvrir le guichet 3", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Appeler la personne suivante")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("n")
    # The legal priority comes before who arrived first.
    expect(page.locator("#person-title")).to_contain_text(str(second))
    picture(page, "counter-called-fr-1366")
    page.keyboard.press("r")
    expect(page.locator(".said")).to_contain_text("Appel répété")
    page.keyboard.press("a")
    expect(page.get_by_text("Terminer autrement")).to_be_visible()
    picture(page, "counter-fr-1366")
    page.keyboard.press("p")
    expect(page.locator("#room")).to_be_focused()
    page.keyboard.type("n1 axr")
    assert state_of(second) == Status.SERVING
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("attend en salle n1 axr")
    page.keyboard.press("s")
    expect(page.locator("#person-title")).to_contain_text(str(second))
    page.keyboard.press("a")
    expect(page.get_by_text("Terminer autrement")).to_be_visible()
    page.keyboard.press("o")
    expect(page.get_by_text("Terminer : ce qui a été fait")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Appeler la personne suivante")).to_be_visible()
    assert state_of(second) == Status.RECEIVED
    page.keyboard.press("n")
    expect(page.locator("#person-title")).to_contain_text(str(first))
    page.keyboard.press("x")
    expect(page.locator(".said")).to_contain_text("garde sa place")
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Reprendre", exact=False).first).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Appeler la personne suivante")).to_be_visible()
    page.keyboard.press("f")
    page.wait_for_url("**/guichet/")
    assert all(state_of(one) == Status.WAITING for one in others)


def test_transfer_add_and_the_list_of_shortcuts(browse: Browse, staff: Staff) -> None:
    agent = staff.agent("counter_agent", lines=("filing",))
    ticket = staff.ticket()
    page = browse(width="desk")
    at(page, agent, staff, 3)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Appeler la personne suivante")
    assert_accessible(page)
    page.keyboard.press("n")
    assert state_of(ticket) == Status.WAITING
    page.keyboard.press("Escape")
    receive(page)
    page.keyboard.press("t")
    expect(page.locator("#transfer-to")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#transfer-to")).to_be_hidden()
    page.keyboard.press("m")
    # Keys that follow one another faster than any hand are a scanner's.
    expect(page.locator("#missing")).to_be_focused()
    page.keyboard.type("Copie du passeport")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("Code :")
    expect(page.get_by_role("link", name="Imprimer le papier de retour")).to_be_visible()


def test_what_is_being_typed_survives_what_happens_elsewhere(browse: Browse, staff: Staff) -> None:
    agent = staff.agent("counter_agent", lines=("filing",))
    staff.ticket()
    page = browse(width="desk")
    at(page, agent, staff, 3)
    receive(page)
    page.keyboard.press("p")
    page.keyboard.type("B1")
    newcomer = staff.ticket("duplicate")
    page.evaluate("document.body.dispatchEvent(new Event('live'))")
    expect(page.locator("#side")).to_contain_text(str(newcomer))
    page.keyboard.type("2")
    expect(page.locator("#room")).to_have_value("B12")


def test_a_press_during_a_refresh_is_not_lost(browse: Browse, staff: Staff) -> None:
    agent = staff.agent("counter_agent", lines=("filing",))
    ticket = staff.ticket()
    page = browse(width="desk")
    at(page, agent, staff, 3)
    # A refresh that never ends, then a press.
    page.route("**/etat/**", lambda route: None)
    page.evaluate("document.body.dispatchEvent(new Event('live'))")
    page.keyboard.press("n")
    expect(page.locator("#person-title")).to_contain_text(str(ticket))


def test_an_idle_machine_covers_its_screen(browse: Browse, staff: Staff, settings: object) -> None:
    settings.LOCK_AFTER_SECONDS = 2  # type: ignore[attr-defined]
    agent = staff.agent("counter_agent", lines=("filing",), name="Camille Témoin")
    page = browse(width="desk")
    at(page, agent, staff, 3)
    page.wait_for_url("**/compte/deverrouiller/", timeout=10_000)
    expect(page.get_by_text("Camille Témoin")).to_be_visible()
    picture(page, "locked-fr-1366")
    assert_accessible(page)
    page.go_back()
    assert "Appeler la personne suivante" not in page.content()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_fault_for_axe(browse: Browse, staff: Staff, language: str, scheme: str) -> None:
    agent = staff.agent("counter_agent", lines=("filing",))
    ticket = staff.ticket()
    staff.ticket("student", name="Ali Fictif")
    actions.open_counter(staff.counter(3), by=agent)
    page = browse(language=language, color_scheme=scheme)
    page.goto("/compte/connexion/")
    assert_accessible(page)
    sign_in(page, agent)
    page.goto("/guichet/")
    assert_accessible(page)
    actions.call_next(staff.counter(3), by=agent)
    page.goto("/guichet/3/")
    assert_accessible(page)
    actions.arrive(ticket, by=agent)
    page.goto("/guichet/3/")
    assert page.locator("html").get_attribute("lang") == language
    assert_accessible(page)
    page.goto("/compte/")
    assert_accessible(page)


def test_without_javascript(browse: Browse, staff: Staff) -> None:
    agent = staff.agent("counter_agent", lines=("filing",))
    ticket = staff.ticket()
    page = browse(javascript=False)
    at(page, agent, staff, 3)
    page.get_by_role("button", name="Appeler la personne suivante").press("Enter")
    page.get_by_role("button", name="La personne est là").press("Enter")
    page.get_by_text("Terminer autrement").click()
    page.get_by_role("button", name="Renseigné").press("Enter")
    assert state_of(ticket) == Status.RECEIVED
