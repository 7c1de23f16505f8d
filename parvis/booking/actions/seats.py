"""Take the seats of one visit: one statement that reads every rule of the slot and locks what it finds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from django.db import connection
from psycopg.rows import dict_row

from parvis.booking import rules
from parvis.booking.actions import freeing
from parvis.booking.errors import ByDrawOnly, NotByAppointment, SlotFull, SlotGone
from parvis.booking.models import Appointment, BookingPolicy
from parvis.booking.queries.availability import ACCEPTS, IS_OFFERED, IS_OPEN, earliest_start, parameters
from parvis.booking.rules import Wish
from parvis.booking.states import SeatState
from parvis.common import clock
from parvis.offices.rules import public_holiday

_NAMED = re.compile(r"%\((\w+)\)s")

# START is the slot asked for, VISIT the slots in a row that the visit needs, TAKEN one locked seat of each.
# Reserved seats first, so that those of everybody last; from there on from a seat by chance, and those that others are
# taking are skipped: a hot slot has no queue. CONDITION keeps the seats untouched when the command was answered before.
START = """
start AS MATERIALIZED (
    SELECT slot.id, slot.plan_id, slot.line_id, line.code AS line, slot.day, slot.starts_at, slot.minutes,
        greatest(1, ceil(round(%(needed)s::numeric / slot.minutes, 6)))::int AS units
    FROM booking_slot AS slot JOIN offices_line AS line ON line.id = slot.line_id
    WHERE slot.id = %(slot)s AND line.office_id = %(office)s)
"""
_VISIT = f"""
visit AS MATERIALIZED (
    SELECT slot.id, slot.starts_at, slot.falls_back_at,
        EXISTS (SELECT FROM booking_share AS share WHERE share.plan_id = slot.plan_id) AS is_shared,
        floor(random() * (SELECT max(number) FROM booking_seat AS seat WHERE seat.slot_id = slot.id))::int AS pivot
    FROM (
        SELECT id FROM start
        UNION ALL
        SELECT next.id FROM start JOIN booking_slot AS next
            ON start.units > 1 AND next.plan_id = start.plan_id AND next.starts_at > start.starts_at
            AND next.starts_at < start.starts_at + start.units * start.minutes * interval '1 minute'
    ) AS part
    JOIN booking_slot AS slot ON slot.id = part.id JOIN offices_line AS line ON line.id = slot.line_id
    WHERE {ACCEPTS} AND {IS_OPEN})
"""  # noqa: S608 - the parts are constants


def _seat(which: str) -> str:
    """One seat of the slot that is offered to the wish, locked."""
    return f"""
        SELECT * FROM (
            SELECT seat.id, seat.audience FROM booking_seat AS seat
            WHERE seat.slot_id = slot.id AND {IS_OFFERED} AND {which}
            ORDER BY seat.number LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) AS locked
        """  # noqa: S608 - the parts are constants


_ANY = " UNION ALL ".join(
    [
        _seat("slot.is_shared AND (seat.audience <> '' OR seat.channel <> '')"),
        _seat("seat.number > slot.pivot"),
        _seat("seat.number <= slot.pivot"),
    ]
)
_TAKEN = f"""
taken AS MATERIALIZED (
    SELECT seat.id, seat.audience, slot.starts_at FROM visit AS slot CROSS JOIN LATERAL ({_ANY} LIMIT 1) AS seat
    WHERE (SELECT count(*) FROM visit) = (SELECT units FROM start) AND CONDITION)
"""  # noqa: S608 - the parts are constants
_ACCESS = """
access AS MATERIALIZED (
    SELECT bool_or(coalesce(
            (SELECT mode FROM procedures_accessmode
             WHERE procedure_id = asked.id AND valid_from <= start.day ORDER BY valid_from DESC LIMIT 1),
            (SELECT mode FROM procedures_accessmode WHERE procedure_id = asked.id ORDER BY valid_from LIMIT 1),
            'walk_in') = 'walk_in') AS walk_in,
        bool_or(
            (SELECT allocation FROM booking_allocationrule
             WHERE office_id = %(office)s AND procedure_id = asked.id AND valid_from <= start.day
             ORDER BY valid_from DESC LIMIT 1) = 'draw') AS by_draw
    FROM start, unnest(%(procedure_ids)s::bigint[]) AS asked(id))
