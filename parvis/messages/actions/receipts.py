"""What became of a message, and sending it again."""

from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action, lock
from parvis.common.states import move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.messages import queries
from parvis.messages.actions.queueing import queue
from parvis.messages.actions.sending import try_otherwise
from parvis.messages.errors import CannotSendAgain, NotALetter
from parvis.messages.models import Message
from parvis.messages.states import MOVES, Channel, Status


@action()
def receipt(reference: str, *, delivered: bool, answer: str = "") -> bool:
    """Note that a message arrived, or did not; whether this changed anything.

    A receipt that comes twice, late, or for a message nobody knows changes nothing.
    """
    found = queries.by_reference(reference)
    message = lock(Message, found.pk) if found else None
    if message is None or message.state != Status.SENT:
        return False
    now = clock.now()
    move(
        message,
        Status.DELIVERED if delivered else Status.FAILED,
        moves=MOVES,
        ended_at=now,
        answer=answer[:300],
    )
    if not delivered:
        try_otherwise(message)
    return True


@action()
def resend(message: Message, *, by: Actor, key: str = "") -> Message:
    """Send a message again, as a message of its own; the same form sent twice sends it once.

    Raises ``CannotSendAgain`` for a code and for what was taken back, ``KeyReused``.
    """
    pk = once(f"resend:{key}" if key else "", {"message": message.pk}, lambda: _resend(message, by=by))
    return Message.objects.get(pk=pk)


@action()
def printed(message: Message, *, by: Actor) -> Message:
    """Note that a letter was printed and posted, or handed over. Raises ``NotALetter``; twice changes nothing."""
    now = clock.now()
    message = lock(Message, message.pk)
    if message.channel != Channel.LETTER:
        raise NotALetter
    if message.state == Status.QUEUED:
        move(message, Status.SENDING, moves=MOVES, claimed_at=now, attempts=message.attempts + 1)
        move(message, Status.SENT, moves=MOVES, claimed_at=None, sent_at=now)
        journal.record("message.printed", message, by=by, at=now, office=None, kind=message.kind)
    return message


def _resend(message: Message, *, by: Actor) -> int:
    now = clock.now()
    message = lock(Message, message.pk)
    if message.state == Status.CANCELLED or not message.facts:
        raise CannotSendAgain
    if message.state in {Status.QUEUED, Status.SENDING}:
        return message.pk  # it is about to leave
    if message.state == Status.FAILED:
        move(message, Status.QUEUED, moves=MOVES, attempts=0, due_at=now, ended_at=None, sent_at=None)
        again = message
    else:
        again = _copy(message)
    journal.record("message.resent", message, by=by, at=now, office=None, kind=message.kind, channel=message.channel)
    return again.pk


def _copy(message: Message) -> Message:
    stem = message.key.split("#", 1)[0]
    key = f"{stem}#{Message.objects.filter(key__startswith=f'{stem}#').count() + 2}"
    queue(
        message.kind,
        key=key,
        to=message.recipient,
        channel=message.channel,
        language=message.language,
        facts=message.facts,
        about=message.about,
        person=message.person,
    )
    return Message.objects.get(key=key)
