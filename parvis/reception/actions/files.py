"""The case file on the counter: which one a visit is about, and what the person leaves with."""

from collections.abc import Mapping
from datetime import date

from parvis.casefiles import actions as casefiles
from parvis.casefiles.errors import FileIncomplete, NoReceiptFor
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.states import DocumentState, State
from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action
from parvis.journal.actions import Actor
from parvis.offices.models import Agent
from parvis.people import actions as people
from parvis.people.models import Person
from parvis.reception import rules
from parvis.reception.actions.moves import present_step, take_here, tell
from parvis.reception.actions.service import finish
from parvis.reception.errors import TicketMoved
from parvis.reception.models import Step, Ticket
from parvis.reception.states import Outcome, Status

Checks = Mapping[str, tuple[DocumentState, str]]


@action()
def attach_file(ticket: Ticket, case_file: CaseFile, *, by: Actor) -> Ticket:
    """Say which case file the present procedure of a visit is about.

    A ticket bound to a name alone becomes that of the file's person, unless it was given to somebody born another
    day: a parent comes for a child's document. Raises ``FileOfAnotherOffice``, ``TicketNotHere``, ``TicketMoved``.
    """
    now = clock.now()
    taken = take_here(ticket, by, Status.SERVING)
    rules.check_file_of(taken, case_file)
    step = present_step(taken)
    if step is None or step.case_file_id == case_file.pk:
        return taken
    Step.objects.filter(pk=step.pk).update(case_file=case_file)
    if rules.may_be_holder(taken, case_file.person):
        taken.person = case_file.person
        taken.save(update_fields=["person"])
    tell("ticket.file_attached", taken, by=by, now=now, procedure=case_file.procedure.code, case_file=case_file.pk)
    return taken


@action()
def open_file(
    ticket: Ticket,
    *,
    person: Person | people.Identity,
    by: Agent,
    case: str = "default",
    fee_case: str = "",
    permit_expires_on: date | None = None,
    key: str = "",
) -> CaseFile:
    """Open a case file for the present procedure of a visit: the person, the file and the visit, or nothing.

    Somebody unknown is registered first. Raises ``FileAlreadyOpen`` (with the file that is), and what
    ``people.actions.register``, ``casefiles.actions.deposit`` and ``attach_file`` raise.
    """

    def do() -> CaseFile:
        holder = person if isinstance(person, Person) else people.register(by=by, **person)
        made = casefiles.deposit(
            ticket.office,
            person=holder,
            procedure=ticket.procedure,
            case=case,
            fee_case=fee_case,
            permit_expires_on=permit_expires_on,
            by=by,
        )
        attach_file(ticket, made, by=by)
        return made

    who = person.pk if isinstance(person, Person) else dict(person)
    content = {"open_file": ticket.pk, "person": who, "case": case, "fee_case": fee_case, "until": permit_expires_on}
    return once(key, content, do, keep=lambda made: made.pk, again=_file)


@action()
def complete_file(
    ticket: Ticket,
    case_file: CaseFile,
    *,
    checks: Checks,
    work: str = "",
    months: int | None = None,
    by: Agent,
    seen: int | None = None,
    key: str = "",
) -> Receipt | None:
    """Every document was seen: the file goes to review, the receipt is given, the visit goes on. All or nothing.

    ``work`` is the right to work that the agent reads on the permit asked or held; empty leaves it to the rule.
    ``months`` is the length that was chosen, the usual one else. None where the law gives no receipt. Raises
    ``WorkUnsaid``, ``DateImpossible`` for a length the rule does not allow, ``FileIncomplete``, ``FileChanged``,
    ``TicketMoved``, and what ``finish`` raises.
    """

    def do() -> Receipt | None:
        _check_of_visit(ticket, case_file)
        ticked = casefiles.tick(case_file, dict(checks), by=by, seen=seen) if checks else case_file
        if ticked.state in {State.DEPOSITED, State.INCOMPLETE}:
            raise FileIncomplete
        try:
            receipt = casefiles.issue_receipt(ticked, months=months, work=work or None, by=by)
        except NoReceiptFor:
            receipt = None
        finish(ticket, outcome=Outcome.FILE_DEPOSITED, by=by)
        return receipt

    content = {"complete_file": ticket.pk, "file": case_file.pk, "checks": _plain(checks)}
    content |= {"work": work, "months": months}
    return once(key, content, do, keep=lambda made: made.pk if made else 0, again=_receipt)


@action()
def leave_incomplete(
    ticket: Ticket, case_file: CaseFile, *, checks: Checks, by: Agent, seen: int | None = None, key: str = ""
) -> MissingSlip:
    """Documents are missing: the person leaves with the list, its reasons and its deadline. All or nothing.

    Raises ``NothingMissing``, ``FileChanged``, ``TicketMoved``, and what ``finish`` raises.
    """

    def do() -> MissingSlip:
        _check_of_visit(ticket, case_file)
        ticked = casefiles.tick(case_file, dict(checks), by=by, seen=seen) if checks else case_file
        slip = casefiles.give_slip(ticked, by=by)
        finish(ticket, outcome=Outcome.FILE_INCOMPLETE, by=by)
        return slip

    content = {"leave_incomplete": ticket.pk, "file": case_file.pk, "checks": _plain(checks)}
    return once(key, content, do, keep=lambda made: made.pk, again=lambda kept: MissingSlip.objects.get(pk=kept))


@action()
def renew_receipt(ticket: Ticket, case_file: CaseFile, *, by: Agent, work: str | None = None, key: str = "") -> Receipt:
    """Give the receipt that follows the one in hand, and finish: both or neither. ``work`` as ``casefiles`` takes it.

    Raises ``NoReceiptFor``, ``ReceiptTooEarly``, and what ``finish`` raises.
    """

    def do() -> Receipt:
        _check_of_visit(ticket, case_file)
        receipt = casefiles.renew_receipt(case_file, by=by, work=work)
        finish(ticket, outcome=Outcome.RECEIPT_ISSUED, by=by)
        return receipt

    content = {"renew_receipt": ticket.pk, "file": case_file.pk, "work": work}
    return once(key, content, do, keep=lambda made: made.pk, again=lambda kept: Receipt.objects.get(pk=kept))


def _check_of_visit(ticket: Ticket, case_file: CaseFile) -> None:
    """Raise ``TicketMoved`` unless the procedure to be done is about this file."""
    here = Step.objects.filter(ticket=ticket, outcome="", case_file=case_file, procedure=ticket.procedure_id)
    if not here.exists():
        raise TicketMoved


def _plain(checks: Checks) -> dict[str, list[str]]:
    """What was ticked, as it is compared when a command comes again."""
    return {code: [str(state), reason] for code, (state, reason) in sorted(checks.items())}


def _receipt(kept: int) -> Receipt | None:
    return Receipt.objects.filter(pk=kept).first()


def _file(kept: int) -> CaseFile:
    return CaseFile.objects.select_related("person", "procedure", "office").get(pk=kept)
