"""The call display in a real browser: it follows the calls, says when it is cut, and comes back by itself."""

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from parvis.journal.actions import KIOSK
from parvis.offices.models import Office
from parvis.procedures.models import Procedure
from parvis.reception import actions
from parvis.reception.rules import Arrival
from tests.browser.screens import assert_accessible
from tests.live.conftest import _process, house, live
from tests.live.process import LiveProcess
from tests.offices.factories import AgentFactory
from tests.reception.house import House

__all__ = ["_process", "house", "live"]

WALL = {"width": 1920, "height": 1080}
PICTURES = os.environ.get("PARVIS_PICTURES", "")


@pytest.fixture
def wall(chromium: Browser, live_server: LiveServer, live: LiveProcess, settings: Any) -> Iterator[Page]:
    """A full-HD screen that has not opened anything yet; errors of the page fail the test."""
    directives = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "connect-src": ["'self'", f"*:{live.port}"]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    settings.LIVE_PORT = live.port
    settings.ALLOWED_HOSTS = ["*"]
    page = chromium.new_page(viewport=WALL, base_url=live_server.url, locale="fr-FR")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    page.close()
    assert faults == []


def _call(house: House, **person: object) -> str:
    ticket = house.ticket("renewal", **person)
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    return str(ticket)


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")


def _open(page: Page, house: House, query: str = "") -> None:
    page.goto(f"/affichage/{house.office.code}/{query}")
    expect(page.locator("body")).to_have_attribute("data-live-state", "live")


def test_a_call_appears_stands_out_and_is_announced_once(wall: Page, house: House) -> None:
    first = _call(house)
    _open(wall, house)
    expect(wall.locator(".call-newest .call-number")).to_have_text(first)
    expect(wall.locator(".call-new")).to_have_count(0)
    wall.evaluate(
        """document.body.announced = 0;
        document.body.addEventListener('display:announced',
            (event) => { document.body.announced += event.detail.count; })"""
    )
    second = _call(house, language="ar")
    expect(wall.locator(".call-newest .call-number")).to_have_text(second)
    expect(wall.locator(".call-new .call-number")).to_have_text([second])
    assert wall.evaluate("document.body.announced") == 1
    wall.evaluate("document.body.dispatchEvent(new CustomEvent('live'))")
    wall.wait_for_timeout(300)
    assert wall.evaluate("document.body.announced") == 1
    # The same board drawn again is no reason for the call to stop standing out.
    expect(wall.locator(".call-new .call-number")).to_have_text([second])


# A machine with voices and a loudspeaker, which a browser of tests has not: what is given to them is kept.
LOUDSPEAKER = """
window.heard = [];
const voices = ["de-DE", "fr-FR", "en-GB", "ar-SA", "zh-TW", "zh_CN"].map((lang) => ({ lang }));
Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => voices,
    speak: (one) => window.heard.push([one.voice && one.voice.lang, one.text]),
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const part = () => ({ frequency: {}, gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
    connect: (next) => next, start: () => window.heard.push("note"), stop() {} });
window.AudioContext = class extends EventTarget {
    state = "suspended";
    currentTime = 0;
    createOscillator = part;
    createGain = part;
    async resume() { this.state = "running"; }
};
"""


def test_a_call_rings_and_is_spoken_in_the_persons_language_and_in_french(wall: Page, house: House) -> None:
    wall.add_init_script(LOUDSPEAKER)
    _open(wall, house)
    silent = _call(house, language="en")
    expect(wall.locator(".call-newest .call-number")).to_have_text(silent)
    assert wall.evaluate("window.heard") == []  # nobody has switched the sound on
    wall.locator("[data-sound]").click()
    expect(wall.locator("[data-sound]")).to_be_hidden()

    spoken = {
        "fr": ["fr-FR"],
        "fr-simple": ["fr-FR"],
        "en": ["en-GB", "fr-FR"],
        "ar": ["ar-SA", "fr-FR"],
        "zh-hans": ["zh_CN", "fr-FR"],
        "ta": ["fr-FR"],
    }
    for language, voices in spoken.items():
        wall.evaluate("window.heard.length = 0")
        number = _call(house, language=language)
        expect(wall.locator(".call-newest .call-number")).to_have_text(number)
        rung, said = wall.evaluate("[window.heard.slice(0, 2), window.heard.slice(2)]")
        assert (rung, [voice for voice, _text in said]) == (["note", "note"], voices)
        counter = house.office.counters.count()
        assert said[-1][1] == f"Numéro {number[0]} {int(number[1:])}, guichet {counter}"
        assert all(str(int(number[1:])) in text for _voice, text in said)
        assert len({text for _voice, text in said}) == len(said)


