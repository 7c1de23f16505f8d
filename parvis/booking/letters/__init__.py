"""How booking words what it tells people: a composer for each kind of message."""

from parvis.booking.letters.appointments import APPOINTMENTS
from parvis.booking.letters.others import OTHERS
from parvis.booking.letters.requests import REQUESTS
from parvis.messages.composing import register


def register_all() -> None:
    """Give the outbox the words of every kind of message that booking queues."""
    for kind, compose in {**APPOINTMENTS, **REQUESTS, **OTHERS}.items():
        register(kind, compose)
