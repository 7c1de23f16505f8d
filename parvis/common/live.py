"""Tell every open screen that something changed. Losing a message is harmless: screens also ask by themselves."""

import json

from django.db import connection, transaction

CHANNEL = "parvis_live"


def changed(topic: str, **facts: object) -> None:
    """Once the present action is committed, tell the live process that ``topic`` changed.

    The message leaves after the commit and on its own: a notification inside the transaction would make all
    commits wait for one another (PostgreSQL takes one global lock to queue it).
    """
    message = json.dumps({"topic": topic, **facts}, separators=(",", ":"))
    transaction.on_commit(lambda: _notify(message), robust=True)


def _notify(message: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message])
