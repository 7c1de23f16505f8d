"""Take seats back, and give the people who had them another one or a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone

from parvis.booking.actions import freeing, moves
from parvis.booking.actions.changing import REMINDER
from parvis.booking.actions.telling import about, tell_person
from parvis.booking.models import Appointment, Offer, Seat, SeatRequest, Slot
from parvis.booking.queries import capacity
from parvis.booking.queries.availability import IS_OPEN
from parvis.booking.rules import audience_of, units
from parvis.booking.states import (
    FLEETING,
    OFFER_MOVES,
    REQUEST_MOVES,
    TAKEN,
    CancelReason,
    OfferState,
    RequestState,
    SeatState,
    Status,
)
from parvis.common import live
from parvis.common.database import lock
from parvis.common.states import move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.messages import actions as messages
from parvis.offices.models import Office
from parvis.procedures.models import Procedure

# How far from the lost hour another one is looked for, and how long before it somebody is told of an earlier one.
REACH = timedelta(days=14)
WARNING = timedelta(hours=48)
_TRIES = 20

# The nearest hours at which enough seats of one plan follow one another: same hour, same half-day, then the rest.
_NEAR = f"""
SELECT slot.id FROM booking_slot AS slot JOIN offices_line AS line ON line.id = slot.line_id
CROSS JOIN LATERAL (SELECT greatest(1, ceil(%(needed)s::numeric / slot.minutes))::int AS units) AS visit
WHERE slot.line_id = %(line)s AND slot.starts_at > %(now)s
    AND (slot.starts_at >= %(lost)s OR slot.starts_at >= %(warned)s)
    AND slot.starts_at BETWEEN %(lost)s - %(reach)s AND %(lost)s + %(reach)s
    AND (slot.accepts = '{{}}' OR slot.accepts::text[] @> %(procedures)s::text[])
    AND {IS_OPEN}
    AND (SELECT count(DISTINCT next.id) FROM booking_slot AS next JOIN booking_seat AS seat ON seat.slot_id = next.id
         WHERE next.line_id = slot.line_id AND next.plan_id = slot.plan_id AND next.starts_at >= slot.starts_at
            AND next.starts_at < slot.starts_at + make_interval(mins => visit.units * slot.minutes)
            AND seat.state IN ('free', 'withheld')
            AND (next.falls_back_at <= %(now)s
                OR (seat.audience IN ('', %(audience)s) AND seat.channel IN ('', %(channel)s)))) = visit.units
ORDER BY slot.starts_at <> %(lost)s,
    ((slot.starts_at AT TIME ZONE %(zone)s)::time < '13:00') <> %(morning)s,
    abs(extract(epoch FROM slot.starts_at - %(lost)s)), slot.starts_at DESC, slot.id
LIMIT %(tries)s
"""  # noqa: S608 - the part is a constant
# One seat in each slot of the visit, those of its own pool first.
_TAKE = """
SELECT seat.id FROM booking_seat AS seat JOIN booking_slot AS slot ON slot.id = seat.slot_id
WHERE seat.slot_id = %(slot)s AND seat.state IN ('free', 'withheld')
    AND (slot.falls_back_at <= %(now)s
        OR (seat.audience IN ('', %(audience)s) AND seat.channel IN ('', %(channel)s)))
