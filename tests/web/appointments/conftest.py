"""The real office on Monday 11 December 2017, where everything may be booked, with seats on the Monday after."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from parvis.common import clock
from parvis.offices.models import Line, Office
from parvis.procedures.models import AccessMode, Mode, Procedure
from tests.booking.house import SINCE, BookingHouse
from tests.offices.factories import AgentFactory
from tests.reception.house import House, at
from tests.web.appointments.booker import Booker


def open_to_booking() -> BookingHouse:
    """Nanterre and its catalogue, every procedure with or without an appointment, no seat yet."""
    for command in ("load_office", "load_procedures"):
        call_command(command, stdout=io.StringIO(), stderr=io.StringIO())
    office = Office.objects.get(code="nanterre")
    lines = {line.code: line for line in Line.objects.filter(office=office)}
    procedures = {one.code: one for one in Procedure.objects.all()}
    AccessMode.objects.exclude(procedure__code="information").delete()
    AccessMode.objects.bulk_create(
        AccessMode(procedure=one, mode=Mode.MIXED, valid_from=SINCE)
        for code, one in procedures.items()
        if code != "information"
    )
    return BookingHouse(House(office, lines, procedures), AgentFactory(office=office, roles=["greeter"]))


@pytest.fixture
def house(db: None) -> Iterator[BookingHouse]:
    """Ten o'clock."""
    with clock.held(at("10:00")):
        yield open_to_booking()


@pytest.fixture
def booker(house: BookingHouse) -> Booker:
    """Somebody in front of their phone, in French, without JavaScript."""
    return Booker()
