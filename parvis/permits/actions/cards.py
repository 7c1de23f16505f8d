"""One card: taken in, put elsewhere, sent back. Its file is locked before it, whoever acts."""

from collections.abc import Iterable, Mapping, Sequence
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


def locked_all(permits: Iterable[Permit]) -> list[Permit]:
    """The same for many, with their persons: all the files first, each kind in the order of its keys."""
    wanted = list(permits)
    files = moves.rows({permit.case_file_id for permit in wanted if permit.case_file_id is not None})
    found = Permit.objects.select_related("person").filter(pk__in=[permit.pk for permit in wanted]).order_by("pk")
    cards = list(found.select_for_update(of=("self",), no_key=True))
    for card in cards:
        card.case_file = files.get(card.case_file_id or 0)
    return cards


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
    permit = Permit(
        office=office,
        number=rules.number(number),
        person=person,
        kind=text.clean(kind, limit=40),
        place=text.clean(place, limit=40),
        case_file=file,
    )
    put_in_stock([permit], by)
    return permit


def put_in_stock(cards: Sequence[Permit], by: Actor) -> None:
    """Write new cards of one office whose files, where they have one, are locked, and tell the files."""
    now = clock.now()
    for card in cards:
        card.received_at = now
    Permit.objects.bulk_create(cards)
    told = [
        (card, {"kind": card.kind} | ({"file": card.case_file.number} if card.case_file is not None else {}))
        for card in cards
    ]
    journal.record_all("permit.received", told, by=by, at=now, office=cards[0].office_id)
    card_steps.cards_received([card.case_file for card in cards if card.case_file is not None], by=by, now=now)


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
