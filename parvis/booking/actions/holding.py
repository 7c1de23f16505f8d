"""Keep seats for somebody while they fill the form."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from parvis.booking import queries, rules
from parvis.booking.actions import freeing, moves
from parvis.booking.actions.guards import allow
from parvis.booking.errors import ByDrawOnly, NotByAppointment, SlotFull, SlotGone, TooLateToChange
from parvis.booking.models import Appointment, BookingPolicy
from parvis.booking.queries.availability import ACCEPTS, IS_OFFERED, IS_OPEN, earliest_start, parameters
from parvis.booking.rules import Wish
from parvis.booking.states import SeatState, Status
from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action
from parvis.journal.actions import Actor
from parvis.offices.rules import public_holiday
from parvis.permits.models import Permit
from parvis.procedures.models import Mode
from parvis.procedures.queries import access_mode

_TERMS = f"""
SELECT slot.id, slot.line_id, slot.plan_id, slot.day, slot.starts_at, slot.minutes
FROM booking_slot AS slot JOIN offices_line AS line ON line.id = slot.line_id
WHERE line.office_id = %(office)s AND slot.id = %(slot)s AND slot.starts_at > %(now)s
    AND slot.starts_at >= %(earliest)s AND slot.day <= %(last)s AND {ACCEPTS} AND {IS_OPEN}
"""  # noqa: S608 - the parts are constants
_NEXT = f"""
SELECT slot.id FROM booking_slot AS slot JOIN offices_line AS line ON line.id = slot.line_id
WHERE slot.plan_id = %(plan)s AND slot.starts_at = ANY(%(starts)s) AND {ACCEPTS} AND {IS_OPEN}
"""  # noqa: S608 - the parts are constants
# Reserved seats first, so that those of everybody last; from there on in no order, so that a hot slot has no queue.
_TAKE = f"""
SELECT seat.id, seat.audience FROM booking_seat AS seat JOIN booking_slot AS slot ON slot.id = seat.slot_id
WHERE seat.slot_id = %(slot)s AND {IS_OFFERED}
ORDER BY seat.audience = '' AND seat.channel = '', random() LIMIT 1
FOR NO KEY UPDATE OF seat SKIP LOCKED
"""  # noqa: S608 - the parts are constants


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit begins, and the seats that were locked for it."""

    line_id: int
    day: date
    starts_at: datetime
    minutes: int
    seats: tuple[int, ...]
    audience: str


@action()
def hold(wish: Wish, slot_id: int, *, by: Actor, key: str = "", address: str = "") -> Appointment:
    """Keep the seats of a visit for as long as it takes to fill the form. Sent twice with its key: one hold.

    Raises ``SlotFull``, ``SlotGone``, ``ByDrawOnly``, ``NotByAppointment``, ``CardNotInStock``, ``TooManyPeople``,
    ``TooOften``.
    """
    content = {"hold": slot_id, "for": [one.pk for one in wish.procedures], "people": wish.people}

    def do() -> Appointment:
        now = clock.now()
        policy = queries.policy(wish.office)
        allow("hold.address", address, limit=policy.holds_per_address)
        place = take(wish, slot_id, now=now, policy=policy, minutes=rules.minutes_needed(wish))
        appointment = Appointment.objects.create(
            office=wish.office,
            line_id=place.line_id,
            procedure=wish.procedures[0],
            day=place.day,
            starts_at=place.starts_at,
            minutes=place.minutes,
            channel=wish.channel,
            created_at=now,
            hold_until=now + timedelta(minutes=policy.hold_minutes),
        )
        seat(place, appointment, SeatState.HELD)
        moves.record("appointment.held", appointment, by=by, now=now, procedure=appointment.procedure.code)
        return appointment

    return once(key, content, do, keep=lambda made: made.pk, again=queries.appointment)


@action()
def hold_again(appointment: Appointment, slot_id: int, *, by: Actor, permit: Permit | None = None) -> Appointment:
    """Give other seats to somebody whose time ran out, or who changed their mind; what was typed stays.

    Raises what ``hold`` raises, and ``TooLateToChange`` once the booking is made or cancelled.
    """
    now = clock.now()
    appointment = moves.locked(appointment)
    if appointment.state not in {Status.HELD, Status.EXPIRED}:
        raise TooLateToChange
    policy = queries.policy(appointment.office)
    place = take(wish_of(appointment, permit), slot_id, now=now, policy=policy, minutes=appointment.minutes)
    freeing.free_those_of(appointment, now=now)
    until = now + timedelta(minutes=policy.hold_minutes)
    if appointment.state == Status.EXPIRED:
        moves.become(appointment, Status.HELD, hold_until=until, ended_at=None)
    appointment.hold_until = until
    relocate(appointment, place, SeatState.HELD)
    moves.record("appointment.held", appointment, by=by, now=now, procedure=appointment.procedure.code, again=True)
    return appointment


