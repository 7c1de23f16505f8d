"""What is told about each procedure before a day is chosen. Reads only.

As at the door, but for the day of the visit: hours of the line say nothing here, and who comes too early today may
book a day on which the request is accepted.
"""

import functools
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from parvis.common import clock
from parvis.offices.models import Office
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Mode, Procedure
from parvis.procedures.rules import Kind, Verdict
from parvis.web.appointments.way import Way

HANDOVER = "handover"


class Reason(StrEnum):
    """Why no appointment is offered for a procedure."""

    OTHER_OFFICE = "other_office"
    TOO_EARLY = "too_early"
    WALK_IN = "walk_in"
    CARD_FIRST = "card_first"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to tell about one procedure. Without a ``reason`` a day may be chosen, from ``since`` on.

    From ``late_from`` on the permit has expired: the person is received, at what it costs (``verdict``).
    """

    procedure: Procedure
    reason: Reason | None = None
    to_office: Office | None = None
    verdict: Verdict | None = None
    since: date | None = None
    late_from: date | None = None

    @property
    def is_late(self) -> bool:
        """The permit has already expired."""
        return self.verdict is not None and self.verdict.kind == Kind.LATE


def advise(way: Way) -> list[Advice]:
    """The advice for each procedure asked for."""
    known = way.answers.commune, way.answers.expires
    return [way.read(("advice", one.pk, *known), functools.partial(_of, way, one)) for one in way.answers.procedures]


def _of(way: Way, procedure: Procedure) -> Advice:
    there = way.elsewhere(procedure)
    if there.reason:
        return Advice(procedure, Reason.OTHER_OFFICE, to_office=there.to_office)
    if procedure.line_code == HANDOVER:
        return Advice(procedure, Reason.CARD_FIRST)
    today = clock.today()
    last = today + timedelta(days=way.policy.horizon_days)
    if all(catalogue.access_mode(procedure, day) == Mode.WALK_IN for day in (today, last)):
        return Advice(procedure, Reason.WALK_IN)
    expires = way.answers.expires_on
    if expires is None:
        return Advice(procedure)
    verdict = catalogue.filing_verdict(procedure, expires_on=expires, day=today)
    if verdict.kind == Kind.TOO_EARLY and verdict.opens and verdict.opens > last:
        return Advice(procedure, Reason.TOO_EARLY, verdict=verdict)
    since = verdict.opens if verdict.kind == Kind.TOO_EARLY else None
    late_from = expires + timedelta(days=1) if verdict.kind in (Kind.OK, Kind.TOO_EARLY) else None
    return Advice(procedure, verdict=verdict, since=since, late_from=late_from)


def since(advised: list[Advice]) -> date | None:
    """The first day on which everything asked for is accepted, None when that is today."""
    return max((one.since for one in advised if one.since), default=None)


def late_from(advised: list[Advice]) -> date | None:
    """The first day after which a permit has expired, None when none is known."""
    return min((one.late_from for one in advised if one.late_from), default=None)


def documents(procedures: tuple[Procedure, ...], day: date) -> list[tuple[Procedure, list[object]]]:
    """What to bring for each procedure on a day."""
    return [
        (one, list(catalogue.documents_to_bring(one, day, HANDOVER if one.line_code == HANDOVER else "filing")))
        for one in procedures
    ]
