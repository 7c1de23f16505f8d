"""What the counter shows of the case file of a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from parvis.casefiles import queries as casefiles
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.queries import FirstReceipt, ListedDocument
from parvis.casefiles.states import CORRECTABLE, DocumentState, State, Work
from parvis.common import clock
from parvis.offices.models import Agent
from parvis.people.models import Person
from parvis.permits.rules.money import as_money
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Document
from parvis.reception.models import Ticket
from parvis.reception.rules import is_of_another
from parvis.reception.states import Status
from parvis.web.counter.filing import cases
from parvis.web.counter.filing.finding import Found
from parvis.web.counter.filing.forms import CorrectForm, OpenForm
from parvis.web.counter.filing.prefill import Prefill, prefill
from parvis.web.counter.screens import Visit

RENEWAL = "receipt_renewal"
FILING = "filing"
DEPOSIT = "casefiles.deposit_case_file"
_TO_TICK = frozenset({State.DEPOSITED, State.INCOMPLETE})
# As many documents as there are number keys.
KEYS = 9


@dataclass(frozen=True, slots=True)
class Line:
    """A document of the list as the agent sees it: its key, what was seen, or what they were just saying of it.

    ``is_conditional``: asked of some people only, and nothing in the file says that it is asked of this one.
    """

    document: Document
    key: str
    state: str
    reason: str
    kept: str
    is_conditional: bool

    @property
    def was_noted(self) -> str:
        """What a colleague noted meanwhile, when it is something else than what is being said."""
        return str(DocumentState(self.kept).label) if self.kept and self.kept != self.state else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the agent was asking when the screen is shown again: a search, a file to open, what was ticked."""

    found: Found | None = None
    form: OpenForm | None = None
    twins: Sequence[Person] = ()
    other: CaseFile | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    correct: CorrectForm | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a file costs as it stands: its fee case by name, the stamp in words, the euros paid at the deposit."""

    name: str
    stamp: str
    at_filing: int


@dataclass(frozen=True, slots=True)
class Filing:
    """The filing side of a visit. ``mode``: find, tick, receipt, renew or read.

    ``correct`` puts right what was said when the file was opened, as long as that may be.
    """

    mode: str
    asked: Asked
    file: CaseFile | None
    is_of_another: bool
    theirs: Sequence[CaseFile]
    form: OpenForm | None
    lines: Sequence[Line]
    receipt: Receipt | None
    slip: MissingSlip | None
    paper: FirstReceipt | None = None
    receipt_due: date | None = None
    price: Price | None = None
    correct: CorrectForm | None = None
    states: Sequence[DocumentState] = tuple(DocumentState)
    works: Sequence[Work] = tuple(Work)

    @property
    def work(self) -> str:
        """The right to work that is ticked: what was said, else what the rule leaves to nobody's word.

        Before a receipt of elsewhere is renewed nothing is: the agent reads it on that one.
        """
        usual = self.paper.work if self.paper and self.mode != "renew" else None
        return self.asked.typed.get("work") or usual or ""

    @property
    def months(self) -> int:
        """The length of the receipt that is chosen: what was said, else the usual one."""
        typed = self.asked.typed.get("months", "")
        return int(typed) if typed.isdecimal() else self.paper.months if self.paper else 0


def is_filing(ticket: Ticket) -> bool:
    """Whether documents are looked at for this procedure: then there is a file."""
    return catalogue.documents_to_bring(ticket.procedure, clock.today(), stage=FILING).exists()


def filing_of(visit: Visit | None, agent: Agent, asked: Asked | None = None) -> Filing | None:
    """The filing side of a visit, for an agent who may open files; None for any other."""
    if visit is None or visit.ticket.state != Status.SERVING or not agent.can(DEPOSIT):
        return None
    if not is_filing(visit.ticket):
        return None
    file = file_of(visit)
    return _with_file(visit, file, asked or Asked()) if file else _without(visit, asked or Asked())


def file_of(visit: Visit) -> CaseFile | None:
    """The file that the present procedure of a visit is about."""
    present = (step for step in visit.steps if not step.outcome and step.procedure_id == visit.ticket.procedure_id)
    step = next(present, None)
    return casefiles.case_file(step.case_file_id) if step and step.case_file_id else None


def _without(visit: Visit, asked: Asked) -> Filing:
    known = prefill(visit.ticket, visit.booked)
    return Filing(
        mode="find",
        asked=asked,
        file=None,
        is_of_another=False,
        theirs=_theirs(visit.ticket, known),
        form=None if visit.ticket.procedure.code == RENEWAL else asked.form or new_form(visit.ticket, known),
        lines=[],
        receipt=None,
        slip=None,
    )


def _with_file(visit: Visit, file: CaseFile, asked: Asked) -> Filing:
    mode = _mode(visit.ticket, file)
    receipt = file.receipts.order_by("-rank").first()
    today, may_correct = clock.today(), mode != "renew" and file.state in CORRECTABLE
    return Filing(
        mode=mode,
        asked=asked,
        file=file,
        is_of_another=is_of_another(visit.ticket, file.person),
        theirs=[],
        form=None,
        lines=_lines(visit.ticket, file, mode, asked.typed),
        receipt=receipt,
        slip=file.slips.order_by("-pk").first() if mode == "tick" else None,
        paper=casefiles.first_receipt(file, today),
        receipt_due=None if receipt else casefiles.receipt_due(file),
        price=_price(file, today) if may_correct else None,
        correct=(asked.correct or CorrectForm(file=file)) if may_correct else None,
    )


def _price(file: CaseFile, today: date) -> Price:
    return Price(
        cases.fee_name(file.fee_case),
        as_money(catalogue.stamp(file.procedure, today, file.fee_case)),
        catalogue.due_at_filing(file.procedure, file.deposited_on, file.fee_case),
    )


def _mode(ticket: Ticket, file: CaseFile) -> str:
    if ticket.procedure.code == RENEWAL:
        return "renew" if file.is_undecided or file.receipts.exists() else "read"
    if file.state in _TO_TICK:
        return "tick"
    return "receipt" if file.is_undecided and not file.receipts.exists() else "read"


def new_form(ticket: Ticket, known: Prefill, typed: Mapping[str, str] | None = None) -> OpenForm:
    """The form to open a file for the procedure of a ticket."""
    return OpenForm(typed, procedure=ticket.procedure, prefill=known)


def _theirs(ticket: Ticket, known: Prefill) -> list[CaseFile]:
    """The open files of the person, this procedure's first: nobody has to search them."""
    if known.person is None:
        return []
    rows = [file for file in casefiles.of_person(known.person) if file.is_open and file.office_id == ticket.office_id]
    return sorted(rows, key=lambda file: file.procedure_id != ticket.procedure_id)


def _lines(ticket: Ticket, file: CaseFile, mode: str, typed: Mapping[str, str]) -> list[Line]:
    rows = {"renew": lambda: of_renewal(ticket), "tick": lambda: casefiles.list_for(file)}.get(mode, list)()
    return [line_of(place, row, typed) for place, row in enumerate(rows, start=1)]


def of_renewal(ticket: Ticket) -> list[ListedDocument]:
    """What is looked at before a receipt is renewed, whoever comes."""
    asked = catalogue.documents_to_bring(ticket.procedure, clock.today(), stage=FILING)
    return [ListedDocument(one) for one in asked if one.condition == "always" and one.is_obligatory]


def line_of(place: int, row: ListedDocument, typed: Mapping[str, str]) -> Line:
    """A document of the list at its place, with what was typed of it, else what is known."""
    code = row.document.code
    return Line(
        document=row.document,
        key=str(place) if place <= KEYS else "",
        state=typed.get(f"doc-{code}", row.state),
        reason=typed.get(f"why-{code}", row.reason),
        kept=row.state if row.is_noted else "",
        is_conditional=row.is_conditional and not row.is_asked,
    )
