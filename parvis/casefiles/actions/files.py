"""A file begins: at the counter, by post, from the web."""

from datetime import date, datetime

from parvis.casefiles import queries
from parvis.casefiles.actions import moves
from parvis.casefiles.actions.moves import move_facts
from parvis.casefiles.errors import DateImpossible, FileAlreadyOpen, TooLateToCorrect
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import CORRECTABLE, Channel, State
from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Agent, Office
from parvis.people.models import Person
from parvis.procedures.models import Procedure

OLDEST_YEARS = 20


def deposit(
    office: Office,
    *,
    person: Person,
    procedure: Procedure,
    case: str = "default",
    fee_case: str = "",
    permit_expires_on: date | None = None,
    channel: Channel = Channel.COUNTER,
    deposited_on: date | None = None,
    officer: Agent | None = None,
    by: Actor,
    key: str = "",
) -> CaseFile:
    """Open the file of a person for a procedure; its documents are ticked next. The same ``key`` gives the same file.

    One open file a person and procedure, by whatever channel: the second deposit is told which one
    (``FileAlreadyOpen.file``). ``deposited_on`` is the day it came, today unless it came by post. Without a
    ``fee_case`` the permit in hand tells it, the charge of a late request with it. Raises ``FileAlreadyOpen``,
    ``DateImpossible`` for a day to come or of another age.
    """
    file = CaseFile(
        office=office,
        person=person,
        procedure=procedure,
        case=case[:60],
        fee_case=fee_case[:60],
        permit_expires_on=permit_expires_on,
        channel=channel,
        deposited_on=deposited_on or clock.today(),
        officer=officer,
    )
    try:
        return _open(file, by=by, key=key)
    except FileAlreadyOpen as error:
        error.file = queries.open_file(person, procedure)
        raise


@action()
def correct(
    case_file: CaseFile,
    *,
    case: str,
    fee_case: str,
    permit_expires_on: date | None,
    by: Actor,
    seen: int | None = None,
) -> CaseFile:
    """Put right what was said of a file when it was opened; the journal keeps what was there and what is.

    The days the law fixed and the receipts given stay as they were written. Nothing is written where nothing changes.
    Raises ``FileChanged``, ``TooLateToCorrect`` once the amount of the stamp was announced, or nothing is made any
    more.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    if file.state not in CORRECTABLE:
        raise TooLateToCorrect
    said = {"case": case[:60], "fee_case": fee_case[:60], "permit_expires_on": permit_expires_on}
    changed = {name: value for name, value in said.items() if value != getattr(file, name)}
    if changed:
        before = {f"{name}_before": getattr(file, name) for name in changed}
        moves.change(file, "corrected", by=by, now=now, facts=moves.plain({**changed, **before}), **changed)
    return file


@action(constraints={"case_file_one_open": FileAlreadyOpen})
def _open(file: CaseFile, *, by: Actor, key: str) -> CaseFile:
    now = clock.now()
    _check_day(file.deposited_on, clock.office_day(now))
    content = {
        "deposit": file.procedure.code,
        "person": file.person.pk,
        "office": file.office.pk,
        "case": file.case,
        "channel": file.channel,
        "expires": file.permit_expires_on,
        "on": file.deposited_on,
    }
    return once(
        key, content, lambda: _insert(file, by=by, now=now), keep=lambda one: one.pk, again=lambda pk: _again(file, pk)
    )


def _insert(file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    if not file.fee_case:
        file.fee_case = queries.fee_case(file.procedure, file.deposited_on, expires_on=file.permit_expires_on)
    file.created_at = file.changed_at = now
    file.save(force_insert=True)
    facts = {"channel": str(file.channel), "case": file.case, "officer": file.officer_id}
    told = move_facts(file, "", State.DEPOSITED, now, facts)
    journal.record("case_file.deposited", file, by=by, at=now, office=file.office_id, **told)
    return file


def _again(file: CaseFile, pk: int) -> CaseFile:
    return queries.case_file(pk) or file


def _check_day(day: date, today: date) -> None:
    """A day to come, or more than twenty years ago, is a slip of the keyboard. Raises ``DateImpossible``."""
    if not today.year - OLDEST_YEARS <= day.year or day > today:
        raise DateImpossible
