"""Lists in the order of a day and a key, read page after page without the pages before."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


def day_place(day: date | None, row: Model) -> str:
    """Where a row stands in the order of its day, for an address: ``2018-01-20.17``."""
    return f"{day or ''}.{row.pk}"


def behind_day(rows: QuerySet[M], field: str, after: str) -> QuerySet[M]:
    """The rows of a list ordered by the day ``field`` and their key that stand behind a place.

    A place that was tampered with begins anew.
    """
    day, _, key = after.partition(".")
    try:
        since, pk = date.fromisoformat(day), int(key[:18])
    except ValueError:
        return rows
    return rows.filter(Q(**{f"{field}__gt": since}) | Q(**{field: since, "pk__gt": pk}), **{f"{field}__gte": since})
