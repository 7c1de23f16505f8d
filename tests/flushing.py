"""Emptying the test database between tests, the journal included, which the product itself can never do."""

from collections.abc import Sequence

from django.db.backends.postgresql.operations import DatabaseOperations


def empty_the_journal_too() -> None:
    """From now on, the flush after a test that commits runs without the triggers that keep the journal."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_all(self: DatabaseOperations, sql_list: Sequence[str]) -> None:
        without_triggers = ["SET session_replication_role = replica", *sql_list]
        # The cache has no model for the flush to know of: sign-ins counted by one test would hold up the next.
        flush(self, [*without_triggers, "DELETE FROM common_cache", "SET session_replication_role = DEFAULT"])

    DatabaseOperations.execute_sql_flush = flush_all  # type: ignore[method-assign]
