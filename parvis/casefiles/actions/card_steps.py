"""What cards do to their files: called by what moves the cards, in its transaction, with the files it locked first."""

from collections.abc import Sequence
from datetime import datetime

from parvis.casefiles.actions import moves
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import Closing, State
from parvis.journal.actions import Actor


def cards_received(files: Sequence[CaseFile], *, by: Actor, now: datetime) -> None:
    """The cards of files came in. Raises ``IllegalMove`` unless each awaited one."""
    moves.become_all(files, State.RECEIVED, by=by, now=now)


def cards_announced(files: Sequence[CaseFile], *, by: Actor, now: datetime) -> None:
    """Their persons are told that the cards are there."""
    moves.become_all(files, State.ANNOUNCED, by=by, now=now)


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
