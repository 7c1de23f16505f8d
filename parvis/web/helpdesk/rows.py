"""Appointments as the agents' lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.common import clock

MAY_COME = frozenset({Status.CONFIRMED, Status.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: the appointment, whose it is, and whether they may be received now."""

    appointment: Appointment
    name: str
    born: date | None
    others: int
    may_come: bool


def rows_of(found: Sequence[Appointment]) -> list[Row]:
    """The lines of a list."""
    today = clock.today()
    rows = []
    for one in found:
        people = list({person.identity: person for person in one.booked.all()}.values())
        may_come = one.state in MAY_COME and one.day == today
        name, born = (people[0].full_name, people[0].birth_date) if people else ("", None)
        rows.append(Row(one, name, born, max(0, len(people) - 1), may_come))
    return rows


def people_of(found: Appointment) -> list[dict[str, Any]]:
    """Each person of the visit once, with what they come for."""
    people: dict[str, dict[str, Any]] = {}
    for one in found.booked.all():
        people.setdefault(one.identity, {"person": one, "procedures": []})["procedures"].append(one.procedure)
    return list(people.values())
