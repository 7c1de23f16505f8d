"""Send what is due: claim, compose and hand over outside any transaction, then mark.

A sender that is killed between the handing over and the mark leaves one message in doubt, the one it held: it is sent
again once after ``rules.LEASE``, with the same Message-ID. So a person gets each message at least once, and one more
copy at most for each time a sender was killed or lost its database at that very moment.
"""

import logging
import time
from datetime import datetime

from parvis.common import clock
from parvis.common.database import action, first_free, lock
from parvis.common.states import move
from parvis.messages import composing, queries, rules
from parvis.messages.actions.queueing import queue
from parvis.messages.carriers import Answer, Round
from parvis.messages.composing import Composed
from parvis.messages.errors import NotDelivered, NothingToSay, UnknownKind
from parvis.messages.models import Message
from parvis.messages.states import MOVES, Channel, Status

logger = logging.getLogger(__name__)


def send_due(limit: int = 50, *, seconds: float = 60.0) -> int:
    """Send the messages that are due, at most so many and for so long; how many left the house.

    Several senders may run at once.
    """
    release_forgotten()
    sent, began = 0, time.monotonic()
    with Round() as carriers:
        for _attempt in range(limit):
            message = claim() if time.monotonic() - began < seconds else None
            if message is None:
                break
            sent += _send(message, carriers)
    return sent


@action()
def claim() -> Message | None:
    """Take the next message that is due; None when there is none that nobody else is taking."""
    now = clock.now()
    message = first_free(queries.due(now))
    if message is not None:
        move(message, Status.SENDING, moves=MOVES, claimed_at=now, attempts=message.attempts + 1)
    return message


@action()
def release_forgotten() -> int:
    """Give back what killed senders held; how many."""
    released = 0
    # The lease is real time, whatever the pace of the clock.
    before = clock.now() - rules.LEASE * max(clock.rate(), 1.0)
    while (message := first_free(queries.forgotten(before))) is not None:
        move(message, Status.QUEUED, moves=MOVES, claimed_at=None, answer="")
        released += 1
    return released


def _send(message: Message, carriers: Round) -> bool:
    words: Composed | None = None
    try:
        words = composing.composed(message)
        answer = carriers.carry(message, words)
    except NothingToSay:
        _drop(message)
    except NotDelivered as error:
        _not_sent(message, error.answer, is_final=error.is_final, is_secret=words is not None and words.is_secret)
    except UnknownKind as error:
        _not_sent(message, f"{type(error).__name__}: {error}", is_final=True)
    except Exception as error:
        # One message that cannot be worded must not keep the others from leaving.
        logger.exception("message %s (%s) cannot be composed", message.pk, message.kind)
        _not_sent(message, type(error).__name__, is_final=False)
    else:
        return _sent(message, words, answer)
    return False


@action()
def _sent(claimed: Message, words: Composed, answer: Answer) -> bool:
    message = _still_ours(claimed)
    if message is None:
        return False
    kept: dict[str, object] = {"subject": words.subject[:300], "body": words.body}
    if words.is_secret and not queries.is_shown_only():
        kept = {"subject": words.subject[:300], "body": "", "facts": {}}
    now = clock.now()
    move(
        message,
        Status.SENT,
        moves=MOVES,
        sent_at=now,
        claimed_at=None,
        reference=answer.reference,
        answer=answer.said[:300],
        **kept,
    )
    return True


@action()
def _not_sent(claimed: Message, answer: str, *, is_final: bool, is_secret: bool = False) -> None:
    message = _still_ours(claimed)
    if message is None:
        return
    now = clock.now()
    pause = None if is_final else rules.pause_after(message.attempts)
    if pause is None:
        facts = {} if is_secret else message.facts
        move(message, Status.FAILED, moves=MOVES, ended_at=now, claimed_at=None, answer=answer[:300], facts=facts)
        try_otherwise(message)
    else:
        move(message, Status.QUEUED, moves=MOVES, due_at=now + pause, claimed_at=None, answer=answer[:300])


@action()
def _drop(claimed: Message) -> None:
    message = _still_ours(claimed)
    if message is not None:
        move(message, Status.CANCELLED, moves=MOVES, ended_at=clock.now(), claimed_at=None)


def _still_ours(claimed: Message) -> Message | None:
    """The message, locked, unless another sender took it after a lease that this one outlived."""
    message = lock(Message, claimed.pk)
    is_ours = message.state == Status.SENDING and message.claimed_at == claimed.claimed_at
    return message if is_ours else None


def try_otherwise(message: Message, *, now: datetime | None = None) -> None:
    """A message that failed for good: tell the person by the next channel it names, unless another one told them.

    Inside the caller's transaction.
    """
    ways = [tuple(way) for way in message.facts.get("otherwise", [])]
    if not ways or queries.told_otherwise(message):
        return
    (channel, to), *rest = ways
    queue(
        message.kind,
        key=f"{message.key}>{Channel(channel)}",
        to=to,
        channel=channel,
        language=message.language,
        facts={**message.facts, "otherwise": rest},
        about=message.about,
        person=message.person,
        due_at=now,
    )
