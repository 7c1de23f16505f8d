"""SMS through a gateway that speaks HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from parvis.common import clock
from parvis.messages import actions, rules
from parvis.messages.models import Message
from parvis.messages.states import Channel, Status
from tests.messages.gateway import Gateway, gateway
from tests.messages.outbox import queued, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office_clock")]


@pytest.fixture
def there(settings: Any) -> Iterator[Gateway]:
    """The gateway, and this installation connected to it."""
    with gateway() as found:
        settings.SMS_URL, settings.SMS_TOKEN = found.url, "jeton-fictif"
        yield found


def sms(number: int = 1) -> Message:
    """An SMS to nobody."""
    return queued(number, channel=Channel.SMS, to="+33199000000")


def test_an_sms_is_handed_over_with_its_name(there: Gateway) -> None:
    message = sms()
    assert actions.send_due() == 1
    name = rules.reference(message.key)
    assert there.asked == [{"to": "+33199000000", "text": "Bonjour, ceci est un essai.", "reference": name}]
    (headers,) = there.headers
    assert headers["Authorization"] == "Bearer jeton-fictif"
    assert headers["Idempotency-Key"] == name
    kept = Message.objects.get()
    assert (kept.state, kept.reference, kept.answer) == (Status.SENT, name, "taken")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_a_gateway_that_cannot_now_is_asked_again_under_the_same_name(there: Gateway, status: int) -> None:
    there.answers = [status]
    sms()
    assert actions.send_due() == 0
    assert states() == [Status.QUEUED]
    with clock.held(clock.now() + timedelta(minutes=2)):
        assert actions.send_due() == 1
    assert there.asked[0] == there.asked[1]


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_gateway_that_refuses_is_not_asked_again(there: Gateway, status: int) -> None:
    there.answers = [status]
    sms()
    assert actions.send_due() == 0
    failed = Message.objects.get()
    assert (failed.state, failed.answer) == (Status.FAILED, f"{status} taken")


def test_a_gateway_that_is_away_is_asked_again(settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/sms"
    sms()
    assert actions.send_due() == 0
    assert states() == [Status.QUEUED]


def test_without_a_gateway_an_sms_waits_and_e_mails_leave(connected: None) -> None:
    sms()
    queued(2)
    assert actions.send_due() == 1
    assert states() == [Status.QUEUED, Status.SENT]
