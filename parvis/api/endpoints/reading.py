"""From what was sent to what the actions take, and from what they give to what is answered."""

from datetime import date
from typing import Annotated

from django.conf import settings
from django.db import connection
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from parvis.api import schemas
from parvis.api.errors import NotFound
from parvis.booking import queries as booking
from parvis.booking import rules
from parvis.booking.errors import SlotFull
from parvis.booking.models import Appointment, SeatRequest
from parvis.booking.queries import draws, links
from parvis.booking.rules import Attendee, Wish
from parvis.booking.states import Allocation, Channel
from parvis.offices.models import Office
from parvis.procedures.errors import UnknownProcedure
from parvis.procedures.models import Procedure
from parvis.procedures.queries import access_mode

# A slot is full when somebody has each of its seats. A command that was answered before gets its answer again.
_NAMED = """
SELECT EXISTS (SELECT FROM booking_seat WHERE slot_id = %(slot)s)
    AND NOT EXISTS (SELECT FROM booking_seat WHERE slot_id = %(slot)s AND state NOT IN ('held', 'booked'))
    AND NOT EXISTS (SELECT FROM common_command WHERE key = %(key)s) AS is_full,
    office.id, office.code, procedure.id, procedure.code, procedure.line_code, procedure.mean_minutes
FROM offices_office AS office LEFT JOIN procedures_procedure AS procedure ON procedure.code = ANY(%(codes)s)
WHERE office.code = %(office)s
"""


class Asked(Schema):
    """A visit that somebody thinks of."""

    procedure: Annotated[list[schemas.Code], Field(min_length=1, max_length=5)]
    people: Annotated[int, Field(ge=1, le=20)] = 1

    def wish(self, at: Office, channel: Channel) -> Wish:
        """The same in the words of booking. Raises ``UnknownProcedure``."""
        return Wish(office=at, procedures=tuple(_procedures(self.procedure)), people=self.people, channel=channel)


class AskedOn(Asked):
    """The same on a day."""

    day: date


def office(code: str) -> Office:
    """The office of this code. Raises ``NotFound``."""
    found = Office.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def appointment(token: str) -> Appointment:
    """The appointment of this token. Raises ``NotFound``, ``LinkOver``."""
    found = booking.by_token(token)
    if found is None:
        raise NotFound
    links.check_appointment(found)
    return found


def request(token: str) -> SeatRequest:
    """The request of this token. Raises ``NotFound``, ``LinkOver``."""
    found = draws.request_by_token(token)
    if found is None:
        raise NotFound
    links.check_request(found)
    return found


def asker(sent: schemas.RequestIn) -> tuple[Office, Attendee]:
    """Where and for whom a place is asked. Raises ``NotFound``, ``UnknownProcedure``."""
    procedure = _procedures([sent.attendee.procedure])[0]
    return office(sent.office), _attendee(sent.attendee, procedure)


def request_out(found: SeatRequest) -> schemas.RequestOut:
    """A request; never the name of who asks."""
    return schemas.RequestOut(
        token=found.token,
        number=found.number,
        state=found.state,
        office=found.office.code,
        procedure=found.procedure.code,
        lost=found.lost,
        drawn_at=timezone.localtime(found.batch.closes_at) if found.batch else None,
        appointment=found.appointment.token if found.appointment else None,
        page=f"{settings.PUBLIC_URL}/tirages/demande/{found.token}/",
    )


def wanted(sent: schemas.BookingIn, channel: Channel, *, key: str) -> tuple[Wish, list[Attendee]]:
    """The visit and who comes. Raises ``NotFound``, ``UnknownProcedure``, ``SlotFull``."""
    at, named = _catalogue(sent, key)
    attendees = [_attendee(one, named[one.procedure]) for one in sent.attendees]
    # Enough time for the longest list: each procedure for as many people as come for one.
    people = len({rules.identity(one) for one in attendees})
    return Wish(office=at, procedures=tuple(named.values()), people=people, channel=channel), attendees


def office_out(found: Office) -> schemas.OfficeOut:
    """An office and the addresses of its documents."""
    return schemas.OfficeOut(
        code=found.code,
        name=found.name,
        free=f"{settings.PUBLIC_URL}/libre/{found.code}.json",
        waits=f"{settings.PUBLIC_URL}/attente/{found.code}.json",
    )


def procedure_out(at: Office, found: Procedure, day: date) -> schemas.ProcedureOut:
    """A procedure as it is received at an office on a day."""
    by_draw = booking.allocation(at, found, day) is not None
    return schemas.ProcedureOut(
        code=found.code,
        name=found.name,
        line=found.line_code,
        access=access_mode(found, day),
        given=Allocation.DRAW if by_draw else Allocation.IMMEDIATE,
        minutes=found.mean_minutes,
    )


def booked_out(made: Appointment, wish: Wish, *, people: int) -> schemas.AppointmentOut:
    """An appointment that has just been booked: nothing is asked again."""
    return _out(made, office=wish.office.code, procedures=[one.code for one in wish.procedures], people=people)


def appointment_out(found: Appointment) -> schemas.AppointmentOut:
    """An appointment; never the name of who comes."""
    booked = list(found.booked.all())
    procedures = list(dict.fromkeys(one.procedure.code for one in booked)) or [found.procedure.code]
    people = len({one.identity for one in booked}) or 1
    return _out(found, office=found.office.code, procedures=procedures, people=people)


def _out(found: Appointment, *, office: str, procedures: list[str], people: int) -> schemas.AppointmentOut:
    return schemas.AppointmentOut(
        token=found.token,
        number=found.number,
        state=found.state,
        office=office,
        procedures=procedures,
        people=people,
        starts_at=timezone.localtime(found.starts_at),
        minutes=found.minutes,
        sequence=found.sequence,
        page=f"{settings.PUBLIC_URL}/rendez-vous/r/{found.token}/",
    )


def _attendee(sent: schemas.AttendeeIn, procedure: Procedure) -> Attendee:
    return Attendee(
        family_name=sent.family_name,
        given_name=sent.given_name,
        birth_date=sent.birth_date,
        foreign_number=sent.foreign_number,
        passport_number=sent.passport_number,
        procedure=procedure,
    )


def _catalogue(sent: schemas.BookingIn, key: str) -> tuple[Office, dict[str, Procedure]]:
    """The office and the procedures in one question, and whether it is worth going on: asked for each booking.

    In a rush there are twenty refusals for each place, so a slot that is full is known before anything is begun. That
    is no promise: only the booking itself has a seat. Fields that booking has no use for are read when asked for.
    """
    codes = list(dict.fromkeys(one.procedure for one in sent.attendees))
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"slot": sent.slot, "key": key, "codes": codes, "office": sent.office})
        rows = cursor.fetchall()
    if not rows:
        raise NotFound
    if rows[0][0]:
        raise SlotFull
    at = Office.from_db(connection.alias, ["id", "code"], rows[0][1:3])
    fields = ["id", "code", "line_code", "mean_minutes"]
    found = {row[4]: Procedure.from_db(connection.alias, fields, row[3:]) for row in rows}
    if missing := [code for code in codes if code not in found]:
        raise UnknownProcedure(procedure=missing[0])
    return at, {code: found[code] for code in codes}


def _procedures(codes: list[str]) -> list[Procedure]:
    found = {one.code: one for one in Procedure.objects.filter(code__in=codes).order_by("pk")}
    if missing := [code for code in codes if code not in found]:
        raise UnknownProcedure(procedure=missing[0])
    return [found[code] for code in dict.fromkeys(codes)]
