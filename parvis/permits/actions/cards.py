"""One card: taken in, put elsewhere, sent back. Its file is locked before it, whoever acts."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from parvis.casefiles.actions import card_steps, moves
from parvis.casefiles.models import CaseFile
from parvis.common import clock, text
from parvis.common.database import action, lock
from parvis.common.states import move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.people.models import Person
from parvis.permits import rules
from parvis.permits.errors import FileHasCard, NotUnclaimed, PermitNumberTaken
from parvis.permits.models import Permit
from parvis.permits.states import MOVES, Returned, State

CARD_ONCE = {"permit_number": PermitNumberTaken, "permit_one_a_file": FileHasCard}


def locked(permit: Permit) -> Permit:
    """The card as it is now, nobody else moving it nor its file: the file first, in the order of the packages.

    The file of a card never changes, so it may be read before the lock.
    """
    file = moves.row(permit.case_file_id) if permit.case_file_id is not None else None
    permit = lock(Permit, permit.pk)
    permit.case_file = file
    return permit


@action(constraints=CARD_ONCE)
def receive(
    office: Office,
    *,
    number: str,
    person: Person,
    kind: str,
    place: str = "",
    case_file: CaseFile | None = None,
    by: Actor,
) -> Permit:
    """Put a card into the stock of an office, at a place where it will be found again.

    With its file, the file is told that its card is there. Raises ``PermitNumberMalformed``, ``PermitNumberTaken``,
    ``FileHasCard``, ``IllegalMove`` for a file that awaits no card.
    """
    file = moves.row(case_file.pk) if case_file is not None else None
    return put_in_stock(Permit(office=office, number=number, person=person, kind=kind, place=place, case_file=file), by)


def put_in_stock(permit: Permit, by: Actor) -> Permit:
    """Write a new card whose file, if it has one, is locked, and tell the file; see ``receive``."""
    now, file = clock.now(), permit.case_file
    permit.number = rules.number(permit.number)
    permit.kind, permit.place = text.clean(permit.kind, limit=40), text.clean(permit.place, limit=40)
    permit.received_at = now
    permit.save(force_insert=True)
    facts = {"file": file.number} if file is not None else {}
    journal.record("permit.received", permit, by=by, at=now, office=permit.office_id, kind=permit.kind, **facts)
    if file is not None:
        card_steps.card_received(file, by=by, now=now)
    return permit


@action()
def move_to(permit: Permit, place: str, *, by: Actor) -> Permit:
    """Put a card that waits at another place. Raises ``AlreadyHandedOver``, ``CardReturned``."""
    now = clock.now()
    permit = lock(Permit, permit.pk)
    rules.check_may_hand_over(permit)
    before, permit.place = permit.place, text.clean(place, limit=40)
    if permit.place != before:
        permit.save(update_fields=["place"])
        journal.record(
            "permit.moved", permit, by=by, at=now, office=permit.office_id, from_place=before, place=permit.place
        )
    return permit


@action()
def send_back(permits: Iterable[Permit], because: str, *, by: Actor) -> list[Permit]:
    """Send cards away: faulty ones to be made again, unclaimed ones to be destroyed; all of them or none.

    A faulty card's file awaits another; an unclaimed card's is closed. Raises ``NotUnclaimed`` for a card that is not
    on the list, ``AlreadyHandedOver``, ``CardReturned``.
    """
    now = clock.now()
    permits = list(permits)
    files = {pk: moves.row(pk) for pk in sorted({one.case_file_id for one in permits if one.case_file_id is not None})}
    return [_send_one(pk, files, Returned(because), by, now) for pk in sorted(permit.pk for permit in permits)]


def _send_one(pk: int, files: Mapping[int, CaseFile], because: Returned, by: Actor, now: datetime) -> Permit:
    permit = lock(Permit, pk)
    rules.check_may_hand_over(permit)
    if because == Returned.UNCLAIMED and permit.unclaimed_on is None:
        raise NotUnclaimed
    move(permit, State.RETURNED, moves=MOVES, returned_at=now, returned_because=because)
    days = (now - permit.received_at).days
    facts = {"kind": permit.kind, "because": str(because), "days_in_stock": days}
    journal.record("permit.returned", permit, by=by, at=now, office=permit.office_id, **facts)
    if permit.case_file_id is not None:
        step = card_steps.card_remade if because == Returned.FAULTY else card_steps.card_destroyed
        step(files[permit.case_file_id], by=by, now=now)
    return permit
