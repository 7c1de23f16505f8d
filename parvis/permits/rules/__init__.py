"""What a card's number may be, what its handover asks, and how long it waits. Pure functions."""

from parvis.permits.rules.checklist import (
    HANDOVER,
    OF_SOME_CARDS,
    OLD,
    Check,
    advised,
    as_money,
    checklist,
    kind_of_card,
    missing,
)
from parvis.permits.rules.delays import REMIND_AFTER_DAYS, UNCLAIMED_AFTER_DAYS, is_unclaimed, reminder_due
from parvis.permits.rules.handing import check_may_hand_over, check_signature, check_stamps, stamp_number
from parvis.permits.rules.numbers import number

__all__ = [
    "HANDOVER",
    "OF_SOME_CARDS",
    "OLD",
    "REMIND_AFTER_DAYS",
    "UNCLAIMED_AFTER_DAYS",
    "Check",
    "advised",
    "as_money",
    "check_may_hand_over",
    "check_signature",
    "check_stamps",
    "checklist",
    "is_unclaimed",
    "kind_of_card",
    "missing",
    "number",
    "reminder_due",
    "stamp_number",
]
