"""Emptying the test database between tests, the journal included, which the product itself can never do."""

from collections.abc import Sequence

from django.db.backends.postgresql.operations import DatabaseOperations


def empty_the_journal_too() -> None:
    """From now on, the flush after a test that commits runs without the triggers that keep the journal."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_all(self: DatabaseOperations, sql_list: Sequence[str]) -> None:
        first = [
            "SET LOCAL session_replication_role = replica",
            # A process that still draws a screen of the last test may meet the flush: it gives way after one second
            # when they hold each other up, after three when it waits alone. Autovacuum gives way only to who looks for
            # a deadlock, so the flush looks too, after them.
            "SET LOCAL deadlock_timeout = '5s'",
            "SET LOCAL lock_timeout = '1min'",
        ]
        # The cache has no model for the flush to know of: sign-ins counted by one test would hold up the next.
        flush(self, [*first, *sql_list, "DELETE FROM common_cache"])

    DatabaseOperations.execute_sql_flush = flush_all  # type: ignore[method-assign]
