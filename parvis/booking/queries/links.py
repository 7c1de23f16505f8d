"""Until when an address opens what it leads to: it shows who comes, and letters and telephones are lost."""

from datetime import date, datetime, timedelta

from django.conf import settings

from parvis.booking.errors import LinkOver
from parvis.booking.models import Appointment, Certificate, SeatRequest
from parvis.common import clock


def check_appointment(appointment: Appointment) -> None:
    """Raise ``LinkOver`` once the hour has been over for the days of the house (``LINK_DAYS``)."""
    _check(appointment.starts_at)


def check_request(request: SeatRequest) -> None:
    """Raise ``LinkOver`` once the request has ended, and its visit is over, for the days of the house.

    A request that waits keeps its address.
    """
    if request.ended_at is not None:
        visit = request.appointment.starts_at if request.appointment else request.ended_at
        _check(max(request.ended_at, visit))


def checked_until(certificate: Certificate) -> date:
    """The last day on which a certificate can be checked: as it states itself, or as the house says."""
    stated = certificate.facts.get("checked_until", "")
    if stated:
        return date.fromisoformat(stated)
    return last_day_of(clock.office_day(certificate.issued_at))


def check_certificate(certificate: Certificate) -> None:
    """Raise ``LinkOver`` once its last day is over."""
    if clock.today() > checked_until(certificate):
        raise LinkOver


def last_day_of(issued_on: date) -> date:
    """The last day on which a certificate of this day can be checked (``CERTIFICATE_DAYS``)."""
    return issued_on + timedelta(days=settings.CERTIFICATE_DAYS)


def _check(ended_at: datetime) -> None:
    if clock.now() >= ended_at + timedelta(days=settings.LINK_DAYS):
        raise LinkOver
