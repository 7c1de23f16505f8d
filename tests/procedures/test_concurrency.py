"""Two houses that start together load one catalogue."""

import io
import threading
import time

import pytest
from django.core.management import call_command
from django.db import transaction

from parvis.common.database import lock
from parvis.journal.actions import SYSTEM
from parvis.procedures import actions, catalogue
from parvis.procedures.models import AccessMode, Document, Procedure
from tests.concurrency.threads import together

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
LONGER_THAN_A_CLICK_WAITS = 3.5


@pytest.fixture(autouse=True)
def _offices(transactional_db: None) -> None:
    call_command("load_office", stdout=io.StringIO(), stderr=io.StringIO())


def load() -> list[str]:
    return actions.load(catalogue.read(), by=SYSTEM)


def test_two_loads_at_once_make_one_catalogue() -> None:
    content = catalogue.read()
    changed = together([load] * 2)
    assert sorted(len(codes) if isinstance(codes, list) else -1 for codes in changed) == [0, 24], changed
    assert Procedure.objects.count() == 24
    assert Document.objects.count() == sum(len(entry.documents) for entry in content.entries)
    assert AccessMode.objects.count() == sum(len(entry.modes) for entry in content.entries)


def test_a_load_waits_longer_than_a_click_for_who_is_at_it() -> None:
    load()
    held = threading.Event()

    def slow() -> list[str]:
        with transaction.atomic():
            lock(Procedure, Procedure.objects.earliest("pk").pk)
            held.set()
            time.sleep(LONGER_THAN_A_CLICK_WAITS)
        return []

    def second() -> list[str]:
        held.wait(20)
        return load()

    assert together([slow, second]) == [[], []]
