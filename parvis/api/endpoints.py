"""The addresses under ``/api/v1/``. Each checks who asks, calls one query or one action, and says what it found."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Query, Router, Status

from parvis.api import reading, schemas
from parvis.api.senders import address_of, sender_of
from parvis.booking import actions, rules
from parvis.booking import queries as booking
from parvis.booking.models import Appointment
from parvis.common import clock
from parvis.common.text import clean
from parvis.offices.models import Office
from parvis.procedures.queries import public_procedures

router = Router()
IdempotencyKey = Annotated[
    schemas.Key,
    Header(alias="Idempotency-Key", description="Yours, 16 to 64 characters. The same key again: the same answer."),
]
REFUSED = dict.fromkeys((401, 403, 404, 409, 429, 503), schemas.Refusal) | {422: schemas.Refusal}


@router.get("/offices", response=list[schemas.OfficeOut], url_name="offices", tags=["What there is"])
def offices(request: HttpRequest) -> list[schemas.OfficeOut]:
    """Every office, and where its documents are."""
    return [reading.office_out(one) for one in Office.objects.order_by("code")]


@router.get(
    "/offices/{office}/procedures",
    response={200: list[schemas.ProcedureOut], **REFUSED},
    url_name="procedures",
    tags=["What there is"],
)
def procedures(request: HttpRequest, office: schemas.Code) -> list[schemas.ProcedureOut]:
    """What people may come for alone at this office, and how."""
    at, day = reading.office(office), clock.today()
    lines = set(at.lines.values_list("code", flat=True))
    return [reading.procedure_out(at, one, day) for one in public_procedures(day) if one.line_code in lines]


@router.get(
    "/offices/{office}/days",
    response={200: list[schemas.DayOut], **REFUSED},
    url_name="days",
    tags=["What there is"],
)
def days(request: HttpRequest, office: schemas.Code, asked: Query[reading.Asked]) -> list[schemas.DayOut]:
    """The days on which a visit may be booked now. In a rush, ask the office's document instead."""
    wish = asked.wish(reading.office(office), sender_of(request).channel)
    return [schemas.DayOut(day=one.day, seats=one.seats) for one in booking.free_days(wish)]


@router.get(
    "/offices/{office}/slots",
    response={200: list[schemas.SlotOut], **REFUSED},
    url_name="slots",
    tags=["What there is"],
)
def slots(request: HttpRequest, office: schemas.Code, asked: Query[reading.AskedOn]) -> list[schemas.SlotOut]:
    """The hours of one day at which a visit may begin."""
    wish = asked.wish(reading.office(office), sender_of(request).channel)
    found = booking.free_slots(wish, asked.day)
    return [
        schemas.SlotOut(slot=one.slot_id, starts_at=one.starts_at, minutes=one.minutes, seats=one.seats)
        for one in found
    ]


@router.post("/challenges", response=schemas.ChallengeOut, url_name="challenges", tags=["Contact"])
def challenges(request: HttpRequest) -> schemas.ChallengeOut:
    """A proof of work, asked of everybody who has no partner's key before a code is sent."""
    return schemas.ChallengeOut(challenge=actions.new_challenge(clock.now()))


@router.post("/contacts", response={201: schemas.CheckOut, **REFUSED}, url_name="contacts", tags=["Contact"])
def contacts(request: HttpRequest, sent: schemas.ContactIn) -> Status[schemas.CheckOut]:
    """Send a code to an e-mail address or a phone."""
    sender = sender_of(request)
    if sender.client is None:
        actions.spend_challenge(sent.challenge)
    contact = rules.Contact(email=sent.email, phone=sent.phone, language=sent.language)
    address = "" if sender.client else address_of(request)
    check = actions.send_code(contact, by=sender, address=address)
    return Status(201, schemas.CheckOut(check=check.token))


@router.post("/contacts/{check}/proof", response={200: schemas.ProofOut, **REFUSED}, url_name="proof", tags=["Contact"])
def proof(request: HttpRequest, check: schemas.Code, sent: schemas.CodeIn) -> schemas.ProofOut:
    """Give the code that was received; five tries."""
    return schemas.ProofOut(proof=actions.prove(check, clean(sent.code, limit=40)))


@router.post(
    "/appointments",
    response={201: schemas.AppointmentOut, **REFUSED},
    url_name="appointments",
    tags=["Appointments"],
)
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
    )
    return Status(201, reading.booked_out(made, wish, people=wish.people))


@router.get(
    "/appointments/{token}",
    response={200: schemas.AppointmentOut, **REFUSED},
    url_name="appointment",
    tags=["Appointments"],
)
def see(request: HttpRequest, token: schemas.Code) -> schemas.AppointmentOut:
    """An appointment, by the token that was given when it was booked."""
    return reading.appointment_out(reading.appointment(token))


@router.post(
    "/appointments/{token}/move",
    response={200: schemas.AppointmentOut, **REFUSED},
    url_name="move",
    tags=["Appointments"],
)
def move(
    request: HttpRequest, token: schemas.Code, sent: schemas.MoveIn, key: IdempotencyKey
) -> schemas.AppointmentOut:
    """Come at another hour; the old one is kept until the new one is had."""
    sender = sender_of(request)
    made = actions.move_to(reading.appointment(token), sent.slot, by=sender, key=sender.key(key))
    return _after(made)


@router.post(
    "/appointments/{token}/cancel",
    response={200: schemas.AppointmentOut, **REFUSED},
    url_name="cancel",
    tags=["Appointments"],
)
def cancel(request: HttpRequest, token: schemas.Code) -> schemas.AppointmentOut:
    """Give the place back; twice changes nothing."""
    return _after(actions.cancel(reading.appointment(token), by=sender_of(request)))


def _after(changed: Appointment) -> schemas.AppointmentOut:
    return reading.appointment_out(booking.appointment(changed.pk))
