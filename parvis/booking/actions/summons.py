"""The card is there: its person is told, and a personal link lets them choose when to come for it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime

from parvis.booking import queries, rules
from parvis.booking.actions import contacts
from parvis.booking.actions.booking import book
from parvis.booking.actions.changing import cancel
from parvis.booking.actions.guards import digest
from parvis.booking.errors import ContactMissing, SummonsOld, TooLateToChange
from parvis.booking.models import Appointment, BookedProcedure
from parvis.booking.rules import Attendee, Contact, Wish
from parvis.booking.states import CancelReason, Channel
from parvis.common import clock
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import PHONE, SYSTEM, Actor
from parvis.messages import actions as messages
from parvis.messages.actions import Draft
from parvis.messages.models import Message
from parvis.messages.states import Channel as Way
from parvis.permits import actions as permits
from parvis.permits import links
from parvis.permits import queries as stock
from parvis.permits.errors import AlreadyHandedOver, CardReturned
from parvis.permits.models import Permit
from parvis.permits.rules import HANDOVER
from parvis.permits.states import State
from parvis.procedures import queries as catalogue

SUMMONS = "booking.summons"
AT_ONCE = 500
TOGETHER = 100  # cards locked together: a counter waits for one of them a fraction of a second


def link(permit: Permit) -> str:
    """What a personal address carries: it stands for one card, and serves as long as the card waits."""
    return links.token_of(permit)


def card_of(token: str) -> Permit:
    """The card of a personal link. Raises ``SummonsOld`` for a link that is none of ours, or for a card that left."""
    found = links.card_of(token)
    if found is None or found.state != State.IN_STOCK:
        raise SummonsOld
    return found


@action()
def summon(permit: Permit, *, by: Actor, again: bool = False) -> bool:
    """Tell the person of a card that it is there, with their personal link; whether something was sent.

    The card is announced then: the amount of its stamp is fixed, and its file moves. Once a card, and with ``again``
    once more a day at most. By letter when there is neither e-mail nor phone. Raises ``AlreadyHandedOver``,
    ``CardReturned``.
    """
    now = clock.now()
    return _tell([permits.announce(permit, by=by, now=now)], by, now, again=again) > 0


@action()
def summon_all(cards: Iterable[Permit], *, by: Actor) -> int:
    """The same for many cards of one office, in one transaction; how many persons were told."""
    now = clock.now()
    return _tell(permits.announce_all(cards, by=by, now=now), by, now)


def summon_due() -> int:
    """Tell everybody whose card has arrived and who was not told; how many. Several workers share the work."""
    by_office: dict[int, list[Permit]] = defaultdict(list)
    for card in stock.to_announce()[:AT_ONCE]:
        by_office[card.office_id].append(card)
    return sum(
        summon_all(cards[first : first + TOGETHER], by=SYSTEM)
        for cards in by_office.values()
        for first in range(0, len(cards), TOGETHER)
    )


@action()
def remind_of_card(permit: Permit, *, by: Actor) -> bool:
    """Tell the person of an announced card once more when that is due; whether something was sent."""
    now = clock.now()
    if not permits.note_reminder(permit, by=by):
        return False
    permit = Permit.objects.select_related("person").get(pk=permit.pk)
    messages.queue_all(_drafts(permit, f":reminder:{permit.reminders}", reminder=permit.reminders), now=now)
    return True


def remind_of_cards() -> int:
    """Remind everybody whose card has waited as long as their office says, unless they have an hour; how many."""
    due = stock.to_remind(clock.now()).filter(~queries.has_an_hour())
    return _all(due[:AT_ONCE], lambda card: remind_of_card(card, by=SYSTEM))


@action()
def send_cards_back(cards: Iterable[Permit], because: str, *, by: Actor) -> list[Permit]:
    """Send cards back, and cancel the hours that had been taken to fetch them: nobody comes for a card that is gone.

    Raises what ``permits.actions.send_back`` raises. An hour that has begun is left as it is.
    """
    sent = permits.send_back(cards, because, by=by)
    booked = BookedProcedure.objects.select_related("appointment").filter(permit__in=sent, is_live=True)
    for one in booked.order_by("appointment_id", "pk"):
        with suppress(TooLateToChange):
            cancel(one.appointment, reason=CancelReason.SEAT_WITHDRAWN, by=by)
    return sent


def _all(cards: Iterable[Permit], tell: Callable[[Permit], bool]) -> int:
    """How many were told: a card that left meanwhile needs no word, and keeps nobody else from theirs."""
    told = 0
    for card in cards:
        with suppress(AlreadyHandedOver, CardReturned):
            told += tell(card)
    return told


def _tell(cards: Sequence[Permit], by: Actor, now: datetime, *, again: bool = False) -> int:
    """Queue the summons of announced cards, those already sent only ``again``; how many."""
    about = [] if again else [_about(card) for card in cards]
    sent = set(Message.objects.filter(about__in=about, kind=SUMMONS).values_list("about", flat=True))
    fresh = [card for card in cards if _about(card) not in sent]
    if not fresh:
        return 0
    suffix = f":{clock.office_day(now).isoformat()}" if again else ""
    drafts = {card: _drafts(card, suffix) for card in fresh}
    messages.queue_all([draft for one in drafts.values() for draft in one], now=now)
    told = [(card, {"ways": [str(draft.channel) for draft in one], "again": again}) for card, one in drafts.items()]
    journal.record_all("permit.summoned", told, by=by, at=now, office=fresh[0].office_id)
    return len(fresh)


def _drafts(permit: Permit, suffix: str, **facts: int) -> list[Draft]:
    """The summons by every way the office knows."""
    person = permit.person
    ways = [(Way.EMAIL, person.email), (Way.SMS, person.phone)]
    known = [(way, to) for way, to in ways if to] or [(Way.LETTER, permit.number)]
    told = {"office": permit.office_id, "permit": permit.pk, "token": link(permit), **facts}
    return [
        Draft(
            key=f"{SUMMONS}:{permit.pk}:{way}{suffix}",
            kind=SUMMONS,
            to=to,
            channel=way,
            language=person.language,
            facts={**told, "otherwise": [[Way.LETTER.value, permit.number]]},
            about=_about(permit),
            person_id=person.pk,
        )
        for way, to in known
    ]


@action()
def book_handover(
    permit: Permit,
    slot_id: int,
    *,
    contact: Contact | None = None,
    birth_date: date | None = None,
    by: Actor = PHONE,
    key: str = "",
) -> Appointment:
    """Choose when to come for a card: whoever holds the personal link is its person, nothing has to be proved again.

    The card is locked first: it cannot be handed over or booked twice meanwhile. ``contact`` and ``birth_date`` serve
    when the office knows none. Raises ``CardNotInStock``, ``AlreadyBooked``, ``ContactMissing``, ``SlotFull``,
    ``SlotGone``, ``IdentityMissing`` and what ``book`` raises.
    """
    permit = lock(Permit, permit.pk)
    handover = catalogue.by_code(HANDOVER)
    rules.check_card(handover, permit)
    person = permit.person
    known = Contact(email=person.email, phone=person.phone, language=person.language)
    used = known if known.email or known.phone else rules.checked_contact(contact or known)
    if not (used.email or used.phone):
        raise ContactMissing
    attendee = Attendee(
        family_name=person.family_name,
        given_name=person.given_name,
        birth_date=person.birth_date or birth_date,
        foreign_number=person.foreign_number,
        procedure=handover,
        permit=permit,
    )
    return book(
        wish_for(permit),
        slot_id,
        attendees=[attendee],
        contact=used,
        proof=contacts.proof_for(digest(used.email or used.phone)),
        by=by,
        key=key,
    )


def wish_for(permit: Permit, channel: Channel = Channel.WEB) -> Wish:
    """One person who comes for this card."""
    handover = catalogue.by_code(HANDOVER)
    return Wish(office=permit.office, procedures=(handover,), channel=channel, permit=permit)


def _about(permit: Permit) -> str:
    return f"{permit._meta.label_lower}:{permit.pk}"
