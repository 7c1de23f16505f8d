"""The greeter's desk in a real browser."""

import pytest
from playwright.sync_api import expect

from parvis.offices import actions as offices
from parvis.offices.models import Office
from parvis.reception import actions
from parvis.reception.models import Ticket
from tests.browser.conftest import Browse
from tests.browser.screens import assert_accessible, picture
from tests.browser.staff import sign_in
from tests.people.factories import PersonFactory
from tests.web.staff import Staff

pytestmark = pytest.mark.browser


@pytest.fixture
def staff(nanterre: Office) -> Staff:
    offices.sync_roles()
    staff = Staff(nanterre)
    for number, line in ((1, "filing"), (2, "filing"), (20, "handover"), (25, "information")):
        agent = staff.agent("head_of_office", lines=(line,))
        actions.open_counter(staff.counter(number), by=agent)
    return staff


def test_a_ticket_by_keyboard(browse: Browse, staff: Staff) -> None:
    agent = staff.agent("greeter", name="Alix Exemple")
    for code in ("renewal", "student", "permit_handover", "receipt_renewal", "information", "duplicate"):
        staff.ticket(code)
    PersonFactory(family_name="Exemple", given_name="Inès", foreign_number="9900123456")
    page = browse(width="desk")
    sign_in(page, agent)
    page.keyboard.press("d")
    page.keyboard.type("renouvellement")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("ines ex")
    found = page.locator("#persons button")
    expect(found).to_have_count(1)
    picture(page, "desk-fr-1366")
    assert_accessible(page)
    found.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_name")).to_have_value("Inès Exemple")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accueil/ticket/*/")
    assert Ticket.objects.latest("pk").person is not None
    picture(page, "desk-ticket-fr-1366")
    assert_accessible(page)


def test_advice_beside_the_form_and_the_search(browse: Browse, staff: Staff) -> None:
    agent = staff.agent("greeter")
    first = staff.ticket(name="Alpha Fictif")
    second = staff.ticket(name="Beta Fictif")
    page = browse(language="en", width="desk")
    sign_in(page, agent)
    page.locator("#search").fill("beta")
    expect(page.locator("#tickets")).not_to_contain_text(str(first))
    expect(page.locator("#tickets")).to_contain_text(str(second))
    page.locator("input[value=renewal]").check()
    page.locator("#id_name").fill("Témoin Fictif")
    page.locator("#id_expires_on").fill("10/04/2018")
    page.keyboard.press("Enter")
    expect(page.locator(".notice-warn")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Témoin Fictif")
    assert_accessible(page)


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_no_fault_for_axe(browse: Browse, staff: Staff, width: str) -> None:
    agent = staff.agent("greeter")
    staff.ticket()
    page = browse(width=width)
    sign_in(page, agent)
    assert_accessible(page)
