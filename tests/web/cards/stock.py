"""Cards with their files, for the screens: made through the real actions."""

from datetime import date

from parvis.casefiles import actions as casefiles
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import State as FileState
from parvis.common import clock
from parvis.journal.actions import KIOSK
from parvis.people.models import Person
from parvis.permits import actions as permits
from parvis.permits.models import Permit
from parvis.procedures import queries as catalogue
from tests.people.factories import PersonFactory
from tests.web.staff import Staff


def awaiting(
    staff: Staff, person: Person | None = None, procedure: str = "employee", fee_case: str = "renewal"
) -> CaseFile:
    """A file whose card is being made: the way to there is the case files' own affair."""
    file = casefiles.deposit(
        staff.office,
        person=person or PersonFactory(),
        procedure=catalogue.by_code(procedure),
        fee_case=fee_case,
        permit_expires_on=date(2018, 1, 31) if fee_case == "renewal" else None,
        by=KIOSK,
    )
    CaseFile.objects.filter(pk=file.pk).update(state=FileState.IN_PRODUCTION, complete_on=clock.today(), card_months=12)
    file.refresh_from_db()
    return file


def card_of(staff: Staff, file: CaseFile, number: str = "TITRE0001", place: str = "B-12") -> Permit:
    """Its card, in stock."""
    return permits.receive(
        staff.office, number=number, person=file.person, kind="temporary_permit", place=place, case_file=file, by=KIOSK
    )