def test_the_newest_number_is_seen_from_eight_metres(wall: Page, house: House) -> None:
    for _ in range(6):
        _call(house)
    _open(wall, house)
    # 43 inches: 535 mm high. A figure is 0.72 of its font size; 20 minutes of arc at 8 m are 47 mm.
    sizes = wall.eval_on_selector_all(
        ".call", "calls => calls.map(call => parseFloat(getComputedStyle(call).fontSize))"
    )
    heights = [size * 0.72 * 535 / 1080 for size in sizes]
    assert len(heights) == 6
    assert min(heights) >= 47
    assert max(heights) >= 94
    boxes = wall.eval_on_selector_all(
        ".call, .call-number, .call-counter b",
        """all => all.map((one) => {
            const box = one.getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom];
        })""",
    )
    assert all(left >= 0 and top >= 0 and right <= 1920 and bottom <= 1080 for left, top, right, bottom in boxes)


def test_a_killed_live_process_shows_and_the_display_recovers(wall: Page, house: House, live: LiveProcess) -> None:
    first = _call(house)
    _open(wall, house)
    live.kill()
    expect(wall.locator("body")).to_have_attribute("data-live-state", "polling", timeout=10_000)
    expect(wall.locator("[data-live-status]")).to_be_visible()
    second = _call(house)
    # The pages still answer: the display asks by itself meanwhile.
    expect(wall.locator(".call-newest .call-number")).to_have_text(second, timeout=10_000)
    live.start()
    expect(wall.locator("body")).to_have_attribute("data-live-state", "live", timeout=20_000)
    expect(wall.locator("[data-live-status]")).to_be_hidden()
    third = _call(house)
    expect(wall.locator(".call-newest .call-number")).to_have_text(third)
    expect(wall.locator(".call-number")).to_have_text([third, second, first])


def test_when_nothing_answers_it_says_since_when_and_keeps_its_last_state(
    wall: Page, house: House, live: LiveProcess
) -> None:
    number = _call(house)
    _open(wall, house)
    wall.route("**/tableau/**", lambda route: route.abort())
    live.kill()
    expect(wall.locator("body")).to_have_attribute("data-live-state", "cut", timeout=15_000)
    expect(wall.locator("[data-live-status]")).to_contain_text("Connexion coupée depuis 10:")
    expect(wall.locator(".call-newest .call-number")).to_have_text(number)
    _picture(wall, "display-cut-fr-1920")
    live.start()
    wall.unroute("**/tableau/**")
    expect(wall.locator("body")).to_have_attribute("data-live-state", "live", timeout=20_000)


@pytest.fixture
def busy(house: House, nanterre: Office) -> Office:
    """The real office with people waiting on every line and six counters that have called somebody."""
    waiting = {"renewal": 9, "receipt_renewal": 4, "permit_handover": 7, "licence_exchange": 3, "information": 2}
    for code, people in waiting.items():
        asked = (Procedure.objects.get(code=code),)
        for number in range(people):
            arrival = Arrival(
                office=nanterre,
                procedures=asked,
                holder_name=f"Fictif {code} {number}",
                holder_born=date(1990, 1, 1),
            )
            actions.issue_ticket(arrival, by=KIOSK)
    for counter in nanterre.counters.filter(number__in=[4, 12, 17, 20, 21, 23]).order_by("number"):
        agent = AgentFactory(office=nanterre, lines=list(counter.lines.order_by("pk")))
        actions.open_counter(counter, by=agent)
        actions.call_next(counter, by=agent)
    return nanterre


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize("query", ["?vue=appels", "?vue=attente", "?vue=ligne&ligne=handover"])
def test_every_layout_is_accessible_in_every_language(wall: Page, busy: Office, query: str, language: str) -> None:
    wall.goto(f"/affichage/{busy.code}/{query}&lang={language}")
    assert_accessible(wall)
    assert wall.evaluate("document.documentElement.scrollHeight") <= 1080
    clipped = "all => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    assert wall.eval_on_selector_all(".board-waits, .call", clipped) == 0
    assert wall.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    _picture(wall, f"display-{query[5:].partition('&')[0]}-{language}-1920")


def test_on_a_phone_everything_is_in_one_column(wall: Page, busy: Office) -> None:
    wall.set_viewport_size({"width": 360, "height": 740})
    wall.goto(f"/affichage/{busy.code}/?vue=attente")
    assert_accessible(wall)
    _picture(wall, "display-attente-fr-360")


def test_without_javascript_the_board_is_there(chromium: Browser, live_server: LiveServer, house: House) -> None:
    number = _call(house)
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(f"/affichage/{house.office.code}/")
    expect(page.locator(".call-newest .call-number")).to_have_text(number)
    context.close()
