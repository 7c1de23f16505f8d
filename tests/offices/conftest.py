"""The office as delivered."""

import io

import pytest
from django.core.management import call_command

from parvis.offices.models import Office


@pytest.fixture
def nanterre(db: None) -> Office:
    """The real data, loaded by the command that loads them."""
    call_command("load_office", stdout=io.StringIO(), stderr=io.StringIO())
    return Office.objects.get(code="nanterre")
