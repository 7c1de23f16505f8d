"""Queue a message, send what is due, learn what became of it."""

from parvis.messages.actions.queueing import Draft, cancel, queue, queue_all
from parvis.messages.actions.receipts import printed, receipt, resend
from parvis.messages.actions.sending import claim, release_forgotten, send_due

__all__ = [
    "Draft",
    "cancel",
    "claim",
    "printed",
    "queue",
    "queue_all",
    "receipt",
    "release_forgotten",
    "resend",
    "send_due",
]
