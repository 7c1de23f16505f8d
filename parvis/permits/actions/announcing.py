"""The person is told that the card is there; what it costs is fixed then; and what nobody comes for is listed."""

from collections.abc import Iterable
from datetime import datetime

from parvis.casefiles.actions import card_steps
from parvis.casefiles.states import State as FileState
from parvis.common import clock
from parvis.common.database import action
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM, Actor
from parvis.permits import queries, rules
from parvis.permits.actions.cards import locked, locked_all
from parvis.permits.models import Permit
from parvis.permits.states import State

AT_ONCE = 500


@action()
def announce(permit: Permit, *, by: Actor, now: datetime | None = None) -> Permit:
    """Note that the person of a card is told, and fix the exact amount of the stamp as the fee table has it today.

    The amount stays empty when only a range is known. Once announced, nothing changes. Called by what sends the
    message, in its transaction. Raises ``AlreadyHandedOver``, ``CardReturned``.
    """
    permit = locked(permit)
    rules.check_may_hand_over(permit)
    _announced([permit], by=by, now=now or clock.now())
    return permit


@action()
def announce_all(permits: Iterable[Permit], *, by: Actor, now: datetime | None = None) -> list[Permit]:
    """The same for many cards of one office; those that are in stock, with their persons. Others are passed over."""
    cards = [card for card in locked_all(permits) if card.state == State.IN_STOCK]
    _announced(cards, by=by, now=now or clock.now())
    return cards


def _announced(cards: Iterable[Permit], *, by: Actor, now: datetime) -> None:
    fresh = [card for card in cards if card.announced_at is None]
    if not fresh:
        return
    amounts = queries.amounts_due(fresh, clock.office_day(now))
    for card, due in zip(fresh, amounts, strict=True):
        card.stamp_eur, card.announced_at = due.eur, now
    for eur in {card.stamp_eur for card in fresh}:
        same = [card.pk for card in fresh if card.stamp_eur == eur]
        Permit.objects.filter(pk__in=same).update(stamp_eur=eur, announced_at=now)
    told = [
        (card, {"kind": card.kind, "stamp_eur": card.stamp_eur, "days_in_stock": (now - card.received_at).days})
        for card in fresh
    ]
    journal.record_all("permit.announced", told, by=by, at=now, office=fresh[0].office_id)
    files = [card.case_file for card in fresh if card.case_file is not None]
    card_steps.cards_announced([file for file in files if file.state == FileState.RECEIVED], by=by, now=now)


@action()
def note_reminder(permit: Permit, *, by: Actor) -> bool:
    """Count a reminder that is due now; False when it is not, or when somebody else just counted it.

    Called by what sends the reminder, in its transaction.
    """
    now = clock.now()
    permit = locked(permit)
    if not queries.to_remind(now).filter(pk=permit.pk).exists():
        return False
    permit.reminders += 1
    permit.reminded_at = now
    permit.save(update_fields=["reminders", "reminded_at"])
    journal.record("permit.reminded", permit, by=by, at=now, office=permit.office_id, rank=permit.reminders)
    return True


@action()
def mark_unclaimed(permit: Permit, *, by: Actor) -> bool:
    """Put a card on the list of those nobody came for; it waits still. False when it is not late, or listed already."""
    now = clock.now()
    permit = locked(permit)
    if not queries.to_list_as_unclaimed(now).filter(pk=permit.pk).exists():
        return False
    permit.unclaimed_on = clock.office_day(now)
    permit.save(update_fields=["unclaimed_on"])
    days = (now - permit.received_at).days
    journal.record("permit.unclaimed", permit, by=by, at=now, office=permit.office_id, days_in_stock=days)
    if permit.case_file is not None and permit.case_file.state in {FileState.RECEIVED, FileState.ANNOUNCED}:
        card_steps.card_unclaimed(permit.case_file, by=by, now=now)
    return True


def mark_unclaimed_due() -> int:
    """Put every late card on the list, each on its own; how many. Several workers share the work."""
    return sum(mark_unclaimed(permit, by=SYSTEM) for permit in queries.to_list_as_unclaimed(clock.now())[:AT_ONCE])
