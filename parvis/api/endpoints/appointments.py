"""Book, see, move, cancel."""

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api import schemas
from parvis.api.endpoints import reading
from parvis.api.endpoints.answers import REFUSED, IdempotencyKey
from parvis.api.senders import sender_of
from parvis.booking import actions, rules
from parvis.booking import queries as booking
from parvis.booking.models import Appointment
from parvis.common.network import address_of

router = Router(tags=["Appointments"])


@router.post("/appointments", response={201: schemas.AppointmentOut, **REFUSED}, url_name="appointments")
def book(request: HttpRequest, sent: schemas.BookingIn, key: IdempotencyKey) -> Status[schemas.AppointmentOut]:
    """Book. Every attendee comes for every procedure named; sent again with its key it is booked once."""
    sender = sender_of(request)
    wish, attendees = reading.wanted(sent, sender.channel, key=sender.key(key))
    made = actions.book(
        wish,
        sent.slot,
        attendees=attendees,
        contact=rules.Contact(email=sent.email, phone=sent.phone, language=sent.language),
        booker=rules.Booker(kind=sent.booker.kind, name=sent.booker.name, email=sent.booker.email),
        proof=sent.proof,
        by=sender,
        key=sender.key(key),
        address="" if sender.client else address_of(request),
    )
    return Status(201, reading.booked_out(made, wish, people=wish.people))


@router.get("/appointments/{token}", response={200: schemas.AppointmentOut, **REFUSED}, url_name="appointment")
def see(request: HttpRequest, token: schemas.Code) -> schemas.AppointmentOut:
    """An appointment, by the token that was given when it was booked."""
    return reading.appointment_out(reading.appointment(token))


@router.post("/appointments/{token}/move", response={200: schemas.AppointmentOut, **REFUSED}, url_name="move")
def move(
    request: HttpRequest, token: schemas.Code, sent: schemas.MoveIn, key: IdempotencyKey
) -> schemas.AppointmentOut:
    """Come at another hour; the old one is kept until the new one is had."""
    sender = sender_of(request)
    made = actions.move_to(reading.appointment(token), sent.slot, by=sender, key=sender.key(key))
    return _after(made)


@router.post("/appointments/{token}/cancel", response={200: schemas.AppointmentOut, **REFUSED}, url_name="cancel")
def cancel(request: HttpRequest, token: schemas.Code) -> schemas.AppointmentOut:
    """Give the place back; twice changes nothing."""
    return _after(actions.cancel(reading.appointment(token), by=sender_of(request)))


def _after(changed: Appointment) -> schemas.AppointmentOut:
    return reading.appointment_out(booking.appointment(changed.pk))
