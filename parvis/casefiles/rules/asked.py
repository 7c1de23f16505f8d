"""Which documents a file asks by what it says itself: how it came, and whether a permit was held."""

from datetime import date
from typing import Protocol

from parvis.casefiles.states import Channel
from parvis.procedures.rules import RENEWAL_CASE, own_and_charge

# At a digital point one files on line, with help.
_ONLINE = frozenset({Channel.WEB, Channel.DIGITAL_POINT})
_BY_CHANNEL = {"if_online_filing": True, "if_paper_filing": False}
_BY_PERMIT = {"if_renewal": True, "if_first_permit": False}


class Filed(Protocol):
    """What a file says of itself."""

    channel: str
    fee_case: str
    permit_expires_on: date | None


def is_asked(condition: str, file: Filed) -> bool | None:
    """Whether a document of this condition is asked for a file; None where only the person's own case tells."""
    if condition in _BY_CHANNEL:
        return (file.channel in _ONLINE) == _BY_CHANNEL[condition]
    if condition in _BY_PERMIT and (renews := _renews(file)) is not None:
        return renews == _BY_PERMIT[condition]
    return None


def _renews(file: Filed) -> bool | None:
    """Whether a permit is renewed: by the date on it, else by the fee; None where neither tells."""
    own, _charge = own_and_charge(file.fee_case)
    if file.permit_expires_on is not None or own == RENEWAL_CASE:
        return True
    return False if own.startswith("first") else None
