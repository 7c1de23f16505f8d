"""A seat that somebody gives back: who may have it next, and from when."""

import time
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

from parvis.booking import queries
from parvis.booking.actions import offers, placing
from parvis.booking.models import AllocationRule, Appointment, BookingPolicy, Seat
from parvis.booking.queries import draws
from parvis.booking.states import SeatState
from parvis.common import clock, live
from parvis.common.database import action
from parvis.offices.models import Office
from parvis.procedures.models import Procedure

# Whoever took a seat meanwhile keeps it: the state is looked at again once the row is had.
_FREE_LATER = """
WITH kept AS (SELECT id FROM booking_seat WHERE id = ANY(%s) AND state = 'withheld' ORDER BY id FOR NO KEY UPDATE)
UPDATE booking_seat AS seat SET state = 'free', available_from = later.at
FROM kept JOIN unnest(%s::bigint[], %s::timestamptz[]) AS later (id, at) USING (id)
WHERE seat.id = kept.id
"""
PAUSE = 0.1  # seconds between two notices of one office from one process
_told: dict[int, float] = {}


def free(seats: Iterable[Seat], *, now: datetime, procedure: Procedure | None = None) -> None:
    """Give seats back, those of one office, inside the caller's action.

    Booked directly: free again after a random delay, so that nobody can free one for a friend. Given by draw: kept
    for the next one or, when their day is near, proposed to one person of the waiting list. ``procedure`` is what they
    were taken for.
    """
    rules: BookingPolicy | None = None
    given: dict[date, AllocationRule | None] = {}
    near = []
    for seat in seats:
        rules = rules or queries.policy(seat.slot.line.office)
        if procedure and seat.slot.day not in given:
            given[seat.slot.day] = queries.allocation(seat.slot.line.office, procedure, seat.slot.day)
        by_draw = given.get(seat.slot.day)
        seat.appointment = None
        if by_draw and seat.slot.starts_at > now:
            seat.state, seat.available_from = SeatState.WITHHELD, None
        else:
            seat.state, seat.available_from = SeatState.FREE, now + placing.delay(rules)
        seat.save(update_fields=["state", "available_from", "appointment"])
        if by_draw and seat.slot.starts_at > now and offers.is_near(seat, by_draw, now):
            near.append(seat)
    offers.propose_each(near, now=now)


@action()
def free_what_no_draw_gives(office: Office) -> int:
    """Free, after a random delay, the seats kept for a draw that their day no longer has; how many.

    A seat that another procedure of the slot may still be given by draw stays kept, and so do the places of a list that
    is closed and not yet drawn.
    """
    now = clock.now()
    ahead = Seat.objects.filter(slot__line__office=office, state=SeatState.WITHHELD, slot__starts_at__gt=now)
    kept = ahead.select_related("slot__line").exclude(pk__in=draws.listed_seats(office))
    days = {seat.slot.day for seat in kept}
    if not days:
        return 0
    drawn = [(one, draws.draw_days(office, one, days)) for one in draws.procedures_with_rules(office)]
    over = [
        seat.pk
        for seat in kept
        if not any(offers.serves(seat.slot, procedure) and seat.slot.day in given for procedure, given in drawn)
    ]
    rules = queries.policy(office)
    with connection.cursor() as cursor:
        cursor.execute(_FREE_LATER, [over, over, [now + placing.delay(rules) for _seat in over]])
        return int(cursor.rowcount)


def free_those_of(appointment: Appointment, *, now: datetime) -> None:
    """Give back every seat of an appointment."""
    seats = appointment.seats.select_related("slot__line__office").order_by("slot__starts_at", "pk")
    free(list(seats), now=now, procedure=appointment.procedure)
    tell_what_is_free(appointment.office_id)


def tell_what_is_free(office_id: int) -> None:
    """Once the action is committed, say that what is free has changed, ten times a second at most.

    Losing the last notice of a rush is harmless: who shows what is free looks by itself every few seconds.
    """
    said = time.monotonic()
    if said - _told.get(office_id, -PAUSE) >= PAUSE:
        _told[office_id] = said
        live.changed(f"booking:{office_id}")
