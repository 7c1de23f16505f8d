"""Somebody with an appointment at the kiosk, on a phone and at the desk, in a real browser."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from parvis.booking.actions.summons import link
from parvis.booking.models import Appointment
from parvis.common import clock
from parvis.offices import actions as offices
from parvis.offices.models import Office
from parvis.reception import queries
from parvis.reception.models import Ticket
from tests.booking.house import BookingHouse
from tests.browser.conftest import Browse
from tests.browser.screens import assert_accessible, picture
from tests.browser.staff import sign_in
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import at
from tests.web.seats import WEDNESDAY, bookable
from tests.web.staff import Staff

pytestmark = pytest.mark.browser


@pytest.fixture
def seats(nanterre: Office) -> BookingHouse:
    return bookable(nanterre)


@pytest.fixture
def appointment(seats: BookingHouse) -> Appointment:
    """Wednesday at ten, for somebody born on 29 February; it is a quarter to."""
    made = seats.booked(
        seats.slots(day=WEDNESDAY, hours=("10:00", "12:00"))[0],
        attendees=[seats.attendee("renewal", family_name="Exemple", birth_date=date(1996, 2, 29))],
    )
    clock.hold(at("09:45", WEDNESDAY))
    return made


def scan(page: Page, text: str) -> None:
    """A scanner types what it reads, then Enter: the field has the focus."""
    expect(page.locator("[name=n]")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["fr", "ar", "fr-simple"])
def test_a_scan_at_the_kiosk(browse: Browse, appointment: Appointment, language: str) -> None:
    page = browse(width="kiosk")
    page.goto(f"/borne/nanterre/demarche/?lang={language}")
    assert_accessible(page)
    page.locator("a.tile-main").first.click()
    page.wait_for_url("**/rendez-vous/**")
    assert_accessible(page)
    picture(page, f"check-in-{language}-kiosk")
    scan(page, f"https://parvis.exemple.invalid/rendez-vous/r/{appointment.token}/")
    page.wait_for_url("**/arrivee/**")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert_accessible(page)
    picture(page, f"check-in-found-{language}-kiosk")
    page.locator("button[name=p][value='']").click()
    page.wait_for_url("**/ticket/**")
    assert Ticket.objects.get().appointment == appointment


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_phone_without_javascript_by_name(browse: Browse, appointment: Appointment, language: str) -> None:
    page = browse(language=language, width="phone", javascript=False)
    page.goto(f"/porte/nanterre/rendez-vous/?nom=1&lang={language}&j={queries.door_code(appointment.office)}")
    page.locator("[name=name]").fill("exemple")
    for field, value in (("day", "29"), ("month", "2"), ("year", "1996")):
        page.locator(f"[name={field}]").select_option(value)
    page.locator("main button.button-main").click()
    page.wait_for_url("**/arrivee/**")
    page.locator("button[name=p][value='']").click()
    page.wait_for_url("**/t/**")
    assert Ticket.objects.get().appointment == appointment


@pytest.mark.parametrize("language", ["fr", "ar", "ta"])
def test_a_phone_screen_has_no_fault_for_axe(browse: Browse, appointment: Appointment, language: str) -> None:
    page = browse(language=language, width="phone")
    page.goto(f"/porte/nanterre/rendez-vous/?lang={language}")
    assert_accessible(page)
    picture(page, f"check-in-{language}-360")
    page.goto(f"/porte/nanterre/rendez-vous/?nom=1&lang={language}")
    assert_accessible(page)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_fetching_a_card_by_the_link_of_the_summons(browse: Browse, seats: BookingHouse, language: str) -> None:
    card = PermitFactory(office=seats.office, person=PersonFactory(email="carte@exemple.invalid", language=language))
    seats.slots("handover", day=WEDNESDAY, minutes=10, hours=("09:00", "12:00"))
    seats.slots("handover", day=date(2017, 12, 15), minutes=10, hours=("09:00", "12:00"))
    page = browse(language=language, width="phone", javascript=False)
    page.goto(f"/rendez-vous/remise/{link(card)}/")
    page.locator("main .tile").first.click()
    page.wait_for_url("**jour=**")
    picture(page, f"handover-{language}-360")
    page.locator("button[name=slot]").nth(3).click()
    page.wait_for_url("**/rendez-vous/r/**")
    assert Appointment.objects.get().booked.get().permit == card


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_page_of_the_summons_has_no_fault_for_axe(browse: Browse, seats: BookingHouse, width: str) -> None:
    person = PersonFactory(birth_date=None)
    card = PermitFactory(office=seats.office, person=person)
    seats.slots("handover", day=WEDNESDAY, minutes=10, hours=("09:00", "12:00"))
    page = browse(width=width)
    page.goto(f"/rendez-vous/remise/{link(card)}/?jour={WEDNESDAY}")
    expect(page.locator("[name=email]")).to_be_visible()
    assert_accessible(page)


def test_the_desk_scans_by_keyboard_alone(browse: Browse, appointment: Appointment) -> None:
    offices.sync_roles()
    agent = Staff(appointment.office).agent("greeter")
    page = browse(width="desk")
    sign_in(page, agent)
    expect(page.locator("#expected")).to_contain_text("10:00")
    assert_accessible(page)
    picture(page, "desk-expected-fr-1366")
    page.keyboard.press("s")
    page.keyboard.type(appointment.number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accueil/ticket/*/")
    assert Ticket.objects.get().appointment == appointment


def test_a_scanner_may_be_fired_wherever_the_greeter_is(browse: Browse, appointment: Appointment) -> None:
    offices.sync_roles()
    page = browse(width="desk")
    sign_in(page, Staff(appointment.office).agent("greeter"))
    page.keyboard.type("https://parvis.exemple.invalid/rendez-vous/r/LligarLligarLligarLlig/")
    page.keyboard.press("Enter")
    expect(page.locator(".error")).to_contain_text("Aucun rendez-vous")
    # The field has the focus and what it holds is replaced.
    page.keyboard.type(f"https://parvis.exemple.invalid/rendez-vous/r/{appointment.token}/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accueil/ticket/*/")
    expect(page.locator("#scan")).to_be_visible()
    assert_accessible(page)
    page.keyboard.type(f"https://parvis.exemple.invalid/rendez-vous/r/{appointment.token}/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accueil/ticket/*/")
    assert Ticket.objects.get().appointment == appointment
