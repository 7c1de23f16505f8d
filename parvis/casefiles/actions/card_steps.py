"""What the card does to its file: called by what moves the card, in its transaction, with the file it locked first."""

from datetime import datetime

from parvis.casefiles.actions import moves
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import Closing, State
from parvis.journal.actions import Actor


def card_received(file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """The card of a file came in. Raises ``IllegalMove`` unless one is awaited."""
    return moves.become(file, State.RECEIVED, by=by, now=now)


def card_announced(file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """The person is told that the card is there; an unclaimed one may be announced again."""
    return moves.become(file, State.ANNOUNCED, by=by, now=now)


def card_unclaimed(file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """Nobody came for the card in the time that was said; it waits still."""
    return moves.become(file, State.UNCLAIMED, by=by, now=now)


def card_remade(file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """The card is faulty and goes back: another one is awaited."""
    return moves.become(file, State.IN_PRODUCTION, by=by, now=now)


def card_handed_over(file: CaseFile, *, by: Actor, now: datetime, receipt_returned: bool = False) -> CaseFile:
    """The card is in the hand: the file is over. ``receipt_returned``: its receipts were taken back."""
    if receipt_returned:
        Receipt.objects.filter(case_file=file, returned_at=None).update(returned_at=now)
    return _over(file, State.HANDED_OVER, State.CLOSED, closing=Closing.HANDED_OVER, by=by, now=now)


def card_destroyed(file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """The card nobody claimed left for destruction: the file is over."""
    return _over(file, State.CLOSED, closing=Closing.CARD_DESTROYED, by=by, now=now)


def _over(file: CaseFile, *states: State, closing: Closing, by: Actor, now: datetime) -> CaseFile:
    return moves.become(file, *states, by=by, now=now, facts={"closing": str(closing)}, closing=closing)
