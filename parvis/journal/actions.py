"""Write a fact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import models

from parvis.journal.models import Entry


class Actor(Protocol):
    """Whoever acts: an agent by its key, or a device or the person by their origin alone."""

    @property
    def agent_id(self) -> int | None: ...

    @property
    def origin(self) -> str: ...


def record(what: str, subject: models.Model, *, by: Actor, at: datetime, office: int | None, **facts: object) -> None:
    """Record that ``what`` (``noun.past_participle``) happened to ``subject``, with the figures later measures need.

    Called inside the action's transaction: the fact and its trace stand or fall together.
    """
    Entry.objects.create(
        at=at,
        what=what,
        office_id=office,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        agent_id=by.agent_id,
        origin=by.origin,
        facts=facts,
    )


@dataclass(frozen=True, slots=True)
class Device:
    """Something that acts without an agent: the kiosk, somebody's phone, the house itself."""

    origin: str
    agent_id: int | None = None


KIOSK = Device("kiosk")
PHONE = Device("phone")
SYSTEM = Device("system")
