"""One's own file in a real browser: a phone, no JavaScript, the keyboard alone, French and Arabic."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from parvis.casefiles import actions, queries
from parvis.casefiles.models import CaseFile, Question
from parvis.casefiles.states import DocumentState, Work
from parvis.common import clock
from parvis.messages.models import Message
from parvis.offices.models import Agent, Office
from parvis.procedures.models import Procedure
from parvis.web.files.pages import PROVED, sealed
from tests.browser.conftest import Browse
from tests.browser.screens import assert_accessible, picture
from tests.offices.factories import AgentFactory
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.browser
BORN = date(1990, 5, 4)


@pytest.fixture
def agent(nanterre: Office) -> Agent:
    """Somebody of the office."""
    return AgentFactory(office=nanterre)


@pytest.fixture
def file(nanterre: Office, agent: Agent) -> CaseFile:
    """A complete renewal with its receipt."""
    person = PersonFactory(birth_date=BORN, email="temoin@exemple.test")
    made = actions.deposit(
        nanterre,
        person=person,
        procedure=Procedure.objects.get(code="renewal"),
        permit_expires_on=date(2018, 1, 31),
        by=agent,
    )
    seen = {
        one.document.code: (DocumentState.NOT_NEEDED if one.is_conditional else DocumentState.SEEN, "")
        for one in queries.list_for(made)
    }
    seen |= {code: (DocumentState.SEEN, "") for code in seen if code.startswith("address")}
    made = actions.tick(made, seen, by=agent)
    actions.issue_receipt(made, work=Work.NO, by=agent)
    return made


@pytest.fixture
def question(file: CaseFile, agent: Agent) -> Question:
    """Two documents are asked."""
    wanted = [one.document.code for one in queries.list_for(file)][:2]
    taken = actions.take(file, by=agent)
    return actions.ask_person(taken, text="Vos photos sont trop sombres.\nMerci.", documents=wanted, by=agent)


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_by_keyboard_without_javascript_from_the_number_to_the_state(browse: Browse, file: CaseFile) -> None:
    page = browse(width="phone", javascript=False)
    page.goto("/dossier/")
    page.locator("#id_number").focus()
    page.keyboard.type(file.number.lower())
    for typed in ("4", "mai", "1990"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le code reçu")
    page.locator("#id_code").focus()
    page.keyboard.type(str(Message.objects.get(kind="casefiles.code").facts["code"]))
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=under_review]")).to_contain_text("Le bureau l'étudie")
    fits(page)


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_each_page_is_accessible(browse: Browse, question: Question, language: str, width: str) -> None:
    page = browse(language=language, width=width)
    seen = f"/dossier/suivi/{sealed([question.case_file_id], salt=PROVED)}/"
    pages = {"numero": "/dossier/", "suivi": seen, "repondre": f"/dossier/repondre/{question.token}/"}
    for name, address in pages.items():
        page.goto(f"{address}?lang={language}")
        assert_accessible(page)
        fits(page)
        picture(page, f"dossier-{name}-{language}-{width}")


def test_a_word_wider_than_half_a_phone_is_cut_rather_than_the_page(
    browse: Browse, nanterre: Office, agent: Agent
) -> None:
    made = actions.deposit(
        nanterre,
        person=PersonFactory(language="ta"),
        procedure=Procedure.objects.get(code="algerian_certificate"),
        fee_case="first",
        by=agent,
    )
    page = browse(language="ta", width="phone", javascript=False)
    page.goto(f"/dossier/suivi/{sealed([made.pk], salt=PROVED)}/")
    expect(page.locator("html")).to_have_attribute("lang", "ta")
    page.wait_for_load_state("load")
    wide = page.locator(".facts dd").evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length")
    assert wide == 0
    fits(page)


def test_silence_is_said_honestly(browse: Browse, file: CaseFile) -> None:
    clock.hold(clock.at(date(2018, 4, 20), "10:00"))
    page = browse(width="phone")
    page.goto(f"/dossier/suivi/{sealed([file.pk], salt=PROVED)}/")
    expect(page.locator("#silence ~ p").nth(1)).to_contain_text("Personne ne l'a décidé")
    assert_accessible(page)
    picture(page, "dossier-silence-fr-phone")


def test_documents_are_sent_and_a_wrong_one_is_said(browse: Browse, question: Question, tmp_path: Path) -> None:
    good, bad = tmp_path / "photo.jpg", tmp_path / "programme.jpg"
    good.write_bytes(b"\xff\xd8\xff" + bytes(2_000_000))
    bad.write_bytes(b"MZ")
    page = browse(width="phone", javascript=False)
    page.goto(f"/dossier/repondre/{question.token}/")
    page.locator("#file_1").set_input_files([good, bad])
    page.locator("#text").fill("Voici mes photos.")
    page.locator("[name=finish]").click()
    expect(page.locator("[role=alert]")).to_contain_text("programme.jpg")
    expect(page.locator("#text")).to_have_value("Voici mes photos.")
    assert_accessible_without_script(page)
    picture(page, "dossier-refuse-fr-phone")
    page.locator("[name=finish]").click()
    expect(page.locator("[role=status]")).to_contain_text("Votre réponse est arrivée")
    question.refresh_from_db()
    assert (question.answer, question.sent.count()) == ("Voici mes photos.", 1)


def assert_accessible_without_script(page: Page) -> None:
    """What axe cannot look at where scripts are off: names of the fields, one heading, nothing too wide."""
    assert page.locator("h1").count() == 1
    for one in page.locator("input:not([type=hidden]), textarea").all():
        assert one.get_attribute("id")
        assert page.locator(f"label[for='{one.get_attribute('id')}']").count() == 1


def test_a_link_that_is_over_says_so(browse: Browse, question: Question) -> None:
    clock.hold(clock.at(question.answer_by + timedelta(days=1), "09:00"))
    page = browse(language="ar", width="phone")
    page.goto(f"/dossier/repondre/{question.token}/?lang=ar")
    expect(page.locator("form[enctype]")).to_have_count(0)
    assert_accessible(page)
