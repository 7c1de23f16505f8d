"""Make the slots and seats that can be booked, ahead of their day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from parvis.booking.models import BookingPolicy, CapacityPlan, Slot
from parvis.booking.queries import capacity
from parvis.booking.queries.policy import policy as policy_of
from parvis.booking.rules import plans
from parvis.common import clock, live
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office

# Slots, then their seats, in one statement: a plan of thousands of seats a week is made in the time of a breath.
_MAKE = """
WITH wanted AS (
    SELECT * FROM unnest(%(plans)s::bigint[], %(days)s::date[], %(starts)s::timestamptz[], %(falls)s::timestamptz[])
        AS wanted (plan_id, day, starts_at, falls_back_at)
), made AS (
    INSERT INTO booking_slot (line_id, plan_id, day, starts_at, minutes, accepts, falls_back_at)
    SELECT plan.line_id, plan.id, wanted.day, wanted.starts_at, plan.slot_minutes, plan.accepts, wanted.falls_back_at
    FROM wanted JOIN booking_capacityplan AS plan ON plan.id = wanted.plan_id
    ORDER BY wanted.starts_at, plan.id
    ON CONFLICT (plan_id, starts_at) DO NOTHING
    RETURNING id, plan_id
), seats AS (
    INSERT INTO booking_seat (slot_id, number, audience, channel, state)
    SELECT made.id, layout.number, layout.audience, layout.channel, 'free'
    FROM made JOIN unnest(%(layout_plans)s::bigint[], %(numbers)s::int[], %(audiences)s::text[], %(channels)s::text[])
        AS layout (plan_id, number, audience, channel) ON layout.plan_id = made.plan_id
    RETURNING 1
), back AS (
    UPDATE booking_seat AS seat SET state = 'free', available_from = NULL
    FROM booking_slot AS slot JOIN wanted ON wanted.plan_id = slot.plan_id AND wanted.starts_at = slot.starts_at
    WHERE seat.slot_id = slot.id AND seat.state = 'withdrawn'
    RETURNING 1
)
SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM seats), (SELECT count(*) FROM back)
"""

MANY = 1000  # slots at once


@action()
def make_slots(office: Office, *, until: date | None = None, by: Actor) -> int:
    """Make the slots of the office up to its horizon (or a day), from its plans and its hours; how many were new.

    Harmless the second time. Seats that a closure had withdrawn come back when the closure does not hold any more.
    """
    lock_capacity(office)
    return fill_up(office, until=until, by=by, now=clock.now())


def lock_capacity(office: Office) -> BookingPolicy:
    """The rules of the office, locked: what can be booked is changed by one hand at a time. Bookings do not wait."""
    BookingPolicy.objects.get_or_create(office=office)
    return lock(BookingPolicy, BookingPolicy.objects.only("pk").get(office=office).pk)


def fill_up(office: Office, *, until: date | None, by: Actor, now: datetime) -> int:
    """Make what is missing, inside the caller's transaction, under ``lock_capacity``."""
    policy = policy_of(office)
    today = clock.today()
    last = until or today + timedelta(days=policy.horizon_days)
    known = capacity.plans_between(office, today, last)
    calendar = capacity.calendar(office, today, last)
    slots = [
        Slot(plan=plan, day=day, starts_at=at, falls_back_at=plans.falls_back_at(day, policy))
        for plan, day, at in plans.wanted(known, calendar, today, last)
        if at > now
    ]
    made, seats, back = _insert(slots, known) if slots else (0, 0, 0)
    if made or back:
        facts = {"slots": made, "seats": seats, "back": back, "until": last.isoformat()}
        journal.record("slot.made", office, by=by, at=now, office=office.pk, **facts)
        live.changed(f"booking:{office.pk}")
    return made


def _insert(slots: Sequence[Slot], known: Sequence[CapacityPlan]) -> tuple[int, int, int]:
    layouts = [
        (plan.pk, number, *pool)
        for plan in known
        for number, pool in enumerate(plans.layout(plan.seats, plan.shares.all()), start=1)
    ]
    columns: dict[str, Any] = {
        "plans": [slot.plan_id for slot in slots],
        "days": [slot.day for slot in slots],
        "starts": [slot.starts_at for slot in slots],
        "falls": [slot.falls_back_at for slot in slots],
        "layout_plans": [row[0] for row in layouts],
        "numbers": [row[1] for row in layouts],
        "audiences": [row[2] for row in layouts],
        "channels": [row[3] for row in layouts],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, columns)
        made, seats, back = cursor.fetchone()
        if made >= MANY:
            # What is asked from now on is planned with these rows, not with the empty tables of a minute ago.
            cursor.execute("ANALYZE booking_slot, booking_seat")
    return made, seats, back
