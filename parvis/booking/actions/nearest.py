"""The nearest other hour for people who lose theirs: the seats that are left are read once, then taken in turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from parvis.booking import rules
from parvis.booking.models import Appointment
from parvis.booking.queries import capacity
from parvis.booking.rules import plans
from parvis.common import clock
from parvis.offices.models import Office

# How far from the lost hour another one is looked for, and how long before it somebody is told of an earlier one.
REACH = timedelta(days=14)
WARNING = timedelta(hours=48)
_NOON = 13

_LEFT = """
SELECT slot.id, slot.plan_id, slot.day, slot.starts_at, slot.minutes, slot.accepts, slot.falls_back_at <= %(now)s,
    array_agg(seat.id ORDER BY seat.number), array_agg(seat.audience ORDER BY seat.number),
    array_agg(seat.channel ORDER BY seat.number)
FROM booking_slot AS slot JOIN booking_seat AS seat ON seat.slot_id = slot.id
WHERE slot.line_id = %(line)s AND slot.starts_at > %(now)s AND slot.starts_at <= %(until)s
    AND seat.state IN ('free', 'withheld')
GROUP BY slot.id
"""
_LOCK = """
SELECT id FROM booking_seat WHERE id = ANY(%s) AND state IN ('free', 'withheld')
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""


@dataclass(slots=True)
class Spot:
    """A slot with the seats that are left in it: key, audience, channel."""

    slot_id: int
    plan_id: int | None
    day: date
    starts_at: datetime
    minutes: int
    accepts: frozenset[str]
    is_open_to_all: bool
    is_morning: bool
    seats: list[tuple[int, str, str]]

    def seat_for(self, audience: str, channel: str) -> int | None:
        """A seat for this pool, its own first; None when there is none."""
        theirs = [
            seat
            for seat in self.seats
            if self.is_open_to_all or (seat[1] in {"", audience} and seat[2] in {"", channel})
        ]
        return min(theirs, key=lambda seat: (not seat[1] and not seat[2], seat[0]))[0] if theirs else None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a visit begins again, how long it is, and its locked seats."""

    day: date
    starts_at: datetime
    minutes: int
    seats: tuple[int, ...]


class SeatsLeft:
    """What is left at an office for the people who lose their seat in one change."""

    def __init__(self, office: Office, *, until: datetime, now: datetime) -> None:
        self.office, self.until, self.now = office, until, now
        self._calendar = capacity.calendar(office, clock.office_day(now), clock.office_day(until))
        self._lines: dict[int, dict[tuple[int | None, datetime], Spot]] = {}

    def take(self, appointment: Appointment) -> Found | None:
        """Lock the seats of the nearest hour that fits the visit; None when there is none within reach.

        The same hour first, then the same half-day, then the rest. Nobody is told at short notice to come earlier.
        Seats kept for others are left to them until they fall back; those freed or kept for a draw serve at once:
        whoever had a seat comes before whoever has none.
        """
        spots = self._line(appointment.line_id)
        booked = list(appointment.booked.all())
        needed = sum(row.procedure.mean_minutes for row in booked) or appointment.minutes
        asked = {row.procedure.code for row in booked} or {appointment.procedure.code}
        pool = (rules.audience_of(appointment.procedure), appointment.channel)
        is_morning = _morning(appointment.starts_at)
        near = sorted(
            self._within_reach(spots, appointment, asked),
            key=lambda one: _far(one, appointment.starts_at, is_morning=is_morning),
        )
        for spot in near:
            row = self._row(spots, spot, rules.units(needed, spot.minutes))
            while seats := _seats_of(row, pool):
                if self._lock(row, seats):
                    return Found(spot.day, spot.starts_at, spot.minutes * len(seats), tuple(seats))
        return None

    def _within_reach(
        self, spots: dict[tuple[int | None, datetime], Spot], appointment: Appointment, asked: set[str]
    ) -> Iterator[Spot]:
        lost = appointment.starts_at
        for spot in spots.values():
            in_time = spot.starts_at >= lost or spot.starts_at >= self.now + WARNING
            takes = not spot.accepts or asked <= spot.accepts
            if spot.seats and in_time and takes and abs(spot.starts_at - lost) <= REACH:
                yield spot

    def _row(self, spots: dict[tuple[int | None, datetime], Spot], first: Spot, count: int) -> list[Spot]:
        """The slots of one plan that follow one another from this one on; empty when they are too few."""
        step = timedelta(minutes=first.minutes)
        row = [spots.get((first.plan_id, first.starts_at + step * number)) for number in range(count)]
        return [spot for spot in row if spot] if all(row) else []

    def _lock(self, row: Sequence[Spot], seats: Sequence[int]) -> bool:
        """Lock these seats; those that somebody else is taking are not left any more, ours neither."""
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [list(seats)])
            ours = {pk for (pk,) in cursor.fetchall()}
        is_whole = len(ours) == len(seats)
        gone = set(seats) if is_whole else set(seats) - ours
        for spot in row:
            spot.seats = [seat for seat in spot.seats if seat[0] not in gone]
        return is_whole

    def _line(self, line_id: int) -> dict[tuple[int | None, datetime], Spot]:
        if line_id not in self._lines:
            with connection.cursor() as cursor:
                cursor.execute(_LEFT, {"line": line_id, "now": self.now, "until": self.until})
                rows = [_spot(row) for row in cursor.fetchall()]
            self._lines[line_id] = {
                (spot.plan_id, spot.starts_at): spot
                for spot in rows
                if plans.fits(spot.starts_at, spot.minutes, self._calendar.hours(line_id, spot.day))
            }
        return self._lines[line_id]


def _spot(row: Sequence[Any]) -> Spot:
    slot, plan, day, starts_at, minutes, accepts, is_open_to_all, keys, audiences, channels = row
    seats = list(zip(keys, audiences, channels, strict=True))
    return Spot(slot, plan, day, starts_at, minutes, frozenset(accepts), is_open_to_all, _morning(starts_at), seats)


def _seats_of(row: Sequence[Spot], pool: tuple[str, str]) -> list[int]:
    """One seat in each slot of the row, or none at all."""
    seats = [spot.seat_for(*pool) for spot in row]
    return [seat for seat in seats if seat is not None] if all(seats) else []


def _far(spot: Spot, lost: datetime, *, is_morning: bool) -> tuple[bool, bool, float, float, int]:
    """How far an hour is from the one that was lost."""
    away = (spot.starts_at - lost).total_seconds()
    return away != 0, spot.is_morning != is_morning, abs(away), -away, spot.slot_id


def _morning(at: datetime) -> bool:
    return timezone.localtime(at).hour < _NOON
