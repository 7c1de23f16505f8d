"""A program that talks to the interface."""

import json
import secrets
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client

from parvis.booking.actions.contacts import proof_for
from parvis.booking.actions.guards import digest
from parvis.booking.models import Slot
from tests.booking.house import BookingHouse

ROOT = "/api/v1"
_people = count(1)


def new_key() -> str:
    """A key that nobody used."""
    return secrets.token_hex(16)


@dataclass
class Program:
    """Short ways to ask; ``headers`` go with every request."""

    house: BookingHouse
    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **fields: Any) -> HttpResponse:
        """Read."""
        return self.client.get(f"{ROOT}{path}", fields, headers=self.headers)

    def post(self, path: str, content: Any = None, *, key: str = "", **headers: str) -> HttpResponse:
        """Send JSON, with a command key where one is given."""
        named = {**self.headers, **headers, **({"Idempotency-Key": key} if key else {})}
        body = content if isinstance(content, bytes) else json.dumps(content or {})
        return self.client.post(f"{ROOT}{path}", body, content_type="application/json", headers=named)

    def booking(self, slot: Slot, **changes: Any) -> dict[str, Any]:
        """What is sent to book this slot for somebody new whose address is proved."""
        number = next(_people)
        email = changes.get("email", f"essai{number}@exemple.invalid")
        person = {
            "family_name": "Exemple",
            "given_name": f"Témoin {number}",
            "birth_date": "1990-01-01",
            "foreign_number": f"99005{number:05d}",
            "procedure": "renewal",
        }
        sent = {
            "office": self.house.office.code,
            "slot": slot.pk,
            "attendees": [person],
            "email": email,
            "language": "fr",
            "proof": proof_for(digest(email)),
        }
        return sent | changes

    def book(self, slot: Slot, *, key: str = "", **changes: Any) -> HttpResponse:
        """Book."""
        return self.post("/appointments", self.booking(slot, **changes), key=key or new_key())
