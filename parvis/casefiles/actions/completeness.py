"""The documents are looked at: the file is complete and its delay runs, or a slip says what is missing."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from parvis.casefiles import queries
from parvis.casefiles.actions import moves
from parvis.casefiles.errors import DateImpossible, NothingMissing, ReasonMissing, UnknownDocument
from parvis.casefiles.models import CaseFile, DocumentCheck, MissingSlip
from parvis.casefiles.queries import ListedDocument
from parvis.casefiles.queries.files import asked, listed
from parvis.casefiles.rules import silence_dates
from parvis.casefiles.states import UNDECIDED, DocumentState, State
from parvis.common import clock, text
from parvis.common.database import action
from parvis.common.errors import IllegalMove
from parvis.journal.actions import Actor
from parvis.procedures import queries as catalogue

Seen = tuple[str, str]
# The office's own delay to bring what is missing: the law fixes none (CRPA L114-5).
TO_BRING = timedelta(days=30)


@action()
def tick(case_file: CaseFile, checks: Mapping[str, Seen], *, by: Actor, seen: int | None = None) -> CaseFile:
    """Write what was seen of the documents: code to state and reason. All settled, the file is complete.

    A file that was not complete then goes under review, and the delay after which silence refuses is written:
    it never moves afterwards. Otherwise it is incomplete, and ``missing_by`` says until when the rest is awaited.
    Raises ``UnknownDocument``, ``ReasonMissing``, ``FileChanged``, ``IllegalMove`` once it is decided.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    if file.state not in UNDECIDED:
        raise IllegalMove(old=file.state, new=State.UNDER_REVIEW)
    documents = _written(file, checks, by=by, now=now)
    missing = queries.unsettled(documents)
    counts = {"missing": len(missing), "documents": len(documents)}
    if file.state not in (State.DEPOSITED, State.INCOMPLETE):
        moves.change(file, "checked", by=by, now=now, facts=counts)
        return file
    if not missing:
        return completed(file, by=by, now=now, facts=counts)
    day = file.missing_by or clock.office_day(now) + TO_BRING
    if file.state == State.DEPOSITED:
        return moves.become(file, State.INCOMPLETE, by=by, now=now, facts={**counts, "until": day}, missing_by=day)
    moves.change(file, "checked", by=by, now=now, facts=moves.plain({**counts, "until": day}), missing_by=day)
    return file


def completed(file: CaseFile, *, by: Actor, now: datetime, facts: Mapping[str, object]) -> CaseFile:
    """A locked file is complete today: under review, with the days the law fixes (R*311-12; source C17)."""
    today = clock.office_day(now)
    dates = {"complete_on": today, **legal_days(file, today)}
    told = {**facts, **{name: day for name, day in dates.items() if day}}
    return moves.become(file, State.UNDER_REVIEW, by=by, now=now, facts=told, missing_by=None, **dates)


def legal_days(file: CaseFile, today: date) -> dict[str, date | None]:
    """When silence refuses a request that is complete, or opened again, today, and when the officer is warned."""
    rule = catalogue.silence_rule(file.procedure, today, file.case)
    decide_by, warn_on = silence_dates(rule, today)
    return {"decide_by": decide_by, "warn_on": warn_on}


@action()
def give_slip(case_file: CaseFile, *, until: date | None = None, by: Actor, seen: int | None = None) -> MissingSlip:
    """Write the slip of what is missing or not accepted, with the day until which to bring it.

    A day already given holds while it is to come; once it has passed, the delay runs anew. Raises ``NothingMissing``,
    ``FileChanged``, ``DateImpossible`` for a day that is not to come.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    if file.state not in UNDECIDED:
        raise IllegalMove(old=file.state, new=State.INCOMPLETE)
    missing = queries.unsettled(queries.list_for(file))
    if not missing:
        raise NothingMissing
    today = clock.office_day(now)
    given = file.missing_by if file.missing_by and file.missing_by > today else None
    day = until or given or today + TO_BRING
    if not today < day < today + timedelta(days=366):
        raise DateImpossible
    facts = {"missing": len(missing), "until": day}
    if file.state == State.DEPOSITED:
        moves.become(file, State.INCOMPLETE, by=by, now=now, facts=facts, missing_by=day)
    fields = {"missing_by": day} if file.state == State.INCOMPLETE else {}
    moves.change(file, "slip_given", by=by, now=now, facts=moves.plain(facts), **fields)
    printed = [
        {"code": one.document.code, "state": one.state or DocumentState.MISSING, "reason": one.reason}
        for one in missing
    ]
    return MissingSlip.objects.create(case_file=file, documents=printed, until=day, at=now, agent_id=by.agent_id)


def _written(file: CaseFile, checks: Mapping[str, Seen], *, by: Actor, now: datetime) -> list[ListedDocument]:
    known = {check.code: check for check in DocumentCheck.objects.filter(case_file=file)}
    documents = asked(file.procedure, file.deposited_on)
    codes = {document.code for document in documents}
    fresh = []
    for code, (state, reason) in checks.items():
        if code not in codes or state not in DocumentState.values:
            raise UnknownDocument
        why = text.clean(reason, limit=200)
        if state == DocumentState.NOT_ACCEPTED and not why:
            raise ReasonMissing
        old = known.get(code)
        if old is None or (old.state, old.reason) != (state, why):
            check = DocumentCheck(case_file=file, code=code, state=state, reason=why, at=now, agent_id=by.agent_id)
            fresh.append(check)
            known[code] = check
    if fresh:
        DocumentCheck.objects.bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=["case_file", "code"],
            update_fields=["state", "reason", "at", "agent_id"],
        )
    return listed(documents, known.values(), file)
