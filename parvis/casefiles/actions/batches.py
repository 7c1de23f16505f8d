"""Many files at once: each that can be is done, each that cannot says why; few statements for many rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from parvis.casefiles.actions import moves
from parvis.casefiles.actions.deciding import TWO_AGENTS, check_proposal, check_signature, decided, proposed
from parvis.casefiles.actions.work import check_undecided, paragraphs
from parvis.casefiles.errors import RefusalUnread
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision, State
from parvis.common import clock
from parvis.common.database import action
from parvis.common.errors import BusinessError
from parvis.journal.actions import Actor
from parvis.offices.models import Agent

Versions = Mapping[int, int]


@dataclass(slots=True)
class BatchResult:
    """What became of a batch: the files that changed, and those that did not with what was said."""

    done: list[CaseFile] = field(default_factory=list)
    refused: list[tuple[CaseFile, BusinessError]] = field(default_factory=list)


@action()
def give(case_files: Iterable[CaseFile], officer: Agent, *, by: Actor) -> BatchResult:
    """Give files to an officer, whoever had them; those that are decided stay as they are."""
    now = clock.now()
    result = _sorted_out(case_files, check_undecided)
    changed = [file for file in result.done if file.officer_id != officer.pk]
    moves.change_all(changed, "given", by=by, now=now, facts={"officer": officer.pk}, officer=officer)
    return result


@action(constraints=TWO_AGENTS)
def sign_all(case_files: Iterable[CaseFile], *, by: Agent, seen: Versions | None = None) -> BatchResult:
    """Sign the grants that may be signed among these; ``seen`` tells the version that was read of each.

    A refusal is signed alone (``sign``): nobody signs grounds that they have not before them.
    """
    now = clock.now()

    def check(file: CaseFile) -> None:
        check_signature(file, by=by)
        if file.proposal == Decision.REFUSE:
            raise RefusalUnread

    result = _sorted_out(case_files, check, seen)
    decided(result.done, by=by, now=now)
    return result


@action()
def propose_all(
    case_files: Iterable[CaseFile],
    decision: Decision,
    *,
    grounds: str = "",
    card_months: int | None = None,
    by: Agent,
    seen: Versions | None = None,
) -> BatchResult:
    """Propose one decision on many files, those of nobody becoming one's own."""
    now = clock.now()
    why = paragraphs(grounds)
    result = _sorted_out(case_files, lambda file: check_proposal(file, decision, why, by=by), seen)
    facts = {"decision": str(decision), "officer": by.pk}
    fields = {**proposed(decision, why, card_months, by), "officer": by}
    moves.become_all(result.done, State.PROPOSED, by=by, now=now, facts=facts, fields=fields)
    return result


def _sorted_out(
    case_files: Iterable[CaseFile], check: Callable[[CaseFile], None], seen: Versions | None = None
) -> BatchResult:
    result = BatchResult()
    for file in moves.locked_all(case_files):
        try:
            moves.check_seen(file, (seen or {}).get(file.pk))
            check(file)
        except BusinessError as error:
            result.refused.append((file, error))
        else:
            result.done.append(file)
    return result
