"""The handover by keyboard alone and by a scanner; the machine's part of its time is printed."""

import re
import sys
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from parvis.booking.actions.summons import link
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import State as FileState
from parvis.common import clock
from parvis.offices import actions as offices
from parvis.offices.models import Office
from parvis.permits.models import Delivery, FailedHandover, Handover, Permit, SetAside, Stamp
from parvis.permits.states import Failure, Notice
from parvis.reception import actions
from parvis.reception.models import Ticket
from parvis.reception.states import Status
from tests.browser.conftest import Browse
from tests.browser.screens import SELECTED, assert_accessible, picture
from tests.browser.staff import sign_in
from tests.people.factories import PersonFactory
from tests.web.cards.stock import awaiting, card_of
from tests.web.staff import Staff

pytestmark = pytest.mark.browser

CALL = "Appeler la personne suivante"
# A scanner's signs come within a few milliseconds, and end with Enter.
SCANNED = """(code) => {
  for (const key of [...code, "Enter"]) {
    const target = document.activeElement || document.body;
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}"""


class Machine:
    """The seconds that the machine takes to answer, added up over a handover."""

    def __init__(self, page: Page) -> None:
        self.started: dict[Any, float] = {}
        self.trips: list[tuple[str, float]] = []
        page.on("request", lambda request: self.started.setdefault(request, time.monotonic()))
        page.on("requestfinished", self.note)

    def note(self, request: Any) -> None:
        if "/guichet/" in request.url:
            self.trips.append((f"{request.method} {request.url}", time.monotonic() - self.started[request]))

    def told(self) -> str:
        return f"{len(self.trips)} round trips, {sum(took for _what, took in self.trips):.2f} s of the machine"


@pytest.fixture
def staff(nanterre: Office) -> Staff:
    offices.sync_roles()
    return Staff(nanterre)


@pytest.fixture
def card(staff: Staff) -> Permit:
    """A card of somebody, with its file."""
    person = PersonFactory(family_name="Exemple", given_name="Inès", foreign_number="9900123456")
    return card_of(staff, awaiting(staff, person), place="Tiroir C-7")


def seated(browse: Browse, staff: Staff, number: int = 20, **more: Any) -> Page:
    """An agent signed in at a handover counter."""
    agent = staff.agent("handover_agent", lines=("handover",), name="Dominique Fictif")
    actions.open_counter(staff.counter(number), by=agent)
    page = browse(**more)
    sign_in(page, agent)
    expect(page.locator("#screen")).to_be_visible()
    page.wait_for_load_state()
    return page


def receive(page: Page) -> None:
    """Call the next person and receive them."""
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="La personne est là")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("#card-number")).to_be_visible()


def state_of(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).state


