"""One file: found, read, and the list of its documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.casefiles import rules
from parvis.casefiles.models import CaseFile, DocumentCheck
from parvis.casefiles.models.numbers import as_kept
from parvis.casefiles.states import OPEN, DocumentState
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Document, Procedure
from parvis.procedures.rules import fee_case_of

FILING = "filing"
HANDOVER = "handover"
ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """One document of the list of a procedure, and what was seen of it; ``state`` is empty until somebody looked.

    What the file itself does not ask (``is_asked``) stands as not needed until somebody says otherwise; ``is_asked``
    is None where only the person's own case tells.
    """

    document: Document
    state: str = ""
    reason: str = ""
    is_asked: bool | None = None
    is_noted: bool = False

    @property
    def is_conditional(self) -> bool:
        """Whether it is asked of some people only."""
        return self.document.condition != ALWAYS

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is awaited of this one by itself."""
        if self.state == DocumentState.SEEN:
            return True
        return self.state == DocumentState.NOT_NEEDED and self.is_conditional


def case_file(pk: int) -> CaseFile | None:
    """The file of this key with what a screen shows of it."""
    rows = CaseFile.objects.select_related("office", "person", "procedure", "officer", "proposed_by", "signed_by")
    return rows.filter(pk=pk).first()


def by_number(typed: str) -> CaseFile | None:
    """The file of this number, however it was typed; None when there is none."""
    number = as_kept(typed)
    rows = CaseFile.objects.select_related("office", "person", "procedure", "officer")
    return rows.filter(number=number).first() if number else None


def open_file(person: Person, procedure: Procedure) -> CaseFile | None:
    """The one open file of a person for a procedure."""
    rows = CaseFile.objects.select_related("office", "person", "procedure", "officer")
    return rows.filter(person=person, procedure=procedure, state__in=sorted(OPEN)).first()


def of_person(person: Person) -> list[CaseFile]:
    """All files of a person, the latest first."""
    rows = CaseFile.objects.select_related("office", "person", "procedure", "officer").filter(person=person)
    return list(rows.order_by("-deposited_on", "-pk"))


def list_for(file: CaseFile) -> list[ListedDocument]:
    """The documents that this procedure asks at filing, as the law stood on the day of the deposit."""
    return listed(asked(file.procedure, file.deposited_on), DocumentCheck.objects.filter(case_file=file), file)


def listed(
    documents: Iterable[Document], checks: Iterable[DocumentCheck], file: CaseFile | None = None
) -> list[ListedDocument]:
    """The documents that a file asks, with these checks; without the ``file`` nothing is told by what it says."""
    seen = {check.code: check for check in checks}
    return [_one(document, seen.get(document.code), file) for document in documents]


def _one(document: Document, check: DocumentCheck | None, file: CaseFile | None) -> ListedDocument:
    is_asked = rules.is_asked(document.condition, file) if file else None
    if check:
        return ListedDocument(document, check.state, check.reason, is_asked, is_noted=True)
    return ListedDocument(document, DocumentState.NOT_NEEDED if is_asked is False else "", is_asked=is_asked)


def asked(procedure: Procedure, day: date) -> list[Document]:
    """What is looked at when a file is deposited."""
    return list(catalogue.documents_to_bring(procedure, day, stage=FILING))


def unsettled(documents: Sequence[ListedDocument]) -> list[ListedDocument]:
    """What keeps a file from being complete: obligatory documents not seen, and of a group none seen.

    A conditional document is settled when it was seen or is not asked of this person.
    """
    needed = [one for one in documents if one.document.is_obligatory]
    met = {one.document.group for one in needed if one.state == DocumentState.SEEN}
    left = {one.document.group for one in needed if one.state != DocumentState.NOT_NEEDED}

    def is_awaited(one: ListedDocument) -> bool:
        group = one.document.group
        if not group:
            return not one.is_settled
        return group not in met and (one.state != DocumentState.NOT_NEEDED or group not in left)

    return [one for one in needed if is_awaited(one)]


def makes_card(procedure: Procedure, day: date) -> bool:
    """Whether a grant makes a card: the catalogue then lists what is shown at its handover."""
    return catalogue.documents_to_bring(procedure, day, stage=HANDOVER).exists()


def fee_case(
    procedure: Procedure, day: date, *, expires_on: date | None = None, own: str = "", charge: str | None = None
) -> str:
    """The fee case of a file deposited on a day; ``procedures.rules.fee_case_of`` says what is left to it."""
    return fee_case_of(catalogue.fees(procedure, day), day=day, expires_on=expires_on, own=own, charge=charge)
