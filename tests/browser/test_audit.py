"""The journal in a real browser."""

import pytest
from playwright.sync_api import expect

from parvis.offices.models import Agent, Office
from tests.browser.screens import assert_accessible, picture
from tests.browser.test_steering import SIZES, Browse, crowded, enter
from tests.offices.factories import AgentFactory
from tests.reception.house import House

pytestmark = pytest.mark.browser
__all__ = ["crowded"]


@pytest.fixture
def auditor(nanterre: Office) -> Agent:
    """Somebody who audits Nanterre."""
    return AgentFactory(office=nanterre, name="Andrea Témoin", roles=["internal_auditor"])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_journal_is_read(
    browse: Browse,
    crowded: House,
    auditor: Agent,
    language: str,
    size: str,
) -> None:
    page = browse(language=language)
    page.set_viewport_size(SIZES[size])
    enter(page, auditor, language)
    page.goto("/journal/")
    expect(page.locator(".entry")).to_have_count(50)
    assert_accessible(page)
    picture(page, f"journal-{language}-{size}")
    page.locator("input[name=ticket]").fill("D001")
    page.locator(".search .button-main").click()
    page.locator(".entry summary").first.click()
    expect(page.locator(".entry pre").first).to_be_visible()
    assert_accessible(page)
