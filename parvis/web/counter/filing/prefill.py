"""What the office knows already of the person at the counter: nobody types it again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
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
    return Prefill(identity=spoken | names_in(ticket.holder_name) | {"birth_date": ticket.holder_born})


def names_in(said: str) -> dict[str, str]:
    """The two names of a full name where its capitals tell the family name ("EXEMPLE Inès", "Inès EXEMPLE").

    Where they do not, everything stays in the field of the family name: the agent knows better than a guess.
    """
    words = said.split()
    capitals = [len(word) > 1 and word.isupper() for word in words]
    turns = sum(before != after for before, after in pairwise(capitals))
    if turns != 1:
        return {"family_name": said}
    family = " ".join(word for word, capital in zip(words, capitals, strict=True) if capital)
    given = " ".join(word for word, capital in zip(words, capitals, strict=True) if not capital)
    return {"family_name": family, "given_name": given}


def _from_booking(one: BookedProcedure) -> dict[str, Any]:
    names = ("family_name", "given_name", "birth_date", "foreign_number", "passport_number")
    return {name: getattr(one, name) for name in names}
