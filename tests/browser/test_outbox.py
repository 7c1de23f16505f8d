"""What was sent to people, in a real browser."""

import pytest
from playwright.sync_api import expect

from parvis.common import clock
from parvis.messages import actions
from parvis.messages.models import Message
from parvis.messages.states import Channel, Status
from parvis.offices.models import Agent, Office
from tests.browser.screens import assert_accessible, picture
from tests.browser.test_steering import SIZES, Browse, enter
from tests.offices.factories import AgentFactory

pytestmark = pytest.mark.browser
SAID = {
    Status.FAILED: ("temoin1@exemple.invalid", Channel.EMAIL, "550 5.1.1 no such user", ""),
    Status.QUEUED: ("ABCD2345", Channel.LETTER, "", ""),
    Status.DELIVERED: ("+33199000000", Channel.SMS, "delivered", "Rendez-vous le 18/12 09:00."),
    Status.SENT: ("temoin2@exemple.invalid", Channel.EMAIL, "", "Bonjour,\n\nVotre rendez-vous est confirmé."),
}


@pytest.fixture
def agent(nanterre: Office) -> Agent:
    """Somebody who answers the telephone."""
    return AgentFactory(office=nanterre, name="Sacha Essai", roles=["mail_phone_team"])


@pytest.fixture
def told(nanterre: Office) -> None:
    """One message in each state that matters."""
    for state, (to, channel, answer, body) in SAID.items():
        facts = {"appointment": 1, "office": nanterre.pk}
        actions.queue("booking.confirmed", key=str(state), to=to, channel=channel, language="fr", facts=facts)
        Message.objects.filter(key=state).update(state=state, answer=answer, body=body, sent_at=clock.now())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_messages_are_read_and_sent_again(browse: Browse, agent: Agent, told: None, language: str, size: str) -> None:
    page = browse(language=language)
    page.set_viewport_size(SIZES[size])
    enter(page, agent, language)
    page.goto("/messages/")
    expect(page.locator(".entry")).to_have_count(4)
    assert_accessible(page)
    picture(page, f"messages-{language}-{size}")
    page.locator(".entry summary").first.click()
    page.locator(".entry", has_text="no such user").first.get_by_role("button").click()
    expect(page.locator(".badge-bad")).to_have_count(0)
    assert Message.objects.get(recipient="temoin1@exemple.invalid").state == Status.QUEUED
