"""Senders killed with kill -9 while they talk to a real mail server: each message arrives, at worst once more."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from parvis.common import clock
from parvis.messages.models import Message
from parvis.messages.states import Status
from tests.live.process import database_url
from tests.messages.mail_server import MailServer
from tests.messages.outbox import queued

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 40
KILLS = 3
SEND = """
import django; django.setup()
from parvis.messages import actions, composing
composing.register("essai", lambda facts, channel: composing.Composed(f"Avis {facts['number']}", "Bonjour."))
actions.send_due(limit=1000)
"""


def sender(server: MailServer) -> subprocess.Popen[bytes]:
    """A process that sends, as the worker does."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "PARVIS_SMTP_URL": server.url,
        "PARVIS_CLOCK": "",
    }
    return subprocess.Popen([sys.executable, "-c", SEND], cwd=ROOT, env=environment, start_new_session=True)


def _wait_for(server: MailServer, count: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while server.count() < count and process.poll() is None:
        assert time.monotonic() < deadline, "nothing is being sent"
        time.sleep(0.002)


def _forget_what_was_claimed() -> int:
    """As if the lease were over."""
    long_ago = clock.now() - timedelta(hours=1)
    return Message.objects.filter(state=Status.SENDING).update(claimed_at=long_ago)


def test_killed_senders_lose_nothing(mail_server: MailServer) -> None:
    mail_server.start(pause=0.02)
    for number in range(MESSAGES):
        queued(number)
    in_doubt = 0
    for _kill in range(KILLS):
        process = sender(mail_server)
        _wait_for(mail_server, mail_server.count() + 5, process)
        assert process.poll() is None, "it ended before it could be killed"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        held = _forget_what_was_claimed()
        assert held <= 1, "a sender holds the one message it is sending"
        in_doubt += held
    assert sender(mail_server).wait(60) == 0
    assert set(Message.objects.values_list("state", flat=True)) == {Status.SENT}
    copies = mail_server.copies()
    assert len(copies) == MESSAGES, "each arrived, under a name of its own"
    assert sum(copies.values()) - MESSAGES <= in_doubt <= KILLS
    connection.close()


def test_two_senders_share_the_work(mail_server: MailServer) -> None:
    mail_server.start(pause=0.005)
    for number in range(MESSAGES):
        queued(number)
    both = [sender(mail_server), sender(mail_server)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert set(mail_server.copies().values()) == {1}
    assert mail_server.count() == MESSAGES
    connection.close()
