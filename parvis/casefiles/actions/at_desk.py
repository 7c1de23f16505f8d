"""What a counter does within a visit, done on the page of a file while its person is elsewhere: on what was read."""

from collections.abc import Mapping
from datetime import date

from parvis.casefiles import queries
from parvis.casefiles.actions import moves
from parvis.casefiles.actions.completeness import Seen, give_slip, tick
from parvis.casefiles.actions.files import deposit
from parvis.casefiles.actions.receipts import issue_receipt
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.states import Channel
from parvis.common.commands import once
from parvis.common.database import action
from parvis.offices.models import Agent
from parvis.people import actions as people
from parvis.people.models import Person
from parvis.procedures.models import Procedure


@action()
def receive(
    procedure: Procedure,
    *,
    person: Person | people.Identity,
    channel: Channel,
    deposited_on: date,
    case: str = "default",
    fee_case: str = "",
    permit_expires_on: date | None = None,
    by: Agent,
    key: str = "",
) -> CaseFile:
    """Open the file that came to the agent's office without its person, on the day it came: the person and the file,
    or nothing. Somebody unknown is registered first. The same ``key`` gives the same file.

    Raises what ``people.actions.register`` and ``deposit`` raise.
    """

    def do() -> CaseFile:
        holder = person if isinstance(person, Person) else people.register(by=by, **person)
        return deposit(
            by.office,
            person=holder,
            procedure=procedure,
            case=case,
            fee_case=fee_case,
            permit_expires_on=permit_expires_on,
            channel=channel,
            deposited_on=deposited_on,
            by=by,
        )

    who = person.pk if isinstance(person, Person) else dict(person)
    content: dict[str, object] = {
        "receive": procedure.code,
        "person": who,
        "channel": channel,
        "on": deposited_on,
        "case": case,
    }
    content |= {"fee_case": fee_case, "until": permit_expires_on}
    return once(key, content, do, keep=lambda made: made.pk, again=_file)


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


def _file(pk: int) -> CaseFile:
    return queries.case_file(pk) or CaseFile.objects.get(pk=pk)
