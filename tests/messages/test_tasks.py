"""What the worker does for the outbox."""

from typing import Any

import pytest
from django.core import mail
from procrastinate.contrib.django import app

from parvis.messages import tasks
from tests.messages.outbox import queued

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("office_clock", "connected")
def test_the_worker_sends_what_is_due() -> None:
    queued()
    assert tasks.send_messages(timestamp=0) == 1
    assert len(mail.outbox) == 1


def test_the_worker_sends_every_five_seconds() -> None:
    registered: dict[Any, Any] = app.periodic_registry.periodic_tasks
    (task,) = [task for (name, _id), task in registered.items() if name.endswith("messages.tasks.send_messages")]
    begun = 1_512_982_800  # 09:00:00 UTC
    times = [task.croniter.get_next(ret_type=float, start_time=begun + second) for second in (0, 3, 7)]
    assert [time - begun for time in times] == [5, 5, 10]
