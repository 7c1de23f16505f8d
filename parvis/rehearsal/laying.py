"""Lay down what happened before a rehearsal: files, receipts and decisions of past days, in few statements.

The rows and the journal are those the actions would have left; what exists as an action on many is called.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from parvis.casefiles import actions as casefiles
from parvis.casefiles import rules
from parvis.casefiles.actions.completeness import TO_BRING
from parvis.casefiles.actions.moves import become_all, move_facts
from parvis.casefiles.errors import NoReceiptFor
from parvis.casefiles.models import CaseFile, DocumentCheck, Receipt
from parvis.casefiles.queries import first_fee_case
from parvis.casefiles.states import Channel, Decision, DocumentState, State
from parvis.common import clock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Office
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure

HOUR = "11:00"
RENEWED_AHEAD = timedelta(days=3)


def open_files(
    office: Office,
    day: date,
    persons: Sequence[Person],
    procedures: Sequence[Procedure],
    expires: Sequence[date | None],
) -> list[CaseFile]:
    """Files of these persons, each for its procedure, deposited at the counter on a day."""
    with clock.held(clock.at(day, HOUR)):
        now = clock.now()
        fees = {one: first_fee_case(one, day) for one in dict.fromkeys(procedures)}
        files = CaseFile.objects.bulk_create(
            CaseFile(
                office=office,
                person=person,
                procedure=procedure,
                fee_case=fees[procedure],
                channel=Channel.COUNTER,
                deposited_on=day,
                permit_expires_on=expires_on,
                created_at=now,
                changed_at=now,
            )
            for person, procedure, expires_on in zip(persons, procedures, expires, strict=True)
        )
        told = {"channel": Channel.COUNTER.value, "case": "default", "officer": None}
        subjects = [(file, move_facts(file, "", State.DEPOSITED, now, told)) for file in files]
        journal.record_all("case_file.deposited", subjects, by=SYSTEM, at=now, office=office.pk)
    return files


def leave_incomplete(files: Sequence[CaseFile], day: date) -> None:
    """A document is awaited of these."""
    with clock.held(clock.at(day, HOUR)):
        until = day + TO_BRING
        awaited = {"missing_by": until}
        become_all(files, State.INCOMPLETE, by=SYSTEM, now=clock.now(), facts={"until": until}, fields=awaited)


def complete(files: Sequence[CaseFile], day: date) -> None:
    """These have everything from a day on: under review, with the days that the law fixes."""
    by_deadline: dict[date | None, list[CaseFile]] = defaultdict(list)
    for file in files:
        rule = catalogue.silence_rule(file.procedure, day, file.case)
        by_deadline[rules.silence_ends(rule, day) if rule else None].append(file)
    with clock.held(clock.at(day, HOUR)):
        for decide_by, together in by_deadline.items():
            dates = {
                "complete_on": day,
                "decide_by": decide_by,
                "warn_on": rules.warn_from(decide_by) if decide_by else None,
            }
            facts = {name: value for name, value in dates.items() if value}
            become_all(together, State.UNDER_REVIEW, by=SYSTEM, now=clock.now(), facts=facts, fields=dates)


def write_checks(seen: Mapping[CaseFile, Mapping[str, tuple[DocumentState, str]]], day: date) -> None:
    """What was ticked of the documents of these files."""
    at = clock.at(day, HOUR)
    DocumentCheck.objects.bulk_create(
        DocumentCheck(case_file=file, code=code, state=state, reason=reason, at=at)
        for file, checks in seen.items()
        for code, (state, reason) in checks.items()
    )


def give_receipts(files: Sequence[CaseFile], until: date) -> list[Receipt]:
    """Receipts without a break from the deposit to a day, each renewed shortly before it ended."""
    made: dict[date, list[Receipt]] = defaultdict(list)
    for file in files:
        for issued, receipt in _chain(file, until):
            made[issued].append(receipt)
    given = []
    for issued in sorted(made):
        receipts = Receipt.objects.bulk_create(made[issued])
        given += receipts
        for what, is_renewal in (("case_file.receipt_issued", False), ("case_file.receipt_renewed", True)):
            subjects = [(one.case_file, _facts(one)) for one in receipts if (one.rank > 1) == is_renewal]
            at, office = clock.at(issued, HOUR), receipts[0].office_id
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
        return casefiles.sign_all(files, by=signatory).done


def _chain(file: CaseFile, until: date) -> Iterator[tuple[date, Receipt]]:
    rule = catalogue.receipt_rule(file.procedure, file.deposited_on, file.case)
    issued, ends, rank = file.deposited_on, None, 1
    while rule is not None and issued < until:
        try:
            since, ends = rules.receipt_validity(
                rule, rank=rank, issued_on=issued, permit_expires_on=file.permit_expires_on, previous_to=ends
            )
        except NoReceiptFor:
            return
        yield (
            issued,
            Receipt(
                case_file=file,
                office_id=file.office_id,
                rank=rank,
                valid_from=since,
                valid_to=ends,
                work=rules.work_right(rule, file.procedure, None, None),
                issued_at=clock.at(issued, HOUR),
            ),
        )
        issued, rank = ends - RENEWED_AHEAD, rank + 1


def _facts(receipt: Receipt) -> dict[str, object]:
    return {
        "procedure": receipt.case_file.procedure.code,
        "receipt": receipt.number,
        "rank": receipt.rank,
        "valid_from": receipt.valid_from.isoformat(),
        "valid_to": receipt.valid_to.isoformat(),
        "work": str(receipt.work),
    }