def test_a_whole_handover_by_keyboard_alone(browse: Browse, staff: Staff, card: Permit) -> None:
    ticket = staff.ticket("permit_handover", person=card.person)
    page = seated(browse, staff, width="desk")
    machine = Machine(page)
    receive(page)
    expect(page.locator(".card-place")).to_contain_text("Tiroir C-7")
    picture(page, "handover-fr-1366")
    assert_accessible(page)
    page.keyboard.press("1")
    expect(page.locator("[data-check=identity] input")).to_be_checked()
    page.keyboard.press("2")
    expect(page.locator("#stamp-number-1")).to_be_focused()
    page.keyboard.type("1234567890123456")
    page.keyboard.press("Enter")
    expect(page.locator("#stamp-eur-1")).to_be_focused()
    page.keyboard.type("269")
    page.keyboard.press("Enter")
    for key in "34":
        page.keyboard.press(key)
    expect(page.locator("[data-check=notice]")).to_have_class("check is-done")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("Copie des données de la puce")
    expect(page.locator("[data-check=chip_data] .check-remedy")).to_be_visible()
    picture(page, "handover-missing-fr-1366")
    assert_accessible(page)
    page.keyboard.press("5")
    expect(page.locator("[data-check=chip_data] input")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text(f"Titre {card.number} remis à {ticket}.")
    assert state_of(ticket) == Status.RECEIVED
    assert Handover.objects.get().notice == Notice.PAPER
    assert CaseFile.objects.get().state == FileState.CLOSED
    sys.stdout.write(f"\nby keyboard: {machine.told()}\n")


def test_a_whole_handover_with_a_scanner(browse: Browse, staff: Staff, card: Permit) -> None:
    ticket = staff.ticket("permit_handover", name="Exemple Inès")
    page = seated(browse, staff, width="desk")
    machine = Machine(page)
    receive(page)
    expect(page.locator("#card-number")).to_be_focused()
    # The focus elsewhere: none of the figures of the code may tick or finish anything.
    page.evaluate("document.activeElement.blur()")
    page.evaluate(SCANNED, f"https://exemple.invalid/rendez-vous/remise/{link(card)}/")
    expect(page.locator(".card-place")).to_contain_text("Tiroir C-7")
    page.evaluate("document.activeElement.blur()")
    page.evaluate(SCANNED, "1234567890123456")
    expect(page.locator("#stamp-number-1")).to_have_value("1234567890123456")
    expect(page.locator("#stamp-eur-1")).to_be_focused()
    page.keyboard.type("269")
    page.keyboard.press("Enter")
    assert page.locator("[data-handover] :checked").count() == 0
    for key in "1345":
        page.keyboard.press(key)
    expect(page.locator(".check.is-done")).to_have_count(5)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=CALL)).to_be_visible()
    assert state_of(ticket) == Status.RECEIVED
    assert Stamp.objects.get().number == "1234567890123456"
    sys.stdout.write(f"\nby scanner: {machine.told()}\n")


def test_a_scan_typed_into_the_field_ends_with_enter(browse: Browse, staff: Staff, card: Permit) -> None:
    staff.ticket("permit_handover", name="Exemple Inès")
    page = seated(browse, staff)
    receive(page)
    assert card.case_file
    expect(page.locator("#card-number")).to_be_focused()
    page.keyboard.type(card.case_file.number)
    page.keyboard.press("Enter")
    expect(page.locator(".card-place")).to_contain_text("Tiroir C-7")
    # The field gives the keys back to the checklist, and the next scan to the stamp.
    page.keyboard.press("1")
    expect(page.locator("[data-check=identity] input")).to_be_checked()
    page.keyboard.type("1234567890123456")
    page.keyboard.press("Enter")
    expect(page.locator("#stamp-number-1")).to_have_value("1234567890123456")
    expect(page.locator("[data-check=identity] input")).to_be_checked()


def test_a_card_of_nobody_is_scanned_over(browse: Browse, staff: Staff, card: Permit) -> None:
    staff.ticket("permit_handover", name="Exemple Inès")
    page = seated(browse, staff)
    receive(page)
    expect(page.locator("#card-number")).to_be_focused()
    page.keyboard.type("TITRE0000")
    page.keyboard.press("Enter")
    expect(page.locator("#cards")).to_contain_text("Aucun titre sous ce numéro")
    page.wait_for_function(SELECTED)
    page.keyboard.type(card.number)
    page.keyboard.press("Enter")
    expect(page.locator(".card-place")).to_contain_text("Tiroir C-7")


def test_a_stamp_refused_is_typed_over(browse: Browse, staff: Staff, card: Permit) -> None:
    other = card_of(staff, awaiting(staff), number="TITRE0002")
    Stamp.objects.create(
        number="1234567890123456", eur=269, handover=Handover.objects.create(permit=other, at=clock.now())
    )
    ticket = staff.ticket("permit_handover", person=card.person)
    page = seated(browse, staff)
    receive(page)
    page.keyboard.press("Enter")
    expect(page.locator("[data-check=identity] .check-remedy")).to_be_visible()
    expect(page.locator("[data-check=identity] input")).to_be_focused()
    for key in "1345":
        page.keyboard.press(key)
    expect(page.locator(".check.is-done")).to_have_count(4)
    page.keyboard.press("2")
    expect(page.locator("#stamp-number-1")).to_be_focused()
    page.keyboard.type("12")
    for wrong, said, where, right in (
        ("26", "Le numéro du timbre est fait de", "#stamp-number-1", "1234567890123456"),
        ("", "Les timbres font 26 euros", "#stamp-eur-1", "269"),
        ("", "Ce timbre a déjà servi", "#stamp-number-1", "9999999999999999"),
    ):
        if wrong:
            page.locator("#stamp-eur-1").fill(wrong)
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        expect(page.locator(".said")).to_contain_text(said)
        expect(page.locator(where)).to_be_focused()
        page.keyboard.type(right)
        expect(page.locator(where)).to_have_value(right)
    # The words of a refusal are about what was refused, never about the card read next.
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("TITRE0000")
    page.keyboard.press("Enter")
    expect(page.locator("#cards")).to_contain_text("Aucun titre sous ce numéro")
    expect(page.locator(".said")).not_to_contain_text("timbre")
    assert state_of(ticket) == Status.SERVING


