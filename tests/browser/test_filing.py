"""The case file at the counter, by keyboard and by scanner: no pointer is ever used here."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from parvis.casefiles import actions as casefiles
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.states import DocumentState, State, Work
from parvis.journal.actions import KIOSK
from parvis.offices import actions as offices
from parvis.offices.models import Agent, Office
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.reception import actions
from parvis.reception.models import HelpCall, Ticket
from parvis.reception.states import Outcome, Status
from tests.browser.conftest import Browse
from tests.browser.screens import SELECTED, assert_accessible, picture
from tests.browser.staff import sign_in
from tests.people.factories import PersonFactory
from tests.web.staff import Staff

pytestmark = pytest.mark.browser
FILING, RECEIPTS = 3, 16


@pytest.fixture
def staff(nanterre: Office) -> Staff:
    offices.sync_roles()
    return Staff(nanterre)


def receive(page: Page, staff: Staff, ticket: Ticket, number: int = FILING) -> Agent:
    """Sign in, sit down at a counter, call the person and receive them."""
    agent = staff.agent("counter_agent", lines=("filing", "receipts"))
    sign_in(page, agent)
    actions.open_counter(staff.counter(number), by=agent)
    page.goto(f"/guichet/{number}/")
    page.keyboard.press("n")
    expect(page.locator("#person-title")).to_contain_text(str(ticket))
    page.keyboard.press("a")
    expect(page.locator("#filing")).to_be_visible()
    return agent


def somebody(**more: object) -> Person:
    return PersonFactory(family_name="Exemple", given_name="Inès", foreign_number="9900123456", **more)


def scan(page: Page, code: str) -> None:
    """A scanner is a keyboard: every sign, then Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def with_new_file(browse: Browse, staff: Staff) -> tuple[Page, Ticket]:
    """Somebody at the counter, whose file was just opened: its documents are listed."""
    ticket = staff.ticket("renewal", person=somebody())
    page = browse(width="desk")
    receive(page, staff, ticket)
    page.keyboard.press("Enter")
    expect(page.locator(".document").first).to_be_visible()
    return page, ticket


def with_receipt(staff: Staff, person: Person) -> tuple[CaseFile, Receipt]:
    """A complete file whose receipt ends on 20 December."""
    file = casefiles.deposit(
        staff.office,
        person=person,
        procedure=catalogue.by_code("renewal"),
        permit_expires_on=date(2017, 9, 20),
        by=KIOSK,
    )
    documents = catalogue.documents_to_bring(file.procedure, file.deposited_on, stage="filing")
    file = casefiles.tick(file, {one.code: (DocumentState.SEEN, "") for one in documents}, by=KIOSK)
    receipt = casefiles.issue_receipt(file, work=Work.NO, by=KIOSK)
    Receipt.objects.update(valid_from=date(2017, 9, 21), valid_to=date(2017, 12, 20))
    return file, receipt


def test_from_the_ticket_to_the_receipt_by_keyboard_alone(browse: Browse, staff: Staff) -> None:
    ticket = staff.ticket("renewal", person=somebody())
    page = browse(width="desk")
    receive(page, staff, ticket)
    picture(page, "counter-file-open-fr-1366")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.locator(".document").first).to_be_visible()
    expect(page.locator("#filing-title")).to_contain_text(CaseFile.objects.get().number)
    page.keyboard.press("v")
    picture(page, "counter-file-tick-fr-1366")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("Il manque des pièces")
    expect(page.locator("[name=doc-passport][value=seen]")).to_be_checked()
    # The first document of which nothing was said, wherever it is in the list.
    expect(page.locator(".document:not(:has(:checked)) input[type=radio]").first).to_be_focused()
    expect(page.locator(".document:not(:has(:checked))").first).to_be_in_viewport(ratio=0.5)
    own = page.locator(".document", has=page.locator("[name=doc-address_own]"))
    page.keyboard.press(own.get_attribute("data-line") or "")
    expect(page.locator("[name=doc-address_own][value=seen]")).to_be_checked()
    expect(page.locator("[name=doc-address_hotel][value=not_needed]")).to_be_checked()
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("Dites si le récépissé autorise à travailler")
    expect(page.locator("[name=work]").first).to_be_focused()
    page.keyboard.press("w")
    expect(page.locator("[name=work][value=yes]")).to_be_checked()
    page.keyboard.press("w")
    expect(page.locator("[name=work][value=no]")).to_be_checked()
    with page.context.expect_page() as paper:
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Appeler la personne suivante")).to_be_visible()
    receipt = Receipt.objects.get()
    assert f"/recepisse/{receipt.pk}/" in paper.value.url or paper.value.url in {"about:blank", ":"}
    expect(page.get_by_role("link", name="Imprimer")).to_have_attribute("href", f"/guichet/3/recepisse/{receipt.pk}/")
    # The paper is beside its word, in the same line: the button that calls has not moved.
    word, link = page.locator(".said .notice").bounding_box(), page.locator(".said a").bounding_box()
    assert word
    assert link
    assert abs(word["y"] + word["height"] / 2 - link["y"] - link["height"] / 2) < 4
    ticket.refresh_from_db()
    assert (ticket.state, ticket.steps.get().outcome) == (Status.RECEIVED, Outcome.FILE_DEPOSITED)


