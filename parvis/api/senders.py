"""Who sends a request: anybody, or a partner's program with its key."""

import hashlib
from dataclasses import dataclass

from django.http import HttpRequest

from parvis.api import queries
from parvis.api.errors import KeyUnknown
from parvis.api.models import Client
from parvis.booking.states import Channel


@dataclass(frozen=True, slots=True)
class Sender:
    """Acts as the person, whoever's program it is: an agent it never is."""

    client: Client | None = None
    origin: str = "api"
    agent_id: int | None = None

    @property
    def channel(self) -> Channel:
        """Whose seats may be taken."""
        return Channel(self.client.channel) if self.client else Channel.WEB

    def key(self, given: str) -> str:
        """A command key among those of this sender alone."""
        of = self.client.pk if self.client else "anybody"
        return f"api-{hashlib.sha256(f'{of} {given}'.encode()).hexdigest()}"


ANYBODY = Sender()


def sender_of(request: HttpRequest) -> Sender:
    """Anybody, or the partner whose key the request carries. Raises ``KeyUnknown``."""
    given = request.headers.get("Authorization", "")
    if not given:
        return ANYBODY
    scheme, _, key = given.partition(" ")
    client = queries.client_of(key.strip()) if scheme.lower() == "bearer" else None
    if client is None:
        raise KeyUnknown
    return Sender(client)
