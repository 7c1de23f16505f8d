"""The way to an appointment as people walk it: three languages, two widths, the keyboard alone, no script."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from parvis.booking.models import Appointment, SpentChallenge
from parvis.booking.states import Status
from parvis.common import clock
from parvis.messages.models import Message
from parvis.web.appointments import passes
from tests.booking.house import DAY, BookingHouse
from tests.browser.screens import assert_accessible, picture
from tests.browser.test_door import choose_date, go_on
from tests.reception.house import at
from tests.web.appointments.conftest import open_to_booking

pytestmark = pytest.mark.browser

Browse = Callable[..., Page]
LANGUAGES = ("fr", "ar", "fr-simple")
WIDTHS = ("phone", "desk")
EXPIRES = date(2018, 1, 20)
EMAIL = "temoin@exemple.invalid"


@pytest.fixture
def house(transactional_db: None) -> Iterator[BookingHouse]:
    """The real office at ten o'clock, with seats a week later."""
    with clock.held(at("10:00")):
        made = open_to_booking()
        made.slots(hours=("09:00", "12:00"), seats=3)
        made.slots(hours=("13:30", "15:30"), seats=3)
        yield made


def last_code() -> str:
    """The code that was sent last."""
    return str(Message.objects.filter(kind="booking.code").order_by("-pk")[0].facts["code"])


def fill(page: Page) -> None:
    """Who comes."""
    page.fill("input[name=p0-family_name]", "Exemple")
    page.fill("input[name=p0-given_name]", "Témoin")
    page.select_option("select[name=p0-day]", "29")
    page.select_option("select[name=p0-month]", "2")
    page.select_option("select[name=p0-year]", "1988")
    page.fill("input[name=p0-foreign_number]", "9900000001")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_an_appointment_is_taken_and_cancelled(browse: Browse, house: BookingHouse, language: str, width: str) -> None:
    page = browse(width=width)

    def look(name: str) -> None:
        assert_accessible(page)
        picture(page, f"booking-{name}-{language}-{width}")

    page.goto(f"/?lang={language}")
    look("home")
    page.click("a[href='/rendez-vous/']")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    look("start")
    page.click("main .button-main")
    look("procedure")
    page.click("button[value=renewal]")
    look("commune")
    page.click("button[value='92050']")
    look("expiry")
    choose_date(page, EXPIRES.year, EXPIRES.month, EXPIRES.day)
    go_on(page)
    look("documents")
    go_on(page)
    expect(page.locator("form[data-altcha] button")).to_be_enabled()
    look("verification")
    page.click("form[data-altcha] button")
    look("days")
    page.locator("main ul.tiles a.tile").first.click()
    look("hours")
    page.locator("button[name=slot]").nth(2).click()
    expect(page.locator("[data-held-left] span")).to_have_text("10")
    fill(page)
    page.fill("input[name=email]", EMAIL)
    look("details")
    go_on(page)
    expect(page.locator("input[name=code]")).to_be_visible()
    look("code")
    page.fill("input[name=code]", last_code())
    go_on(page)
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    look("see")
    made = Appointment.objects.get()
    assert (made.state, made.language, made.day) == (Status.CONFIRMED, language, DAY)
    assert SpentChallenge.objects.count() == 1
    page.click("a[href$='/deplacer/']")
    look("move")
    page.go_back()
    page.click("a[href$='/annuler/']")
    look("cancel")
    page.click("main form .button-bad")
    expect(page.locator("[data-state=cancelled]")).to_be_visible()
    look("cancelled")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_a_code_stands_in_for_the_calculation(
    browse: Browse, house: BookingHouse, language: str
) -> None:
    page = browse(width="phone", javascript=False)
    page.goto(f"/rendez-vous/nanterre/demarche/?lang={language}")
    page.click("button[value=renewal]")
    page.click("button[value='92050']")
    choose_date(page, EXPIRES.year, EXPIRES.month, EXPIRES.day)
    go_on(page)
    go_on(page)
    expect(page.locator("form[data-altcha]")).to_be_hidden()
    page.fill("input[name=email]", EMAIL)
    page.click("main section button")
    page.fill("input[name=code]", last_code())
    go_on(page)
    page.locator("main ul.tiles a.tile").first.click()
    page.locator("button[name=slot]").first.click()
    expect(page.locator(".held")).to_contain_text("10:10")
    expect(page.locator("[data-held-left]")).to_be_hidden()
    expect(page.locator("input[name=email]")).to_have_value(EMAIL)
    fill(page)
    go_on(page)
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    picture(page, f"booking-no-script-{language}-phone")


