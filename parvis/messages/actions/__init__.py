"""Queue a message, send what is due, learn what became of it."""

from parvis.messages.actions.queueing import Draft, cancel, queue, queue_all

__all__ = ["Draft", "cancel", "queue", "queue_all"]
