"""From seats that nobody has to people who are expected on them: what a draw and an offer share."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from parvis.booking.actions import moves
from parvis.booking.models import Appointment, BookedProcedure, BookingPolicy, SeatRequest
from parvis.booking.queries.availability import ACCEPTS, IS_OPEN
from parvis.booking.queries.draws import draw_days
from parvis.booking.rules import audience_of, units
from parvis.booking.states import REQUEST_MOVES, RequestState, Status
from parvis.common.states import check_move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Line, Office
from parvis.offices.rules import public_holiday
from parvis.people.models import Person
from parvis.people.rules import folded_name
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure

_dice = random.SystemRandom()
# Urgent seats stay the agents' until they fall back; every other channel asks through the same requests.
_IDLE = f"""
SELECT seat.id, slot.plan_id, slot.line_id, slot.day, slot.starts_at, slot.minutes, seat.audience
FROM booking_seat AS seat
JOIN booking_slot AS slot ON slot.id = seat.slot_id
JOIN offices_line AS line ON line.id = slot.line_id
WHERE line.office_id = %(office)s AND slot.day BETWEEN %(since)s AND %(until)s AND slot.starts_at > %(after)s
    AND seat.state IN ('free', 'withheld') AND {ACCEPTS} AND {IS_OPEN}
    AND (slot.falls_back_at <= %(now)s OR (seat.audience IN ('', %(audience)s) AND seat.channel <> 'urgent'))
ORDER BY slot.starts_at, slot.id, seat.number
FOR NO KEY UPDATE OF seat SKIP LOCKED
"""  # noqa: S608 - the parts are constants
_BOOK = """
UPDATE booking_seat AS seat SET state = 'booked', appointment_id = given.appointment, available_from = NULL
FROM unnest(%s::bigint[], %s::bigint[]) AS given (seat, appointment) WHERE seat.id = given.seat
"""
_PLACE = """
UPDATE booking_seatrequest AS request
SET state = 'placed', appointment_id = given.appointment, batch_id = NULL, ended_at = %s
FROM unnest(%s::bigint[], %s::bigint[]) AS given (request, appointment) WHERE request.id = given.request
"""


@dataclass(frozen=True, slots=True)
class IdleSeat:
    """A seat that nobody has, locked."""

    seat: int
    plan: int | None
    line: int
    day: date
    starts_at: datetime
    minutes: int
    audience: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one person can be received: a seat, or one in each of several slots in a row."""

    seats: tuple[int, ...]
    line: int
    day: date
    starts_at: datetime
    minutes: int
    audience: str

    @property
    def name(self) -> str:
        """How a published draw calls it: the keys of its seats."""
        return "+".join(map(str, self.seats))

    @property
    def at(self) -> str:
        """The office's own time, to the minute."""
        return timezone.localtime(self.starts_at).strftime("%Y-%m-%dT%H:%M")


def idle(
    office: Office, procedure: Procedure, *, since: date, until: date, now: datetime, after: datetime | None = None
) -> list[IdleSeat]:
    """Lock the seats of a procedure that nobody has on its days of draw; those that others are taking are skipped."""
    asked: dict[str, Any] = {
        "now": now,
        "after": after or now,
        "zone": settings.TIME_ZONE,
        "office": office.pk,
        "lines": [procedure.line_code],
        "procedures": [procedure.code],
        "audience": str(audience_of(procedure)),
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_IDLE, asked)
        rows = [IdleSeat(*row) for row in cursor.fetchall()]
    days = draw_days(office, procedure, {row.day for row in rows})
    return [row for row in rows if row.day in days and not public_holiday(row.day)]


def spots(seats: Iterable[IdleSeat], minutes: float) -> list[Spot]:
    """As many visits of so many minutes as these seats hold, the earliest first; each seat serves in one."""
    left: dict[tuple[int | None, int, datetime], list[IdleSeat]] = defaultdict(list)
    for seat in seats:
        left[seat.plan, seat.line, seat.starts_at].append(seat)
    found = []
    for plan, line, starts_at in sorted(left, key=lambda key: key[2]):
        row = left[plan, line, starts_at]
        steps = range(units(minutes, row[0].minutes)) if row else range(0)
        length = timedelta(minutes=row[0].minutes) if row else timedelta()
        rows = [left.get((plan, line, starts_at + length * step), []) for step in steps]
        while rows and all(rows):
            taken = [row.pop(0) for row in rows]
            keys, first = tuple(one.seat for one in taken), taken[0]
            lasts = sum(one.minutes for one in taken)
            found.append(Spot(keys, line, first.day, starts_at, lasts, first.audience))
    return found


