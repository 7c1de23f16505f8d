"""The person is told that the card is there; what it costs is fixed then; and what nobody comes for is listed."""

from datetime import datetime

from parvis.casefiles.actions import card_steps
from parvis.casefiles.states import State as FileState
from parvis.common import clock
from parvis.common.database import action
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM, Actor
from parvis.permits import queries, rules
from parvis.permits.actions.cards import locked
from parvis.permits.models import Permit

AT_ONCE = 500


@action()
def announce(permit: Permit, *, by: Actor, now: datetime | None = None) -> Permit:
    """Note that the person of a card is told, and fix the exact amount of the stamp as the fee table has it today.

    The amount stays empty when only a range is known. Once announced, nothing changes. Called by what sends the
    message, in its transaction. Raises ``AlreadyHandedOver``, ``CardReturned``.
    """
    now = now or clock.now()
    permit = locked(permit)
    rules.check_may_hand_over(permit)
    if permit.announced_at is not None:
        return permit
    permit.stamp_eur = queries.amount_due(permit, clock.office_day(now)).eur
    permit.announced_at = now
    permit.save(update_fields=["stamp_eur", "announced_at"])
    facts = {"kind": permit.kind, "stamp_eur": permit.stamp_eur, "days_in_stock": (now - permit.received_at).days}
    journal.record("permit.announced", permit, by=by, at=now, office=permit.office_id, **facts)
    if permit.case_file is not None and permit.case_file.state in {FileState.RECEIVED, FileState.UNCLAIMED}:
        card_steps.card_announced(permit.case_file, by=by, now=now)
    return permit


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
