"""Who words a message: each package registers a composer for its kinds when it is loaded.

A composer runs when the message is about to leave, in the language of its person and outside any transaction: it
reads the present state by the keys in ``facts`` and raises ``NothingToSay`` when that makes the message pointless.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from parvis.messages.errors import UnknownKind
from parvis.messages.models import Message


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Composed:
    """A message in words. An SMS and the trace of a letter say ``body``; only an e-mail carries attachments.

    ``attach`` makes them when they are wanted. ``is_secret``: nothing of it is kept after the sending. ``paper`` is a
    letter ready to be printed.
    """

    subject: str
    body: str
    attach: Callable[[], tuple[Attachment, ...]] = tuple
    is_secret: bool = False
    paper: bytes = b""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that go with it, made anew each time."""
        return self.attach()


Compose = Callable[[Mapping[str, Any], str], Composed]
_composers: dict[str, Compose] = {}


def register(kind: str, compose: Compose) -> None:
    """Have ``compose(facts, channel)`` word the messages of this kind. Raises ``ValueError`` when another one does."""
    if _composers.get(kind, compose) is not compose:
        raise ValueError(kind)
    _composers[kind] = compose


def kinds() -> list[str]:
    """Every kind that somebody words."""
    return sorted(_composers)


def composed(message: Message) -> Composed:
    """A message in the words of its person's language. Raises ``NothingToSay``, ``UnknownKind``."""
    compose = _composers.get(message.kind)
    if compose is None:
        raise UnknownKind(message.kind)
    with translation.override(message.language):
        return compose(message.facts, message.channel)
