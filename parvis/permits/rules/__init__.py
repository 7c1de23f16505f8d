"""What a card's number may be, what its handover asks, and how long it waits. Pure functions."""

from parvis.permits.rules.checklist import (
    HANDOVER,
    OF_SOME_CARDS,
    OLD,
    Check,
    advised,
    checklist,
    kind_of_card,
    missing,
)
from parvis.permits.rules.delays import BOUNDS, check_policy
from parvis.permits.rules.handing import check_may_hand_over, check_signature, check_stamps, stamp_number
from parvis.permits.rules.money import as_money
from parvis.permits.rules.numbers import number

__all__ = [
    "BOUNDS",
    "HANDOVER",
    "OF_SOME_CARDS",
    "OLD",
    "Check",
    "advised",
    "as_money",
    "check_may_hand_over",
    "check_policy",
    "check_signature",
    "check_stamps",
    "checklist",
    "kind_of_card",
    "missing",
    "number",
    "stamp_number",
]
