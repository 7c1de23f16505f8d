"""What a counter does within a visit, done on the page of a file while its person is elsewhere: on what was read."""

from collections.abc import Mapping
from datetime import date

from parvis.casefiles.actions import moves
from parvis.casefiles.actions.completeness import Seen, give_slip, tick
from parvis.casefiles.actions.receipts import issue_receipt
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.common.database import action
from parvis.offices.models import Agent


@action()
def tick_and_slip(
    case_file: CaseFile,
    checks: Mapping[str, Seen],
    *,
    until: date | None = None,
    by: Agent,
    seen: int | None = None,
) -> MissingSlip:
    """Write what was seen and the slip of what is missing: both or neither.

    Raises what ``tick`` and ``give_slip`` raise, ``NothingMissing`` when everything was seen.
    """
    return give_slip(tick(case_file, checks, by=by, seen=seen), until=until, by=by)


@action()
def issue_receipt_read(case_file: CaseFile, *, work: str | None, by: Agent, seen: int | None = None) -> Receipt:
    """Give the first receipt of a file that stands as it was read. Raises ``FileChanged``, and what
    ``issue_receipt`` raises.
    """
    return issue_receipt(moves.locked(case_file, seen), work=work, by=by)
