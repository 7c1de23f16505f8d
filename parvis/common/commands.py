"""A command sent twice has one effect and one answer."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection

from parvis.common import clock
from parvis.common.errors import KeyReused
from parvis.common.models import Command

T = TypeVar("T")

KEPT = timedelta(days=30)


def once(
    key: str,
    content: dict[str, Any],
    do: Callable[[], T],
    *,
    keep: Callable[[T], Any] = lambda made: made,
    again: Callable[[Any], T] = lambda kept: kept,
) -> T:
    """Do a thing once for a key, inside the caller's transaction; the same key again gives the same answer.

    ``keep`` says what of the answer is kept, as JSON, and ``again`` finds the answer from it. A second sender waits
    until the first has committed. Raises ``KeyReused`` when the content differs. An empty key means that the caller
    takes care of repetition itself.
    """
    if not key:
        return do()
    fingerprint = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    if not _claim(key, fingerprint, clock.now()):
        first = Command.objects.get(pk=key[:100])
        if first.fingerprint != fingerprint:
            raise KeyReused
        return again(first.answer)
    made = do()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE common_command SET answer = %s WHERE key = %s", [json.dumps(keep(made)), key[:100]])
    return made


def forget_old() -> int:
    """Delete the keys older than thirty days; how many there were."""
    return Command.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _claim(key: str, fingerprint: str, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_command (key, fingerprint, created_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [key[:100], fingerprint, now],
        )
        return bool(cursor.rowcount == 1)
