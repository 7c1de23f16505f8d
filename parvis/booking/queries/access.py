"""What happens when the way people come for a procedure changes: walk-ins, seats, waits. Measured from the journal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Avg

from parvis.booking.queries import capacity
from parvis.booking.rules import units
from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.procedures import queries as procedures
from parvis.procedures.models import Mode, Procedure

MEASURED_WEEKS = 4
# Without an appointment, people come mostly in the morning: their wait counts at the busiest part of the day.
PEAK = 1.3
# Squared coefficients of variation: who comes unannounced, who comes at an hour, and the time at the counter.
_UNANNOUNCED, _EXPECTED = 1.0, 0.3


@dataclass(frozen=True, slots=True)
class LineLoad:
    """A line as measured over some open days: people a day, by appointment and not, and minutes of counter each."""

    days: int
    walk_ins: float
    expected: float
    service_minutes: float
    wait_minutes: float | None


@dataclass(frozen=True, slots=True)
class AccessPreview:
    """What moving a procedure to a mode from a day on does; people a day, seats a week, minutes.

    ``seats_needed`` are the slots that today's walk-ins of this procedure would fill in a week, ``seats_a_week`` those
    that the plans make for it and for the other procedures of its line. ``wait_before`` and ``wait_after`` are the
    model's, for somebody who comes without an appointment at a busy hour; None when there is more work than counter.
    """

    procedure: Procedure
    line: Line
    before: str
    after: str
    valid_from: date
    measured_days: int
    walk_ins_a_day: float
    line_walk_ins_a_day: float
    seats_needed: int
    seats_a_week: int
    first_seat: datetime | None
    wait_measured: float | None
    wait_before: float | None
    wait_after: float | None

    @property
    def missing(self) -> int:
        """Seats a week that are missing for everybody of this procedure to come by appointment."""
        return max(0, self.seats_needed - self.seats_a_week)

    @property
    def weeks_to_first_seat(self) -> float | None:
        """Weeks from the change to the first free seat."""
        if self.first_seat is None:
            return None
        return round((clock.office_day(self.first_seat) - max(self.valid_from, clock.today())).days / 7, 1)


def preview_access(office: Office, procedure: Procedure, mode: str, valid_from: date) -> AccessPreview | None:
    """What the change would do; None when no line of the office serves the procedure."""
    line = office.lines.filter(code=procedure.line_code).first()
    if line is None:
        return None
    load = line_load(office, line)
    came = walk_ins(office, procedure.code, load.days)
    before = procedures.access_mode(procedure, valid_from)
    moved = came * _moving(before, mode)
    counters = offices.counters_serving([line]).count()
    open_days = sum(bool(offices.hours(line, day)) for day in _week(valid_from))
    return AccessPreview(
        procedure=procedure,
        line=line,
        before=before,
        after=mode,
        valid_from=valid_from,
        measured_days=load.days,
        walk_ins_a_day=round(came, 1),
        line_walk_ins_a_day=round(load.walk_ins, 1),
        seats_needed=math.ceil(came * open_days * _slots_each(office, line, procedure, valid_from)),
        seats_a_week=capacity.seats_in_week(office, valid_from, procedure=procedure.code, line=line),
        first_seat=capacity.first_seat(line, procedure.code, since=clock.at(valid_from, "00:00")),
        wait_measured=load.wait_minutes,
        wait_before=_wait(load, counters, _hours(line, valid_from), moved=0.0),
        wait_after=_wait(load, counters, _hours(line, valid_from), moved=moved),
    )


def line_load(office: Office, line: Line) -> LineLoad:
    """The last weeks of a line, from the tickets, calls and services that the journal holds."""
    facts: dict[str, Any] = {
        "office": office.pk,
        "line": line.code,
        "since": _since(),
        "until": clock.at(clock.today(), "00:00"),
    }
    facts["zone"] = settings.TIME_ZONE
    with connection.cursor() as cursor:
        cursor.execute(_ISSUED, facts)
        days, walk_ins_, expected = cursor.fetchone()
        cursor.execute(_SERVED, facts)
        service, wait = cursor.fetchone()
    usual = Procedure.objects.filter(line_code=line.code).aggregate(mean=Avg("mean_minutes"))["mean"]
    return LineLoad(
        days=days,
        walk_ins=walk_ins_ / days if days else 0.0,
        expected=expected / days if days else 0.0,
        service_minutes=float(service or usual or 0),
        wait_minutes=round(float(wait), 1) if wait is not None else None,
    )


def walk_ins(office: Office, procedure: str, days: int) -> float:
    """People a day who came for a procedure without an appointment, over the days measured."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ISSUED_FOR,
            {
                "office": office.pk,
                "procedure": procedure,
                "since": _since(),
                "until": clock.at(clock.today(), "00:00"),
            },
        )
        count: int = cursor.fetchone()[0]
    return count / days if days else 0.0


