"""What the card does to its file; called by what moves the card, inside the same transaction, file first."""

from datetime import datetime

from parvis.casefiles.actions import moves
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import Closing, State
from parvis.common.database import action
from parvis.journal.actions import Actor


@action()
def card_received(case_file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """The card of a file came in. Raises ``IllegalMove`` unless one is awaited."""
    return moves.become(moves.locked(case_file), State.RECEIVED, by=by, now=now)


@action()
def card_announced(case_file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """The person is told that the card is there; an unclaimed one may be announced again."""
    return moves.become(moves.locked(case_file), State.ANNOUNCED, by=by, now=now)


@action()
def card_unclaimed(case_file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """Nobody came for the card in the time that was said; it waits still."""
    return moves.become(moves.locked(case_file), State.UNCLAIMED, by=by, now=now)


@action()
def card_remade(case_file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """The card is faulty and goes back: another one is awaited."""
    return moves.become(moves.locked(case_file), State.IN_PRODUCTION, by=by, now=now)


@action()
def card_handed_over(case_file: CaseFile, *, by: Actor, now: datetime, receipt_returned: bool = False) -> CaseFile:
    """The card is in the hand: the file is over. ``receipt_returned``: its receipts were taken back."""
    file = moves.locked(case_file)
    if receipt_returned:
        Receipt.objects.filter(case_file=file, returned_at=None).update(returned_at=now)
    return _over(file, State.HANDED_OVER, State.CLOSED, closing=Closing.HANDED_OVER, by=by, now=now)


@action()
def card_destroyed(case_file: CaseFile, *, by: Actor, now: datetime) -> CaseFile:
    """The card nobody claimed left for destruction: the file is over."""
    return _over(moves.locked(case_file), State.CLOSED, closing=Closing.CARD_DESTROYED, by=by, now=now)


def _over(file: CaseFile, *states: State, closing: Closing, by: Actor, now: datetime) -> CaseFile:
    return moves.become(file, *states, by=by, now=now, facts={"closing": str(closing)}, closing=closing)
