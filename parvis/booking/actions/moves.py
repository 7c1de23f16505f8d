"""What every action about an appointment does: take seats, change the state, write the fact."""

from datetime import datetime

from django.db import models

from parvis.booking.models import Appointment
from parvis.booking.states import MOVES, Status
from parvis.common.database import lock
from parvis.common.states import move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor


def locked(appointment: Appointment) -> Appointment:
    """The appointment as it is now, locked until the action ends."""
    return lock(Appointment, appointment.pk)


def become(appointment: Appointment, state: Status, **fields: object) -> None:
    """Move a locked appointment to a state; one that no longer ends by itself loses its end."""
    if state not in {Status.HELD, Status.PENDING}:
        fields["hold_until"] = None
    move(appointment, state, moves=MOVES, **fields)


def record(what: str, appointment: Appointment, *, by: Actor, now: datetime, **facts: object) -> None:
    """Write a fact about an appointment; never who it is for."""
    subject: models.Model = appointment
    journal.record(what, subject, by=by, at=now, office=appointment.office_id, **facts)


def booked_facts(appointment: Appointment, *, now: datetime, people: int, audience: str) -> dict[str, object]:
    """What later figures need to know of a booking."""
    return {
        "line": appointment.line.code,
        "procedure": appointment.procedure.code,
        "channel": appointment.channel,
        "audience": audience,
        "starts_at": appointment.starts_at.isoformat(),
        "lead_hours": round((appointment.starts_at - now).total_seconds() / 3600, 1),
        "people": people,
        "booked_by": appointment.booked_by,
    }
