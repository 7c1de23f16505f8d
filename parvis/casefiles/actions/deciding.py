"""Decide: one agent proposes, another signs; what was decided may be opened again, and every file ends."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext

from parvis.casefiles import queries
from parvis.casefiles.actions import moves
from parvis.casefiles.actions.completeness import legal_days
from parvis.casefiles.actions.telling import tell
from parvis.casefiles.actions.work import paragraphs
from parvis.casefiles.errors import CommitteeFirst, FileAlreadyOpen, ReasonMissing, SameAgent
from parvis.casefiles.models import CaseFile, Committee, Note, Question
from parvis.casefiles.rules.deciding import check_closing, needs_committee
from parvis.casefiles.states import Closing, Decision, OrderToLeave, State
from parvis.common import clock
from parvis.common.database import action
from parvis.common.errors import IllegalMove, NotAllowed
from parvis.journal.actions import Actor
from parvis.offices.models import Agent
from parvis.procedures.models import Procedure

TWO_AGENTS = {"case_file_two_agents": SameAgent}


@action()
def propose(
    case_file: CaseFile,
    decision: Decision,
    *,
    grounds: str = "",
    order: str = "",
    card_months: int | None = None,
    by: Agent,
    seen: int | None = None,
) -> CaseFile:
    """Propose a decision to somebody else's signature. A refusal says its grounds, and the committee was heard first
    where the law asks for it (L312-2; source C17); ``order`` is the order to leave that goes with it, if any.

    Raises ``FileChanged``, ``NotYourFile``, ``ReasonMissing``, ``CommitteeFirst``, ``IllegalMove``.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    why = paragraphs(grounds)
    check_proposal(file, decision, why, by=by)
    return moves.become(
        file,
        State.PROPOSED,
        by=by,
        now=now,
        facts={"decision": str(decision), "officer": file.officer_id or by.pk, **({"order": order} if order else {})},
        **proposed(decision, why, card_months, by),
        order_to_leave=OrderToLeave(order) if order else "",
        officer_id=file.officer_id or by.pk,
    )


def check_proposal(file: CaseFile, decision: Decision, grounds: str, *, by: Actor) -> None:
    """Raise what keeps this agent from proposing this decision on a locked file."""
    moves.check_hands(file, by)
    if file.state != State.UNDER_REVIEW:
        raise IllegalMove(old=file.state, new=State.PROPOSED)
    if decision == Decision.REFUSE:
        if not grounds:
            raise ReasonMissing
        if needs_committee(file.procedure.code) and not _was_heard(file):
            raise CommitteeFirst


def proposed(decision: Decision, grounds: str, card_months: int | None, by: Agent) -> dict[str, object]:
    """What a proposal writes beside the state."""
    return {
        "proposal": decision,
        "grounds": grounds,
        "card_months": card_months,
        "proposed_by": by,
        "held_until": None,
        "held_because": "",
    }


