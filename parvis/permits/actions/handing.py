"""The card goes into the hand of its person, once; or the person leaves without it, and why is known."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from parvis.casefiles.actions import card_steps
from parvis.common import clock, text
from parvis.common.commands import once
from parvis.common.database import action, lock
from parvis.common.states import move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.permits import queries, rules
from parvis.permits.actions.cards import locked
from parvis.permits.errors import AlreadyHandedOver, ChecksMissing, StampUsed, TextMissing
from parvis.permits.models import FailedHandover, Handover, Permit, Stamp
from parvis.permits.states import MOVES, Failure, State

_CONSTRAINTS = {"permits_handover_permit_id_key": AlreadyHandedOver, "stamp_once": StampUsed}
MOST_CHECKS = 40


@action(constraints=_CONSTRAINTS)
def hand_over(
    permit: Permit,
    *,
    by: Actor,
    ticket: str = "",
    checks: Collection[str] = (),
    stamps: Iterable[tuple[str, int]] = (),
    notice: str = "",
    signature: str = "",
    counter_id: int | None = None,
    seconds: float | None = None,
    key: str = "",
) -> Handover:
    """Give a card to its person. Two agents who hand over the same card: one does, the other is told.

    ``ticket`` is the number on the ticket the person was called with; ``checks`` the codes of the checklist that were
    ticked; ``stamps`` the number and the value of each; ``notice`` how the notice was signed, ``signature`` its
    strokes; ``seconds`` how long it took. The file is closed and its receipts are taken back with the old card.

    Raises ``AlreadyHandedOver``, ``CardReturned``, ``ChecksMissing``, ``StampUsed``, ``StampAmountWrong``,
    ``StampMalformed``, ``SignatureMalformed``.
    """
    given = [(str(number), int(eur)) for number, eur in stamps]
    ticked = sorted({text.clean(code, limit=40) for code in list(checks)[:MOST_CHECKS]})
    content = {"hand_over_card": permit.pk, "checks": ticked, "stamps": given, "notice": notice}

    def do() -> Handover:
        return _hand_over(
            permit,
            Handover(
                ticket_number=text.clean(ticket, limit=20),
                checks=ticked,
                notice=notice,
                signature=rules.check_signature(notice, signature),
                counter_id=counter_id,
                seconds=seconds,
            ),
            given,
            by,
        )

    return once(key, content, do, keep=lambda done: done.pk, again=lambda pk: Handover.objects.get(pk=pk))


@action()
def fail_handover(
    permit: Permit, reason: str, *, said: str = "", by: Actor, ticket: str = "", counter_id: int | None = None
) -> FailedHandover:
    """Record that somebody came for a card and leaves without it, and why. The card waits on.

    Raises ``TextMissing`` for another reason without words, ``AlreadyHandedOver``, ``CardReturned``.
    """
    now = clock.now()
    because, words = Failure(reason), text.clean(said, limit=200)
    if because == Failure.OTHER and not words:
        raise TextMissing
    permit = lock(Permit, permit.pk)
    rules.check_may_hand_over(permit)
    failed = FailedHandover.objects.create(
        permit=permit,
        reason=because,
        text=words,
        ticket_number=text.clean(ticket, limit=20),
        counter_id=counter_id,
        agent_id=by.agent_id,
        at=now,
    )
    facts = {"kind": permit.kind, "reason": str(because), "ticket": failed.ticket_number, "counter": counter_id}
    journal.record("permit.not_handed_over", permit, by=by, at=now, office=permit.office_id, **facts)
    return failed


def _hand_over(permit: Permit, handover: Handover, given: Sequence[tuple[str, int]], by: Actor) -> Handover:
    now = clock.now()
    permit = locked(permit)
    rules.check_may_hand_over(permit)
    day = clock.office_day(now)
    due = queries.amount_due(permit, day)
    asked = queries.checklist(permit, day, due)
    stamps = rules.check_stamps(given, due)
    if lacking := rules.missing(asked, handover.checks, has_stamps=bool(stamps), notice=handover.notice):
        raise ChecksMissing(lacking)
    move(permit, State.HANDED_OVER, moves=MOVES, handed_over_at=now)
    handover.permit, handover.agent_id, handover.at = permit, by.agent_id, now
    handover.save(force_insert=True)
    Stamp.objects.bulk_create(Stamp(handover=handover, number=number, eur=eur) for number, eur in stamps)
    _tell(permit, handover, stamps, by, now)
    if permit.case_file is not None:
        card_steps.card_handed_over(permit.case_file, by=by, now=now, receipt_returned=rules.OLD in handover.checks)
    return handover


def _tell(permit: Permit, handover: Handover, stamps: Sequence[tuple[str, int]], by: Actor, now: datetime) -> None:
    facts: dict[str, object] = {
        "kind": permit.kind,
        "ticket": handover.ticket_number,
        "days_in_stock": (now - permit.received_at).days,
    }
    if permit.case_file_id is not None:
        facts |= {"checks": handover.checks, "stamps_eur": sum(eur for _number, eur in stamps)}
    if handover.counter_id is not None:
        facts |= {"counter": handover.counter_id, "seconds": handover.seconds}
    journal.record("permit.handed_over", permit, by=by, at=now, office=permit.office_id, **facts)