def test_the_notice_signed_on_the_screen(browse: Browse, staff: Staff, card: Permit) -> None:
    staff.ticket("permit_handover", person=card.person)
    page = seated(browse, staff)
    receive(page)
    page.keyboard.press("g")
    pad = page.locator("[data-sign]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 50, steps=5)
    page.mouse.move(box["x"] + 150, box["y"] + 20, steps=5)
    page.mouse.up()
    picture(page, "handover-signed-fr-1366")
    assert_accessible(page)
    expect(page.locator("[data-check=notice]")).to_have_class("check is-done")
    # Enter hands over; it wipes nothing.
    page.keyboard.press("Enter")
    expect(page.locator("[data-check=identity] .check-remedy")).to_be_visible()
    expect(page.locator("[name=signature]")).to_have_value(re.compile("^M "))
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#stamp-number-1")).to_be_focused()
    page.keyboard.type("1234567890123456")
    page.keyboard.press("Enter")
    page.keyboard.type("269")
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    page.keyboard.press("5")
    expect(page.locator(".check.is-done")).to_have_count(5)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=CALL)).to_be_visible()
    done = Handover.objects.get()
    assert done.notice == Notice.SCREEN
    assert done.signature.startswith("M ")


def test_not_handed_over_in_two_keys(browse: Browse, staff: Staff, card: Permit) -> None:
    ticket = staff.ticket("permit_handover", person=card.person)
    page = seated(browse, staff)
    receive(page)
    page.keyboard.press("i")
    expect(page.get_by_text("Revient aujourd'hui, sans refaire la file")).to_be_visible()
    picture(page, "handover-failing-fr-1366")
    assert_accessible(page)
    page.keyboard.press("2")
    expect(page.locator(".said")).to_contain_text("Non remis : Timbre absent.")
    assert FailedHandover.objects.get().reason == Failure.STAMP_MISSING
    assert state_of(ticket) == Status.RECEIVED


def test_the_second_counter_is_told(browse: Browse, staff: Staff, card: Permit) -> None:
    ticket = staff.ticket("permit_handover", person=card.person)
    other = staff.ticket("permit_handover", name="Exemple Inès")
    page = seated(browse, staff)
    receive(page)
    second = seated(browse, staff, 21)
    receive(second)
    expect(second.locator("#card-number")).to_be_focused()
    second.keyboard.type(card.number)
    second.keyboard.press("Enter")
    expect(second.locator(".card-place")).to_contain_text("Tiroir C-7")
    first = Ticket.objects.get(pk=ticket.pk).agent
    assert first
    actions.hand_over(
        Ticket.objects.get(pk=ticket.pk),
        permit=card,
        checks=("identity", "old_permit_or_receipt", "chip_data"),
        stamps=(("1234567890123456", 269),),
        notice="paper",
        by=first,
    )
    second.evaluate("document.activeElement.blur()")
    for key in "1345":
        second.keyboard.press(key)
    # A hand and a scanner never follow one another within a twentieth of a second.
    expect(second.locator(".check.is-done")).to_have_count(4)
    second.evaluate(SCANNED, "9999999999999999")
    second.keyboard.type("269")
    second.keyboard.press("Enter")
    second.keyboard.press("Enter")
    expect(second.locator(".said")).to_contain_text("Ce titre a déjà été remis.")
    expect(second.locator("#cards")).to_contain_text("au guichet 20 par Dominique Fictif")
    picture(second, "handover-second-counter-fr-1366")
    assert_accessible(second)
    assert state_of(other) == Status.SERVING
    assert Handover.objects.count() == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_on_a_narrow_screen(browse: Browse, staff: Staff, card: Permit, language: str) -> None:
    staff.ticket("permit_handover", person=card.person)
    page = seated(browse, staff, width="phone", language=language)
    page.locator("[data-key=n]").press("Enter")
    page.locator("[data-key=a]").first.press("Enter")
    expect(page.locator(".card-place")).to_be_visible()
    picture(page, f"handover-{language}-360")
    assert_accessible(page)