@action(constraints=TWO_AGENTS)
def sign(case_file: CaseFile, *, by: Agent, seen: int | None = None) -> CaseFile:
    """Sign what a colleague proposed. Granted, the card goes into production, or the file is closed when there is
    none to make; refused, the letter leaves with the grounds and the ways of appeal.

    Raises ``SameAgent``, ``FileChanged``, ``IllegalMove``.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    check_signature(file, by=by)
    decided([file], by=by, now=now)
    return file


def check_signature(file: CaseFile, *, by: Actor) -> None:
    """Raise what keeps this agent from signing a locked file."""
    if file.state != State.PROPOSED:
        raise IllegalMove(old=file.state, new=State.GRANTED)
    if by.agent_id is None:
        raise NotAllowed
    if file.proposed_by_id == by.agent_id:
        raise SameAgent


def decided(files: Sequence[CaseFile], *, by: Agent, now: datetime) -> None:
    """Write the decisions of locked files that may be signed: few statements, however many files."""
    signature = {"signed_by": by, "decided_at": now}
    refused = [file for file in files if file.proposal == Decision.REFUSE]
    moves.become_all(refused, State.REFUSED, by=by, now=now, fields=signature)
    tell(refused, "casefiles.refused", now=now, on_paper=True)
    granted = [file for file in files if file.proposal == Decision.GRANT]
    makes = _makers([file.procedure for file in granted], now)
    with_card = [file for file in granted if file.procedure_id in makes]
    moves.become_all(with_card, State.GRANTED, State.IN_PRODUCTION, by=by, now=now, fields=signature)
    without = [file for file in granted if file.procedure_id not in makes]
    closing = {**signature, "closing": Closing.NO_CARD}
    why = {"closing": str(Closing.NO_CARD)}
    moves.become_all(without, State.GRANTED, State.CLOSED, by=by, now=now, facts=why, fields=closing)
    tell(granted, "casefiles.granted", now=now)


@action()
def send_back(case_file: CaseFile, because: str, *, by: Actor, seen: int | None = None) -> CaseFile:
    """Give a proposal back to its officer, with a word that says why.

    The grounds of a refusal are kept in that note: the next proposal writes others. Raises ``ReasonMissing``,
    ``FileChanged``.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    if file.state != State.PROPOSED:
        raise IllegalMove(old=file.state, new=State.UNDER_REVIEW)
    word = _said(file, because, by=by, now=now, before=file.grounds)
    return moves.become(file, State.UNDER_REVIEW, by=by, now=now, facts={"note": word.pk}, **_UNPROPOSED)


@action(constraints={"case_file_one_open": FileAlreadyOpen})
def reopen(case_file: CaseFile, because: str, *, by: Actor) -> CaseFile:
    """An appeal succeeded: the refusal is looked at again, and the delay of silence runs anew from today.

    The grounds of the refusal are kept in the note that says why. Raises ``ReasonMissing``, ``FileAlreadyOpen``.
    """
    now = clock.now()
    file = moves.locked(case_file)
    if file.state != State.REFUSED:
        raise IllegalMove(old=file.state, new=State.UNDER_REVIEW)
    word = _said(file, because, by=by, now=now, before=file.grounds)
    days = legal_days(file, clock.office_day(now))
    fields = {**_UNPROPOSED, "grounds": "", "signed_by": None, "decided_at": None, **days}
    facts = {"note": word.pk, **{name: day for name, day in days.items() if day}}
    return moves.become(file, State.UNDER_REVIEW, by=by, now=now, facts=facts, **fields)


@action()
def close(case_file: CaseFile, closing: Closing, *, by: Actor, seen: int | None = None) -> CaseFile:
    """End a file that goes no further, for a reason that fits where it stands; nothing is asked of the person any more.

    Raises ``IllegalMove``, ``FileChanged``.
    """
    now = clock.now()
    file = moves.locked(case_file, seen)
    check_closing(file.state, closing)
    Question.objects.filter(case_file=file, ended_at=None).update(ended_at=now)
    return moves.become(file, State.CLOSED, by=by, now=now, facts={"closing": str(closing)}, closing=closing)


_UNPROPOSED: dict[str, object] = {"proposal": "", "order_to_leave": "", "proposed_by": None}


def _said(file: CaseFile, because: str, *, by: Actor, now: datetime, before: str = "") -> Note:
    words = paragraphs(because)
    if not words:
        raise ReasonMissing
    if before:
        words = "\n\n".join([words, gettext("Motifs du refus :"), before])
    return Note.objects.create(case_file=file, agent_id=by.agent_id, at=now, text=words)


def _makers(procedures: Sequence[Procedure], now: datetime) -> set[int]:
    today = clock.office_day(now)
    each = {procedure.pk: procedure for procedure in procedures}
    return {pk for pk, procedure in each.items() if queries.makes_card(procedure, today)}


def _was_heard(file: CaseFile) -> bool:
    return Committee.objects.filter(case_file=file, heard_at__isnull=False).exists()
