"""Many files at once: each that can be is done, each that cannot says why; few statements for many rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from parvis.casefiles.actions import moves
from parvis.casefiles.actions.deciding import TWO_AGENTS, check_proposal, check_signature, decided, proposed
from parvis.casefiles.actions.work import paragraphs
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision, State
from parvis.common import clock
from parvis.common.database import action
from parvis.common.errors import BusinessError
from parvis.offices.models import Agent

Versions = Mapping[int, int]


@dataclass(slots=True)
class BatchResult:
    """What became of a batch: the files that changed, and those that did not with what was said."""

    done: list[CaseFile] = field(default_factory=list)
    refused: list[tuple[CaseFile, BusinessError]] = field(default_factory=list)


@action(constraints=TWO_AGENTS)
def sign_all(case_files: Iterable[CaseFile], *, by: Agent, seen: Versions | None = None) -> BatchResult:
    """Sign what may be signed among these; ``seen`` tells the version that was read of each."""
    now = clock.now()
    result = _sorted_out(case_files, lambda file: check_signature(file, by=by), seen)
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
    case_files: Iterable[CaseFile], check: Callable[[CaseFile], None], seen: Versions | None
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
