"""What an agent ticks of the documents of an invented person."""

from datetime import date
from functools import cache
from random import Random

from parvis.casefiles.queries.files import asked
from parvis.casefiles.states import DocumentState, Work
from parvis.procedures.models import Procedure

# Their permit is of any ground: the receipt says what the agent read.
PERMIT_UNNAMED = frozenset(
    {"renewal", "first_request", "status_change", "algerian_certificate", "file_deposit", "receipt_renewal"}
)
Checks = dict[str, tuple[DocumentState, str]]


@cache
def _listed(procedure: Procedure, day: date) -> tuple[tuple[str, bool], ...]:
    """Each document of the list: its code, and whether it is asked of this person: the plain ones, one of a group."""
    met: set[str] = set()
    found = []
    for one in asked(procedure, day):
        is_asked = (not one.group and one.condition == "always") or (bool(one.group) and one.group not in met)
        met.add(one.group)
        found.append((one.code, is_asked))
    return tuple(found)


def work_said(procedure: Procedure) -> Work | None:
    """What an agent reads of work on the permit of an invented person, where the procedure does not name the permit."""
    return Work.NO if procedure.code in PERMIT_UNNAMED else None


def all_seen(procedure: Procedure, day: date) -> Checks:
    """Everything that is asked of this person was brought."""
    return {
        code: (DocumentState.SEEN if is_asked else DocumentState.NOT_NEEDED, "")
        for code, is_asked in _listed(procedure, day)
    }


def one_missing(procedure: Procedure, day: date, chance: Random) -> Checks:
    """One of the documents that are asked is not there."""
    checks = all_seen(procedure, day)
    code = chance.choice([code for code, is_asked in _listed(procedure, day) if is_asked])
    return checks | {code: (DocumentState.MISSING, "")}
