"""Keep the stock of each day, so that its course is read at once."""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from parvis.casefiles.models import StockDay
from parvis.casefiles.queries.stock import IMPORTED, MOVED
from parvis.casefiles.states import UNDECIDED
from parvis.common import clock
from parvis.common.database import action
from parvis.journal.queries import day_bounds
from parvis.offices.models import Office

# In one statement, so that the files and their facts are read at one instant.
_KEEP = """
WITH moved AS (
    SELECT facts->>'procedure' AS code, what = %(imported)s AS is_import, at < %(end)s AS is_within,
        coalesce(facts->>'from', '') = ANY(%(waiting)s) AS was, coalesce(facts->>'to', '') = ANY(%(waiting)s) AS is_now
    FROM journal_entry WHERE office_id = %(office)s AND what = ANY(%(moved)s) AND at >= %(start)s
), counted AS (
    SELECT code, count(*) FILTER (WHERE is_within AND is_now AND NOT was AND NOT is_import) AS opened,
        count(*) FILTER (WHERE is_within AND was AND NOT is_now) AS decided,
        count(*) FILTER (WHERE is_within AND is_now AND NOT was AND is_import) AS imported,
        count(*) FILTER (WHERE NOT is_within AND is_now AND NOT was)
            - count(*) FILTER (WHERE NOT is_within AND was AND NOT is_now) AS since
    FROM moved GROUP BY code
), waiting AS (
    SELECT procedure_id, count(*) AS files FROM casefiles_casefile
    WHERE office_id = %(office)s AND state = ANY(%(waiting)s) GROUP BY procedure_id
)
INSERT INTO casefiles_stockday (office_id, procedure_id, day, stock, opened, decided, imported)
SELECT %(office)s, p.id, %(day)s, greatest(coalesce(w.files, 0) - coalesce(c.since, 0), 0), coalesce(c.opened, 0),
    coalesce(c.decided, 0), coalesce(c.imported, 0)
FROM procedures_procedure p LEFT JOIN waiting w ON w.procedure_id = p.id LEFT JOIN counted c ON c.code = p.code
WHERE w.files IS NOT NULL OR c.code IS NOT NULL
ON CONFLICT (office_id, day, procedure_id) DO UPDATE
SET stock = excluded.stock, opened = excluded.opened, decided = excluded.decided, imported = excluded.imported
"""


@action()
def keep_day(office: Office, day: date) -> int:
    """Keep the stock of an office at the end of a day, and what came in and left; again, the same. How many rows.

    ``opened`` counts deposits and files opened again, not those taken over from a former register; ``decided`` all that
    left the stock, those withdrawn or never completed among them.
    """
    start, end = day_bounds(day)
    asked: dict[str, Any] = {"office": office.pk, "day": day, "start": start, "end": end, "imported": IMPORTED}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {**asked, "moved": MOVED, "waiting": sorted(UNDECIDED)})
        return int(cursor.rowcount)


def keep_days(office: Office) -> int:
    """Keep yesterday, and the days before that nobody kept since the last one; how many days."""
    yesterday = clock.today() - timedelta(days=1)
    last = (
        StockDay.objects.filter(office=office, day__lt=yesterday).order_by("-day").values_list("day", flat=True).first()
    )
    day = last + timedelta(days=1) if last else yesterday
    days = [day + timedelta(days=n) for n in range((yesterday - day).days + 1)]
    for missed in days:
        keep_day(office, missed)
    return len(days)
