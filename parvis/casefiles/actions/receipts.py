"""Receipts: issued once the file is complete, renewed while nothing is decided, announced before they end."""

from datetime import date, datetime

from parvis.casefiles import queries, rules
from parvis.casefiles.actions import moves
from parvis.casefiles.actions.telling import tell
from parvis.casefiles.errors import NoReceiptFor, ReceiptTooEarly
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import ReceiptKind, State
from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action
from parvis.common.errors import IllegalMove
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM, Actor
from parvis.procedures import queries as catalogue
from parvis.procedures.models import ReceiptRule

RECEIPT_ENDING = "casefiles.receipt_ending"
TOLD_AHEAD_DAYS = 21
AT_ONCE = 200


@action(constraints={"receipt_rank_once": IllegalMove})
def issue_receipt(
    case_file: CaseFile, *, by: Actor, months: int | None = None, work: str | None = None, key: str = ""
) -> Receipt:
    """Give the first receipt of a complete file; a provisional one while the committee is seized (L312-2).

    ``months`` and ``work`` are what the agent chose within the rule. The same ``key`` gives the same receipt. Raises
    ``NoReceiptFor``, ``ReceiptTooEarly`` when one was given, ``DateImpossible`` for a length the rule does not allow,
    ``WorkUnsaid`` without ``work`` where the rule depends on the permit.
    """
    content = {"receipt_of": case_file.pk, "months": months, "work": work}
    return once(
        f"receipt:{key}" if key else "",
        content,
        lambda: _issue(moves.locked(case_file), by=by, now=clock.now(), months=months, work=work),
        keep=lambda receipt: receipt.pk,
        again=_again,
    )


@action(constraints={"receipt_rank_once": IllegalMove})
def renew_receipt(case_file: CaseFile, *, by: Actor, work: str | None = None, key: str = "") -> Receipt:
    """Give the next receipt of a file: the day after the one in hand ends, the same right to work.

    A file taken over from elsewhere, of which no receipt is known here, gets its first one: ``work`` is then what the
    receipt its holder shows says of work, for nothing here tells it. Raises ``NoReceiptFor`` once nothing is awaited
    any more, ``ReceiptTooEarly`` more than a month before the end, ``WorkUnsaid`` for a first one whose right to work
    nothing tells.
    """
    return once(
        f"receipt_renewed:{key}" if key else "",
        {"receipt_of": case_file.pk, "work": work},
        lambda: _renew(moves.locked(case_file), by=by, now=clock.now(), work=work),
        keep=lambda receipt: receipt.pk,
        again=_again,
    )


def tell_ending(days: int = TOLD_AHEAD_DAYS) -> int:
    """Tell everybody whose receipt ends within so many days without a decision, once a receipt; how many.

    Several workers share the work.
    """
    told = 0
    while batch := _tell_some(days):
        told += batch
    return told


def _issue(file: CaseFile, *, by: Actor, now: datetime, months: int | None, work: str | None) -> Receipt:
    if last := queries.current_receipt(file):
        raise ReceiptTooEarly(until=_figures(last.valid_to), opens=_figures(rules.renewal_opens(last)))
    rules.check_may_issue(file.state)
    return _write(file, None, by=by, now=now, months=months, work=work)


def _renew(file: CaseFile, *, by: Actor, now: datetime, work: str | None) -> Receipt:
    last = queries.current_receipt(file)
    if last is None:
        return _issue(file, by=by, now=now, months=None, work=work)
    rules.check_may_renew(file.state, last, clock.office_day(now))
    return _write(file, last, by=by, now=now, months=None, work=work)


def _write(
    file: CaseFile, last: Receipt | None, *, by: Actor, now: datetime, months: int | None, work: str | None
) -> Receipt:
    today = clock.office_day(now)
    rule = _rule(file, today)
    rank = last.rank + 1 if last else 1
    valid_from, valid_to = rules.receipt_validity(
        rule,
        rank=rank,
        issued_on=today,
        permit_expires_on=file.permit_expires_on,
        previous_to=last.valid_to if last else None,
        months=months,
    )
    receipt = Receipt.objects.create(
        case_file=file,
        office_id=file.office_id,
        rank=rank,
        kind=_kind(file),
        valid_from=valid_from,
        valid_to=valid_to,
        work=rules.work_right(rule, file.procedure, last.work if last else None, work),
        mention=rule.mention,
        issued_at=now,
        agent_id=by.agent_id,
    )
    _record(receipt, file, "case_file.receipt_renewed" if last else "case_file.receipt_issued", by=by, now=now)
    return receipt


def _rule(file: CaseFile, today: date) -> ReceiptRule:
    rule = catalogue.receipt_rule(file.procedure, today, file.case)
    if rule is None or rule.kind not in rules.GIVEN:
        raise NoReceiptFor
    return rule


def _kind(file: CaseFile) -> ReceiptKind:
    return ReceiptKind.PROVISIONAL if file.state == State.COMMITTEE_REFERRAL else ReceiptKind.RECEIPT


def _record(receipt: Receipt, file: CaseFile, what: str, *, by: Actor, now: datetime) -> None:
    facts = {
        "procedure": file.procedure.code,
        "receipt": receipt.number,
        "rank": receipt.rank,
        "valid_from": receipt.valid_from.isoformat(),
        "valid_to": receipt.valid_to.isoformat(),
        "work": str(receipt.work),
    }
    journal.record(what, file, by=by, at=now, office=file.office_id, **facts)


@action()
def _tell_some(days: int) -> int:
    """Tell one batch of those who are not told yet: rows being told by another worker are skipped."""
    now = clock.now()
    waiting = queries.ending_untold(clock.office_day(now), days)
    receipts = list(waiting.select_for_update(of=("self",), no_key=True, skip_locked=True)[:AT_ONCE])
    for receipt in receipts:
        until = receipt.valid_to.isoformat()
        tell([receipt.case_file], RECEIPT_ENDING, now=now, once=receipt.number, receipt=receipt.pk, until=until)
        facts = {"procedure": receipt.case_file.procedure.code, "receipt": receipt.number, "valid_to": until}
        journal.record(
            "case_file.receipt_end_told", receipt.case_file, by=SYSTEM, at=now, office=receipt.office_id, **facts
        )
    Receipt.objects.filter(pk__in=[receipt.pk for receipt in receipts]).update(told_at=now)
    return len(receipts)


def _again(pk: int) -> Receipt:
    return Receipt.objects.select_related("case_file").get(pk=pk)


def _figures(day: date) -> str:
    return f"{day:%d/%m/%Y}"
