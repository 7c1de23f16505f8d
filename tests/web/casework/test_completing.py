"""Files without a visit: their documents, the slip and the receipt from the page of the file."""

import html
from datetime import date, timedelta

import pytest
from django.test import Client

from parvis.casefiles import actions
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.states import DocumentState, State
from parvis.common import clock
from tests.casefiles.house import days_later
from tests.web.casework.conftest import BackOffice

MISSING_PHOTOS = {"photos": (DocumentState.MISSING, "")}


@pytest.fixture
def browser(back: BackOffice) -> Client:
    return back.browser(back.officer)


def send(browser: Client, file: CaseFile, act: str, **typed: object) -> str:
    """Send an act of the page as the file stands in memory; the page that follows."""
    answer = browser.post(
        f"/instruction/dossier/{file.pk}/{act}/", {"seen": file.version, "fact": 0} | typed, follow=True
    )
    assert answer.status_code in {200, 409, 422}, answer.status_code
    return html.unescape(answer.content.decode())


def ticks(back: BackOffice, file: CaseFile, **changes: tuple[str, str]) -> dict[str, str]:
    """The boxes of the form: everything seen but what ``changes`` says."""
    checks = back.house.all_seen(file) | changes
    return {f"doc-{code}": str(state) for code, (state, _why) in checks.items()} | {
        f"why-{code}": why for code, (_state, why) in checks.items()
    }


def test_a_deposited_file_is_completed_and_its_receipt_given_without_a_counter(
    back: BackOffice, browser: Client
) -> None:
    file = back.house.deposited()
    page = html.unescape(browser.get(f"/instruction/dossier/{file.pk}/").content.decode())
    assert f"/instruction/dossier/{file.pk}/pieces/" in page
    assert f"/instruction/dossier/{file.pk}/recepisse/" not in page, "it is not complete"
    send(browser, file, "pieces", **ticks(back, file))
    file.refresh_from_db()
    assert (file.state, file.complete_on, file.decide_by) == (State.UNDER_REVIEW, clock.today(), date(2018, 4, 11))
    page = send(browser, file, "recepisse", work="yes")
    receipt = Receipt.objects.get(case_file=file)
    assert (receipt.rank, receipt.work, receipt.agent_id) == (1, "yes", back.officer.pk)
    assert f"/instruction/recepisse/{receipt.pk}.pdf" in page
    assert f'action="/instruction/dossier/{file.pk}/recepisse/' not in page, "one is enough"
    paper = browser.get(f"/instruction/recepisse/{receipt.pk}.pdf")
    assert paper.content.startswith(b"%PDF")


def test_what_is_missing_is_noted_with_its_slip_at_once(back: BackOffice, browser: Client) -> None:
    file = back.house.deposited()
    until = clock.today() + timedelta(days=15)
    refused = (DocumentState.NOT_ACCEPTED, "Trop ancien")
    typed = ticks(back, file, **MISSING_PHOTOS, passport=refused)
    page = send(browser, file, "pieces", slip="1", until=until.isoformat(), **typed)
    file.refresh_from_db()
    slip = MissingSlip.objects.get(case_file=file)
    assert (file.state, file.missing_by, slip.until) == (State.INCOMPLETE, until, until)
    assert {one["code"]: one["reason"] for one in slip.documents} == {"photos": "", "passport": "Trop ancien"}
    assert f"/instruction/fiche/{slip.pk}.pdf" in page
    assert browser.get(f"/instruction/fiche/{slip.pk}.pdf").content.startswith(b"%PDF")


def test_a_slip_of_nothing_is_refused_and_nothing_is_written(back: BackOffice, browser: Client) -> None:
    file = back.house.deposited()
    until = clock.today() + timedelta(days=15)
    page = send(browser, file, "pieces", slip="1", until=until.isoformat(), **ticks(back, file))
    assert "il n'y a rien à réclamer" in page
    assert 'name="doc-passport" value="seen" checked' in page, "what was ticked stays"
    file.refresh_from_db()
    assert (file.state, file.documents.count()) == (State.DEPOSITED, 0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Dites au moins d'une pièce ce que vous avez vu."),
        ({"slip": "1", "until": "2017-12-11"}, "Choisissez un jour du 12 décembre 2017 au 11 décembre 2018."),
        ({"doc-passport": "not_accepted", "why-passport": " "}, "Indiquez le motif."),
    ],
)
def test_what_cannot_be_noted_is_said(back: BackOffice, browser: Client, typed: dict[str, str], said: str) -> None:
    file = back.house.deposited()
    assert said in send(browser, file, "pieces", **typed)
    file.refresh_from_db()
    assert file.state == State.DEPOSITED


def test_the_last_day_of_a_slip_is_taken(back: BackOffice, browser: Client) -> None:
    file = back.house.deposited()
    send(browser, file, "pieces", slip="1", until="2018-12-11")
    assert MissingSlip.objects.get(case_file=file).until == date(2018, 12, 11)


def test_documents_that_a_counter_noted_meanwhile_are_shown_and_mine_kept(back: BackOffice, browser: Client) -> None:
    file = back.house.deposited()
    old = file.version
    actions.tick(file, MISSING_PHOTOS, by=back.house.clerk)
    file.version = old
    page = send(browser, file, "pieces", **ticks(back, file))
    assert "a changé entre-temps" in page
    assert "noté entre-temps" in page
    file.refresh_from_db()
    assert file.documents.count() == 1
    actions.tick(file, back.house.all_seen(file), by=back.house.clerk)
    file.version = old
    page = send(
        browser, file, "pieces", **ticks(back, file, proof_conditions=(DocumentState.NOT_ACCEPTED, "Illisible"))
    )
    assert "Non acceptée Illisible" in page, "the form is gone: what was typed stands above"


def test_a_receipt_on_a_file_that_moved_is_refused_and_so_is_a_second(back: BackOffice, browser: Client) -> None:
    file = back.house.complete()
    old = file.version
    actions.take(file, by=back.officer, seen=old)
    file.version = old
    assert "a changé entre-temps" in send(browser, file, "recepisse")
    assert not Receipt.objects.exists()
    file.refresh_from_db()
    send(browser, file, "recepisse", work="no")
    assert "valable jusqu'au" in send(browser, file, "recepisse", work="no")
    assert Receipt.objects.count() == 1


def test_a_late_comer_gets_a_new_delay(back: BackOffice, browser: Client) -> None:
    file = back.house.incomplete()
    days_later(40)
    assert file.missing_by is not None
    assert file.missing_by < clock.today()
    slip = actions.give_slip(file, by=back.house.clerk)
    assert slip.until == clock.today() + timedelta(days=30)
    file.refresh_from_db()
    assert file.missing_by == slip.until


def test_who_takes_files_at_a_counter_completes_them_from_their_page_and_does_nothing_else(back: BackOffice) -> None:
    file = back.house.deposited()
    clerk = back.browser(back.agent("counter_agent", "guichet"))
    page = clerk.get(f"/instruction/dossier/{file.pk}/").content.decode()
    offered = [code for code in ("pieces", "prendre", "note", "clore") if f"/dossier/{file.pk}/{code}/" in page]
    assert offered == ["pieces"]
    phone = back.browser(back.agent("mail_phone_team", "telephone"))
    assert phone.post(f"/instruction/dossier/{file.pk}/pieces/", {}).status_code == 403
