"""Tell every open screen that something changed. Losing a message is harmless: screens also ask by themselves."""

import json

from django.db import connection, transaction

CHANNEL = "parvis_live"


def changed(*topics: str, **facts: object) -> None:
    """Once the present action is committed, tell the live process that these topics changed.

    The messages leave after the commit and on their own: a notification inside the transaction would make all
    commits wait for one another (PostgreSQL takes one global lock to queue it).
    """
    messages = [json.dumps({"topic": topic, **facts}, separators=(",", ":")) for topic in topics]
    transaction.on_commit(lambda: _notify(messages), robust=True)


def _notify(messages: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, message) FROM unnest(%s::text[]) AS message", [CHANNEL, messages])
