"""Read the outbox."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, IntegerField, QuerySet, Value, When

from parvis.messages.models import Message
from parvis.messages.states import Channel, Status

# The first thing somebody opens the outbox for.
_FIRST = (Status.FAILED, Status.SENDING, Status.QUEUED)


def sending_channels() -> list[str]:
    """The channels this installation can send by: those of a letter are the agents' hands.

    The demonstration sends to nobody: what it would send is shown on the outbox page.
    """
    return [channel for channel in (Channel.EMAIL, Channel.SMS) if is_connected(channel) or settings.DEMO]


def is_connected(channel: str) -> bool:
    """Whether a mail server or an SMS gateway was named for this channel."""
    return bool({Channel.EMAIL: settings.MAIL_CONNECTED, Channel.SMS: settings.SMS_URL}.get(Channel(channel), ""))


def is_shown_only() -> bool:
    """Whether this is a demonstration without a mail server: messages are read on the outbox page, codes included."""
    return bool(settings.DEMO) and not is_connected(Channel.EMAIL) and not is_connected(Channel.SMS)


def due(now: datetime) -> QuerySet[Message]:
    """What may be sent now, the oldest first."""
    channels = sending_channels()
    return Message.objects.filter(state=Status.QUEUED, due_at__lte=now, channel__in=channels).order_by("due_at", "id")


def forgotten(before: datetime) -> QuerySet[Message]:
    """What a sender claimed before this instant and never finished: it was killed."""
    return Message.objects.filter(state=Status.SENDING, claimed_at__lt=before).order_by("claimed_at", "id")


def by_reference(reference: str) -> Message | None:
    """The message a server or a gateway speaks of; the newest when it was sent again."""
    return Message.objects.filter(reference=reference).order_by("-id").first() if reference else None


def letters_to_print(now: datetime) -> QuerySet[Message]:
    """The letters nobody printed yet, the oldest first."""
    return Message.objects.filter(channel=Channel.LETTER, state=Status.QUEUED, due_at__lte=now).order_by("id")


def told_otherwise(message: Message) -> bool:
    """Whether the same thing was told, or is about to be, to the same person by another channel."""
    alive = [Status.QUEUED, Status.SENDING, Status.SENT, Status.DELIVERED]
    others = Message.objects.filter(about=message.about, kind=message.kind, state__in=alive).exclude(about="")
    return others.exclude(pk=message.pk).exclude(facts__has_key="to_booker").exists()


def outbox(*, state: str = "", kind: str = "", about: str = "", to: str = "") -> QuerySet[Message]:
    """The messages that match, what did not arrive first, then the newest."""
    found = Message.objects.all()
    for name, value in {"state": state, "kind": kind, "about": about, "recipient__iexact": to}.items():
        if value:
            found = found.filter(**{name: value})
    whens = [When(state=first, then=Value(rank)) for rank, first in enumerate(_FIRST)]
    rank = Case(*whens, default=Value(len(_FIRST)), output_field=IntegerField())
    return found.annotate(rank=rank).order_by("rank", "-id")


def stuck(now: datetime) -> int:
    """How many messages wait for more than ten minutes: the sender does not run, or a channel is not connected."""
    old = now - timedelta(minutes=10)
    return Message.objects.filter(state=Status.QUEUED, due_at__lt=old).exclude(channel=Channel.LETTER).count()
