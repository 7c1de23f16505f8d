"""Two houses that start together load one catalogue."""

import io
import threading
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from parvis.common.database import action, lock
from parvis.common.errors import Busy
from parvis.journal.actions import SYSTEM
from parvis.procedures import actions, catalogue
from parvis.procedures.models import AccessMode, Document, Procedure
from tests.concurrency.threads import together
from tests.launcher.seen import soon

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _offices(transactional_db: None) -> None:
    call_command("load_office", stdout=io.StringIO(), stderr=io.StringIO())


def load() -> list[str]:
    return actions.load(catalogue.read(), by=SYSTEM)


def test_two_loads_at_once_make_one_catalogue() -> None:
    content = catalogue.read()
    changed = together([load] * 2)
    assert sorted(len(codes) if isinstance(codes, list) else -1 for codes in changed) == [0, 25], changed
    assert Procedure.objects.count() == 25
    assert Document.objects.count() == sum(len(entry.documents) for entry in content.entries)
    assert AccessMode.objects.count() == sum(len(entry.modes) for entry in content.entries)


def kept_waiting(second: Callable[[], object]) -> object:
    """What comes of an action that meets a locked procedure, while a click would wait for a tenth of a second only.

    The procedure is let go once the server says that the other has waited longer than that, or has given up.
    """
    load()
    held, ended = threading.Event(), threading.Event()

    def first() -> bool:
        with transaction.atomic():
            lock(Procedure, Procedure.objects.earliest("pk").pk)
            held.set()
            return soon(lambda: ended.is_set() or has_waited())

    def impatient() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            try:
                held.wait(20)
                return second()
            finally:
                ended.set()
                cursor.execute("RESET lock_timeout")

    was_seen, came = together([first, impatient])
    assert was_seen is True
    return came


def has_waited() -> bool:
    """Whether some backend waits for a lock since more than a tenth of a second."""
    with connection.cursor() as cursor:
        # Within a transaction the server tells what it told the first time.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND clock_timestamp() - query_start > interval '200 ms'"
        )
        return bool(cursor.fetchone() != (0,))


def test_a_load_waits_longer_than_a_click_for_who_is_at_it() -> None:
    assert kept_waiting(load) == []


def test_control_a_click_does_not_wait_so_long() -> None:
    @action()
    def click() -> None:
        lock(Procedure, Procedure.objects.earliest("pk").pk)

    assert isinstance(kept_waiting(click), Busy)
