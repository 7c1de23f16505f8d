"""Seats to book in the office of the agents' screens."""

from datetime import date

from parvis.offices.models import Office
from parvis.procedures.models import AccessMode, Mode, Procedure
from tests.booking.house import SINCE, BookingHouse
from tests.offices.factories import AgentFactory
from tests.reception.house import House

# The next Wednesday: filing and handover are both open.
WEDNESDAY = date(2017, 12, 13)


def bookable(office: Office, *, mode: Mode = Mode.MIXED) -> BookingHouse:
    """The real office, every procedure received by appointment too."""
    AccessMode.objects.all().delete()
    AccessMode.objects.bulk_create(
        AccessMode(procedure=one, mode=mode, valid_from=SINCE) for one in Procedure.objects.order_by("pk")
    )
    lines = {line.code: line for line in office.lines.order_by("pk")}
    procedures = {one.code: one for one in Procedure.objects.order_by("pk")}
    return BookingHouse(House(office, lines, procedures), AgentFactory(office=office, roles=["greeter"]))