# Days with a single ticket of the line are open days; today is not over and does not count.
_ISSUED = """
SELECT count(DISTINCT date(at AT TIME ZONE %(zone)s)), count(*) FILTER (WHERE facts->>'rank' <> 'appointment'),
    count(*) FILTER (WHERE facts->>'rank' = 'appointment')
FROM journal_entry WHERE office_id = %(office)s AND what = 'ticket.issued' AND at >= %(since)s AND at < %(until)s
    AND facts->>'line' = %(line)s
"""
_ISSUED_FOR = """
SELECT count(*) FROM journal_entry
WHERE office_id = %(office)s AND what = 'ticket.issued' AND at >= %(since)s AND at < %(until)s
    AND facts->>'procedure' = %(procedure)s AND facts->>'rank' <> 'appointment'
"""
_SERVED = """
SELECT avg((facts->>'seconds')::float) FILTER (WHERE what = 'step.done') / 60,
    avg((facts->>'arrived_waited')::float)
        FILTER (WHERE what = 'ticket.called' AND facts->>'first' = 'true' AND facts->>'rank' <> 'appointment') / 60
FROM journal_entry
WHERE office_id = %(office)s AND what IN ('step.done', 'ticket.called') AND at >= %(since)s AND at < %(until)s
    AND facts->>'line' = %(line)s
"""


def wait_without_appointment(
    *, walk_ins_an_hour: float, expected_an_hour: float, counters: int, service_minutes: float
) -> float | None:
    """Minutes that somebody without an appointment waits on average; None when there is more work than counter time.

    Sakasegawa's approximation of a queue with several servers (Annals of the Institute of Statistical Mathematics 29,
    1977), people with an hour arriving more evenly than the others and going first.
    """
    people = walk_ins_an_hour + expected_an_hour
    if not people or not counters:
        return 0.0 if not people else None
    busy = people * service_minutes / 60 / counters
    if busy >= 1:
        return None
    evenness = (walk_ins_an_hour * _UNANNOUNCED + expected_an_hour * _EXPECTED) / people
    usual = (evenness + _EXPECTED) / 2 * busy ** (math.sqrt(2 * (counters + 1)) - 1) / (counters * (1 - busy))
    first = expected_an_hour * service_minutes / 60 / counters
    return float(round(usual * service_minutes / (1 - first), 1))


def _wait(load: LineLoad, counters: int, hours: float, *, moved: float) -> float | None:
    if not hours:
        return None
    return wait_without_appointment(
        walk_ins_an_hour=(load.walk_ins - moved) / hours * PEAK,
        expected_an_hour=(load.expected + moved) / hours,
        counters=counters,
        service_minutes=load.service_minutes,
    )


def _moving(before: str, after: str) -> float:
    """The share of today's walk-ins of a procedure who would come by appointment instead (mixed: half, assumed)."""
    share = {Mode.WALK_IN: 0.0, Mode.MIXED: 0.5, Mode.APPOINTMENT_ONLY: 1.0}
    return max(0.0, share[Mode(after)] - share[Mode(before)])


def _slots_each(office: Office, line: Line, procedure: Procedure, day: date) -> int:
    """How many slots a visit takes in the most usual length of the plans of the line."""
    known = [
        plan
        for plan in capacity.plans_between(office, day, day + timedelta(days=6))
        if plan.line_id == line.pk and (not plan.accepts or procedure.code in plan.accepts)
    ]
    usual = max(known, key=lambda plan: plan.seats / plan.slot_minutes, default=None)
    return units(procedure.mean_minutes, usual.slot_minutes) if usual else 1


def _hours(line: Line, day: date) -> float:
    """The hours of the first open day of the week from this day on."""
    for one in _week(day):
        if opened := offices.hours(line, one):
            return sum((end - start).total_seconds() for start, end in opened) / 3600
    return 0.0


def _week(day: date) -> Sequence[date]:
    return [day + timedelta(days=ahead) for ahead in range(7)]


def _since() -> datetime:
    return clock.at(clock.today() - timedelta(weeks=MEASURED_WEEKS), "00:00")
