"""What the rush needs: seats to book, people who want them, and what SQL says afterwards."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench import ground, rush_load

if TYPE_CHECKING:
    from parvis.offices.models import Line, Office
    from parvis.procedures.models import Procedure

PATH = "/api/v1/appointments"
MINUTES = 30
HOURS = tuple(f"{hour:02d}:{minute:02d}" for hour in range(9, 16) for minute in (0, 30))
_SELECTS = {
    "seats booked": "SELECT count(*) FROM booking_seat WHERE state = 'booked'",
    "appointments confirmed": "SELECT count(*) FROM booking_appointment WHERE state = 'confirmed'",
    "sold twice: seats of one slot with one number": """
        SELECT count(*) FROM (SELECT FROM booking_seat GROUP BY slot_id, number HAVING count(*) > 1) AS twice""",
    "sold twice: appointments whose seat is not theirs": """
        SELECT count(*) FROM booking_appointment AS made WHERE state = 'confirmed'
        AND (SELECT count(*) FROM booking_seat WHERE appointment_id = made.id AND state = 'booked') <> 1""",
    "sold twice: slots with more bookings than seats": """
        SELECT count(*) FROM booking_slot AS slot WHERE
        (SELECT count(*) FROM booking_appointment AS made WHERE made.line_id = slot.line_id
            AND made.starts_at = slot.starts_at AND state = 'confirmed')
        > (SELECT count(*) FROM booking_seat JOIN booking_slot AS same ON same.id = slot_id
            WHERE same.line_id = slot.line_id AND same.starts_at = slot.starts_at)""",
    "persons with two live bookings": """
        SELECT count(*) FROM (SELECT FROM booking_bookedprocedure JOIN booking_appointment AS made
        ON made.id = appointment_id WHERE made.state = 'confirmed'
        GROUP BY identity, booking_bookedprocedure.procedure_id HAVING count(*) > 1) AS twice""",
    "bookings without their trace in the journal": """
        SELECT count(*) FROM booking_appointment AS made WHERE state = 'confirmed' AND NOT EXISTS (
        SELECT FROM journal_entry WHERE subject_id = made.id AND what = 'appointment.confirmed'
            AND subject_type = 'booking.appointment')""",
    "bookings without their message": """
        SELECT count(*) FROM booking_appointment AS made WHERE state = 'confirmed' AND NOT EXISTS (
        SELECT FROM outbox_message WHERE about = 'booking.appointment:' || made.id)""",
}


@dataclass
class Scene:
    """The office with people who want its seats. ``rate`` is what sixteen clients booked a second."""

    pages: str
    office: "Office"
    line: "Line"
    procedure: "Procedure"
    rate: float = 0.0
    _people: "count[int]" = field(default_factory=lambda: count(1))
    _days: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def door(self) -> tuple[str, int]:
        """Where the pages' server listens."""
        found = urlsplit(self.pages)
        return str(found.hostname), int(found.port or 80)

    @property
    def host(self) -> str:
        """What requests name."""
        return urlsplit(self.pages).netloc

    def slots(self, *, seats: int, count: int) -> list[int]:
        """So many new slots with so many seats each, in the days to come."""
        from parvis.booking.models import Seat, Slot
        from parvis.common import clock

        made: list[Slot] = []
        while len(made) < count:
            day = clock.today() + timedelta(days=next(self._days))
            # Thursdays and week-ends are closed to the public, and so are holidays.
            if day.isoweekday() not in {1, 2, 3, 5} or day in {date(2017, 12, 25), date(2018, 1, 1)}:
                continue
            for hour in HOURS[: count - len(made)]:
                starts = clock.at(day, hour)
                slot = Slot(line=self.line, day=day, starts_at=starts, minutes=MINUTES, falls_back_at=starts)
                made.append(slot)
        Slot.objects.bulk_create(made)
        Seat.objects.bulk_create(
            (Seat(slot=slot, number=number) for slot in made for number in range(1, seats + 1)), batch_size=5000
        )
        return [slot.pk for slot in made]

    def booking(self, slot: int) -> bytes:
        """The request of somebody new, whose address is proved, from an address of their own."""
        from parvis.booking.actions.contacts import proof_for
        from parvis.booking.actions.guards import digest

        number = next(self._people)
        email = f"temoin{number}@exemple.invalid"
        person = {
            "family_name": "Exemple",
            "given_name": f"Témoin {number}",
            "birth_date": "1990-01-01",
            "foreign_number": f"99{number:08d}",
            "procedure": self.procedure.code,
        }
        sent = {
            "office": self.office.code,
            "slot": slot,
            "attendees": [person],
            "email": email,
            "proof": proof_for(digest(email)),
        }
        headers = {
            "Idempotency-Key": secrets.token_hex(16),
            "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        }
        return rush_load.post(PATH, json.dumps(sent).encode(), host=self.host, headers=headers)

    def read(self, path: str) -> bytes:
        """The request of a browser that has nothing yet."""
        return rush_load.get(path, host=self.host, headers={"Accept-Encoding": "gzip"})

    def counts(self) -> dict[str, int]:
        """What was sold, asked in SQL."""
        from django.db import connection

        found = {}
        with connection.cursor() as cursor:
            for what, statement in _SELECTS.items():
                cursor.execute(statement)
                found[what] = int(cursor.fetchone()[0])
        return found


def prepare(place: ground.Place) -> Scene:
    """Renewals are received by appointment too, from the first day of the month."""
    from parvis.booking.models import BookingPolicy
    from parvis.offices.models import Line
    from parvis.procedures.models import AccessMode, Mode, Procedure

    procedure = Procedure.objects.get(code="renewal")
    BookingPolicy.objects.create(office=place.office, horizon_days=365)
    AccessMode.objects.filter(procedure=procedure).delete()
    AccessMode.objects.create(procedure=procedure, mode=Mode.MIXED, valid_from=date(2017, 12, 1))
    return Scene(place.pages, place.office, Line.objects.get(office=place.office, code="filing"), procedure)
