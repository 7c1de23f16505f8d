"""How a card's number is written."""

import re

from parvis.common import text
from parvis.permits.errors import PermitNumberMalformed


def number(typed: str) -> str:
    """A card's number as it is kept: capitals, no spaces. Raises ``PermitNumberMalformed``; nothing is cut."""
    kept = "".join(text.clean(typed, limit=60).upper().split())
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{2,19}", kept):
        raise PermitNumberMalformed
    return kept
