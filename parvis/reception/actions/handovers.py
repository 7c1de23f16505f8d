"""A card at the counter: it goes with the person, or it stays and the visit says why."""

from collections.abc import Iterable

from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action
from parvis.offices.models import Agent
from parvis.permits import actions as permits
from parvis.permits.models import Permit
from parvis.permits.states import Failure
from parvis.reception import queries, rules
from parvis.reception.actions.moves import worked
from parvis.reception.actions.service import finish, give_return
from parvis.reception.models import ReturnPass, Step, Ticket
from parvis.reception.states import Outcome, ReturnKind

# What is amiss with the card itself; for all else the person comes back with what is missing.
_OF_THE_CARD = frozenset({Failure.CARD_WRONG, Failure.NOT_FOUND})


@action()
def hand_over(
    ticket: Ticket,
    *,
    permit: Permit,
    checks: Iterable[str] = (),
    stamps: Iterable[tuple[str, int]] = (),
    notice: str = "",
    signature: str = "",
    by: Agent,
    key: str = "",
) -> Ticket:
    """Hand over a card to the person at the counter and finish their procedure, both or neither.

    What was ticked, the stamps and the notice go with it, with the counter and the seconds the person was there.
    Raises ``CardOfSomebodyElse``, and what ``permits.actions.hand_over`` raises, ``AlreadyHandedOver`` and
    ``ChecksMissing`` among others.
    """
    ticked, paid = tuple(checks), tuple(stamps)

    def do() -> Ticket:
        rules.check_card_here(ticket, permit)
        rules.check_card_of(ticket, permit)
        permits.hand_over(
            permit,
            by=by,
            ticket=str(ticket),
            checks=ticked,
            stamps=paid,
            notice=notice,
            signature=signature,
            counter_id=ticket.counter_id,
            seconds=_seconds(ticket),
        )
        return finish(ticket, outcome=Outcome.HANDED_OVER, by=by)

    content = {
        "hand_over": ticket.pk,
        "permit": permit.pk,
        "checks": sorted(ticked),
        "stamps": [list(stamp) for stamp in paid],
        "notice": notice,
        "signature": signature,
    }
    return once(key, content, do, keep=lambda done: done.pk, again=queries.ticket)


@action()
def fail_handover(
    ticket: Ticket,
    *,
    permit: Permit,
    reason: Failure,
    text: str = "",
    comes_back: bool = False,
    by: Agent,
    key: str = "",
) -> ReturnPass | None:
    """The person leaves without the card: the reason is kept with the card, and their visit ends.

    With ``comes_back`` they have the right to come back today without losing their place: the pass that says so.
    Raises ``CardOfSomebodyElse``, and what ``permits.actions.fail_handover`` and ``finish`` raise.
    """
    why = Failure(reason)

    def do() -> ReturnPass | None:
        rules.check_card_here(ticket, permit)
        rules.check_card_of(ticket, permit)
        permits.fail_handover(permit, why, said=text, by=by, ticket=str(ticket), counter_id=ticket.counter_id)
        if comes_back:
            return give_return(ticket, kind=ReturnKind.MISSING_COPY, by=by, reason=text or str(why.label))
        finish(ticket, outcome=Outcome.NOT_READY if why in _OF_THE_CARD else Outcome.FILE_INCOMPLETE, by=by)
        return None

    content = {"fail_handover": ticket.pk, "permit": permit.pk, "reason": str(why), "comes_back": comes_back}
    return once(key, content, do, keep=lambda made: made.pk if made else 0, again=_pass)


def _seconds(ticket: Ticket) -> float | None:
    """How long the person has been served for what they come for now."""
    step = Step.objects.filter(ticket=ticket, outcome="", procedure=ticket.procedure_id).first()
    if step is None:
        return None
    return round(worked(step, clock.now()), 1)


def _pass(kept: int) -> ReturnPass | None:
    return ReturnPass.objects.filter(pk=kept).first()