def take(wish: Wish, slot_id: int, *, now: datetime, policy: BookingPolicy, minutes: float) -> Place:
    """Lock the seats of a visit that begins with this slot; nobody else can take them until the action ends.

    Seats that others are taking are skipped, so a hot slot makes nobody wait. Raises what ``hold`` raises.
    """
    rules.check_people(wish.people, policy.most_people)
    for procedure in wish.procedures:
        rules.check_card(procedure, wish.permit)
    asked = parameters(wish, now)
    slots, first = _slots(wish, slot_id, asked, now=now, policy=policy, minutes=minutes)
    with connection.cursor() as cursor:
        found = []
        for slot in slots:
            cursor.execute(_TAKE, asked | {"slot": slot})
            found.append(cursor.fetchone())
    if None in found:
        raise SlotFull
    line_id, day, starts_at, length = first
    return Place(line_id, day, starts_at, length * len(slots), tuple(pk for pk, _ in found), found[0][1])


def seat(place: Place, appointment: Appointment, state: SeatState) -> None:
    """Give the locked seats to an appointment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE booking_seat SET state = %s, appointment_id = %s, available_from = NULL WHERE id = ANY(%s)",
            [state, appointment.pk, list(place.seats)],
        )
    freeing.tell_what_is_free(appointment.office_id)


def relocate(appointment: Appointment, place: Place, state: SeatState, **fields: object) -> None:
    """Write where and when a locked appointment is from now on, and give it the seats."""
    written = {"line_id": place.line_id, "day": place.day, "starts_at": place.starts_at, "minutes": place.minutes}
    for name, value in {**written, **fields}.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=["line", "day", "starts_at", "minutes", "hold_until", *fields])
    seat(place, appointment, state)


def wish_of(appointment: Appointment, permit: Permit | None = None) -> Wish:
    """What an appointment asks of another slot; its length is kept beside, in ``minutes``."""
    booked = list(appointment.booked.select_related("procedure", "permit").order_by("position"))
    procedures = tuple({row.procedure_id: row.procedure for row in booked}.values())
    return Wish(
        office=appointment.office,
        procedures=procedures or (appointment.procedure,),
        channel=appointment.channel,  # type: ignore[arg-type]  # a text of the table
        permit=permit or next((row.permit for row in booked if row.permit), None),
    )


def _slots(
    wish: Wish, slot_id: int, asked: dict[str, Any], *, now: datetime, policy: BookingPolicy, minutes: float
) -> tuple[list[int], tuple[int, date, datetime, int]]:
    """The slots of the visit in their order, and what the first one is."""
    last = clock.office_day(now) + timedelta(days=policy.horizon_days)
    bounds = {"slot": slot_id, "earliest": earliest_start(policy, wish.channel, now), "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, asked | bounds)
        row = cursor.fetchone()
        if row is None or public_holiday(row[3]):
            raise SlotGone
        slot, line_id, plan, day, starts_at, length = row
        _check_access(wish, day)
        following = [starts_at + timedelta(minutes=length * step) for step in range(1, rules.units(minutes, length))]
        if not following:
            return [slot], (line_id, day, starts_at, length)
        cursor.execute(_NEXT + " ORDER BY slot.starts_at", asked | {"plan": plan, "starts": following})
        rest = [pk for (pk,) in cursor.fetchall()]
    if len(rest) < len(following):
        raise SlotFull
    return [slot, *rest], (line_id, day, starts_at, length)


def _check_access(wish: Wish, day: date) -> None:
    """Raise ``NotByAppointment`` or ``ByDrawOnly`` when these seats are not booked this way on this day."""
    for procedure in wish.procedures:
        if access_mode(procedure, day) == Mode.WALK_IN:
            raise NotByAppointment
        if queries.allocation(wish.office, procedure, day):
            raise ByDrawOnly
