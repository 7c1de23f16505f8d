"""A real browser on the real pages; errors of a page fail its test."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from parvis.common import clock
from parvis.offices.models import Office
from tests.browser.screens import WIDTHS
from tests.reception.house import at

Browse = Callable[..., Page]
# A busy machine is slow, not wrong: what never comes still fails.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser that ``PARVIS_CHROMIUM`` names, else this machine's, else Playwright's own."""
    # Playwright keeps an event loop in this thread; Django must not take it for ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = os.environ.get("PARVIS_CHROMIUM") or ("/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def nanterre(transactional_db: None) -> Iterator[Office]:
    """The real office and its catalogue, at ten o'clock on Monday 11 December 2017."""
    with clock.held(at("10:00")):
        for command in ("load_office", "load_procedures"):
            call_command(command, stdout=io.StringIO(), stderr=io.StringIO())
        yield Office.objects.get(code="nanterre")


@pytest.fixture
def browse(chromium: Browser, live_server: LiveServer, settings: Any) -> Iterator[Browse]:
    """Open a page: ``browse(language="ar", width="phone", javascript=False)``."""
    settings.ALLOWED_HOSTS = ["*"]
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(*, language: str = "fr", width: str = "desk", javascript: bool = True, **more: Any) -> Page:
        # A colour half-way between two is no colour to judge: nothing moves.
        context = chromium.new_context(
            viewport=WIDTHS[width],
            base_url=live_server.url,
            locale=language,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
