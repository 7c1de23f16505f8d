"""What a card's number may be, and whether it may leave. Pure functions."""

import re

from parvis.common import text
from parvis.permits.errors import AlreadyHandedOver, PermitNumberMalformed
from parvis.permits.models import Permit
from parvis.permits.states import State


def number(typed: str) -> str:
    """A card's number as it is kept: capitals, no spaces. Raises ``PermitNumberMalformed``; nothing is cut."""
    kept = "".join(text.clean(typed, limit=60).upper().split())
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{2,19}", kept):
        raise PermitNumberMalformed
    return kept


def check_may_hand_over(permit: Permit) -> None:
    """Raise ``AlreadyHandedOver`` unless the card is still in stock."""
    if permit.state != State.IN_STOCK:
        raise AlreadyHandedOver