ORDER BY (seat.audience, seat.channel) = ('', ''), seat.number LIMIT 1
FOR NO KEY UPDATE OF seat SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was withdrawn: seats, people given another hour, people asked to choose, forms that must start again."""

    seats: int = 0
    rebooked: int = 0
    told: int = 0
    expired: int = 0

    @property
    def people(self) -> int:
        """Everybody who lost a seat."""
        return self.rebooked + self.told + self.expired

    def __add__(self, other: "Withdrawn") -> "Withdrawn":
        return Withdrawn(
            self.seats + other.seats,
            self.rebooked + other.rebooked,
            self.told + other.told,
            self.expired + other.expired,
        )


def withdraw(slots: Sequence[int], *, office: Office, by: Actor, reason: str, now: datetime) -> Withdrawn:
    """Take back every seat of these slots; each person gets the nearest other hour, or is told to choose.

    Inside the caller's action, under ``lock_capacity``. Whoever is booking at this instant finishes first and is then
    counted among the people; whoever comes later finds nothing free. ``reason`` is a code for the journal.
    """
    if not slots:
        return Withdrawn()
    idle = Seat.objects.filter(slot__in=slots).exclude(state__in=[*TAKEN, SeatState.WITHDRAWN])
    seats = take_back(idle, now=now)
    found = displace(Seat.objects.filter(slot__in=slots), by=by, now=now)
    # Once more: what was being given back at this instant was not free yet.
    found += Withdrawn(seats=seats + take_back(idle, now=now))
    record(found, office=office, by=by, reason=reason, now=now)
    return found


def record(found: Withdrawn, *, office: Office, by: Actor, reason: str, now: datetime) -> None:
    """Write down what was withdrawn, if anything was."""
    if not (found.seats or found.people):
        return
    facts = {"seats": found.seats, "rebooked": found.rebooked, "told": found.told, "expired": found.expired}
    journal.record("seat.withdrawn", office, by=by, at=now, office=office.pk, reason=reason, **facts)
    live.changed(f"booking:{office.pk}")


def take_back(idle: QuerySet[Seat], *, now: datetime) -> int:
    """Withdraw the seats of a query that nobody has; what was proposed to somebody is not proposed any more."""
    rows = idle.order_by("pk").select_for_update(of=("self",), no_key=True)
    keys = [seat.pk for seat in rows]
    _end_offers(keys, now=now)
    return Seat.objects.filter(pk__in=keys).update(state=SeatState.WITHDRAWN, available_from=None)


def displace(lost: QuerySet[Seat], *, by: Actor, now: datetime) -> Withdrawn:
    """Take people from these seats, the earliest hour first, and find each another one."""
    people, gone = capacity.expected(seats=lost), set(lost.order_by("pk").values_list("pk", flat=True))
    done = Withdrawn()
    for one in people:
        done += _displace(lock(Appointment, one.pk), gone, by=by, now=now)
    return done


def _displace(appointment: Appointment, lost: set[int], *, by: Actor, now: datetime) -> Withdrawn:
    rows = Seat.objects.filter(appointment=appointment).select_related("slot__line__office").order_by("pk")
    seats = list(rows.select_for_update(of=("self",), no_key=True))
    if appointment.state not in capacity.EXPECTED or not any(seat.pk in lost for seat in seats):
        return Withdrawn()
    if appointment.state in FLEETING:
        _leave(seats, lost, procedure=appointment.procedure, now=now)
        moves.become(appointment, Status.EXPIRED, ended_at=now)
        _record("appointment.expired", appointment, by=by, now=now, reason="seat_withdrawn")
        return Withdrawn(seats=len(seats), expired=1)
    taken = _take_near(appointment, now=now)
    _leave(seats, lost, procedure=appointment.procedure, now=now)
    if taken:
        _seat_again(appointment, taken, by=by, now=now)
        return Withdrawn(seats=len(seats), rebooked=1)
    reason = CancelReason.SEAT_WITHDRAWN
    before = timezone.localtime(appointment.starts_at).isoformat()
    fields = {"cancel_reason": reason, "ended_at": now, "sequence": appointment.sequence + 1}
    moves.become(appointment, Status.CANCELLED, **fields)
    starts_at = appointment.starts_at.isoformat()
    _record("appointment.cancelled", appointment, by=by, now=now, reason=str(reason), starts_at=starts_at)
    _forget_reminders(appointment)
    tell_person(appointment, "booking.seat_withdrawn", now=now, before=before)
    return Withdrawn(seats=len(seats), told=1)


def _seat_again(appointment: Appointment, taken: list[Seat], *, by: Actor, now: datetime) -> None:
    first = taken[0].slot
    before, after = appointment.starts_at, first.starts_at
    for seat in taken:
        seat.state, seat.appointment, seat.available_from = SeatState.BOOKED, appointment, None
    Seat.objects.bulk_update(taken, ["state", "appointment", "available_from"])
    appointment.day, appointment.starts_at, appointment.minutes = first.day, after, first.minutes * len(taken)
    appointment.sequence += after != before
    appointment.save(update_fields=["day", "starts_at", "minutes", "sequence"])
    if after == before:
        return
    _record("appointment.moved", appointment, by=by, now=now, reason="seat_withdrawn",
            before=before.isoformat(), starts_at=after.isoformat())  # fmt: skip
    _forget_reminders(appointment)
    told = timezone.localtime(before).isoformat()
    tell_person(appointment, "booking.moved_by_office", now=now, before=told)


def _take_near(appointment: Appointment, *, now: datetime) -> list[Seat]:
    """The seats of the nearest hour that fits the visit, locked; none when there is none within reach."""
    booked = appointment.booked.all()
    procedures = list(Procedure.objects.filter(pk__in=booked.values("procedure")).order_by("pk"))
    needed = booked.aggregate(minutes=Sum("procedure__mean_minutes"))["minutes"] or appointment.minutes
    facts: dict[str, Any] = {
        "needed": round(needed, 3),
        "line": appointment.line_id,
        "now": now,
        "lost": appointment.starts_at,
        "warned": now + WARNING,
        "reach": REACH,
        "procedures": [one.code for one in procedures] or [appointment.procedure.code],
        "audience": audience_of(appointment.procedure),
        "channel": appointment.channel,
        "zone": settings.TIME_ZONE,
        "morning": timezone.localtime(appointment.starts_at).hour < 13,
        "tries": _TRIES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, facts)
        starts = [row[0] for row in cursor.fetchall()]
    known = Slot.objects.in_bulk(starts)
    for pk in starts:
        slot = known[pk]
        if seats := _take(slot, units(needed, slot.minutes), facts):
            return seats
    return []


def _take(slot: Slot, count: int, facts: dict[str, Any]) -> list[Seat]:
    """One seat in this slot and in those that follow it, or none at all."""
    ends = slot.starts_at + timedelta(minutes=slot.minutes * count)
    row = Slot.objects.filter(plan=slot.plan_id, starts_at__gte=slot.starts_at, starts_at__lt=ends)
    keys = list(row.order_by("starts_at").values_list("pk", flat=True))
    found: list[int] = []
    with connection.cursor() as cursor:
        for pk in keys:
            cursor.execute(_TAKE, {**facts, "slot": pk})
            found += [seat for (seat,) in cursor.fetchall()]
    if len(found) < count:
        return []
    seats = Seat.objects.select_related("slot").in_bulk(found)
    return [seats[pk] for pk in found]


def _leave(seats: Sequence[Seat], lost: set[int], *, procedure: Procedure, now: datetime) -> None:
    """The seats that go are withdrawn; the others of the visit are given back."""
    go, stay = [seat for seat in seats if seat.pk in lost], [seat for seat in seats if seat.pk not in lost]
    keys = [seat.pk for seat in go]
    Seat.objects.filter(pk__in=keys).update(state=SeatState.WITHDRAWN, appointment=None, available_from=None)
    freeing.free(stay, now=now, procedure=procedure)


def _end_offers(seats: Sequence[int], *, now: datetime) -> None:
    """Whoever was offered one of these seats waits again, as if the offer had run out."""
    for offer in Offer.objects.filter(seat__in=seats, state=OfferState.OPEN).order_by("pk"):
        move(lock(Offer, offer.pk), OfferState.EXPIRED, moves=OFFER_MOVES, ended_at=now)
        request = lock(SeatRequest, offer.request_id)
        if request.state == RequestState.OFFERED:
            move(request, RequestState.WAITING, moves=REQUEST_MOVES)


def _record(what: str, appointment: Appointment, *, by: Actor, now: datetime, **facts: object) -> None:
    said = {"line": appointment.line.code, "procedure": appointment.procedure.code}
    moves.record(what, appointment, by=by, now=now, **said, **facts)


def _forget_reminders(appointment: Appointment) -> None:
    messages.cancel(about(appointment), kinds=[REMINDER])
