"""What an appointment is for, read back from it."""

from parvis.booking.models import Appointment
from parvis.booking.rules import Wish, is_late
from parvis.booking.states import Channel, Status
from parvis.common import clock
from parvis.procedures.models import Procedure


def is_coming(appointment: Appointment) -> bool:
    """Whether it may still be moved or cancelled."""
    return appointment.state == Status.CONFIRMED and appointment.starts_at > clock.now()


def is_awaited(appointment: Appointment, late_minutes: int) -> bool:
    """Whether the person may still check in: it has not begun, or they are a little late."""
    late = is_late(appointment.starts_at, late_minutes, clock.now())
    return appointment.state == Status.CONFIRMED and not late


def procedures_of(appointment: Appointment) -> tuple[Procedure, ...]:
    """What people come for, each once, in order."""
    return tuple(dict.fromkeys(one.procedure for one in appointment.booked.all())) or (appointment.procedure,)


def people_of(appointment: Appointment) -> int:
    """How many people come."""
    return len({one.identity for one in appointment.booked.all()}) or 1


def wish_of(appointment: Appointment) -> Wish:
    """The same visit, to be looked for at another hour."""
    permit = next((one.permit for one in appointment.booked.all() if one.permit_id), None)
    return Wish(
        office=appointment.office,
        procedures=procedures_of(appointment),
        people=people_of(appointment),
        channel=Channel.WEB,
        permit=permit,
    )
