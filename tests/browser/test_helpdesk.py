"""Agents who book for a person, in a real browser."""

import pytest
from playwright.sync_api import expect

from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.offices import actions as offices
from parvis.offices.models import Office
from tests.booking.house import BookingHouse
from tests.browser.conftest import Browse
from tests.browser.screens import assert_accessible, picture
from tests.browser.staff import sign_in
from tests.web.seats import WEDNESDAY, bookable
from tests.web.staff import Staff

pytestmark = pytest.mark.browser


@pytest.fixture
def staff(nanterre: Office) -> Staff:
    offices.sync_roles()
    return Staff(nanterre)


@pytest.fixture
def seats(staff: Staff) -> BookingHouse:
    house = bookable(staff.office)
    house.slots(day=WEDNESDAY, hours=("09:00", "12:00"), seats=3)
    house.slots(day=WEDNESDAY.replace(day=15), hours=("09:00", "12:00"), seats=3)
    return house


@pytest.mark.parametrize("javascript", [True, False])
def test_book_then_move_then_cancel_for_somebody_on_the_phone(
    browse: Browse, staff: Staff, seats: BookingHouse, javascript: bool
) -> None:
    agent = staff.agent("mail_phone_team", name="Alix Exemple")
    page = browse(width="desk", javascript=javascript)
    sign_in(page, agent)
    page.goto("/aide/")
    if javascript:
        assert_accessible(page)
    page.get_by_role("link", name="Prendre un rendez-vous").click()
    page.locator("input[name=d][value=renewal]").check()
    page.get_by_role("button", name="Voir les jours libres").click()
    page.locator(".day-choices a").first.click()
    page.locator("[name=slot]").nth(2).check()
    page.locator("[name=p0-family_name]").fill("Exemple")
    page.locator("[name=p0-birth_date]").fill("29/02/1996")
    page.locator("[name=p0-foreign_number]").fill("9900 123 123")
    page.locator("[name=email]").fill("temoin@exemple.invalid")
    if javascript:
        assert_accessible(page)
        picture(page, "helpdesk-book-fr-1366")
    page.get_by_role("button", name="Réserver").click()
    page.wait_for_url("**/aide/rendez-vous/*/")
    made = Appointment.objects.get()
    if javascript:
        assert_accessible(page)
        picture(page, "helpdesk-appointment-fr-1366")
    page.get_by_role("link", name="Déplacer").click()
    page.locator(".day-choices a").last.click()
    if javascript:
        assert_accessible(page)
    page.get_by_role("button", name="Déplacer").click()
    page.wait_for_url(lambda url: "/deplacer/" not in url)
    page.get_by_role("button", name="Annuler le rendez-vous").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Annulé")
    made.refresh_from_db()
    assert (made.state, made.moves) == (Status.CANCELLED, 1)


def test_the_digital_point_leaves_nothing_behind(browse: Browse, staff: Staff, seats: BookingHouse) -> None:
    agent = staff.agent("digital_helper")
    page = browse(width="desk")
    sign_in(page, agent)
    page.goto("/aide/")
    assert_accessible(page)
    page.get_by_role("button", name="Point numérique").click()
    expect(page.locator(".assisting")).to_be_visible()
    made = seats.booked(seats.slots(day=WEDNESDAY, hours=("14:00", "15:00"))[0])
    page.locator("[name=q]").fill(made.number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/aide/rendez-vous/*/")
    name = made.booked.get().full_name
    expect(page.locator("main")).to_contain_text(name)
    picture(page, "digital-point-fr-1366")
    page.get_by_role("button", name="Terminer et effacer").click()
    expect(page.locator(".assisting")).to_have_count(0)
    page.go_back()
    expect(page.locator("body")).not_to_contain_text(name)


@pytest.mark.parametrize("width", ["phone", "desk"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_fault_for_axe(browse: Browse, staff: Staff, seats: BookingHouse, width: str, language: str) -> None:
    agent = staff.agent("head_of_office")
    seats.booked(seats.slots(day=WEDNESDAY)[0])
    page = browse(language=language, width=width)
    sign_in(page, agent)
    for address in (f"/aide/?jour={WEDNESDAY}", f"/aide/prendre/?d=renewal&n=2&canal=desk&jour={WEDNESDAY}"):
        page.goto(address)
        assert_accessible(page)
        picture(page, f"helpdesk-{'list' if 'prendre' not in address else 'form'}-{language}-{width}")
