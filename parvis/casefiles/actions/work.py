"""Whose file it is, and for how long it is put aside."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext

from parvis.casefiles.actions import moves
from parvis.casefiles.errors import DateImpossible, ReasonMissing
from parvis.casefiles.models import CaseFile, Note, Skill
from parvis.casefiles.states import UNDECIDED, State
from parvis.common import clock, text
from parvis.common.database import action, lock
from parvis.common.errors import IllegalMove
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Agent
from parvis.procedures.models import Procedure


@action()
def take(case_file: CaseFile, *, by: Agent, seen: int | None = None) -> CaseFile:
    """Make a file one's own; of a colleague's file too, for whoever read that it is theirs (``seen``).

    Two officers who take one free file: the second is told who has it. Raises ``NotYourFile``, ``FileChanged``.
    """
    now = clock.now()
    file = moves.locked(case_file)
    check_undecided(file)
    if file.officer_id == by.pk:
        return file
    if file.version != seen:
        moves.check_hands(file, by)
    moves.check_seen(file, seen)
    moves.change(file, "taken", by=by, now=now, facts={"from_agent": file.officer_id, "officer": by.pk}, officer=by)
    return file


@action()
def set_reviewed(officer: Agent, procedures: Iterable[Procedure], *, by: Actor) -> None:
    """Say which procedures an officer reviews: what nobody has is offered to them in these; none means in all."""
    now = clock.now()
    lock(Agent, officer.pk)
    wanted = {procedure.pk: procedure.code for procedure in procedures}
    Skill.objects.filter(agent=officer).exclude(procedure__in=wanted).delete()
    Skill.objects.bulk_create([Skill(agent=officer, procedure_id=pk) for pk in wanted], ignore_conflicts=True)
    journal.record(
        "agent.review_changed", officer, by=by, at=now, office=officer.office_id, procedures=sorted(wanted.values())
    )


@action()
def let_go(case_file: CaseFile, *, by: Actor) -> CaseFile:
    """Put a file back among those that nobody has. Raises ``NotYourFile``."""
    now = clock.now()
    file = moves.locked(case_file)
    check_undecided(file)
    moves.check_hands(file, by)
    if file.officer_id is not None:
        moves.change(file, "let_go", by=by, now=now, facts={"from_agent": file.officer_id}, officer=None)
    return file


@action()
def hold(case_file: CaseFile, until: date, because: str, *, by: Actor, seen: int | None = None) -> CaseFile:
    """Put a file aside until a day; its legal delay runs on. Why stays in a note when the file is taken up again.

    Raises ``DateImpossible``, ``ReasonMissing``, ``NotYourFile``, ``FileChanged``.
    """
    now = clock.now()
    why = text.clean(because, limit=200)
    if not why:
        raise ReasonMissing
    if not clock.office_day(now) < until <= date(clock.office_day(now).year + 2, 12, 31):
        raise DateImpossible
    file = moves.locked(case_file, seen)
    check_undecided(file)
    moves.check_hands(file, by)
    word = Note.objects.create(case_file=file, agent_id=by.agent_id, at=now, text=_held(until, why))
    facts = {"until": until.isoformat(), "note": word.pk}
    moves.change(file, "held", by=by, now=now, facts=facts, held_until=until, held_because=why)
    return file


@action()
def resume(case_file: CaseFile, *, by: Actor) -> CaseFile:
    """Take a file up again before its day. Raises ``NotYourFile``."""
    now = clock.now()
    file = moves.locked(case_file)
    moves.check_hands(file, by)
    if file.held_until is not None:
        moves.change(file, "resumed", by=by, now=now, facts={}, held_until=None, held_because="")
    return file


@action()
def note(case_file: CaseFile, typed: str, *, by: Actor) -> Note:
    """Leave a word to whoever opens the file next; the journal knows that there is one, never what it says.

    Raises ``ReasonMissing`` for an empty one.
    """
    now = clock.now()
    words = paragraphs(typed)
    if not words:
        raise ReasonMissing
    made = Note.objects.create(case_file=case_file, agent_id=by.agent_id, at=now, text=words)
    journal.record("case_file.noted", case_file, by=by, at=now, office=case_file.office_id, note=made.pk)
    return made


def paragraphs(typed: str, *, limit: int = 4000) -> str:
    """Text of several lines as it is kept: each line cleaned, no more than one empty one between two."""
    lines = [text.clean(line, limit=limit) for line in typed[: limit * 2].replace("\r\n", "\n").split("\n")]
    kept = "\n".join(lines).strip()
    while "\n\n\n" in kept:
        kept = kept.replace("\n\n\n", "\n\n")
    return kept[:limit]


def _held(until: date, why: str) -> str:
    return gettext("En attente jusqu'au %(day)s : %(why)s") % {"day": f"{until:%d/%m/%Y}", "why": why}


def check_undecided(file: CaseFile) -> None:
    """Raise ``IllegalMove`` for a file that is decided: nobody works on it any more."""
    if file.state not in UNDECIDED:
        raise IllegalMove(old=file.state, new=State.UNDER_REVIEW)