def test_without_a_script(browse: Browse, staff: Staff, card: Permit) -> None:
    ticket = staff.ticket("permit_handover", name="Exemple Inès")
    page = seated(browse, staff, javascript=False)
    page.get_by_role("button", name=CALL).press("Enter")
    page.get_by_role("button", name="La personne est là").press("Enter")
    page.locator("#card-number").fill(card.number)
    page.locator("#card-number").press("Enter")
    for box in page.locator(".checks [type=checkbox]").all():
        box.check()
    page.locator("#stamp-number-1").fill("1234567890123456")
    page.locator("#stamp-eur-1").fill("269")
    page.locator(".hand-over").press("Enter")
    expect(page.locator(".said")).to_contain_text("remis à")
    assert state_of(ticket) == Status.RECEIVED


def test_a_delivery_scanned_card_after_card(browse: Browse, staff: Staff) -> None:
    agent = staff.agent("handover_agent", name="Dominique Fictif")
    people = [
        PersonFactory(family_name="Exemple", given_name=name, foreign_number=f"990000000{n}")
        for n, name in enumerate(["Ana", "Bo"])
    ]
    for person in people:
        awaiting(staff, person)
    page = browse(width="desk")
    sign_in(page, agent)
    page.goto("/titres/livraisons/")
    assert_accessible(page)
    page.get_by_role("button", name="lire les titres un à un").press("Enter")
    page.locator("#place").fill("Tiroir A-1")
    page.locator("#number").focus()
    for n, person in enumerate(people):
        expect(page.locator("#number")).to_be_focused()
        page.keyboard.type(f"TITRE100{n}")
        page.keyboard.press("Enter")
        page.keyboard.type(person.foreign_number)
        page.keyboard.press("Enter")
        expect(page.locator(".answer")).to_contain_text(f"TITRE100{n}")
        expect(page.locator(".answer")).to_contain_text("Tiroir A-1")
    picture(page, "delivery-fr-1366")
    assert_accessible(page)
    page.keyboard.type("TITRE9999")
    page.keyboard.press("Enter")
    page.keyboard.type("9900999999")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("Mettez-le de côté")
    assert_accessible(page)
    assert Delivery.objects.get().permits.count() == 2
    assert SetAside.objects.get().number == "TITRE9999"
    page.keyboard.type("!!")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("Le numéro du titre est fait de")
    expect(page.locator("#number")).to_be_focused()
    page.keyboard.type("TITRE8888")
    expect(page.locator("#number")).to_have_value("TITRE8888")
    for address in ("/titres/", "/titres/a-part/", "/titres/non-reclames/", "/titres/chiffres/"):
        page.goto(address)
        picture(page, f"cards-{address.strip('/').replace('/', '-')}-fr-1366")
        assert_accessible(page)
    page.goto(f"/titres/t/{Permit.objects.first().pk}/")  # type: ignore[union-attr]
    assert_accessible(page)


def test_the_stock_on_a_phone(browse: Browse, staff: Staff, card: Permit) -> None:
    page = browse(width="phone")
    sign_in(page, staff.agent("head_of_office", name="Dominique Fictif"))
    for address in ("/titres/", "/titres/livraisons/", f"/titres/t/{card.pk}/", "/titres/chiffres/"):
        page.goto(address)
        picture(page, f"cards-{address.strip('/').replace('/', '-')}-fr-360")
        assert_accessible(page)
