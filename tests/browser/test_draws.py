"""Draws in a real browser: recomputed in the page, read in French and Arabic, used without JavaScript."""

import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from parvis.booking import actions, lottery
from parvis.booking.lottery import verify_draw
from parvis.booking.models import AllocationRule, Batch, SeatRequest
from parvis.booking.rules import Attendee, Contact
from parvis.booking.states import Allocation, RequestState
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Line, Office
from parvis.procedures.models import Procedure
from tests.booking.house import SINCE, WEB
from tests.browser.conftest import Browse
from tests.browser.screens import assert_accessible, picture

pytestmark = pytest.mark.browser


@pytest.fixture
def batch(nanterre: Office) -> Batch:
    """Thirty asked for six seats; drawn. The clock stays at the hour of the close."""
    from datetime import date, timedelta

    from parvis.booking.models import Seat, Slot

    renewal = Procedure.objects.get(code="renewal")
    AllocationRule.objects.create(office=nanterre, procedure=renewal, allocation=Allocation.DRAW, valid_from=SINCE)
    opened = actions.open_batch(nanterre, renewal, by=SYSTEM)
    begins = clock.at(opened.seats_from, "09:00")
    slot = Slot.objects.create(
        line=Line.objects.get(office=nanterre, code=renewal.line_code),
        day=opened.seats_from, starts_at=begins, minutes=60, falls_back_at=begins - timedelta(days=2),
    )  # fmt: skip
    Seat.objects.bulk_create(Seat(slot=slot, number=number) for number in range(1, 7))
    for number in range(30):
        attendee = Attendee(
            family_name="Exemple", given_name=f"Témoin {number}", birth_date=date(1990, 1, 1),
            foreign_number=f"9900{number:06d}", procedure=renewal,
        )  # fmt: skip
        contact = Contact(email=f"temoin{number}@exemple.invalid")
        suits = ("1am",) if number % 3 else ()
        actions.request(nanterre, renewal, attendee=attendee, contact=contact, suits=suits, by=WEB)
    clock.hold(opened.closes_at)
    return actions.draw(actions.close_batch(opened, by=SYSTEM), by=SYSTEM)


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_anybody_recomputes_the_draw_in_the_page(browse: Browse, batch: Batch, language: str, width: str) -> None:
    page = browse(language=language, width=width)
    page.goto(f"/tirages/nanterre/renewal/1/?lang={language}")
    assert_accessible(page)
    page.locator("[data-verify-start]").click()
    expect(page.locator("[data-verify-said]")).to_have_attribute("data-verdict", "good")
    assert_accessible(page)
    picture(page, f"tirage-{language}-{width}")


def test_a_file_that_was_changed_is_told_and_the_network_is_not_needed(
    browse: Browse, batch: Batch, tmp_path: Path
) -> None:
    page = browse()
    page.goto("/tirages/nanterre/renewal/1/")
    page.context.set_offline(True)
    said = page.locator("[data-verify-said]")
    good, bad = tmp_path / "bon.json", tmp_path / "faux.json"
    good.write_text(json.dumps(batch.published))
    changed = json.loads(good.read_text())
    winner = next(iter(changed["result"]))
    changed["result"]["0" * 32] = changed["result"].pop(winner)
    bad.write_text(json.dumps(changed))
    page.locator("[data-verify-file]").set_input_files(good)
    expect(said).to_have_attribute("data-verdict", "good")
    page.locator("[data-verify-file]").set_input_files(bad)
    expect(said).to_have_attribute("data-verdict", "bad")
    expect(page.locator("[data-verify-faults] li")).to_have_count(1)


def test_the_page_refuses_what_the_program_refuses(browse: Browse, batch: Batch, tmp_path: Path) -> None:
    """A draw made by its rules over a list that names one place twice; a seed with something after it."""
    listed = batch.published["list"]
    listed["places"] += [one for one in listed["places"] if one["place"] == listed["places"][0]["place"]]
    digest, seed = lottery.digest(listed), batch.seed
    result = lottery.draw(listed, seed)
    twice = {**batch.published, "list": listed, "digest": digest, "mix": lottery.mix(seed, digest), "result": result}
    batch.refresh_from_db()
    longer = {**batch.published, "seed": f"{seed}z"}
    page = browse()
    said = page.locator("[data-verify-said]")
    for name, changed in (("double.json", twice), ("graine.json", longer)):
        page.goto("/tirages/nanterre/renewal/1/")
        path = tmp_path / name
        path.write_text(json.dumps(changed))
        assert verify_draw.main([str(path)], out=io.StringIO()) > 0
        page.locator("[data-verify-file]").set_input_files(path)
        expect(said).to_have_attribute("data-verdict", "bad")


def test_a_request_is_read_proved_and_withdrawn_without_javascript(browse: Browse, batch: Batch) -> None:
    asked = SeatRequest.objects.filter(state=RequestState.WAITING).order_by("pk")[0]
    page = browse(width="phone", javascript=False)
    page.goto(f"/tirages/demande/{asked.token}/")
    page.get_by_role("link", name="Retirer ma demande").click()
    page.get_by_role("button", name="Oui, retirer ma demande").click()
    expect(page.locator("[data-state=withdrawn]")).to_be_visible()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_pages_are_accessible(browse: Browse, batch: Batch, language: str) -> None:
    asked = SeatRequest.objects.filter(state=RequestState.WAITING).order_by("pk")[0]
    made = actions.issue_certificate(asked, by=WEB)
    page = browse(language=language, width="phone")
    for name, address in (
        ("tirages", "/tirages/"),
        ("demande", f"/tirages/demande/{asked.token}/"),
        ("attestation", f"/tirages/attestation/{made.token}/"),
    ):
        page.goto(f"{address}?lang={language}")
        assert_accessible(page)
        picture(page, f"{name}-{language}")
