"""A seat freed near its day: proposed to one person of the waiting list at a time, until somebody takes it.

The list is not first come, first served: whoever frees a seat cannot know who is asked next, so it cannot be sold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from parvis.booking import queries
from parvis.booking.actions import placing
from parvis.booking.actions.placing import Spot
from parvis.booking.actions.telling import tell_person, tell_requester
from parvis.booking.errors import AlreadyBooked, OfferOver
from parvis.booking.models import AllocationRule, Appointment, Attempt, Offer, Seat, SeatRequest, Slot
from parvis.booking.queries import draws
from parvis.booking.rules import units
from parvis.booking.states import (
    OFFER_MOVES,
    REQUEST_MOVES,
    OfferState,
    RequestState,
    SeatState,
)
from parvis.common import clock, live
from parvis.common.database import action, lock
from parvis.common.states import move
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM, Actor
from parvis.offices.models import Office
from parvis.procedures.models import Procedure

# An answer needs a little time, and so does coming.
SHORTEST_ANSWER = timedelta(minutes=30)
BOOKED_ONCE = {"booked_once_per_person": AlreadyBooked}

# Who may be asked for a seat. Requests of a batch that is closed and not yet drawn are in its list; those already asked
# for this seat, or served otherwise, are left out, and so is whoever could not be told before the answer is due.
_MAY_BE_ASKED = """
request.office_id = %(office)s AND request.procedure_id = %(procedure)s AND request.state = 'waiting'
AND (request.email <> '' OR request.phone <> '')
AND NOT EXISTS (SELECT FROM booking_batch AS batch WHERE batch.id = request.batch_id AND batch.state <> 'open')
AND (request.suits = '[]' OR request.suits ? (
    extract(isodow FROM slot.starts_at AT TIME ZONE %(zone)s)::text
    || CASE WHEN extract(hour FROM slot.starts_at AT TIME ZONE %(zone)s) < 12 THEN 'am' ELSE 'pm' END))
AND NOT EXISTS (SELECT FROM booking_offer AS offer WHERE offer.request_id = request.id AND offer.seat_id = seat.id)
AND NOT EXISTS (
    SELECT FROM booking_bookedprocedure AS booked
    WHERE booked.identity = request.identity AND booked.procedure_id = request.procedure_id AND booked.is_live)
"""
# Most losses first once they are carried over, then legal urgency, then chance.
_NEXT = f"""
SELECT request.id FROM booking_seatrequest AS request, booking_seat AS seat
JOIN booking_slot AS slot ON slot.id = seat.slot_id
WHERE seat.id = %(seat)s AND {_MAY_BE_ASKED} AND NOT request.id = ANY(%(without)s)
ORDER BY
    CASE WHEN request.lost >= %(carried)s THEN -request.lost ELSE 0 END,
    CASE WHEN request.ground_confirmed_by_id IS NOT NULL THEN CASE request.ground WHEN 'court_order' THEN 1 ELSE 2 END
         WHEN request.expires_on <= %(day)s + 15 THEN 3
         WHEN request.expires_on <= %(day)s + 30 THEN 4
         WHEN request.expires_on <= %(day)s + 60 THEN 5
         ELSE 6 END,
    random()
LIMIT 1
FOR NO KEY UPDATE OF request SKIP LOCKED
"""  # noqa: S608 - the parts are constants
# The next seat that somebody could still be asked for, by its hour: one that suits nobody hides none behind it.
_IDLE = f"""
SELECT seat.id, slot.starts_at FROM booking_seat AS seat
JOIN booking_slot AS slot ON slot.id = seat.slot_id
JOIN offices_line AS line ON line.id = slot.line_id
WHERE line.office_id = %(office)s AND seat.state IN ('free', 'withheld') AND slot.day <= %(until)s
    AND (slot.starts_at, seat.id) > (%(after)s, %(last)s)
    AND CASE WHEN slot.accepts = '{{}}' THEN line.code = %(line)s ELSE slot.accepts @> ARRAY[%(code)s]::varchar[] END
    AND EXISTS (SELECT FROM booking_seatrequest AS request WHERE {_MAY_BE_ASKED})
