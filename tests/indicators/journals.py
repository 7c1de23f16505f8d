"""Journals written by hand, a line a fact."""

from datetime import date, datetime
from typing import Any

from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices.models import Office

DAY = date(2017, 12, 11)


def at(hour: str, day: date = DAY) -> datetime:
    """An instant of the day."""
    return clock.at(day, hour)


class Journal:
    """Writes the facts that the reception would write."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def fact(self, hour: str, what: str, subject: int, **facts: Any) -> None:
        """One row."""
        kind = "offices.counter" if what.startswith("counter.") else "reception.ticket"
        Entry.objects.create(
            at=at(hour), what=what, office_id=self.office.pk, subject_type=kind, subject_id=subject,
            origin="kiosk", facts=facts,
        )  # fmt: skip

    def issued(
        self, ticket: int, hour: str, *, line: str = "filing", reference: str = "", told: Any = (None, None)
    ) -> None:
        """A ticket, whose reference time is its arrival unless another is given."""
        self.fact(
            hour, "ticket.issued", ticket, line=line, procedure="renewal", rank="walk_in", steps=1,
            reference_at=at(reference or hour).isoformat(), told_low=told[0], told_high=told[1],
        )  # fmt: skip

    def called(
        self, ticket: int, hour: str, *, waited: int, counter: int = 1, line: str = "filing", **more: Any
    ) -> None:
        """A first call; ``waited`` in minutes from the arrival."""
        facts = {
            "line": line, "counter": counter, "first": True, "picked": False, "ahead": 0, "rank": "walk_in",
            "waited": waited * 60, "arrived_waited": waited * 60, "told_low": None, "told_high": None,
        } | more  # fmt: skip
        self.fact(hour, "ticket.called", ticket, **facts)

    def served(self, ticket: int, hour: str, *, minutes: int, counter: int = 1, outcome: str = "done") -> None:
        """A service of so many minutes, and the end of the visit."""
        facts = {
            "line": "filing",
            "procedure": "renewal",
            "outcome": outcome,
            "seconds": minutes * 60,
            "counter": counter,
        }
        self.fact(hour, "step.done", ticket, **facts)
        self.fact(hour, "ticket.received", ticket, line="filing")
