"""The entry of a calendar (RFC 5545): the same one at each change, by its UID and a growing sequence."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from parvis.booking.models import Appointment
from parvis.booking.papers import wording
from parvis.booking.states import Status
from parvis.common import clock

if TYPE_CHECKING:
    from icalendar import Alarm, Event

_OVER = frozenset({Status.CANCELLED, Status.EXPIRED})


def calendar(appointment: Appointment) -> bytes:
    """The appointment for the person's calendar, in its language; cancelled, it takes the entry away.

    No procedure and no name: a calendar is shared, shown on screens and kept by others.
    """
    # A third of a second to load, once: not when a process starts.
    from icalendar import Calendar

    is_over = appointment.state in _OVER
    with translation.override(appointment.language):
        sheet = Calendar()
        sheet.add("prodid", "-//Parvis//rendez-vous//FR")
        sheet.add("version", "2.0")
        sheet.add("method", "CANCEL" if is_over else "PUBLISH")
        sheet.add_component(_event(appointment, is_over=is_over))
    return bytes(sheet.to_ical())


def _event(appointment: Appointment, *, is_over: bool) -> "Event":
    from icalendar import Event

    summary = _("Rendez-vous %(number)s") % {"number": appointment.number}
    event = Event()
    event.add("uid", f"{appointment.token}@parvis")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.starts_at + timedelta(minutes=appointment.minutes))
    event.add("summary", summary)
    event.add("location", wording.place(appointment.office))
    event.add("description", wording.appointment_page(appointment))
    event.add("url", wording.appointment_page(appointment))
    event.add("status", "CANCELLED" if is_over else "CONFIRMED")
    event.add("class", "PRIVATE")
    if not is_over:
        event.add_component(_reminder(summary))
    return event


def _reminder(summary: str) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(days=-1))
    return alarm
