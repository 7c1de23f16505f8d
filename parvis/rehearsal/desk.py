"""What is done on the counter for one person: their file opened, their receipt renewed, their card handed over."""

from typing import TYPE_CHECKING

from parvis.casefiles.models import CaseFile
from parvis.offices.models import Agent
from parvis.permits import queries as cards
from parvis.permits.models import Permit
from parvis.permits.rules import HANDOVER
from parvis.permits.rules.checklist import STAMP
from parvis.permits.states import Notice
from parvis.reception import actions
from parvis.reception.states import Outcome
from parvis.rehearsal.documents import all_seen, one_missing, work_said
from parvis.rehearsal.draws import stream
from parvis.rehearsal.visitors import FILED

if TYPE_CHECKING:
    from parvis.rehearsal.play import Play, Visit

RECEIPT = "receipt_renewal"
# A person brings documents for a file that exists: no file of its own.
OPENS_FILE = FILED - {"file_deposit"}
STAMP_EUR = 19  # shown when the fee table knows no amount


def record(play: "Play", visit: "Visit", *, by: Agent) -> bool:
    """Do what the person came for with the file or the card it is about; False when there is none."""
    code, number = visit.ticket.procedure.code, visit.visitor.number
    _person, permit = play.stock.get(number, (None, None))
    if code == HANDOVER and permit is not None:
        _hand_over(play, visit, permit, by=by)
        return True
    if code == RECEIPT and number in play.files:
        _renew(play, visit, play.files[number], by=by)
        return True
    if code in OPENS_FILE and number >= 0:
        _open(play, visit, by=by)
        return True
    return False


def outcome(code: str, visit: "Visit") -> Outcome:
    """How a visit without a file or a card ends."""
    if code == HANDOVER:
        return Outcome.NOT_READY
    if code in FILED:
        return Outcome.FILE_INCOMPLETE if visit.visitor.incomplete else Outcome.FILE_DEPOSITED
    return Outcome.FILE_DEPOSITED if code == "licence_exchange" else Outcome.DONE


def stamps(play_day: int, permit: Permit, checks: list[str], eur: int | None) -> list[tuple[str, int]]:
    """A stamp that nobody has shown before, of the amount due, when the checklist asks for one."""
    return [(f"9900{play_day % 10000:04d}{permit.pk:08d}", eur or STAMP_EUR)] if STAMP in checks else []


def _hand_over(play: "Play", visit: "Visit", permit: Permit, *, by: Agent) -> None:
    day = play.setting.day
    checks = [check.code for check in cards.checklist(permit, day)]
    due = cards.amount_due(permit, day)
    shown = stamps(day.toordinal(), permit, checks, due.eur if due.eur is not None else due.eur_max)
    play.act(actions.hand_over, visit.ticket, permit=permit, checks=checks, stamps=shown, notice=Notice.PAPER, by=by)


def _renew(play: "Play", visit: "Visit", file: CaseFile, *, by: Agent) -> None:
    play.act(actions.attach_file, visit.ticket, file, by=by)
    play.act(actions.renew_receipt, visit.ticket, file, by=by)
    play.done["receipts_renewed"] += 1


def _open(play: "Play", visit: "Visit", *, by: Agent) -> None:
    visitor, ticket, day = visit.visitor, visit.ticket, play.setting.day
    file = play.act(
        actions.open_file,
        ticket,
        person={
            "family_name": visitor.family_name,
            "given_name": visitor.given_name,
            "birth_date": visitor.born,
            "language": visitor.language,
        },
        permit_expires_on=visitor.permit_expires,
        by=by,
    )
    play.done["opened"] += 1
    if visitor.incomplete:
        chance = stream(play.setting.seed, f"documents {visitor.number}")
        play.act(actions.leave_incomplete, ticket, file, checks=one_missing(file.procedure, day, chance), by=by)
        play.done["incomplete"] += 1
        return
    seen, work = all_seen(file.procedure, day), work_said(file.procedure)
    receipt = play.act(actions.complete_file, ticket, file, checks=seen, work=work or "", by=by)
    play.done["complete"] += 1
    play.done["receipts_issued"] += receipt is not None
