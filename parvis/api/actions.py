"""Give a partner's program its key, and take it back."""

import hashlib
import secrets

from parvis.api.errors import ClientExists
from parvis.api.models import Client
from parvis.booking.states import Channel
from parvis.common import clock
from parvis.common.database import action
from parvis.common.text import clean
from parvis.journal import actions as journal
from parvis.journal.actions import Actor


@action(constraints={"api_client_name_key": ClientExists})
def make_client(name: str, *, channel: Channel = Channel.WEB, by: Actor) -> tuple[Client, str]:
    """A new partner and its key, which nobody can read again. Raises ``ClientExists``."""
    now = clock.now()
    key = f"parvis_{secrets.token_urlsafe(24)}"
    client = Client.objects.create(name=clean(name, limit=80), digest=digest(key), channel=channel, created_at=now)
    journal.record("client.made", client, by=by, at=now, office=None, channel=str(channel))
    return client, key


@action()
def end_client(client: Client, *, by: Actor) -> None:
    """The partner's key opens nothing from now on; twice changes nothing."""
    now = clock.now()
    if Client.objects.filter(pk=client.pk, ended_at=None).update(ended_at=now):
        journal.record("client.ended", client, by=by, at=now, office=None)


def digest(key: str) -> str:
    """A key as it is kept. It is long and random: a plain digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()
