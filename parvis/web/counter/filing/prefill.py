"""What the office knows already of the person at the counter: nobody types it again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.booking.models import BookedProcedure
from parvis.people.models import Person
from parvis.reception.models import Ticket


@dataclass(frozen=True, slots=True)
class Prefill:
    """The person when they are known, else what was said at the door or when booking."""

    person: Person | None = None
    identity: dict[str, Any] = field(default_factory=dict)


def prefill(ticket: Ticket, booked: Sequence[dict[str, Any]]) -> Prefill:
    """From the ticket's person, else from the only person of the appointment, else from the name on the ticket."""
    if ticket.person:
        return Prefill(person=ticket.person)
    spoken = {"language": ticket.language}
    if len(booked) == 1:
        one = booked[0]["person"]
        return Prefill(person=one.person, identity=spoken | _from_booking(one))
    return Prefill(identity=spoken | {"family_name": ticket.holder_name, "birth_date": ticket.holder_born})


def _from_booking(one: BookedProcedure) -> dict[str, Any]:
    names = ("family_name", "given_name", "birth_date", "foreign_number", "passport_number")
    return {name: getattr(one, name) for name in names}
