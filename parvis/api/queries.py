"""Who asks."""

from parvis.api.actions import digest
from parvis.api.models import Client


def client_of(key: str) -> Client | None:
    """The partner of a key that still serves; None for any other."""
    return Client.objects.filter(digest=digest(key), ended_at=None).first()
