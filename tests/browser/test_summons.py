"""The page of a summons while cards are fetched without an hour: when, what to pay, what to bring."""

from datetime import date

import pytest
from playwright.sync_api import expect

from parvis.booking.actions.summons import link
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import State
from parvis.common import clock
from parvis.offices.models import Office
from parvis.permits import actions
from parvis.permits.models import Permit
from parvis.procedures import queries as catalogue
from tests.browser.conftest import Browse
from tests.browser.screens import assert_accessible, picture
from tests.offices.factories import AgentFactory
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def card(nanterre: Office) -> Permit:
    """The card of a renewal, announced in December 2017."""
    agent = AgentFactory(office=nanterre)
    file = CaseFile.objects.create(
        office=nanterre,
        person=PersonFactory(),
        procedure=catalogue.by_code("renewal"),
        fee_case="renewal",
        permit_expires_on=date(2018, 1, 15),
        state=State.IN_PRODUCTION,
        deposited_on=date(2017, 11, 20),
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    delivery = actions.open_delivery(nanterre, by=agent)
    taken = actions.scan(delivery, "TEST1", file_number=file.number, by=agent)
    assert isinstance(taken, Permit)
    return actions.announce(taken, by=agent)


@pytest.mark.parametrize(("language", "width"), [("fr", "phone"), ("fr", "desk"), ("ar", "phone"), ("ar", "desk")])
def test_when_to_come_what_to_pay_and_what_to_bring(browse: Browse, card: Permit, language: str, width: str) -> None:
    page = browse(language=language, width=width, javascript=width == "desk")
    page.goto(f"/rendez-vous/remise/{link(card)}/?lang={language}")
    expect(page.locator("#pay + p")).to_contain_text("74")
    expect(page.locator("#pay + p")).to_contain_text("269")
    # A renewal asks neither a medical certificate, nor an enrolment, nor a child.
    expect(page.locator("#bring + ul li")).to_have_count(4)
    expect(page.locator("main")).to_contain_text("09:00")
    picture(page, f"summons-walk-in-{language}-{width}")
    if width == "desk":
        assert_accessible(page)
