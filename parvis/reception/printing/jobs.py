"""A print job: a row in the transaction that wants the paper, the sending after the commit.

One order of printing gives one paper, at worst two: when a printer was cut off in the middle, or a worker was killed
between the sending and its trace, nobody knows whether the paper came out, and it is tried once more, never twice.
"""

import secrets

from django.conf import settings

from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM, Actor
from parvis.journal.models import Entry
from parvis.reception import queries
from parvis.reception.models import Ticket
from parvis.reception.printing.network import PrinterFailed, send
from parvis.reception.printing.thermal import ticket_bytes

BEGUN, PRINTED, FAILED = "ticket.print_begun", "ticket.printed", "ticket.print_failed"
DOUBTS = 2  # sendings of one order that may each have given a paper


@action()
def order(ticket: Ticket, *, by: Actor, key: str = "") -> bool:
    """Have the ticket printed once this transaction commits; False when the office has no printer.

    Given the key of the form that asked for the ticket, sending that form again orders no second paper; without a
    key each call is a new paper. Raises ``KeyReused``.
    """
    return once(f"print:{key}" if key else "", {"print": ticket.pk}, lambda: _order(ticket, by=by))


def carry_out(ticket: Ticket, *, order: str) -> bool:
    """Send the ticket to its office's printer; False when this order is done with. Raises ``PrinterFailed``."""
    if not begin(ticket, order=order):
        return False
    policy = queries.policy(ticket.office)
    data = ticket_bytes(ticket, base_url=settings.PUBLIC_URL)
    try:
        send(policy.printer_host, policy.printer_port, data)
    except PrinterFailed as error:
        _record(FAILED, ticket, by=SYSTEM, order=order, may_have_printed=error.may_have_printed)
        raise
    _record(PRINTED, ticket, by=SYSTEM, order=order, size=len(data))
    return True


@action()
def begin(ticket: Ticket, *, order: str) -> bool:
    """Leave a trace before the sending; False when the paper is out, might be out twice, or is no longer wanted."""
    taken = lock(Ticket, ticket.pk)
    trace = list(Entry.objects.about(taken).named(BEGUN, PRINTED, FAILED).filter(facts__order=order))
    if not taken.is_open or any(entry.what == PRINTED for entry in trace):
        return False
    begun = sum(entry.what == BEGUN for entry in trace)
    not_sent = sum(entry.what == FAILED and not entry.facts["may_have_printed"] for entry in trace)
    if begun - not_sent >= DOUBTS:
        return False
    _record(BEGUN, taken, by=SYSTEM, order=order)
    return True


def _order(ticket: Ticket, *, by: Actor) -> bool:
    from parvis.reception import tasks

    if not queries.policy(ticket.office).printer_host:
        return False
    number = secrets.token_hex(8)
    _record("ticket.print_ordered", ticket, by=by, order=number)
    tasks.print_ticket.defer(ticket_id=ticket.pk, order=number)
    return True


def _record(what: str, ticket: Ticket, *, by: Actor, **facts: object) -> None:
    journal.record(what, ticket, by=by, at=clock.now(), office=ticket.office_id, **facts)
