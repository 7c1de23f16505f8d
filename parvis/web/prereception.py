"""The pre-reception check: what the door tells a person before it gives a ticket. Reads only.

The kiosk, the phone entry and the greeter's desk ask the same question here and get the same answer.
"""

from dataclasses import dataclass
from datetime import date

from parvis.common import clock
from parvis.offices.errors import UnknownCommune
from parvis.offices.models import Line, Office
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.procedures.rules import Kind, Verdict
from parvis.reception import queries as reception
from parvis.reception.states import RedirectReason

ELSEWHERE = "elsewhere"
# A card is handed over where it was made and information is for everybody: the commune changes nothing there.
LINES_OF_ONE_TERRITORY = frozenset({"filing", "receipts"})


@dataclass(frozen=True, slots=True)
class Advice:
    """What to tell a person about one procedure. Without a ``reason`` they are received.

    ``to_office`` is where they depend when it is known; ``verdict`` is there when a permit's expiry was given.
    """

    procedure: Procedure
    reason: RedirectReason | None = None
    to_office: Office | None = None
    verdict: Verdict | None = None

    @property
    def is_late(self) -> bool:
        """The permit has expired: the person is received, and told what it will cost."""
        return self.verdict is not None and self.verdict.kind == Kind.LATE

    @property
    def first_valid_date(self) -> date | None:
        """The first day on which somebody who comes too early may file."""
        too_early = self.reason == RedirectReason.TOO_EARLY and self.verdict
        return self.verdict.opens if too_early and self.verdict else None


def depends_on_commune(procedure: Procedure) -> bool:
    """Whether the door asks where the person lives."""
    return procedure.line_code in LINES_OF_ONE_TERRITORY


def territory(office: Office, procedure: Procedure, commune: str) -> Advice:
    """Whether this office serves the people of this commune (INSEE code, or ``ELSEWHERE``) for this procedure."""
    if not commune or not depends_on_commune(procedure):
        return Advice(procedure)
    try:
        serves = catalogue.office_for(procedure, commune, clock.today())
    except UnknownCommune:
        return Advice(procedure, RedirectReason.OTHER_OFFICE)
    return Advice(procedure) if serves == office else Advice(procedure, RedirectReason.OTHER_OFFICE, to_office=serves)


def advise(office: Office, procedure: Procedure, *, commune: str = "", expires_on: date | None = None) -> Advice:
    """Everything the door knows: territory first, then the date on the permit, then whether the line takes people."""
    there = territory(office, procedure, commune)
    if there.reason:
        return there
    verdict = catalogue.filing_verdict(procedure, expires_on=expires_on, day=clock.today()) if expires_on else None
    if verdict and verdict.kind == Kind.TOO_EARLY:
        return Advice(procedure, RedirectReason.TOO_EARLY, verdict=verdict)
    if reception.by_appointment_only(procedure, clock.today()):
        return Advice(procedure, RedirectReason.APPOINTMENT_ONLY, verdict=verdict)
    line = line_of(office, procedure)
    if line is None or not reception.takes_people(line, clock.now()):
        return Advice(procedure, RedirectReason.LINE_CLOSED, verdict=verdict)
    return Advice(procedure, verdict=verdict)


def line_of(office: Office, procedure: Procedure) -> Line | None:
    """The line of this office that serves a procedure."""
    return Line.objects.filter(office=office, code=procedure.line_code).first()
