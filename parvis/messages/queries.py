"""Read the outbox."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from parvis.messages.models import Message
from parvis.messages.states import Channel, Status
from parvis.offices.models import Office


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


def of_office(office: Office) -> QuerySet[Message]:
    """The messages of an office, and those that belong to none."""
    unnamed = ~Q(facts__has_key="office")
    return Message.objects.filter(Q(facts__office=office.pk) | Q(facts__office=office.code) | unnamed)


def calm(office: Office) -> QuerySet[Message]:
    """The messages of an office that ask nothing of anybody: neither failed nor to be printed."""
    to_print = Q(channel=Channel.LETTER, state=Status.QUEUED)
    return of_office(office).exclude(state=Status.FAILED).exclude(to_print)


def failed() -> QuerySet[Message]:
    """What did not arrive, the newest first."""
    return Message.objects.filter(state=Status.FAILED).order_by("-id")


def to_or_about(found: QuerySet[Message], recipient: str, about: str) -> QuerySet[Message]:
    """Those sent to an address or a phone, whatever its case and spaces, or about a thing."""
    to = "".join(recipient.split())
    return found.filter(Q(recipient__iexact=to) | (Q(about=about) if about else Q(pk__in=[])))


def stuck(now: datetime) -> int:
    """How many messages wait for more than ten minutes: the sender does not run, or a channel is not connected."""
    old = now - timedelta(minutes=10)
    return Message.objects.filter(state=Status.QUEUED, due_at__lt=old).exclude(channel=Channel.LETTER).count()


def refused() -> QuerySet[Message]:
    """What a server or a gateway did not take and will be tried again, the last tried first: its answer says why."""
    tried = Message.objects.filter(state=Status.QUEUED, attempts__gt=0).exclude(channel=Channel.LETTER)
    return tried.exclude(answer="").order_by("-due_at", "-id")
