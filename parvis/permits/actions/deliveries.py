"""A delivery: each card goes to the file that awaits it, or aside until somebody knows; none is lost or doubled."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from parvis.casefiles.actions import moves
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import AWAITING_CARD
from parvis.common import clock, text
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.permits import queries, rules
from parvis.permits.actions.cards import CARD_ONCE, put_in_stock
from parvis.permits.errors import (
    AlreadySetAside,
    AlreadySettled,
    DeliveryClosed,
    FileAwaitsNoCard,
    FileHasCard,
    PermitNumberTaken,
    TextMissing,
)
from parvis.permits.models import Delivery, Permit, SetAside
from parvis.permits.queries.matching import AWAITS_NONE, HAS_CARD
from parvis.permits.states import Source, State

KNOWN = "card_known"
_CONSTRAINTS = {**CARD_ONCE, "set_aside_once": AlreadySetAside}


@action()
def open_delivery(office: Office, *, label: str = "", source: str = Source.SCAN, by: Actor) -> Delivery:
    """Begin to take in the cards that arrived together."""
    now = clock.now()
    delivery = Delivery.objects.create(
        office=office, label=text.clean(label, limit=60), source=Source(source), at=now, agent_id=by.agent_id
    )
    journal.record("delivery.opened", delivery, by=by, at=now, office=office.pk, source=str(delivery.source))
    return delivery


@action(constraints=_CONSTRAINTS)
def scan(
    delivery: Delivery,
    number: str,
    *,
    file_number: str = "",
    foreign_number: str = "",
    name: str = "",
    birth_date: date | None = None,
    place: str = "",
    by: Actor,
) -> Permit | SetAside:
    """Take in one card of a delivery: the card in stock, with its file; or the card set aside, and why.

    The same card scanned twice in one delivery gives the same answer. A card known from elsewhere, a second card for
    one file and a card without a file are set aside. Raises ``PermitNumberMalformed``, ``DeliveryClosed``; when
    another delivery takes the same card at the same instant, ``PermitNumberTaken``: scan it again.
    """
    kept = rules.number(number)
    office = delivery.office
    found = queries.match(
        office, file_number=file_number, foreign_number=foreign_number, name=name, birth_date=birth_date
    )
    file = moves.row(found.case_file.pk) if found.case_file is not None else None
    delivery = lock(Delivery, delivery.pk)
    delivery.office = office
    known = Permit.objects.filter(number=kept).first()
    if known is not None and known.delivery_id == delivery.pk:
        return known
    aside = SetAside.objects.filter(delivery=delivery, number=kept).first()
    if aside is not None and aside.settled_at is not None:
        return aside
    if delivery.closed_at is not None:
        raise DeliveryClosed
    code = KNOWN if known is not None else _why_not(file) if file is not None else found.code
    if not code and file is not None:
        return _take_in(delivery, kept, file, place, by)
    said = {
        "file_number": text.clean(file_number, limit=40),
        "foreign_number": text.clean(foreign_number, limit=40),
        "name": text.clean(name, limit=250),
        "place": text.clean(place, limit=40),
    }
    return aside or put_aside(delivery, kept, code, by=by, birth_date=birth_date, **said)


@action(constraints=_CONSTRAINTS)
def scan_named(delivery: Delivery, cards: Mapping[int, Mapping[str, Any]], *, by: Actor) -> dict[int, Permit]:
    """Take in at once those cards of a list that need no thought; the others are for ``scan``, one by one.

    ``cards`` hold what ``scan`` is told of each, by their place in the list, the numbers as they are kept. Needing no
    thought: a number never seen, and the number of a file that awaits a card and has none. Raises
    ``PermitNumberTaken``, ``FileHasCard`` when another delivery takes one at the same instant: then none is taken.
    """
    office = delivery.office
    named = {place: file.pk for place, file in queries.match_all(office, cards).items()}
    files = moves.rows(set(named.values()))
    delivery = lock(Delivery, delivery.pk)
    delivery.office = office
    if delivery.closed_at is not None:
        return {}
    seen = _seen(office, {cards[place]["number"] for place in named})
    busy = set(
        Permit.objects.filter(case_file__in=files).exclude(state=State.RETURNED).values_list("case_file_id", flat=True)
    )
    taken: dict[int, Permit] = {}
    for place, pk in named.items():
        number = cards[place]["number"]
        if number not in seen and pk not in busy and files[pk].state in AWAITING_CARD:
            seen.add(number)
            busy.add(pk)
            taken[place] = _card(delivery, number, files[pk], cards[place]["place"])
    if taken:
        put_in_stock(list(taken.values()), by)
    return taken


def put_aside(delivery: Delivery, number: str, code: str, *, by: Actor, **said: Any) -> SetAside:
    """Keep a card of a locked delivery until somebody settles it, with what its sender wrote and why it is kept."""
    now = clock.now()
    aside = SetAside.objects.create(delivery=delivery, number=number, code=code, at=now, **said)
    journal.record("permit.set_aside", aside, by=by, at=now, office=delivery.office_id, code=code)
    return aside


@action()
def close_delivery(delivery: Delivery, *, by: Actor) -> Delivery:
    """Say that all cards of a delivery were taken in; those set aside wait on. Closed twice, it is closed once."""
    now = clock.now()
    delivery = lock(Delivery, delivery.pk)
    if delivery.closed_at is not None:
        return delivery
    delivery.closed_at = now
    delivery.save(update_fields=["closed_at"])
    cards, waiting = delivery.permits.count(), delivery.set_aside.filter(settled_at=None).count()
    journal.record(
        "delivery.closed", delivery, by=by, at=now, office=delivery.office_id, cards=cards, set_aside=waiting
    )
    return delivery


@action(constraints=CARD_ONCE)
def settle(set_aside: SetAside, case_file: CaseFile, *, number: str = "", place: str = "", by: Actor) -> Permit:
    """Give a card that was set aside to the file an agent chose; ``number`` corrects one that could not be read.

    Raises ``AlreadySettled``, ``FileHasCard``, ``FileAwaitsNoCard``, ``PermitNumberTaken``, ``PermitNumberMalformed``.
    """
    file = moves.row(case_file.pk)
    # The delivery too: a scan of the same card settles it as well.
    lock(Delivery, set_aside.delivery_id)
    aside = lock(SetAside, set_aside.pk)
    if aside.settled_at is not None:
        raise AlreadySettled
    code = _why_not(file)
    if code:
        raise FileHasCard if code == HAS_CARD else FileAwaitsNoCard
    kept = rules.number(number or aside.number)
    if Permit.objects.filter(number=kept).exists():
        raise PermitNumberTaken
    permit = _take_in(aside.delivery, kept, file, place or aside.place, by)
    _settle(aside, permit, by)
    return permit


@action()
def dismiss(set_aside: SetAside, because: str, *, by: Actor) -> SetAside:
    """Say what became of a card set aside that no file here will have: known already, sent on to another office...

    Raises ``AlreadySettled``, ``TextMissing``.
    """
    now = clock.now()
    why = text.clean(because, limit=200)
    if not why:
        raise TextMissing
    aside = lock(SetAside, set_aside.pk)
    if aside.settled_at is not None:
        raise AlreadySettled
    aside.settled_at, aside.dismissed_because = now, why
    aside.save(update_fields=["settled_at", "dismissed_because"])
    office = aside.delivery.office_id
    # The reason may speak of a person: it stays with the card.
    journal.record("permit.dismissed", aside, by=by, at=now, office=office, code=aside.code)
    return aside


def _seen(office: Office, numbers: set[str]) -> set[str]:
    """Which of these numbers are those of cards that are known, or were set aside in this office."""
    known = Permit.objects.filter(number__in=numbers).values_list("number", flat=True)
    aside = SetAside.objects.filter(delivery__office=office, number__in=numbers).values_list("number", flat=True)
    return {*known, *aside}


def _why_not(file: CaseFile) -> str:
    """Why a locked file cannot take a card; empty when it can."""
    if file.permits.exclude(state=State.RETURNED).exists():
        return HAS_CARD
    return "" if file.state in AWAITING_CARD else AWAITS_NONE


def _take_in(delivery: Delivery, number: str, file: CaseFile, place: str, by: Actor) -> Permit:
    """The card in stock, with its file; wherever the same number had been set aside, that is settled too."""
    permit = _card(delivery, number, file, place)
    put_in_stock([permit], by)
    for aside in SetAside.objects.filter(delivery__office=delivery.office, number=number, settled_at=None):
        _settle(aside, permit, by)
    return permit


def _card(delivery: Delivery, number: str, file: CaseFile, place: str) -> Permit:
    return Permit(
        office=delivery.office,
        number=number,
        person=file.person,
        kind=rules.kind_of_card(file.procedure.code, file.card_months),
        place=text.clean(place, limit=40),
        case_file=file,
        delivery=delivery,
    )


def _settle(aside: SetAside, permit: Permit, by: Actor) -> None:
    now = clock.now()
    if SetAside.objects.filter(pk=aside.pk, settled_at=None).update(settled_at=now, permit=permit):
        journal.record("permit.settled", permit, by=by, at=now, office=permit.office_id, code=aside.code)
