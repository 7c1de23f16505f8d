from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parvis.common import clock
from parvis.messages import composing
from parvis.messages.composing import Composed
from parvis.messages.errors import NothingToSay
from tests.live.process import free_port
from tests.messages.mail_server import MailServer
from tests.reception.house import at


def _words(facts: dict[str, Any], channel: str) -> Composed:
    if facts.get("is_over"):
        raise NothingToSay
    if facts.get("breaks"):
        raise KeyError("breaks")
    return Composed(
        f"Avis {facts.get('number', 0)}", "Bonjour, ceci est un essai.", is_secret=facts.get("secret", False)
    )


@pytest.fixture(autouse=True)
def _test_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of message that these tests alone know."""
    monkeypatch.setitem(composing._composers, "essai", _words)


@pytest.fixture
def office_clock() -> Iterator[None]:
    """Ten o'clock on Monday 11 December 2017."""
    with clock.held(at("10:00")):
        yield


@pytest.fixture
def connected(settings: Any) -> None:
    """E-mails leave, to a box in memory."""
    settings.MAIL_CONNECTED = True


@pytest.fixture
def mail_server(tmp_path: Path, settings: Any) -> Iterator[MailServer]:
    """A real server, and this process connected to it; the test starts it."""
    server = MailServer(tmp_path, free_port())
    settings.MAIL_CONNECTED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    yield server
    server.stop()
