"""The kiosk, the phone entry and the ticket page, as people use them: touch, keyboard, without JavaScript."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from parvis.common import clock
from parvis.offices.models import Counter, Line, Office
from parvis.reception import actions, queries
from parvis.reception.models import Redirection, Ticket
from parvis.reception.states import RedirectReason, Status
from parvis.web.kiosk.doors import screen_key
from tests.browser.screens import assert_accessible, picture
from tests.offices.factories import AgentFactory
from tests.reception.house import at

pytestmark = pytest.mark.browser

Browse = Callable[..., Page]
LANGUAGES = ("fr", "en", "ar")


def choose_date(page: Page, year: int, month: int, day: int) -> None:
    """Fill the three lists."""
    page.select_option("select[name=day]", str(day))
    page.select_option("select[name=month]", str(month))
    page.select_option("select[name=year]", str(year))


def go_on(page: Page) -> None:
    """The main button."""
    page.click("main .button-main")


def open_filing(office: Office) -> tuple[Counter, object]:
    """A counter of the filing line with an agent."""
    line = Line.objects.get(office=office, code="filing")
    counter = line.counters.order_by("number")[0]
    agent = AgentFactory(office=office, lines=[line])
    actions.open_counter(counter, by=agent)
    return counter, agent


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ticket_is_taken_at_the_kiosk_in_every_language(browse: Browse, nanterre: Office, language: str) -> None:
    open_filing(nanterre)
    page = browse(language="fr", width="kiosk")
    page.goto("/borne/nanterre/")

    def look(name: str) -> None:
        assert_accessible(page)
        picture(page, f"kiosk-{name}-{language}-1080")

    look("languages")
    page.click(f"a.tile[lang={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    look("procedures")
    page.click("button[value=renewal]")
    look("commune")
    page.click("button[value='92050']")
    look("expiry")
    choose_date(page, 2017, 12, 31)
    go_on(page)
    look("priority")
    page.click(".tile-main")
    look("holder")
    page.fill("input[name=name]", "Témoin Exemple")
    choose_date(page, 1987, 4, 30)
    go_on(page)
    expect(page.locator(".paper .big-number")).to_have_text("D001")
    look("ticket")
    ticket = Ticket.objects.get()
    assert (ticket.language, ticket.origin, ticket.holder_name) == (language, "kiosk", "Témoin Exemple")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_a_phone_takes_a_ticket_and_follows_it(
    browse: Browse, nanterre: Office, language: str
) -> None:
    page = browse(language=language, width="phone", javascript=False)
    page.goto(f"/porte/nanterre/demarche/?j={queries.door_code(nanterre)}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.click("button[value=information]")
    page.click(".tile-main")
    page.fill("input[name=name]", "Fictif Exemple")
    choose_date(page, 1990, 1, 1)
    go_on(page)
    expect(page.locator("#ticket-state .big-number")).to_have_text("I001")
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
    page.click("a[href*=partir]")
    page.click("#leave .button-bad")
    expect(page.locator("[data-said=left]")).to_be_visible()
    assert Ticket.objects.get().state == Status.LEFT


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ticket_page_shows_the_place_then_the_call(browse: Browse, nanterre: Office, language: str) -> None:
    counter, agent = open_filing(nanterre)
    page = browse(language=language, width="phone", device_scale_factor=2)
    page.goto(f"/porte/nanterre/identite/?d=student&e=2017-12-31&c=92050&j={queries.door_code(nanterre)}")
    assert_accessible(page)
    page.fill("input[name=name]", "Témoin Exemple")
    choose_date(page, 1990, 1, 1)
    go_on(page)
    expect(page.locator("[data-said=waiting]")).to_be_visible()
    assert_accessible(page)
    picture(page, f"ticket-waiting-{language}-360")
    actions.call_next(counter, by=agent)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live'))")
    expect(page.locator("[data-said=called] .state-counter")).to_contain_text(str(counter.number))
    expect(page).to_have_title("● " + page.locator(".state-counter").inner_text().strip() + " · D001 · Parvis")
    assert_accessible(page)
    picture(page, f"ticket-called-{language}-360")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_comes_too_early_or_depends_elsewhere_is_told_where_and_when(
    browse: Browse, nanterre: Office, language: str
) -> None:
    page = browse(language=language, width="phone", device_scale_factor=2)
    page.goto("/porte/nanterre/expiration/?d=renewal&c=92050")
    assert_accessible(page)
    choose_date(page, 2018, 3, 15)
    go_on(page)
    expect(page.locator(".slip-date")).to_contain_text("15")
    expect(page.locator(".slip-date")).to_contain_text("2018")
    assert_accessible(page)
    picture(page, f"slip-too-early-{language}-360")
    page.goto("/porte/nanterre/commune/?d=renewal&autres=1")
    assert_accessible(page)
    page.click("button[value='92002']")
    expect(page.locator(".slip address")).to_be_visible()
    assert_accessible(page)
    picture(page, f"slip-other-office-{language}-360")
    reasons = set(Redirection.objects.values_list("reason", flat=True))
    assert reasons == {RedirectReason.TOO_EARLY, RedirectReason.OTHER_OFFICE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_mistakes_are_shown_where_they_are(browse: Browse, nanterre: Office, language: str) -> None:
    page = browse(language=language, width="phone", device_scale_factor=2)
    page.goto("/porte/nanterre/identite/?d=student&e=2017-12-01&c=92050")
    choose_date(page, 1990, 2, 31)
    go_on(page)
    expect(page.locator("input[name=name]")).to_have_attribute("aria-invalid", "true")
    for place in ("input[name=name]", "select[name=day]"):
        described = page.locator(place).get_attribute("aria-describedby")
        expect(page.locator(f"#{described}")).to_be_visible()
    expect(page.locator("select[name=month]")).to_have_value("2")
    assert_accessible(page)
    picture(page, f"holder-mistakes-{language}-360")


def test_everything_at_the_door_works_from_the_keyboard(browse: Browse, nanterre: Office) -> None:
    page = browse(width="desk")
    page.goto("/borne/nanterre/demarche/?lang=fr")
    page.locator("button[value=information]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tile-main")).to_be_visible()
    page.locator(".tile-main").focus()
    page.keyboard.press("Enter")
    page.locator("input[name=name]").focus()
    page.keyboard.type("Témoin Clavier")
    for typed in ("12", "mai", "1980"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Tab")
    expect(page.locator("summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".paper .big-number")).to_have_text("I001")


def test_the_kiosk_forgets_who_stood_there(browse: Browse, nanterre: Office) -> None:
    page = browse(width="kiosk")
    page.clock.install()
    page.goto("/borne/nanterre/identite/?d=information&lang=ar")
    page.fill("input[name=name]", "Fictif Oublié")
    expect(page.locator("[data-idle-warning]")).to_be_hidden()
    page.clock.fast_forward("00:45")
    expect(page.locator("[data-idle-warning]")).to_be_visible()
    page.locator("h1").click(force=True)
    expect(page.locator("[data-idle-warning]")).to_be_hidden()
    page.clock.fast_forward("00:59")
    assert "/identite/" in page.url
    page.clock.fast_forward("00:02")
    page.wait_for_url("**/borne/nanterre/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.context.cookies() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/", "/porte/nanterre/demarche/?plusieurs=1", "/nulle-part/"])
def test_other_public_pages_are_accessible(browse: Browse, nanterre: Office, address: str, language: str) -> None:
    page = browse(language=language, width="phone")
    page.goto(address)
    assert_accessible(page)
    if address == "/":
        picture(page, f"home-{language}-360")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_holds_in_both_schemes(browse: Browse, nanterre: Office, scheme: str) -> None:
    page = browse(width="phone", color_scheme=scheme)
    for address in ("/porte/nanterre/identite/?d=student&e=2017-12-01&c=92050", "/porte/nanterre/demarche/", "/"):
        page.goto(address)
        assert_accessible(page)


def test_a_line_closed_on_thursday_says_why_and_when_it_opens(browse: Browse, nanterre: Office) -> None:
    clock.hold(at("10:00", date(2017, 12, 14)))
    page = browse(width="phone")
    page.goto("/porte/nanterre/expiration/?d=renewal&c=92050")
    choose_date(page, 2017, 12, 31)
    go_on(page)
    expect(page.locator(".slip-date")).to_contain_text("vendredi 15 décembre")
    picture(page, "slip-closed-fr-360")


def test_a_screen_at_the_entrance_takes_the_new_code_after_midnight(browse: Browse, nanterre: Office) -> None:
    page = browse(width="desk")
    page.clock.install(time=clock.now())
    page.goto(f"/affichage/nanterre/?vue=attente&porte={screen_key(nanterre)}")
    shown = page.locator("[data-door] b")
    before = queries.door_code(nanterre)
    expect(shown).to_have_text(before)
    clock.hold(clock.now() + timedelta(hours=15))
    assert queries.door_code(nanterre) != before
    page.clock.fast_forward("15:00:00")
    expect(shown).to_have_text(queries.door_code(nanterre))