ORDER BY slot.starts_at, seat.id LIMIT 1
"""  # noqa: S608 - the parts are constants


@dataclass(frozen=True, slots=True)
class _Round:
    """Whom to ask for a seat: the procedure and its rule, the seats of the visit, the end of the answer."""

    procedure: Procedure
    rule: AllocationRule
    seats: tuple[int, ...]
    until: datetime
    too_early: list[int] = field(default_factory=list)


def is_near(seat: Seat, rule: AllocationRule, now: datetime) -> bool:
    """Whether no draw will give this seat in time: its day is near, or lies before those of the batch that is open."""
    day = clock.office_day(now)
    if (seat.slot.day - day).days < rule.near_days:
        return True
    batch = draws.open_batch_of(rule.office, rule.procedure)
    return batch is not None and seat.slot.day < batch.seats_from


def propose(seat: Seat, *, now: datetime, by: Actor = SYSTEM) -> Offer | None:
    """Propose a seat that nobody has, locked, to one person of the waiting list; None when it suits nobody.

    Inside the caller's action. A seat that suits nobody is free after a random delay: those whose procedures of the
    same line are booked directly may take it, and it is proposed again when somebody asks (``offer_idle_seats``).
    """
    for round_ in _rounds(seat, now):
        request = _next(seat, round_, now)
        if request is not None:
            return _offer(seat, request, round_, by=by, now=now)
    _leave_to_all(seat, now)
    return None


@action()
def offer_next(seat: Seat, *, by: Actor = SYSTEM) -> Offer | None:
    """Propose a free or withheld seat to one person of the waiting list; None when it suits nobody or was taken."""
    now = clock.now()
    seat = _locked(seat.pk)
    if seat.state not in {SeatState.FREE, SeatState.WITHHELD} or seat.slot.starts_at <= now:
        return None
    return propose(seat, now=now, by=by)


@action(constraints=BOOKED_ONCE)
def take_offer(offer: Offer, *, by: Actor) -> Appointment:
    """Take the place that was proposed. Taken before: the same appointment.

    Raises ``OfferOver`` once its time is over, it was answered or the office withdrew the place; ``AlreadyBooked``.
    """
    now = clock.now()
    seats = _seats_of(offer)
    offer = lock(Offer, offer.pk)
    request = draws.requests().select_for_update(of=("self",), no_key=True).get(pk=offer.request_id)
    if offer.state == OfferState.TAKEN and request.appointment is not None:
        return request.appointment
    is_whole = all(seat.state == SeatState.OFFERED for seat in seats)
    if offer.state != OfferState.OPEN or offer.expires_at <= now or not is_whole:
        raise OfferOver
    first = seats[0].slot
    spot = Spot(
        tuple(seat.pk for seat in seats), first.line_id, first.day, first.starts_at,
        sum(seat.slot.minutes for seat in seats), seats[0].audience,
    )  # fmt: skip
    move(offer, OfferState.TAKEN, moves=OFFER_MOVES, ended_at=now)
    (appointment,) = placing.place([(request, spot)], by=by, now=now)
    _record("offer.taken", offer, request, by=by, now=now)
    tell_person(appointment, "booking.confirmed", now=now)
    live.changed(f"booking:{request.office_id}")
    return appointment


@action()
def refuse_offer(offer: Offer, *, by: Actor) -> None:
    """Leave the place to the next person; the request waits on, and nothing is held against it.

    Raises ``OfferOver`` when it was answered otherwise or its time is over. Refused before: nothing more happens.
    """
    now = clock.now()
    offer = Offer.objects.get(pk=offer.pk)
    if offer.state == OfferState.REFUSED:
        return
    if offer.state != OfferState.OPEN or offer.expires_at <= now:
        raise OfferOver
    give_up(offer, state=OfferState.REFUSED, by=by, now=now)


def expire_offers() -> int:
    """End the offers whose time is over and ask the next person; how many. Several workers share the work."""
    ended = 0
    while _expire_one():
        ended += 1
    return ended


def offer_idle_seats(office: Office, *, by: Actor = SYSTEM) -> int:
    """Propose the seats that no draw will reach any more; how many. No freed seat is lost for want of a draw."""
    now, proposed = clock.now(), 0
    today = clock.office_day(now)
    for procedure, rule in draws.drawn_procedures(office):
        batch = draws.open_batch_of(office, procedure)
        until = today + timedelta(days=max(rule.near_days - 1, 0))
        if batch is not None:
            until = max(until, batch.seats_from - timedelta(days=1))
        for pk in _idle_seats(office, procedure, until, now):
            proposed += offer_next(Seat.objects.get(pk=pk), by=by) is not None
    return proposed


def propose_each(seats: Sequence[Seat], *, now: datetime, by: Actor = SYSTEM) -> None:
    """Propose withheld seats that were those of one visit, locked: each of them may be the first of another one.

    Inside the caller's action. Those that go with an earlier one are no longer withheld when their turn comes.
    """
    for seat in seats:
        if seat.slot.starts_at > now and Seat.objects.filter(pk=seat.pk, state=SeatState.WITHHELD).exists():
            seat.state = SeatState.WITHHELD
            propose(seat, now=now, by=by)


def take_from_them(taken: Sequence[int], *, by: Actor, now: datetime) -> list[Seat]:
    """End the offers of seats that the office takes back, locked; the other seats of those visits, locked and withheld.

    Inside the caller's action. Whoever was asked waits on and is told; it counts for nothing.
    """
    left: list[int] = []
    for found in Offer.objects.filter(seats__overlap=list(taken), state=OfferState.OPEN).order_by("pk"):
        offer = lock(Offer, found.pk)
        request = _wait_on(offer, OfferState.EXPIRED, now=now)
        _record("offer.withdrawn", offer, request, by=by, now=now)
        tell_requester(request, "booking.offer_withdrawn", now=now, offer=offer.pk)
        left += [pk for pk in offer.seats if pk not in taken]
    rows = Seat.objects.filter(pk__in=left, state=SeatState.OFFERED).select_related("slot__line__office")
    seats = sorted(_lock_all(rows), key=lambda seat: (seat.slot.starts_at, seat.pk))
    placing.set_state([seat.pk for seat in seats], SeatState.WITHHELD)
    return seats


def give_up(offer: Offer, *, state: OfferState, by: Actor, now: datetime) -> bool:
    """End an open offer, have its person wait on, and propose the seat to the next. False when it was answered."""
    seats = _seats_of(offer)
    offer = lock(Offer, offer.pk)
    if offer.state != OfferState.OPEN:
        return False
    request = _wait_on(offer, state, now=now)
    _record(f"offer.{state}", offer, request, by=by, now=now)
    if state == OfferState.EXPIRED:
        Attempt.objects.create(request=request, at=now, channel=request.channel, outcome="offer_expired")
        tell_requester(request, "booking.offer_expired", now=now, offer=offer.pk)
    left = [seat for seat in seats if seat.state == SeatState.OFFERED]
    placing.set_state([seat.pk for seat in left], SeatState.WITHHELD)
    propose_each(left, now=now, by=by)
    return True


def _wait_on(offer: Offer, state: OfferState, *, now: datetime) -> SeatRequest:
    """End an open offer, locked; its person, locked, waits on."""
    request = lock(SeatRequest, offer.request_id)
    move(offer, state, moves=OFFER_MOVES, ended_at=now)
    if request.state == RequestState.OFFERED:
        move(request, RequestState.WAITING, moves=REQUEST_MOVES)
    return request


@action()
def _expire_one() -> bool:
    now = clock.now()
    due = Offer.objects.filter(state=OfferState.OPEN, expires_at__lte=now).order_by("expires_at", "pk")
    # The seat first, as everywhere; somebody else who ends this offer meanwhile leaves nothing to do.
    for offer in due[:20]:
        seat = Seat.objects.filter(pk=offer.seat_id).select_for_update(of=("self",), no_key=True, skip_locked=True)
        if seat.order_by("pk").first() is not None and give_up(offer, state=OfferState.EXPIRED, by=SYSTEM, now=now):
            return True
    return False


def _leave_to_all(seat: Seat, now: datetime) -> None:
    if seat.state == SeatState.FREE:
        return
    later = now + placing.delay(queries.policy(seat.slot.line.office))
    placing.set_state([seat.pk], SeatState.FREE, available_from=later)
    seat.state, seat.available_from = SeatState.FREE, later


def serves(slot: Slot, procedure: Procedure) -> bool:
    """Whether a slot takes a procedure: those it names, or all those of its line."""
    return procedure.code in slot.accepts if slot.accepts else procedure.line_code == slot.line.code


def _rounds(seat: Seat, now: datetime) -> list[_Round]:
    """The procedures whose waiting lists may be asked, with the seats that a visit for each would take."""
    slot, office = seat.slot, seat.slot.line.office
    policy = queries.policy(office)
    found = []
    for procedure, rule in draws.drawn_procedures(office):
        until = min(now + timedelta(hours=rule.offer_hours), slot.starts_at - placing.notice(policy))
        if (
            not serves(slot, procedure)
            or until - now < SHORTEST_ANSWER
            or not draws.draw_days(office, procedure, [slot.day])
        ):
            continue
        if (seats := _visit(seat, procedure, now)) is not None:
            found.append(_Round(procedure, rule, seats, until))
    return found


def _visit(seat: Seat, procedure: Procedure, now: datetime) -> tuple[int, ...] | None:
    """The seats of a visit that begins with this one, locked; None when the next slots have none left."""
    slot = seat.slot
    following = [
        slot.starts_at + timedelta(minutes=slot.minutes * step)
        for step in range(1, units(procedure.mean_minutes, slot.minutes))
    ]
    if not following:
        return (seat.pk,)
    rows = placing.idle(slot.line.office, procedure, since=slot.day, until=slot.day, now=now)
    by_start = {row.starts_at: row.seat for row in rows if row.plan == slot.plan_id and row.line == slot.line_id}
    if any(start not in by_start for start in following):
        return None
    return (seat.pk, *(by_start[start] for start in following))


def _next(seat: Seat, round_: _Round, now: datetime) -> SeatRequest | None:
    """Lock the person to ask; somebody for whom that day is too early to file is passed over."""
    asked: dict[str, Any] = {
        "office": round_.rule.office_id,
        "procedure": round_.procedure.pk,
        "zone": settings.TIME_ZONE,
        "seat": seat.pk,
        "carried": max(round_.rule.most_losses - 1, 1),
        "day": clock.office_day(now),
    }
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, {**asked, "without": round_.too_early})
            row = cursor.fetchone()
        if row is None:
            return None
        request = draws.requests().get(pk=row[0])
        since = placing.first_day(request.procedure, request.expires_on, seat.slot.day)
        if since is None or since <= seat.slot.day:
            return request
        round_.too_early.append(request.pk)


def _offer(seat: Seat, request: SeatRequest, round_: _Round, *, by: Actor, now: datetime) -> Offer:
    placing.set_state(round_.seats, SeatState.OFFERED)
    seat.state = SeatState.OFFERED
    made = Offer.objects.create(
        seat=seat, seats=list(round_.seats), request=request, created_at=now, expires_at=round_.until
    )
    move(request, RequestState.OFFERED, moves=REQUEST_MOVES, batch=None)
    _record("offer.made", made, request, by=by, now=now, starts_at=seat.slot.starts_at.isoformat())
    tell_requester(request, "booking.offer", now=now, offer=made.pk)
    return made


def _idle_seats(office: Office, procedure: Procedure, until: date, now: datetime) -> Iterator[int]:
    """The seats up to a day for which somebody may still be asked, the earliest first, as they are at each step."""
    asked: dict[str, Any] = {
        "office": office.pk,
        "procedure": procedure.pk,
        "code": procedure.code,
        "line": procedure.line_code,
        "zone": settings.TIME_ZONE,
        "until": until,
    }
    after, last = now + SHORTEST_ANSWER, 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_IDLE, {**asked, "after": after, "last": last})
            row = cursor.fetchone()
        if row is None:
            return
        last, after = row
        yield last


def _seats_of(offer: Offer) -> list[Seat]:
    """The seats of the visit that was proposed, locked, by their hours."""
    rows = Seat.objects.filter(pk__in=offer.seats).select_related("slot__line__office")
    return sorted(_lock_all(rows), key=lambda seat: seat.slot.starts_at)


def _lock_all(rows: QuerySet[Seat]) -> list[Seat]:
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


def _locked(pk: int) -> Seat:
    return Seat.objects.select_related("slot__line__office").select_for_update(of=("self",), no_key=True).get(pk=pk)


def _record(what: str, offer: Offer, request: SeatRequest, *, by: Actor, now: datetime, **facts: object) -> None:
    said = {"procedure": request.procedure.code, **facts}
    journal.record(what, offer, by=by, at=now, office=request.office_id, **said)
