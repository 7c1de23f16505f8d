"""What is told about each procedure before a day is chosen. Reads only.

As at the door, but for the day of the visit: hours of the line say nothing here, and who comes too early today may
book a day on which the request is accepted.
"""

import functools
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from parvis.common import clock
from parvis.offices import queries as opening
from parvis.offices.models import Office
from parvis.offices.rules import Span
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Mode, Procedure
from parvis.procedures.rules import Kind, Verdict
from parvis.web import prereception
from parvis.web.appointments.way import Way

HANDOVER = "handover"
# Days in which the next openings are looked for: an office closes a week at most.
LOOK_AHEAD = 10


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
    Where no appointment is needed, ``openings`` are the next days and their hours, ``checklist`` what to bring.
    """

    procedure: Procedure
    reason: Reason | None = None
    to_office: Office | None = None
    verdict: Verdict | None = None
    since: date | None = None
    late_from: date | None = None
    openings: tuple[tuple[date, list[Span]], ...] = ()
    checklist: str = ""

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
        checklist = way.but(procedures=(procedure,)).to("checklist")
        return Advice(procedure, Reason.WALK_IN, openings=_openings(way, procedure), checklist=checklist)
    expires = way.answers.expires_on
    if expires is None:
        return Advice(procedure)
    verdict = catalogue.filing_verdict(procedure, expires_on=expires, day=today)
    if verdict.kind == Kind.TOO_EARLY and verdict.opens and verdict.opens > last:
        return Advice(procedure, Reason.TOO_EARLY, verdict=verdict)
    since = verdict.opens if verdict.kind == Kind.TOO_EARLY else None
    late_from = expires + timedelta(days=1) if verdict.kind in (Kind.OK, Kind.TOO_EARLY) else None
    return Advice(procedure, verdict=verdict, since=since, late_from=late_from)


def _openings(way: Way, procedure: Procedure, *, most: int = 3) -> tuple[tuple[date, list[Span]], ...]:
    """The next days on which the line of a procedure receives, with what is still to come of today."""
    line = prereception.line_of(way.office, procedure)
    if line is None:
        return ()
    now = clock.now()
    days = [clock.today() + timedelta(days=n) for n in range(LOOK_AHEAD)]
    found = ((day, [span for span in opening.hours(line, day) if span[1] > now]) for day in days)
    return tuple(islice(((day, spans) for day, spans in found if spans), most))


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
