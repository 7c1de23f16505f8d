"""What somebody may take now: days, hours, seats."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from parvis.booking.models import AllocationRule, BookingPolicy
from parvis.booking.queries.policy import policy
from parvis.booking.rules import Wish, minutes_needed, units
from parvis.booking.states import Allocation, Channel
from parvis.common import clock
from parvis.offices.models import Office
from parvis.offices.rules import public_holiday
from parvis.procedures.models import AccessMode, Mode, Procedure

# The line opens at the hour of the slot: hours change and days close after slots are made.
IS_OPEN = """
EXISTS (
    SELECT FROM offices_openingwindow AS hours
    WHERE hours.line_id = slot.line_id AND hours.weekday = extract(isodow FROM slot.day)
        AND hours.valid_from <= slot.day AND (hours.valid_to IS NULL OR hours.valid_to >= slot.day)
        AND hours.opens <= (slot.starts_at AT TIME ZONE %(zone)s)::time
        AND hours.closes > (slot.starts_at AT TIME ZONE %(zone)s)::time)
AND NOT EXISTS (
    SELECT FROM offices_closure AS closure
    LEFT JOIN offices_closure_lines AS named ON named.closure_id = closure.id
    WHERE closure.office_id = line.office_id AND closure.day = slot.day
        AND (named.line_id IS NULL OR named.line_id = slot.line_id))
"""
# A slot without a list takes every procedure of its line.
ACCEPTS = """
(CASE WHEN slot.accepts = '{}' THEN line.code = ALL(%(lines)s::text[])
    ELSE slot.accepts::text[] @> %(procedures)s::text[] END)
"""
# Seats kept for an audience or a channel are for them alone until they fall back to everybody.
IS_OFFERED = """
seat.state = 'free' AND (seat.available_from IS NULL OR seat.available_from <= %(now)s)
AND (slot.falls_back_at <= %(now)s
    OR (seat.audience IN ('', %(audience)s) AND seat.channel IN ('', %(channel)s)))
"""
_FREE = f"""
SELECT slot.id, slot.plan_id, slot.day, slot.starts_at, slot.minutes, count(*)
FROM booking_slot AS slot
JOIN offices_line AS line ON line.id = slot.line_id
JOIN booking_seat AS seat ON seat.slot_id = slot.id
WHERE line.office_id = %(office)s AND slot.starts_at >= %(earliest)s AND slot.starts_at > %(now)s
    AND slot.day BETWEEN %(since)s AND %(until)s
    AND {ACCEPTS} AND {IS_OFFERED} AND {IS_OPEN}
GROUP BY slot.id ORDER BY slot.starts_at, slot.id
"""  # noqa: S608 - the parts are the constants above


@dataclass(frozen=True, slots=True)
class DayFree:
    """A day and how many visits such as the one wished may still begin on it."""

    day: date
    seats: int


@dataclass(frozen=True, slots=True)
class SlotFree:
    """An hour that may be taken; ``minutes`` is the length of one slot, ``seats`` how many may begin then."""

    slot_id: int
    starts_at: datetime
    minutes: int
    seats: int


@dataclass(frozen=True, slots=True)
class _Row:
    slot_id: int
    plan_id: int | None
    day: date
    starts_at: datetime
    minutes: int
    seats: int


def free_days(wish: Wish, *, since: date | None = None, until: date | None = None) -> list[DayFree]:
    """The days on which the wished visit may be taken now, earliest first, each with its number of seats."""
    days: dict[date, int] = defaultdict(int)
    for row in _starts(wish, since, until):
        days[row.day] += row.seats
    return [DayFree(day, seats) for day, seats in sorted(days.items())]


def free_slots(wish: Wish, day: date) -> list[SlotFree]:
    """The hours of a day at which the wished visit may begin, earliest first."""
    return [SlotFree(row.slot_id, row.starts_at, row.minutes, row.seats) for row in _starts(wish, day, day)]


def first_free(wish: Wish, *, since: date | None = None) -> datetime | None:
    """The first hour that may be taken, from a day on; None when there is none before the horizon."""
    return next((row.starts_at for row in _starts(wish, since, None)), None)


def earliest_start(rules: BookingPolicy, channel: str, now: datetime) -> datetime:
    """People who book alone do so a little ahead; an agent sees who is there."""
    return now + timedelta(minutes=rules.notice_minutes if channel == Channel.WEB else 0)


def bookable_days(office: Office, procedures: Sequence[Procedure], days: Iterable[date]) -> set[date]:
    """The days on which all the procedures are received by appointment, and their seats booked directly."""
    kept = {day for day in days if not public_holiday(day)}
    for procedure in procedures:
        modes = _dated(AccessMode.objects.filter(procedure=procedure).values_list("valid_from", "mode"))
        draws = _dated(
            AllocationRule.objects.filter(office=office, procedure=procedure).values_list("valid_from", "allocation")
        )
        kept = {
            day
            for day in kept
            if _on(modes, day, modes[0][1] if modes else Mode.WALK_IN) != Mode.WALK_IN
            and _on(draws, day, Allocation.IMMEDIATE) == Allocation.IMMEDIATE
        }
    return kept


def parameters(wish: Wish, now: datetime) -> dict[str, Any]:
    """What the statements about seats ask of a wish."""
    return {
        "now": now,
        "zone": settings.TIME_ZONE,
        "office": wish.office.pk,
        "lines": [procedure.line_code for procedure in wish.procedures],
        "procedures": [procedure.code for procedure in wish.procedures],
        "audience": str(wish.pool),
        "channel": str(wish.channel),
    }


def _starts(wish: Wish, since: date | None, until: date | None) -> list[_Row]:
    """Every slot at which the visit may begin, with how many such visits may begin then."""
    now, rules = clock.now(), policy(wish.office)
    today = clock.office_day(now)
    last = today + timedelta(days=rules.horizon_days)
    bounds = {
        "earliest": earliest_start(rules, wish.channel, now),
        "since": max(since or today, today),
        "until": min(until or last, last),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FREE, parameters(wish, now) | bounds)
        rows = [_Row(*row) for row in cursor.fetchall()]
    days = bookable_days(wish.office, wish.procedures, {row.day for row in rows})
    return _in_a_row([row for row in rows if row.day in days], minutes_needed(wish))


def _in_a_row(rows: list[_Row], minutes: float) -> list[_Row]:
    """Those after which enough slots of the same plan follow, with the seats of the fullest of them."""
    free = {(row.plan_id, row.starts_at): row.seats for row in rows}
    starts = []
    for row in rows:
        span = [
            free.get((row.plan_id, row.starts_at + timedelta(minutes=row.minutes * step)), 0)
            for step in range(1, units(minutes, row.minutes))
        ]
        if seats := min([row.seats, *span]):
            starts.append(_Row(row.slot_id, row.plan_id, row.day, row.starts_at, row.minutes, seats))
    return starts


def _dated(rows: Iterable[tuple[date, str]]) -> list[tuple[date, str]]:
    return sorted(rows)


def _on(rows: list[tuple[date, str]], day: date, before: str) -> str:
    """What holds on a day, by the last row that has begun."""
    return next((value for start, value in reversed(rows) if start <= day), before)
