"""The catalogue as delivered."""

import io

import pytest
from django.core.management import call_command


@pytest.fixture
def catalogue(db: None) -> None:
    """The real offices and procedures, loaded by the commands that load them."""
    call_command("load_office", stdout=io.StringIO(), stderr=io.StringIO())
    call_command("load_procedures", stdout=io.StringIO(), stderr=io.StringIO())
