"""The end of the day: every ticket has an outcome, every counter is closed, health codes are forgotten."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from parvis.booking import actions as booking
from parvis.common import clock, live
from parvis.common.database import action
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.reception import queries
from parvis.reception.actions.moves import locked, move, tell
from parvis.reception.models import CounterSession, ReturnPass, Step, Ticket
from parvis.reception.states import CLOSED, LeaveReason, Outcome, Rank, SessionState, Status

# A ticket is bound to somebody, even when nobody may know to whom any more (``ticket_bound_to_somebody``).
NOBODY = "—"


@dataclass(frozen=True, slots=True)
class ClosingReport:
    """What closing the day did: people not received, people gone, services whose outcome nobody wrote.

    ``no_shows``: people with an appointment who never came.
    """

    turned_away: int
    left: int
    unrecorded: int
    counters_closed: int
    no_shows: int = 0


@action()
def close_day(office: Office, *, day: date, by: Actor) -> ClosingReport:
    """Give every open ticket of a day its outcome and close its counters. Closing twice changes nothing.

    Who still waits was turned away, and counts as such; who did not answer has left; who was at a counter was received;
    who had an appointment and did not come is absent, unless they come after all.
    """
    now = clock.now()
    # Appointments are locked before tickets, as at check-in.
    no_shows = booking.mark_no_shows(office, day, by=by)
    counts = {Status.TURNED_AWAY: 0, Status.LEFT: 0, Status.RECEIVED: 0}
    open_tickets = Ticket.objects.open().filter(office=office, day=day).order_by("id").values_list("pk", flat=True)
    for pk in list(open_tickets):
        closed_as = _close(locked(pk), by=by, now=now)
        if closed_as:
            counts[closed_as] += 1
    sessions = CounterSession.objects.filter(counter__office=office).exclude(state=SessionState.CLOSED)
    sessions = sessions.filter(opened_at__lt=queries.end_of(day))
    closed = sessions.update(state=SessionState.CLOSED, state_since=now, closed_at=now)
    report = ClosingReport(
        turned_away=counts[Status.TURNED_AWAY],
        left=counts[Status.LEFT],
        unrecorded=counts[Status.RECEIVED],
        counters_closed=closed,
        no_shows=no_shows,
    )
    if closed or any(counts.values()):
        facts = {"day": day.isoformat(), "turned_away": report.turned_away, "left": report.left}
        facts |= {"unrecorded": report.unrecorded, "counters_closed": closed}
        journal.record("day.closed", office, by=by, at=now, office=office.pk, **facts)
        live.changed(f"office:{office.pk}")
    return report


@action()
def purge_priorities(before: date, *, by: Actor) -> int:
    """Erase by what right people went ahead on the days before a day; how many tickets said it. It is health data.

    With the code goes the class: every ticket of a past day is a walk-in's without a head start, for a head start left
    on those that had another class would tell the right. The day is over, nobody is called by this order any more.
    """
    told = Ticket.objects.filter(day__lt=before).exclude(priority="", rank=Rank.WALK_IN)
    return told.update(priority="", rank=Rank.WALK_IN, rank_at=F("reference_at"))


@action()
def purge_holders(before: date, *, by: Actor) -> int:
    """Erase the names and birth dates typed for the closed tickets of the days before a day; how many tickets had them.

    Who was known to the office stays linked to their visit, as long as the office keeps the person. A ticket that still
    gives a right to come back keeps its holder until then.
    """
    typed = Ticket.objects.filter(day__lt=before, state__in=CLOSED).exclude(holder_name__in=["", NOBODY])
    typed = typed.exclude(pk__in=ReturnPass.objects.filter(valid_on__gte=before).order_by().values("ticket"))
    known = typed.filter(person__isnull=False).update(holder_name="", holder_born=None, identity="")
    return known + typed.update(holder_name=NOBODY, holder_born=None, identity="")


def _close(ticket: Ticket, *, by: Actor, now: datetime) -> Status | None:
    line = ticket.line.code
    if ticket.state == Status.WAITING:
        move(ticket, Status.TURNED_AWAY, closed_at=now)
        tell("ticket.turned_away", ticket, by=by, now=now, line=line, reason="closing")
        return Status.TURNED_AWAY
    if ticket.state in {Status.CALLED, Status.MISSED}:
        move(ticket, Status.LEFT, counter=None, closed_at=now)
        tell("ticket.left", ticket, by=by, now=now, line=line, reason=str(LeaveReason.NOT_THERE))
        return Status.LEFT
    if ticket.state in {Status.SERVING, Status.PARKED}:
        Step.objects.filter(ticket=ticket, outcome="").update(outcome=Outcome.UNRECORDED, done_at=now)
        move(ticket, Status.RECEIVED, counter=None, closed_at=now)
        tell("ticket.received", ticket, by=by, now=now, line=line, outcome=str(Outcome.UNRECORDED))
        return Status.RECEIVED
    return None
