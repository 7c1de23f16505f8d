"""Put a message into the outbox, inside the transaction of what it tells."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from parvis.common import clock
from parvis.common.database import action
from parvis.messages.models import Message
from parvis.messages.states import Status
from parvis.people.models import Person

_COLUMNS = "key, kind, channel, recipient, language, facts, about, person_id, created_at, due_at"
_REST = "state, subject, body, attempts, answer, reference"
_MANY = 50  # beyond, the columns travel as arrays: a statement with thousands of parameters takes long to read
_FROM_ARRAYS = f"""
INSERT INTO outbox_message ({_COLUMNS}, {_REST})
SELECT key, kind, channel, recipient, language, facts::jsonb, about, person_id, created_at, due_at,
    'queued', '', '', 0, '', ''
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[],
    %s::timestamptz[], %s::timestamptz[])
    AS draft (key, kind, channel, recipient, language, facts, about, person_id, created_at, due_at)
ON CONFLICT (key) DO NOTHING
"""  # noqa: S608 - the parts are constants
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'queued', '', '', 0, '', '')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the office wants to say to somebody, once for this ``key``; worded when it is sent.

    ``about`` names the subject (``booking.appointment:12``). ``facts`` are plain values, never what may change: the
    composer reads the present state by the keys they hold.
    """

    key: str
    kind: str
    to: str
    channel: str
    language: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""
    person_id: int | None = None
    due_at: datetime | None = None


def queue(
    kind: str,
    *,
    key: str,
    to: str,
    channel: str,
    language: str,
    facts: Mapping[str, Any],
    about: str = "",
    person: Person | None = None,
    due_at: datetime | None = None,
) -> None:
    """Have a message sent once the caller's transaction is committed, now or from ``due_at`` on.

    The same ``key`` a second time changes nothing.
    """
    queue_all(
        [
            Draft(
                key=key,
                kind=kind,
                to=to,
                channel=channel,
                language=language,
                facts=facts,
                about=about,
                person_id=person.pk if person else None,
                due_at=due_at,
            )
        ]
    )


def queue_all(drafts: Sequence[Draft], *, now: datetime | None = None) -> None:
    """Queue several messages in one statement; those whose key is known change nothing."""
    if not drafts:
        return
    now = now or clock.now()
    if len(drafts) > _MANY:
        columns = [list(column) for column in zip(*(_values(draft, now) for draft in drafts), strict=True)]
        columns[5] = [json.dumps(facts.obj) for facts in columns[5]]
        with connection.cursor() as cursor:
            cursor.execute(_FROM_ARRAYS, columns)
        return
    rows = ", ".join([_ROW] * len(drafts))
    with connection.cursor() as cursor:
        # By hand: a booking writes one or two of these while others wait for its seat.
        cursor.execute(
            f"INSERT INTO outbox_message ({_COLUMNS}, {_REST}) VALUES {rows} ON CONFLICT (key) DO NOTHING",  # noqa: S608
            [value for draft in drafts for value in _values(draft, now)],
        )


@action()
def cancel(about: str, *, kinds: Iterable[str]) -> int:
    """Take back the messages of these kinds about a thing that nobody began to send; how many."""
    waiting = Message.objects.filter(about=about, kind__in=list(kinds), state=Status.QUEUED)
    return waiting.update(state=Status.CANCELLED, ended_at=clock.now())


def _values(draft: Draft, now: datetime) -> list[Any]:
    return [
        draft.key,
        draft.kind,
        draft.channel,
        draft.to,
        draft.language,
        Jsonb(dict(draft.facts)),
        draft.about,
        draft.person_id,
        now,
        draft.due_at or now,
    ]
