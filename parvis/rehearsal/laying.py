"""Lay down what happened before a rehearsal: files, receipts and decisions of past days, in few statements.

The rows and the journal are those the actions would have left; what exists as an action on many is called.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from parvis.casefiles import actions as casefiles
from parvis.casefiles import rules
from parvis.casefiles.actions.completeness import TO_BRING
from parvis.casefiles.actions.moves import move_facts
from parvis.casefiles.errors import NoReceiptFor
from parvis.casefiles.models import CaseFile, DocumentCheck, Receipt
from parvis.casefiles.queries import unsettled
from parvis.casefiles.queries.files import asked, listed
from parvis.casefiles.queries.law import Law
from parvis.casefiles.states import Channel, Decision, ReceiptKind, State
from parvis.common import clock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Office
from parvis.people.models import Person
from parvis.procedures.models import Procedure
from parvis.rehearsal.documents import Checks, work_said
from parvis.rehearsal.office_days import worked_by

HOUR = "11:00"
RENEWED_AHEAD = timedelta(days=3)
RECEIPTS = {"recepisse", "online_certificate"}  # the other papers let nobody stay


@dataclass(frozen=True, slots=True)
class Deposit:
    """One file that was deposited on a day with these documents; complete on the spot when none is missing."""

    on: date
    person: Person
    procedure: Procedure
    expires_on: date | None
    checks: Checks


def deposit_all(office: Office, deposits: Sequence[Deposit], law: Law) -> list[CaseFile]:
    """Files of many days, deposited at the counter, their documents ticked: under review, or incomplete.

    As ``deposit`` and ``tick`` leave them, in a few statements whatever their number and two a day for the journal.
    """
    laws = {(one.procedure, law.since(one.on)) for one in deposits}
    documents = {about: asked(*about) for about in laws}
    files, ticked = [], []
    for one in deposits:
        checks = [DocumentCheck(code=code, state=state, reason=why) for code, (state, why) in one.checks.items()]
        found = listed(documents[one.procedure, law.since(one.on)], checks)
        files.append(_looked_at(office, one, law, is_complete=not unsettled(found)))
        ticked.append((checks, {"missing": len(unsettled(found)), "documents": len(found)}))
    CaseFile.objects.bulk_create(files)
    for file, (checks, _counts) in zip(files, ticked, strict=True):
        for check in checks:
            check.case_file, check.at = file, file.created_at
    DocumentCheck.objects.bulk_create(check for checks, _counts in ticked for check in checks)
    _tell_deposits(office, files, {file.pk: counts for file, (_checks, counts) in zip(files, ticked, strict=True)})
    return files


def _looked_at(office: Office, deposit: Deposit, law: Law, *, is_complete: bool) -> CaseFile:
    day, at = deposit.on, clock.at(deposit.on, HOUR)
    file = CaseFile(
        office=office,
        person=deposit.person,
        procedure=deposit.procedure,
        fee_case=law.fee_case(deposit.procedure, day, deposit.expires_on),
        channel=Channel.COUNTER,
        deposited_on=day,
        permit_expires_on=deposit.expires_on,
        version=2,
        created_at=at,
        changed_at=at,
    )
    if not is_complete:
        file.state, file.missing_by = State.INCOMPLETE, day + TO_BRING
        return file
    rule = law.silence_rule(file.procedure, day, file.case)
    file.state, file.complete_on = State.UNDER_REVIEW, day
    file.decide_by, file.warn_on = rules.silence_dates(rule, day)
    return file


def _tell_deposits(office: Office, files: Sequence[CaseFile], counts: Mapping[int, Mapping[str, int]]) -> None:
    came = {"channel": Channel.COUNTER.value, "case": "default", "officer": None}
    by_day: dict[date, list[CaseFile]] = defaultdict(list)
    for file in files:
        by_day[file.deposited_on].append(file)
    for day in sorted(by_day):
        at = clock.at(day, HOUR)
        told = [(file, move_facts(file, "", State.DEPOSITED, at, came)) for file in by_day[day]]
        journal.record_all("case_file.deposited", told, by=SYSTEM, at=at, office=office.pk)
        for state in (State.UNDER_REVIEW, State.INCOMPLETE):
            here = [file for file in by_day[day] if file.state == state]
            told = [(file, move_facts(file, State.DEPOSITED, state, at, _seen(file, counts[file.pk]))) for file in here]
            journal.record_all(f"case_file.{state}", told, by=SYSTEM, at=at, office=office.pk)


def _seen(file: CaseFile, counts: Mapping[str, int]) -> dict[str, object]:
    """What the journal says of a file whose documents were looked at."""
    days = {
        "complete_on": file.complete_on,
        "decide_by": file.decide_by,
        "warn_on": file.warn_on,
        "until": file.missing_by,
    }
    return {**counts, **{name: day for name, day in days.items() if day}}


def give_receipts(files: Sequence[tuple[CaseFile, date]], law: Law) -> list[Receipt]:
    """Receipts without a break from the deposit of each file to its day, each renewed shortly before it ended."""
    made: dict[date, list[Receipt]] = defaultdict(list)
    for file, until in files:
        for issued, receipt in _chain(file, until, law):
            made[issued].append(receipt)
    given = Receipt.objects.bulk_create(receipt for issued in sorted(made) for receipt in made[issued])
    for issued in sorted(made):
        for what, is_renewal in (("case_file.receipt_issued", False), ("case_file.receipt_renewed", True)):
            subjects = [(one.case_file, _facts(one)) for one in made[issued] if (one.rank > 1) == is_renewal]
            at, office = clock.at(issued, HOUR), made[issued][0].office_id
            journal.record_all(what, subjects, by=SYSTEM, at=at, office=office)
    return given


def decide(
    files: Sequence[CaseFile], day: date, *, officer: Agent, signatory: Agent, grounds: str = ""
) -> list[CaseFile]:
    """What an officer proposed on a day and another agent signed that evening; refused when there are ``grounds``."""
    decision = Decision.REFUSE if grounds else Decision.GRANT
    with clock.held(clock.at(day, "15:00")):
        casefiles.propose_all(files, decision, grounds=grounds, by=officer)
    with clock.held(clock.at(day, "17:00")):
        if decision == Decision.REFUSE:
            return [casefiles.sign(file, by=signatory) for file in files]
        return casefiles.sign_all(files, by=signatory).done


def _chain(file: CaseFile, until: date, law: Law) -> Iterator[tuple[date, Receipt]]:
    issued, last = file.deposited_on, None
    while issued < until and (rule := law.receipt_rule(file.procedure, issued, file.case)):
        if rule.kind not in RECEIPTS:
            return
        rank = last.rank + 1 if last else 1
        try:
            since, ends = rules.receipt_validity(
                rule,
                rank=rank,
                issued_on=issued,
                permit_expires_on=file.permit_expires_on,
                previous_to=last.valid_to if last else None,
            )
        except NoReceiptFor:
            return
        last = Receipt(
            case_file=file,
            office_id=file.office_id,
            rank=rank,
            kind=ReceiptKind.RECEIPT,
            valid_from=since,
            valid_to=ends,
            work=rules.work_right(rule, file.procedure, last.work if last else None, work_said(file.procedure)),
            mention=rule.mention,
            issued_at=clock.at(issued, HOUR),
        )
        yield issued, last
        issued = worked_by(ends - RENEWED_AHEAD)


def _facts(receipt: Receipt) -> dict[str, object]:
    return {
        "procedure": receipt.case_file.procedure.code,
        "receipt": receipt.number,
        "rank": receipt.rank,
        "valid_from": receipt.valid_from.isoformat(),
        "valid_to": receipt.valid_to.isoformat(),
        "work": str(receipt.work),
    }