"""
FOUND = """
start.line_id, start.line, start.day, start.starts_at, start.minutes, start.units,
EXISTS (SELECT FROM visit WHERE visit.id = start.id) AS is_offered, access.walk_in, access.by_draw,
(SELECT array_agg(id ORDER BY starts_at) FROM taken) AS seats,
(SELECT audience FROM taken ORDER BY starts_at LIMIT 1) AS audience
"""


def statement(condition: str = "true") -> str:
    """The tables that lead to the seats, for the statement of one action."""
    return ", ".join([START, _VISIT, _TAKEN.replace("CONDITION", condition), _ACCESS])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit begins, its length, and the seats that were locked for it."""

    line_id: int
    line: str
    day: date
    starts_at: datetime
    minutes: int
    seats: tuple[int, ...]
    audience: str


def take(wish: Wish, slot_id: int, *, now: datetime, policy: BookingPolicy, minutes: float) -> Place:
    """Lock the seats of a visit that begins with this slot; nobody else can take them until the action ends.

    Raises ``SlotFull``, ``SlotGone``, ``ByDrawOnly``, ``NotByAppointment``, ``CardNotInStock``, ``TooManyPeople``.
    """
    check_wish(wish, policy)
    found = _TAKE.run(asked(wish, slot_id, now=now, minutes=minutes))
    return judge(found, wish, now=now, policy=policy)


def check_wish(wish: Wish, policy: BookingPolicy) -> None:
    """Raise ``TooManyPeople`` or ``CardNotInStock``."""
    rules.check_people(wish.people, policy.most_people)
    for procedure in wish.procedures:
        rules.check_card(procedure, wish.permit)


def asked(wish: Wish, slot_id: int, *, now: datetime, minutes: float) -> dict[str, Any]:
    """What the statement asks of a wish for a slot."""
    needed = {"slot": slot_id, "needed": minutes, "procedure_ids": [one.pk for one in wish.procedures]}
    return parameters(wish, now) | needed


def judge(found: Mapping[str, Any] | None, wish: Wish, *, now: datetime, policy: BookingPolicy) -> Place:
    """The place that was found, or the reason why there is none. Raises what ``take`` raises."""
    if found is None or not found["is_offered"]:
        raise SlotGone
    starts_at, day = found["starts_at"], found["day"]
    last = clock.office_day(now) + timedelta(days=policy.horizon_days)
    if starts_at <= now or starts_at < earliest_start(policy, wish.channel, now) or day > last or public_holiday(day):
        raise SlotGone
    if found["walk_in"]:
        raise NotByAppointment
    if found["by_draw"]:
        raise ByDrawOnly
    if len(found["seats"] or ()) < found["units"]:
        raise SlotFull
    return Place(
        line_id=found["line_id"],
        line=found["line"],
        day=day,
        starts_at=starts_at,
        minutes=found["minutes"] * found["units"],
        seats=tuple(found["seats"]),
        audience=found["audience"],
    )


def give(place: Place, appointment: Appointment, state: SeatState) -> None:
    """Give the locked seats to an appointment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE booking_seat SET state = %s, appointment_id = %s, available_from = NULL WHERE id = ANY(%s)",
            [state, appointment.pk, list(place.seats)],
        )
    freeing.tell_what_is_free(appointment.office_id)


class Statement:
    """A statement with named parameters that the server keeps prepared: to read it again costs more than to run it."""

    def __init__(self, sql: str) -> None:
        self.names = list(dict.fromkeys(_NAMED.findall(sql)))
        places = {name: f"${place}" for place, name in enumerate(self.names, start=1)}
        self.sql = _NAMED.sub(lambda found: places[found.group(1)], sql)

    def run(self, given: Mapping[str, Any]) -> dict[str, Any] | None:
        """Its one row, by column."""
        connection.ensure_connection()
        driver = connection.connection
        if driver.prepare_threshold is None:
            # Django's own cursors never prepare, whatever this says.
            driver.prepare_threshold = 2
        with connection.wrap_database_errors, psycopg.RawCursor(driver, row_factory=dict_row) as cursor:
            return cursor.execute(self.sql, [given[name] for name in self.names]).fetchone()


_TAKE = Statement(f"WITH {statement()} SELECT {FOUND} FROM start, access")  # noqa: S608 - the parts are constants