def test_a_receipt_is_renewed_in_three_gestures_with_a_scanner(browse: Browse, staff: Staff) -> None:
    file, first = with_receipt(staff, somebody())
    ticket = staff.ticket("receipt_renewal", name="Inès Exemple")
    page = browse(width="desk")
    receive(page, staff, ticket, RECEIPTS)
    picture(page, "counter-receipt-scan-fr-1366")
    scan(page, first.number)
    expect(page.locator("#filing-title")).to_contain_text(file.number)
    page.keyboard.press("v")
    picture(page, "counter-receipt-renew-fr-1366")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Appeler la personne suivante")).to_be_visible()
    second = Receipt.objects.get(rank=2)
    assert (second.valid_from, second.valid_to) == (date(2017, 12, 21), date(2018, 3, 20))
    expect(page.get_by_role("link", name="Imprimer")).to_have_attribute("href", f"/guichet/16/recepisse/{second.pk}/")


def test_missing_documents_leave_with_their_reason(browse: Browse, staff: Staff) -> None:
    page, _ticket = with_new_file(browse, staff)
    expect(page.locator("#filing-title")).to_contain_text(CaseFile.objects.get().number)
    page.keyboard.press("1")
    first = page.locator(".document").first
    expect(first.locator("[value=seen]")).to_be_checked()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(first.locator("[value=not_accepted]")).to_be_checked()
    page.keyboard.type("Périmé")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    expect(page.get_by_role("button", name="Appeler la personne suivante")).to_be_visible()
    reasons = {row["code"]: row["reason"] for row in MissingSlip.objects.get().documents}
    assert "Périmé" in reasons.values()
    assert CaseFile.objects.get().state == State.INCOMPLETE


def test_somebody_new_who_may_be_known_is_compared_first(browse: Browse, staff: Staff) -> None:
    known = somebody(birth_date=date(1990, 1, 1))
    ticket = staff.ticket("student", name="Exemple")
    page = browse(width="desk")
    receive(page, staff, ticket)
    page.locator("[name=family_name]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Peut-être déjà connue")).to_be_visible()
    expect(page.locator(".candidate")).to_contain_text(known.foreign_number)
    picture(page, "counter-file-twins-fr-1366")
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator(".said")).to_contain_text("ouvert")
    assert CaseFile.objects.get().person != known


def test_a_scan_finds_its_field_and_a_name_finds_people(browse: Browse, staff: Staff) -> None:
    file, _receipt = with_receipt(staff, somebody())
    ticket = staff.ticket("student", name="Fictif Autre")
    page = browse(width="desk")
    receive(page, staff, ticket)
    page.keyboard.press("c")
    expect(page.locator("#file-typed")).to_be_focused()
    page.keyboard.type("exemple")
    page.keyboard.press("Enter")
    expect(page.locator(".candidate").first).to_contain_text(file.number)
    # Enter is that of the first answer, as its button says.
    expect(page.locator(".candidate button").first).to_be_focused()
    picture(page, "counter-file-found-fr-1366")
    assert_accessible(page)
    scan(page, file.number)
    expect(page.locator("#filing-title")).to_contain_text(file.number)
    expect(page.locator("#filing")).to_contain_text("Autre personne que le ticket")


def test_the_next_search_replaces_one_that_found_nobody(browse: Browse, staff: Staff) -> None:
    file, _receipt = with_receipt(staff, somebody())
    ticket = staff.ticket("receipt_renewal", name="Fictif Autre")
    page = browse(width="desk")
    receive(page, staff, ticket, RECEIPTS)
    page.keyboard.press("c")
    expect(page.locator("#file-typed")).to_be_focused()
    scan(page, "Introuvable")
    expect(page.locator("#filing")).to_contain_text("Aucun dossier")
    # What was searched is selected a moment after the answer: the next key replaces it.
    page.wait_for_function(SELECTED)
    expect(page.locator("#file-typed")).to_be_focused()
    scan(page, "exemple")
    expect(page.locator(".candidate").first).to_contain_text(file.number)