def test_the_whole_way_by_keyboard_alone(browse: Browse, house: BookingHouse) -> None:
    page = browse(width="desk")

    def press(selector: str) -> None:
        """Go to a control by tabulation, as somebody without a mouse does, and press it."""
        for _step in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                break
        else:
            raise AssertionError(f"{selector} is not reached")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def type_on(*typed: str) -> None:
        for text in typed:
            page.keyboard.press("Tab")
            page.keyboard.type(text)

    page.goto("/rendez-vous/nanterre/?lang=fr")
    press("main .button-main")
    press("button[value=renewal]")
    press("button[value='92050']")
    page.locator("select[name=day]").focus()
    page.keyboard.type("20")
    type_on("janvier", "2018")
    press("main .button-main")
    press("main .button-main")
    expect(page.locator("form[data-altcha] button")).to_be_enabled()
    press("form[data-altcha] button")
    press("ul.tiles a.tile")
    press("button[name=slot]")
    page.locator("input[name=p0-family_name]").focus()
    page.keyboard.type("O")
    type_on("", "12", "mai", "1980", "9900000001", "", EMAIL)
    press("main form .button-main")
    page.locator("input[name=code]").focus()
    page.keyboard.type(last_code())
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=confirmed]")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_mistakes_and_advice_are_accessible(browse: Browse, house: BookingHouse, language: str) -> None:
    page = browse(width="phone")
    for name, address in {
        "too-early": "conseil/?d=renewal&c=92050&e=2018-12-01",
        "elsewhere": "conseil/?d=renewal&c=elsewhere",
        "several": "demarche/?plusieurs=1",
        "apart": "a-part/?d=renewal&d=licence_exchange&n=2",
        "problem": "demarche/?d=unknown&n=x",
        "find": "../retrouver/?x=1",
        "request": f"demande/?d=renewal&c=92050&e=2018-01-20&v={passes.make('proved')}",
        "no-room": f"jour/?d=receipt_renewal&c=92050&v={passes.make()}",
    }.items():
        page.goto(f"/rendez-vous/nanterre/{address}&lang={language}")
        assert_accessible(page)
        picture(page, f"booking-{name}-{language}-phone")


@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_details_say_where_and_keep_the_rest(browse: Browse, house: BookingHouse, language: str) -> None:
    page = browse(width="phone")
    held = house.hold(house.slot(hour="12:30"))
    page.goto(f"/rendez-vous/r/{held.token}/identite/?d=renewal&c=92050&e=2018-01-20&n=2&lang={language}")
    fill(page)
    page.fill("input[name=p0-foreign_number]", "12")
    page.click("main details summary")
    page.select_option("select[name=kind]", "association")
    go_on(page)
    for place in ("p0-foreign_number", "p1-family_name", "p1-day", "email", "name"):
        control = page.locator(f"[name={place}]")
        expect(control).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{control.get_attribute('aria-describedby')}")).to_be_visible()
    expect(page.locator("input[name=p0-family_name]")).to_have_value("Exemple")
    assert_accessible(page)
    picture(page, f"booking-mistakes-{language}-phone")


def test_the_seat_is_lost_while_the_page_is_open_and_nothing_typed_is(browse: Browse, house: BookingHouse) -> None:
    page = browse(width="phone")
    page.clock.install()
    held = house.hold(house.slot(hour="12:30"))
    page.goto(f"/rendez-vous/r/{held.token}/identite/?d=renewal&c=92050&e=2018-01-20&lang=fr")
    fill(page)
    page.fill("input[name=email]", EMAIL)
    page.clock.fast_forward("10:01")
    expect(page.locator("[data-held-says]")).to_contain_text("n'est plus retenu")
    clock.hold(at("10:11"))
    go_on(page)
    expect(page.locator("input[name=slot]").first).to_be_visible()
    expect(page.locator("input[name=p0-family_name]")).to_have_value("Exemple")
    assert_accessible(page)
    picture(page, "booking-lost-fr-phone")
    page.locator("input[name=slot]").first.check()
    go_on(page)
    expect(page.locator("input[name=code]")).to_be_visible()


def test_a_phone_in_another_time_zone_shows_the_hours_of_the_office(browse: Browse, house: BookingHouse) -> None:
    made = house.booked(house.slot(hour="12:30"))
    page = browse(width="phone", timezone_id="Pacific/Auckland")
    page.goto(f"/rendez-vous/r/{made.token}/?lang=fr")
    expect(page.locator(".big-hour")).to_contain_text("12:30")
    expect(page.locator(".big-hour")).to_contain_text("heure de Paris")
    page.goto(f"/rendez-vous/r/{made.token}/deplacer/?lang=fr&j={DAY.isoformat()}")
    expect(page.locator("button[name=slot]").first).to_have_text("09:00")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_holds_in_both_schemes(browse: Browse, house: BookingHouse, scheme: str) -> None:
    made = house.booked(house.slot(hour="12:30"))
    held = house.hold(house.slot(hour="12:45"))
    page = browse(width="phone", color_scheme=scheme)
    for address in (f"r/{made.token}/", f"r/{held.token}/identite/?d=renewal", "nanterre/documents/?d=student&c=92050"):
        page.goto(f"/rendez-vous/{address}")
        assert_accessible(page)
