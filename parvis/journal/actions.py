"""Write a fact."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import connection, models
from psycopg.types.json import Jsonb

INSERT = """
INSERT INTO journal_entry (at, what, office_id, subject_type, subject_id, agent_id, origin, facts)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
INSERT_ALL = """
INSERT INTO journal_entry (at, what, office_id, subject_type, subject_id, agent_id, origin, facts)
SELECT %s, %s, %s::bigint, %s, fact.subject, %s::bigint, %s, fact.said::jsonb
FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS fact (subject, said, turn) ORDER BY turn
"""


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
    row = [at, what, office, subject._meta.label_lower, subject.pk, by.agent_id, by.origin, Jsonb(facts)]
    with connection.cursor() as cursor:
        # By hand: no write of the product is as frequent, and the model would cost five times as much.
        cursor.execute(INSERT, row)


def record_all(
    what: str,
    subjects: Sequence[tuple[models.Model, Mapping[str, object]]],
    *,
    by: Actor,
    at: datetime,
    office: int | None,
) -> None:
    """Record one kind of fact about many things, each with its own figures, in one statement."""
    if not subjects:
        return
    kind = subjects[0][0]._meta.label_lower
    keys = [subject.pk for subject, _facts in subjects]
    said = [json.dumps(facts) for _subject, facts in subjects]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ALL, [at, what, office, kind, by.agent_id, by.origin, keys, said])


@dataclass(frozen=True, slots=True)
class Device:
    """Something that acts without an agent: the kiosk, somebody's phone, the house itself."""

    origin: str
    agent_id: int | None = None


KIOSK = Device("kiosk")
PHONE = Device("phone")
SYSTEM = Device("system")
