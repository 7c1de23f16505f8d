"""Receive a card, hand it over."""

from parvis.common import clock, text
from parvis.common.database import action, lock
from parvis.common.states import move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.people.models import Person
from parvis.permits import rules
from parvis.permits.errors import AlreadyHandedOver, PermitNumberTaken
from parvis.permits.models import Handover, Permit
from parvis.permits.states import MOVES, State


@action(constraints={"permit_number": PermitNumberTaken})
def receive(office: Office, *, number: str, person: Person, kind: str, place: str = "", by: Actor) -> Permit:
    """Put a card into the stock of an office, at a place where it will be found again.

    Raises ``PermitNumberMalformed``, ``PermitNumberTaken``.
    """
    now = clock.now()
    permit = Permit.objects.create(
        office=office,
        number=rules.number(number),
        person=person,
        kind=text.clean(kind, limit=40),
        place=text.clean(place, limit=40),
        received_at=now,
    )
    journal.record("permit.received", permit, by=by, at=now, office=office.pk, kind=permit.kind)
    return permit


@action(constraints={"permits_handover_permit_id_key": AlreadyHandedOver})
def hand_over(permit: Permit, *, by: Actor, ticket: str = "") -> Handover:
    """Give a card to its person. Two agents who hand over the same card: one does, the other is told.

    ``ticket`` is the number on the ticket the person was called with. Raises ``AlreadyHandedOver``.
    """
    now = clock.now()
    permit = lock(Permit, permit.pk)
    rules.check_may_hand_over(permit)
    move(permit, State.HANDED_OVER, moves=MOVES, handed_over_at=now)
    handover = Handover.objects.create(
        permit=permit, ticket_number=text.clean(ticket, limit=20), agent_id=by.agent_id, at=now
    )
    journal.record(
        "permit.handed_over",
        permit,
        by=by,
        at=now,
        office=permit.office_id,
        kind=permit.kind,
        ticket=handover.ticket_number,
        days_in_stock=(now - permit.received_at).days,
    )
    return handover
