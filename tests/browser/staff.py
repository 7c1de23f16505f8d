"""Agents in a real browser."""

from playwright.sync_api import Page, expect

from parvis.offices.models import Agent
from tests.web.staff import PASSWORD


def sign_in(page: Page, agent: Agent) -> None:
    """Sign in by keyboard: the name field has the focus when the page opens."""
    page.goto("/compte/connexion/")
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type(agent.user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/connexion/" not in url)
    page.wait_for_load_state()
