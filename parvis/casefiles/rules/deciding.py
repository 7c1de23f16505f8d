"""What comes before a refusal, and why a file may end where it stands."""

from parvis.casefiles.states import UNDECIDED, Closing, State
from parvis.common.errors import IllegalMove

# Permits by right: the committee is heard before one is refused (L312-2 of L313-11, L314-11; source C17).
_COMMITTEE_FIRST = frozenset({"private_family_life", "refugee_card"})
_UNFINISHED = frozenset({State.DEPOSITED, State.INCOMPLETE})
_CLOSINGS = {
    Closing.WITHDRAWN: UNDECIDED | {State.IN_PRODUCTION},
    Closing.MOVED_AWAY: UNDECIDED | {State.IN_PRODUCTION},
    Closing.DUPLICATE: UNDECIDED,
    Closing.NOT_COMPLETED: _UNFINISHED,
    Closing.REFUSED: frozenset({State.REFUSED}),
}


def needs_committee(procedure_code: str) -> bool:
    """Whether the law has the committee heard before this permit is refused to anybody."""
    return procedure_code in _COMMITTEE_FIRST


def may_close(state: str, closing: str) -> bool:
    """Whether a file in this state may be ended by hand for this reason; a card ends its file by itself."""
    return state in _CLOSINGS.get(Closing(closing), frozenset())


def check_closing(state: str, closing: str) -> None:
    """Raise ``IllegalMove`` for a reason that does not fit where the file stands."""
    if not may_close(state, closing):
        raise IllegalMove(old=state, new=State.CLOSED)