def test_an_impossible_birth_date_is_corrected_where_it_is(browse: Browse, staff: Staff) -> None:
    file, _receipt = with_receipt(staff, somebody(birth_date=date(1990, 2, 28)))
    ticket = staff.ticket("student", name="Fictif Autre")
    page = browse(width="desk")
    receive(page, staff, ticket)
    page.keyboard.press("c")
    expect(page.locator("#file-typed")).to_be_focused()
    page.keyboard.type("exemple")
    page.keyboard.press("Tab")
    scan(page, "31021990")
    expect(page.locator("#file-born-error")).to_contain_text("« 31021990 » n'est pas une date")
    expect(page.locator("#file-born")).to_be_focused()
    expect(page.locator("#file-typed")).to_have_value("exemple")
    assert_accessible(page)
    scan(page, "28021990")
    expect(page.locator(".candidate").first).to_contain_text(file.number)


def test_the_first_field_to_correct_has_the_focus(browse: Browse, staff: Staff) -> None:
    ticket = staff.ticket("student", name="EXEMPLE Inès")
    page = browse(width="desk")
    receive(page, staff, ticket)
    page.locator("[name=birth_date]").fill("31/02/1990")
    page.locator("[name=foreign_number]").fill("12")
    page.locator("[name=email]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=birth_date][aria-invalid=true]")).to_be_visible()
    expect(page.locator("[name=birth_date]")).to_be_focused()
    expect(page.locator("[name=foreign_number]")).to_have_value("12")
    # Typed over, without wiping anything first.
    page.keyboard.type("28/02/1990")
    expect(page.locator("[name=birth_date]")).to_have_value("28/02/1990")


def end_informed(page: Page, ticket: Ticket) -> None:
    """Open the outcomes by their key, and choose one by its figure."""
    page.keyboard.press("o")
    expect(page.get_by_role("button", name="Renseigné")).to_be_visible()
    page.keyboard.press("6")
    expect(page.get_by_role("button", name="Appeler la personne suivante")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.steps.get().outcome == Outcome.INFORMED


def test_an_outcome_has_its_figure_while_documents_are_listed(browse: Browse, staff: Staff) -> None:
    page, ticket = with_new_file(browse, staff)
    end_informed(page, ticket)


def test_a_number_typed_without_its_field_ends_no_visit(browse: Browse, staff: Staff) -> None:
    file, _receipt = with_receipt(staff, somebody())
    ticket = staff.ticket("receipt_renewal", name="Fictif Autre")
    page = browse(width="desk")
    receive(page, staff, ticket, RECEIPTS)
    # A hand: slower than any scanner.
    page.keyboard.type("9900123456", delay=70)
    expect(page.locator("#file-typed")).to_have_value("9900123456")
    page.keyboard.press("Enter")
    expect(page.locator("#filing-title")).to_contain_text(file.number)
    end_informed(page, ticket)


def test_an_address_in_a_code_runs_no_shortcut(browse: Browse, staff: Staff) -> None:
    file, _receipt = with_receipt(staff, somebody())
    ticket = staff.ticket("receipt_renewal", name="Fictif Autre")
    page = browse(width="desk")
    receive(page, staff, ticket, RECEIPTS)
    scan(page, "https://exemple.invalid/t/hftpqmlb")
    expect(page.locator("#filing")).to_contain_text("Aucun dossier")
    assert page.locator(".act details[open]").count() == 0
    assert not HelpCall.objects.exists()
    page.evaluate("document.activeElement.blur()")
    scan(page, f"https://exemple.invalid/d/{file.number}")
    expect(page.locator("#filing-title")).to_contain_text(file.number)


@pytest.mark.parametrize(("language", "width"), [("fr", "phone"), ("en", "desk")])
def test_nothing_is_wider_than_the_screen(browse: Browse, staff: Staff, language: str, width: str) -> None:
    ticket = staff.ticket("private_family_life", person=somebody())
    page = browse(language=language, width=width)
    agent = receive(page, staff, ticket)
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.locator(".document").first).to_be_visible()
    assert_accessible(page)
    picture(page, f"counter-file-tick-{language}-{width}")
    assert agent.pk


def test_without_a_script(browse: Browse, staff: Staff) -> None:
    ticket = staff.ticket("travel_document", person=somebody())
    page = browse(javascript=False)
    agent = staff.agent("counter_agent", lines=("filing",))
    sign_in(page, agent)
    actions.open_counter(staff.counter(FILING), by=agent)
    page.goto("/guichet/3/")
    page.get_by_role("button", name="Appeler la personne suivante").press("Enter")
    page.get_by_role("button", name="La personne est là").press("Enter")
    page.get_by_role("button", name="Ouvrir le dossier").press("Enter")
    page.get_by_role("button", name="Incomplet").press("Enter")
    expect(page.get_by_role("link", name="Imprimer")).to_be_visible()
    assert MissingSlip.objects.get().case_file.person == ticket.person
