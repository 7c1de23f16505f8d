"""The personal link of a card: what it carries stands for one card, and serves as long as that card waits."""

from datetime import datetime

from django.core import signing

from parvis.permits.models import Permit

_SALT = "parvis.booking.summons"


def token_of(permit: Permit) -> str:
    """What the personal address of a card carries."""
    return signing.Signer(salt=_SALT).sign_object([permit.pk, permit.received_at.timestamp()])


def card_of(token: str) -> Permit | None:
    """The card of a personal link, wherever it is now; None for a link that is none of ours."""
    try:
        pk, received = signing.Signer(salt=_SALT).unsign_object(token[:300])
    except (signing.BadSignature, ValueError):
        return None
    found = Permit.objects.select_related("office", "person").filter(pk=pk).first()
    return found if found is not None and _same(found.received_at, received) else None


def _same(received_at: datetime, said: float) -> bool:
    return received_at.timestamp() == said
