"""How case files word what they tell people: a composer for each kind of message."""

from parvis.casefiles.letters.kinds import KINDS, ways_of_appeal
from parvis.messages.composing import register

__all__ = ["KINDS", "register_all", "ways_of_appeal"]


def register_all() -> None:
    """Give the outbox the words of every kind of message that case files queue."""
    for kind, compose in KINDS.items():
        register(kind, compose)
