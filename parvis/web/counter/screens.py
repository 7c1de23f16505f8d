"""What the screen of a counter shows, read in one place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.booking import queries as bookings
from parvis.booking.models import Appointment
from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Agent, Counter
from parvis.permits.rules import HANDOVER
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Document, Procedure
from parvis.reception import queries
from parvis.reception.models import CounterSession, HelpCall, Step, Ticket
from parvis.reception.queries import Explanation
from parvis.reception.states import Outcome, SessionState, Status
from parvis.web.helpdesk.rows import people_of

# The order of the number keys. "Not recorded" is what the closing of the day writes, and "handed over" is what
# handing over a card writes: chosen by hand, it would say of a card in its drawer that it has gone.
OUTCOMES = tuple(outcome for outcome in Outcome if outcome not in {Outcome.UNRECORDED, Outcome.HANDED_OVER})
NEXT_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Visit:
    """The person called or received: what they come for, why it is their turn, what to look at.

    ``booked``: the people of the appointment as they were named when it was taken, to compare with their papers.
    """

    ticket: Ticket
    steps: Sequence[Step]
    why: Explanation
    documents: Sequence[Document]
    hands_over: bool
    appointment: Appointment | None = None
    booked: Sequence[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Side:
    """What changes by itself: the next people, those aside, the calls for help."""

    queue: Sequence[Ticket]
    parked: Sequence[Ticket]
    missed: Sequence[Ticket]
    helps: Sequence[HelpCall]
    asked_help: bool


def mark_of(session: CounterSession, ticket: Ticket | None) -> str:
    """A short text that changes when what the agent acts on changes: another tab, the desk, the closing of the day."""
    if ticket is None:
        return f"{session.pk}-{session.state}"
    return f"{session.pk}-{session.state}-{ticket.pk}-{ticket.state}-{ticket.procedure_id}"


def held_session(agent: Agent, number: int) -> CounterSession | None:
    """The session of this agent at this counter; None when they hold another one or none."""
    session = queries.open_session(agent)
    return session if session and session.counter.number == number else None


def visit_at(counter: Counter) -> Visit | None:
    """The person at the counter, if any."""
    ticket = queries.current(counter)
    if ticket is None:
        return None
    serving = ticket.state == Status.SERVING
    hands_over = ticket.procedure.code == HANDOVER
    appointment = bookings.appointment(ticket.appointment_id) if ticket.appointment_id else None
    return Visit(
        ticket=ticket,
        steps=queries.steps(ticket),
        why=queries.explain(ticket),
        documents=list(catalogue.documents_to_bring(ticket.procedure, clock.today())),
        hands_over=hands_over and serving,
        appointment=appointment,
        booked=people_of(appointment) if appointment else [],
    )


def side_of(counter: Counter, agent: Agent) -> Side:
    """The side of a counter's screen."""
    mine = set(counter.lines.values_list("pk", flat=True))
    helps = queries.help_calls(counter.office)
    return Side(
        queue=queries.queue(counter, agent, limit=NEXT_SHOWN),
        parked=[ticket for ticket in queries.parked(counter.office) if ticket.line_id in mine],
        missed=[ticket for ticket in queries.missed(counter.office) if ticket.line_id in mine],
        helps=[call for call in helps if call.counter_id != counter.pk],
        asked_help=any(call.counter_id == counter.pk for call in helps),
    )


def other_procedures(counter: Counter) -> Sequence[Procedure]:
    """Where a person may be sent on: the procedures of the lines that open today."""
    opening = offices.hours_by_line(counter.office, clock.today())
    served = {line.code for line in counter.office.lines.all() if line.pk in opening}
    return [procedure for procedure in catalogue.procedures_on(clock.today()) if procedure.line_code in served]


def is_free(session: CounterSession, visit: Visit | None) -> bool:
    """Whether this counter may call somebody now."""
    return session.state == SessionState.OPEN and visit is None
