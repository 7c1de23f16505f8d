"""The back office by keyboard alone, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from parvis.casefiles import actions
from parvis.casefiles.states import Decision, State
from parvis.common import clock
from tests.browser.conftest import Browse
from tests.browser.screens import assert_accessible, picture
from tests.browser.staff import sign_in
from tests.casefiles.house import days_later
from tests.reception.house import at
from tests.web.casework.conftest import BackOffice, open_office

pytestmark = pytest.mark.browser
PAGES = {
    "list": "/instruction/?liste=toutes",
    "sign": "/instruction/signature/",
    "post": "/instruction/courrier/?d=renewal&q=TEMOIN",
    "late": "/instruction/pieces/",
    "silences": "/instruction/silence/",
    "thursday": "/instruction/jeudi/",
    "stock": "/instruction/stock/",
    "imports": "/instruction/reprise/",
}


@pytest.fixture
def back(transactional_db: None) -> Iterator[BackOffice]:
    with clock.held(at("10:00")):
        yield open_office()


def test_from_the_list_to_a_proposal_in_two_presses(browse: Browse, back: BackOffice) -> None:
    first, second, third = (back.house.taken() for _n in range(3))
    page = browse(width="desk")
    sign_in(page, back.officer)
    page.goto("/instruction/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(first.person.family_name)
    assert_accessible(page)
    picture(page, "casework-file-fr-1366")
    page.keyboard.press("r")
    page.get_by_role("button", name="Proposer le refus", exact=True).last.click()
    expect(page.locator("[name=grounds]")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    # What comes next is the next file of the list, ready for the same.
    expect(page.locator("h1")).to_contain_text(second.person.family_name)
    page.keyboard.press("a")
    expect(page.locator("h1")).to_have_text("Dossiers")
    for file in (first, third):
        file.refresh_from_db()
    assert (first.state, third.state) == (State.PROPOSED, State.UNDER_REVIEW)


def test_the_documents_of_a_file_without_a_visit_by_keyboard(browse: Browse, back: BackOffice) -> None:
    file = back.house.deposited()
    page = browse(width="phone")
    sign_in(page, back.officer)
    page.goto(f"/instruction/dossier/{file.pk}/")
    page.keyboard.press("p")
    page.keyboard.press("v")
    page.get_by_role("radio", name="Présente").nth(3).check()
    page.keyboard.press("s")
    assert_accessible(page)
    page.get_by_role("button", name="Noter les pièces").click()
    expect(page.get_by_text("Les pièces sont notées.")).to_be_visible()
    file.refresh_from_db()
    assert (file.state, file.complete_on) == (State.UNDER_REVIEW, clock.today())


def test_choose_and_take_by_keyboard(browse: Browse, back: BackOffice) -> None:
    files = [back.house.complete() for _n in range(3)]
    page = browse(width="desk")
    sign_in(page, back.officer)
    page.goto("/instruction/?liste=libres")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-picked]")).to_have_text("2 / 3")
    assert_accessible(page)
    picture(page, "casework-list-chosen-fr-1366")
    page.keyboard.press("t")
    expect(page.locator("[data-file-row]")).to_have_count(1)
    for file in files:
        file.refresh_from_db()
    assert [file.officer for file in files] == [back.officer, back.officer, None]


def test_search_from_anywhere_by_slash(browse: Browse, back: BackOffice) -> None:
    file = back.house.complete()
    page = browse(width="desk")
    sign_in(page, back.officer)
    page.goto("/instruction/")
    page.keyboard.press("/")
    page.keyboard.type(file.number)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(file.person.family_name)


def test_refuse_on_a_file_that_moved_loses_no_word(browse: Browse, back: BackOffice) -> None:
    file = back.house.taken()
    page = browse(width="desk")
    sign_in(page, back.officer)
    page.goto(f"/instruction/dossier/{file.pk}/")
    page.keyboard.press("r")
    page.keyboard.type("Motif longuement pesé.")
    actions.propose(file, Decision.GRANT, by=back.officer)
    page.get_by_role("button", name="Proposer le refus").click()
    expect(page.locator("main > .notice-bad").first).to_contain_text("Motif longuement pesé.")
    assert_accessible(page)
    picture(page, "casework-moved-fr-1366")


def test_two_presses_on_one_button_are_one_act(browse: Browse, back: BackOffice) -> None:
    file = back.house.taken()
    page = browse(width="desk")
    sign_in(page, back.officer)
    posted: list[Route] = []
    # The answer takes its time: the second press comes before it.

    def keep(route: Route) -> None:
        posted.append(route)

    page.route("**/note/**", keep)
    page.goto(f"/instruction/dossier/{file.pk}/")
    page.keyboard.press("n")
    page.keyboard.type("Une seule fois")
    button = page.locator("form[action*='/note/'] button")
    box = button.bounding_box()
    assert box
    for _press in range(2):
        page.mouse.click(box["x"] + 10, box["y"] + 10)
        page.wait_for_timeout(200)
    assert len(posted) == 1
    posted[0].continue_()
    expect(page.locator("#messages")).to_contain_text("La note est gardée")
    assert file.notes.count() == 1


def test_what_is_typed_outlives_a_reload_and_a_colleague(browse: Browse, back: BackOffice) -> None:
    file = back.house.taken()
    page = browse(width="desk")
    sign_in(page, back.officer)
    page.goto(f"/instruction/dossier/{file.pk}/")
    page.keyboard.press("r")
    page.keyboard.type("Motif d'une heure")
    page.reload()
    grounds = page.locator("#refuser_grounds")
    expect(grounds).to_have_value("Motif d'une heure")
    expect(grounds).to_be_visible()
    expect(grounds).not_to_be_focused()
    actions.take(file, by=back.head, seen=file.version)
    page.locator("form[action*='/refuser/'] button").click()
    expect(page.locator("main > .notice-bad").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.locator("#messages")).to_contain_text("Le dossier est à vous")
    expect(grounds).to_have_value("Motif d'une heure")
    page.locator("form[action*='/refuser/'] button").click()
    expect(page.locator("#messages")).to_contain_text("Refus proposé")
    page.goto(f"/instruction/dossier/{file.pk}/")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('parvis.draft'))") == []


def test_what_one_agent_typed_is_not_shown_to_the_next(browse: Browse, back: BackOffice) -> None:
    file = back.house.taken()
    page = browse(width="desk")
    sign_in(page, back.officer)
    page.goto(f"/instruction/dossier/{file.pk}/")
    page.keyboard.press("n")
    page.keyboard.type("Pas pour toi")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_load_state()
    sign_in(page, back.head)
    page.goto(f"/instruction/dossier/{file.pk}/")
    assert page.locator("#note_text").input_value() == ""
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('parvis.draft'))") == []


def test_enter_in_a_batch_sends_it_and_a_refusal_loses_nothing(browse: Browse, back: BackOffice) -> None:
    chosen, _other = back.house.taken(), back.house.taken()
    page = browse(width="desk")
    sign_in(page, back.officer)
    page.goto("/instruction/")
    for key in ("j", "x", "m"):
        page.keyboard.press(key)
    page.locator("#hold_until").fill("2017-12-01")
    page.locator("#hold_because").fill("Grève")
    page.locator("#hold_because").press("Enter")
    expect(page.locator("#hold_until")).to_be_focused()
    expect(page.locator("#hold_because")).to_have_value("Grève")
    expect(page.locator("[name=file]:checked")).to_have_count(1)
    assert_accessible(page)
    page.locator("#hold_until").fill("2017-12-20")
    page.locator("#hold_because").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Fait pour 1 dossier")
    chosen.refresh_from_db()
    assert chosen.held_because == "Grève"


def test_without_javascript_everything_is_done(browse: Browse, back: BackOffice) -> None:
    free = back.house.complete()
    page = browse(width="desk", javascript=False)
    sign_in(page, back.officer)
    page.goto("/instruction/?liste=libres")
    page.locator("input[name=file]").check()
    page.get_by_role("button", name="Prendre").click()
    page.goto("/instruction/")
    page.locator("[data-file-row] a").click()
    page.locator("summary", has_text="Proposer l'accord").click()
    page.get_by_role("button", name="Proposer l'accord").click()
    page.wait_for_load_state()
    free.refresh_from_db()
    assert (free.state, free.officer) == (State.PROPOSED, back.officer)


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_no_fault_for_axe(browse: Browse, back: BackOffice, width: str) -> None:
    old = back.house.taken()
    days_later(130)
    for _n in range(4):
        back.house.taken()
    back.house.incomplete()
    asked = back.house.taken()
    actions.ask_person(asked, text="Une photo récente.", documents=("photos",), by=back.officer)
    back.house.granted()
    back.house.proposed()
    back.house.proposed("student", Decision.REFUSE)
    page = browse(width=width)
    sign_in(page, back.head)
    files = {f"file{n}": f"/instruction/dossier/{file.pk}/" for n, file in enumerate((old, asked))}
    for name, address in (PAGES | files).items():
        page.goto(address)
        assert_accessible(page)
        picture(page, f"casework-{name}-fr-{width}")
