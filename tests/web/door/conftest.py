"""The real office and its catalogue, at its door on Monday 11 December 2017."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command

from parvis.common import clock
from parvis.offices.models import Office
from tests.reception.house import at
from tests.web.door.visitor import Visitor

THURSDAY = date(2017, 12, 14)


@pytest.fixture
def nanterre(db: None) -> Iterator[Office]:
    """Ten o'clock: every line takes people."""
    with clock.held(at("10:00")):
        for command in ("load_office", "load_procedures"):
            call_command(command, stdout=io.StringIO(), stderr=io.StringIO())
        yield Office.objects.get(code="nanterre")


@pytest.fixture
def visitor(nanterre: Office) -> Visitor:
    """Somebody in front of the kiosk, in French."""
    return Visitor()


@pytest.fixture
def thursday(nanterre: Office) -> None:
    """The same hour on a day when filing is closed to the public."""
    clock.hold(at("10:00", THURSDAY))
