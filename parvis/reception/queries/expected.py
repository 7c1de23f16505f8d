"""The appointment that somebody at the door means."""

import re
from collections.abc import Sequence
from datetime import date

from parvis.booking import queries as bookings
from parvis.booking.models import Appointment
from parvis.common import clock
from parvis.common.text import clean
from parvis.offices.models import Office
from parvis.people import rules as people
from parvis.people.errors import ForeignNumberMalformed
from parvis.reception.errors import NoAppointmentFound


def expected(office: Office, typed: str, *, born: date | None = None) -> Sequence[Appointment]:
    """What a person at the door may check in: by the code of the appointment, its number or their foreign number.

    A name alone finds nothing: with it goes ``born``, the birth date. Those of today when there are some, else the
    first that the number names, so that its day can be told. Raises ``NoAppointmentFound``.
    """
    found = bookings.for_check_in(office, clock.today(), typed)
    if born is None:
        found = [one for one in found if is_numbered(one, typed)]
    else:
        found = [one for one in found if any(person.birth_date == born for person in one.booked.all())]
    if not found:
        raise NoAppointmentFound
    return [one for one in found if one.day == clock.today()] or found[:1]


def is_numbered(appointment: Appointment, typed: str) -> bool:
    """Whether this appointment was found by something that only its holder has at hand."""
    number = re.sub(r"[\s.\-]", "", clean(typed, limit=40)).upper()
    if number == appointment.number or appointment.token in typed:
        return True
    try:
        foreign_number = people.foreign_number(typed)
    except ForeignNumberMalformed:
        return False
    return bool(foreign_number) and any(one.foreign_number == foreign_number for one in appointment.booked.all())
