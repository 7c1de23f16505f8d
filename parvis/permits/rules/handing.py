"""Whether a card may leave, and with which stamps."""

import re
from collections.abc import Iterable

from parvis.common import text
from parvis.permits.errors import (
    AlreadyHandedOver,
    CardReturned,
    SignatureMalformed,
    StampAmountWrong,
    StampMalformed,
    StampUsed,
)
from parvis.permits.models import Permit
from parvis.permits.rules.money import as_money
from parvis.permits.states import Notice, State
from parvis.procedures.rules import Amount

Stamps = tuple[tuple[str, int], ...]
MOST_STAMPS = 6
LONGEST_SIGNATURE = 20_000


def check_may_hand_over(permit: Permit) -> None:
    """Raise ``AlreadyHandedOver``, or ``CardReturned``, unless the card is still in stock."""
    if permit.state == State.RETURNED:
        raise CardReturned
    if permit.state != State.IN_STOCK:
        raise AlreadyHandedOver


def stamp_number(typed: str) -> str:
    """A stamp's number as it is kept: letters and digits alone. Raises ``StampMalformed``.

    An electronic stamp has sixteen digits (source V20 F33071); a paper one of 2017 carried its own number.
    """
    kept = re.sub(r"[\s.\-]", "", text.clean(typed, limit=60).upper())
    if not re.fullmatch(r"[A-Z0-9]{6,32}", kept):
        raise StampMalformed
    return kept


def check_stamps(stamps: Iterable[tuple[str, int]], due: Amount) -> Stamps:
    """The stamps as they are kept, when together they make what is due (L311-13; source C17; V20 F33071).

    The exact amount, neither less nor more; where only the range of the law is known, a sum within it; where nothing
    is known, any. Raises ``StampMalformed``, ``StampUsed`` for one number twice, ``StampAmountWrong``.
    """
    kept = tuple((stamp_number(number), eur) for number, eur in stamps)
    if len(kept) > MOST_STAMPS or any(not 1 <= eur <= 999 for _number, eur in kept):
        raise StampMalformed
    if len({number for number, _eur in kept}) < len(kept):
        raise StampUsed
    total = sum(eur for _number, eur in kept)
    exact = due.eur is None or total == due.eur
    low = due.eur_min is None or total >= due.eur_min
    high = due.eur_max is None or total <= due.eur_max
    if kept and not (exact and low and high):
        raise StampAmountWrong(given=total, due=as_money(due))
    return kept


def check_signature(notice: str, signature: str) -> str:
    """The strokes of a notice signed on screen, as the path that draws them. Raises ``SignatureMalformed``."""
    if notice not in {"", *Notice.values}:
        raise SignatureMalformed
    if notice != Notice.SCREEN:
        return ""
    if len(signature) > LONGEST_SIGNATURE or not re.fullmatch(r"M[MLQ0-9 .,\-]{8,}", signature):
        raise SignatureMalformed
    return signature
