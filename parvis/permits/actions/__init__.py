"""Every write about cards: received, announced, handed over, sent back."""

from parvis.permits.actions.announcing import announce, announce_all, mark_unclaimed, mark_unclaimed_due, note_reminder
from parvis.permits.actions.cards import locked, move_to, receive, send_back
from parvis.permits.actions.deliveries import close_delivery, dismiss, open_delivery, scan, settle
from parvis.permits.actions.handing import fail_handover, hand_over
from parvis.permits.actions.lists import DeliveryReport, read_csv
from parvis.permits.actions.policies import change_policy

__all__ = [
    "DeliveryReport",
    "announce",
    "announce_all",
    "change_policy",
    "close_delivery",
    "dismiss",
    "fail_handover",
    "hand_over",
    "locked",
    "mark_unclaimed",
    "mark_unclaimed_due",
    "move_to",
    "note_reminder",
    "open_delivery",
    "read_csv",
    "receive",
    "scan",
    "send_back",
    "settle",
]
