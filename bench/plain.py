"""The same work in plain SQL, by hand and without a check in Python: the limit that the product is measured against."""

import json
import secrets
from datetime import date, datetime
from typing import Any

import psycopg

TICKET_COLUMNS = (
    "id, letter, number, line_id, procedure_id, reference_at, arrived_at, first_called_at, told_low, told_high"
)


class PlainOffice:
    """One connection that issues tickets and calls people with the statements of the actions, nothing around them."""

    def __init__(self, address: str, *, office: int, line: int, procedure: int, now: datetime) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        self.office, self.line, self.procedure, self.now = office, line, procedure, now
        self.day: date = now.date()

    def issue(self) -> None:
        """What ``issue_ticket`` does: key, hours, what the wait is made of, number, ticket, step, fact, notice."""
        key = secrets.token_hex(16)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            self._claim(cursor, key)
            self._one(cursor, "SELECT * FROM offices_line WHERE id = %s", self.line)
            self._one(cursor, "SELECT * FROM offices_openingwindow WHERE line_id = %s AND weekday = 1", self.line)
            self._one(cursor, "SELECT * FROM procedures_accessmode WHERE procedure_id = %s", self.procedure)
            self._one(cursor, "SELECT counter_id FROM reception_countersession WHERE state = 'open'")
            self._one(cursor, "SELECT id, line_code, mean_minutes, sigma FROM procedures_procedure")
            self._one(
                cursor,
                "SELECT line_id, count(*) FROM reception_ticket WHERE office_id = %s AND day = %s"
                " AND state = 'waiting' AND rank_at <= %s GROUP BY line_id",
                self.office,
                self.day,
                self.now,
            )
            self._one(
                cursor,
                "SELECT line_id, sum(told_low) FROM reception_ticket WHERE office_id = %s AND day = %s"
                " AND first_called_at >= %s - interval '1 hour' GROUP BY line_id",
                self.office,
                self.day,
                self.now,
            )
            number = self._one(
                cursor,
                "INSERT INTO reception_series AS series (office_id, day, letter, last) VALUES (%s, %s, 'D', 1)"
                " ON CONFLICT (office_id, day, letter) DO UPDATE SET last = series.last + 1 RETURNING last",
                self.office,
                self.day,
            )[0]
            ticket = self._one(
                cursor,
                "INSERT INTO reception_ticket (office_id, day, letter, number, token, line_id, procedure_id,"
                " holder_name, identity, language, origin, priority, rank, arrived_at, reference_at, rank_at, state,"
                " room, calls, absences, told_pace) VALUES (%s, %s, 'D', %s, %s, %s, %s, 'Témoin', %s, 'fr', 'kiosk',"
                " '', 'walk_in', %s, %s, %s, 'waiting', '', 0, 0, 1) RETURNING id",
                *(
                    self.office,
                    self.day,
                    number,
                    key[:32],
                    self.line,
                    self.procedure,
                    key,
                    self.now,
                    self.now,
                    self.now,
                ),
            )[0]
            cursor.execute(
                "INSERT INTO reception_step (ticket_id, position, procedure_id, outcome, worked)"
                " VALUES (%s, 1, %s, '', 0)",
                [ticket, self.procedure],
            )
            self._record(cursor, "ticket.issued", ticket, {"line": "filing", "rank": "walk_in"})
            self._answer(cursor, key, ticket)
        self._notify()

    def call_next(self, counter: int, agent: int) -> int | None:
        """What ``call_next`` does: key, lock, checks, the first free ticket, the call, the fact, the notice."""
        key = secrets.token_hex(16)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            self._claim(cursor, key)
            self._one(cursor, "SELECT * FROM offices_counter WHERE id = %s FOR NO KEY UPDATE", counter)
            self._one(
                cursor, "SELECT * FROM reception_countersession WHERE counter_id = %s AND state <> 'closed'", counter
            )
            self._one(
                cursor,
                "SELECT id FROM reception_ticket WHERE counter_id = %s AND state IN ('called', 'serving')",
                counter,
            )
            found = self._one(
                cursor,
                "SELECT id, letter, number, line_id, procedure_id, reference_at, arrived_at, told_low, told_high"
                " FROM reception_ticket WHERE state = 'waiting' AND line_id IN"
                " (SELECT line_id FROM offices_counter_lines WHERE counter_id = %s) AND day = %s"
                " AND (not_before IS NULL OR not_before <= %s) ORDER BY rank_at, id LIMIT 1"
                " FOR NO KEY UPDATE SKIP LOCKED",
                *(counter, self.day, self.now),
            )
            if found is None:
                return None
            ticket = int(found[0])
            cursor.execute(
                "UPDATE reception_ticket SET state = 'called', counter_id = %s, agent_id = %s, called_at = %s,"
                " first_called_at = %s, calls = 1, not_before = NULL WHERE id = %s",
                [counter, agent, self.now, self.now, ticket],
            )
            cursor.execute(
                "INSERT INTO reception_call (office_id, ticket_id, counter_id, at, is_repeat)"
                " VALUES (%s, %s, %s, %s, false)",
                [self.office, ticket, counter, self.now],
            )
            self._record(cursor, "ticket.called", ticket, {"line": "filing", "counter": counter, "first": True})
            self._answer(cursor, key, ticket)
        self._notify()
        return ticket

    def clear(self, ticket: int) -> None:
        """Free the counter, outside what is measured."""
        self.connection.execute(
            "UPDATE reception_ticket SET state = 'left', counter_id = NULL, closed_at = %s WHERE id = %s",
            [self.now, ticket],
        )

    def _claim(self, cursor: psycopg.Cursor[Any], key: str) -> None:
        cursor.execute(
            "INSERT INTO common_command (key, fingerprint, created_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [key, "0" * 64, self.now],
        )

    @staticmethod
    def _answer(cursor: psycopg.Cursor[Any], key: str, ticket: int) -> None:
        cursor.execute("UPDATE common_command SET answer = %s WHERE key = %s", [json.dumps(ticket), key])

    def _record(self, cursor: psycopg.Cursor[Any], what: str, ticket: int, facts: dict[str, object]) -> None:
        cursor.execute(
            "INSERT INTO journal_entry (at, what, office_id, subject_type, subject_id, origin, facts)"
            " VALUES (%s, %s, %s, 'reception.ticket', %s, 'agent', %s)",
            [self.now, what, self.office, ticket, json.dumps(facts)],
        )

    def _notify(self) -> None:
        self.connection.execute("SELECT pg_notify('parvis_live', '{\"topic\":\"office:0\"}')")

    @staticmethod
    def _one(cursor: psycopg.Cursor[Any], statement: str, *values: object) -> Any:
        return cursor.execute(statement, values).fetchone()
