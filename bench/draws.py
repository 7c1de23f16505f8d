"""A draw of 20 000 requests over 500 seats, from the closed list to appointments, losses and messages.

Closing and drawing are timed apart, through the real actions on a real database; the published document is then given
to the second program, in a process of its own, with Python alone.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench import ground

REQUESTS, SEATS = 20_000, 500
DRAW_AT_MOST = 5.0
PROGRAM = ground.ROOT / "parvis" / "booking" / "lottery" / "verify_draw.py"
_PEOPLE = """
INSERT INTO booking_seatrequest (office_id, procedure_id, token, number, state, batch_id, identity, family_name,
    given_name, birth_date, foreign_number, passport_number, email, phone, language, channel, expires_on, ground,
    ground_reason, suits, lost, created_at)
SELECT %s, %s, left(md5(n::text), 22), lpad(to_hex(n), 8, '0'), 'waiting', %s, 'n:99' || lpad(n::text, 8, '0'),
    'Exemple', 'Témoin ' || n, date '1990-01-01', '99' || lpad(n::text, 8, '0'), '',
    'temoin' || n || '@exemple.invalid', '', 'fr', 'web', %s::date + (n %% 120), '', '',
    CASE n %% 4 WHEN 0 THEN '["1am","2am"]' WHEN 1 THEN '["3pm"]' ELSE '[]' END::jsonb, n %% 4 / 2, %s
FROM generate_series(1, %s) AS n
"""


def ready(place: ground.Place) -> object:
    """A batch with everybody in it and the seats of a week, made in bulk: gathering is not what is measured."""
    from django.db import connection

    from parvis.booking import actions
    from parvis.booking.models import AllocationRule, Seat, Slot
    from parvis.booking.states import Allocation
    from parvis.common import clock
    from parvis.journal.actions import SYSTEM
    from parvis.offices.models import Line
    from parvis.procedures.models import Procedure

    procedure = Procedure.objects.get(code="renewal")
    Seat.objects.filter(slot__line__office=place.office, slot__line__code=procedure.line_code).delete()
    AllocationRule.objects.create(
        office=place.office, procedure=procedure, allocation=Allocation.DRAW, valid_from=date(2017, 1, 1)
    )
    batch = actions.open_batch(place.office, procedure, by=SYSTEM)
    line = Line.objects.get(office=place.office, code=procedure.line_code)
    days = [batch.seats_from + timedelta(days=n) for n in range(7)]
    for day in [day for day in days if day.isoweekday() in {1, 2, 3, 5} and day != date(2017, 12, 25)]:
        for turn in range(5):
            begins = clock.at(day, f"{9 + turn}:00".zfill(5))
            slot = Slot.objects.create(
                line=line, day=day, starts_at=begins, minutes=60, falls_back_at=begins - timedelta(days=2)
            )
            Seat.objects.bulk_create(Seat(slot=slot, number=n) for n in range(1, SEATS // 20 + 1))
    with connection.cursor() as cursor:
        today = clock.today()
        cursor.execute(_PEOPLE, [place.office.pk, procedure.pk, batch.pk, today, clock.now(), REQUESTS])
        cursor.execute("ANALYZE")
    assert Seat.objects.count() == SEATS
    return batch


def measure(place: ground.Place, report: ground.Report) -> Path:
    """Close, draw, and write the published document to a file."""
    from django.db import connection

    from parvis.booking import actions
    from parvis.booking.models import Appointment, Batch, SeatRequest
    from parvis.common import clock
    from parvis.journal.actions import SYSTEM
    from parvis.messages.models import Message

    batch = Batch.objects.get(pk=ready(place).pk)  # type: ignore[attr-defined]
    with clock.held(batch.closes_at):
        began = time.perf_counter()
        batch = actions.close_batch(batch, by=SYSTEM)
        closed, busy = time.perf_counter(), time.process_time()
        batch = actions.draw(batch, by=SYSTEM)
        drawn, worked = time.perf_counter(), time.process_time() - busy
    report.row(
        "close the list of 20 000", closed - began, "s", beside=f"{batch.requests} requests, {batch.seats} seats"
    )
    report.row("draw, seat, tell and publish", drawn - closed, "s", beside=f"{batch.placed} placed")
    load = f"{os.getloadavg()[0]:.1f} tasks wanted the machine"
    report.row("of which this process worked", worked, "s", beside=load)
    report.target("draw of 20 000 requests over 500 seats", drawn - closed, DRAW_AT_MOST, "s", at_most=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT appointment_id) FROM booking_seat WHERE state = 'booked'")
        seats, people = cursor.fetchone()
    assert seats == people == Appointment.objects.count() == batch.placed == SEATS
    assert Message.objects.count() == REQUESTS
    assert SeatRequest.objects.filter(state="waiting").count() == REQUESTS - SEATS
    path = Path(tempfile.mkdtemp()) / "tirage.json"
    path.write_text(json.dumps(batch.published))
    return path


def verify(path: Path, report: ground.Report) -> None:
    """The second program, alone."""
    began = time.perf_counter()
    said = subprocess.run([sys.executable, "-I", str(PROGRAM), str(path)], capture_output=True, text=True, check=False)
    size = os.path.getsize(path) / 1e6
    report.row(
        "verified by the second program",
        time.perf_counter() - began,
        "s",
        beside=f"{size:.1f} MB, {said.stdout.strip()}",
    )
    assert said.returncode == 0, said.stdout


def main() -> None:
    """Measure on an office of its own."""
    with ground.office(with_pages=False, with_live=False) as place:
        report = ground.Report("draws")
        verify(measure(place, report), report)
    report.write()


if __name__ == "__main__":
    main()