def delay(rules: BookingPolicy) -> timedelta:
    """How long a freed seat stays hidden: nobody can foresee it."""
    return timedelta(seconds=_dice.randint(rules.release_after_min * 60, rules.release_after_max * 60))


def set_state(seats: Sequence[int], state: str, *, available_from: datetime | None = None) -> None:
    """Move seats that nobody has, locked, to another state that nobody has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE booking_seat SET state = %s, available_from = %s, appointment_id = NULL WHERE id = ANY(%s)",
            [state, available_from, list(seats)],
        )


def place(given: Sequence[tuple[SeatRequest, Spot]], *, by: Actor, now: datetime) -> list[Appointment]:
    """Give these people, locked, these seats, locked: one confirmed appointment each, in a handful of statements."""
    if not given:
        return []
    lines = Line.objects.in_bulk({spot.line for _request, spot in given})
    made = Appointment.objects.bulk_create(
        [_appointment(request, spot, lines[spot.line], now) for request, spot in given]
    )
    _bind(given, made)
    with connection.cursor() as cursor:
        pairs = [(seat, one.pk) for (_r, spot), one in zip(given, made, strict=True) for seat in spot.seats]
        cursor.execute(_BOOK, [[seat for seat, _pk in pairs], [pk for _seat, pk in pairs]])
    _end([(request, appointment) for (request, _spot), appointment in zip(given, made, strict=True)], now=now)
    facts = [
        (appointment, moves.booked_facts(appointment, now=now, people=1, audience=spot.audience))
        for (_request, spot), appointment in zip(given, made, strict=True)
    ]
    journal.record_all("appointment.confirmed", facts, by=by, at=now, office=made[0].office_id)
    return made


def _end(placed: Sequence[tuple[SeatRequest, Appointment]], *, now: datetime) -> None:
    """Requests that have their place, as ``move`` would write them one by one."""
    for request, appointment in placed:
        check_move(REQUEST_MOVES, request.state, RequestState.PLACED)
        request.state, request.appointment = RequestState.PLACED, appointment
        request.batch, request.ended_at = None, now
    with connection.cursor() as cursor:
        keys = [[request.pk for request, _one in placed], [one.pk for _request, one in placed]]
        cursor.execute(_PLACE, [now, *keys])


def _appointment(request: SeatRequest, spot: Spot, line: Line, now: datetime) -> Appointment:
    return Appointment(
        office_id=request.office_id,
        line=line,
        procedure=request.procedure,
        day=spot.day,
        starts_at=spot.starts_at,
        minutes=spot.minutes,
        state=Status.CONFIRMED,
        channel=request.channel,
        email=request.email,
        phone=request.phone,
        language=request.language,
        booked_by=request.booked_by,
        booker_name=request.booker_name,
        booker_email=request.booker_email,
        created_at=now,
        confirmed_at=now,
    )


def _bind(given: Sequence[tuple[SeatRequest, Spot]], made: Sequence[Appointment]) -> None:
    """Write who is expected. A person who has booked otherwise meanwhile breaks ``booked_once_per_person``."""
    numbers = [request.foreign_number for request, _spot in given if request.foreign_number]
    known = Person.objects.filter(foreign_number__in=numbers).order_by("pk")
    persons = dict(known.values_list("foreign_number", "pk"))
    rows = [
        BookedProcedure(
            appointment=appointment,
            position=1,
            procedure_id=request.procedure_id,
            identity=request.identity,
            family_name=request.family_name,
            given_name=request.given_name,
            folded_name=folded_name(request.family_name, request.given_name),
            birth_date=request.birth_date,
            foreign_number=request.foreign_number,
            passport_number=request.passport_number,
            person_id=persons.get(request.foreign_number) if request.foreign_number else None,
        )
        for (request, _spot), appointment in zip(given, made, strict=True)
    ]
    BookedProcedure.objects.bulk_create(sorted(rows, key=lambda row: (row.identity, row.procedure_id)))


def first_day(procedure: Procedure, expires_on: date | None, day: date) -> date | None:
    """The first day on which somebody may file, for who would come too early on this day; None when any will do."""
    return catalogue.filing_verdict(procedure, expires_on=expires_on, day=day).opens if expires_on else None


def notice(policy: BookingPolicy) -> timedelta:
    """How long before its hour a seat is still worth proposing."""
    return timedelta(minutes=max(policy.notice_minutes, 60))
