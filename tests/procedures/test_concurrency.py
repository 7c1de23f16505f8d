"""Two houses that start together load one catalogue."""

import io

import pytest
from django.core.management import call_command

from parvis.journal.actions import SYSTEM
from parvis.procedures import actions, catalogue
from parvis.procedures.models import AccessMode, Document, Procedure
from tests.concurrency.threads import together


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_make_one_catalogue() -> None:
    call_command("load_office", stdout=io.StringIO(), stderr=io.StringIO())
    content = catalogue.read()
    changed = together([lambda: actions.load(catalogue.read(), by=SYSTEM) for _ in range(2)])
    assert sorted(len(codes) if isinstance(codes, list) else -1 for codes in changed) == [0, 24]
    assert Procedure.objects.count() == 24
    assert Document.objects.count() == sum(len(entry.documents) for entry in content.entries)
    assert AccessMode.objects.count() == sum(len(entry.modes) for entry in content.entries)
