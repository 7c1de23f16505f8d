"""What a ticket says to its holder, on a phone and on paper: never a name."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from parvis.common import clock
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Document, Procedure
from parvis.reception import queries
from parvis.reception.models import ReturnPass, Ticket
from parvis.reception.rules import WaitRange
from parvis.reception.states import Status
from parvis.web.addresses import qr


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as its holder sees it now. ``said`` names the state, or ``over`` for an open ticket of another day.

    ``return_pass``: the right to come back that may still be used.
    """

    ticket: Ticket
    said: str
    position: int
    wait: WaitRange | None
    is_paused: bool
    return_pass: ReturnPass | None

    @property
    def may_leave(self) -> bool:
        """Whether leaving the queue makes sense."""
        return self.said == Status.WAITING

    @property
    def is_live(self) -> bool:
        """Whether something may still happen to it today."""
        return self.said != "over" and self.ticket.is_open


def view_of(ticket: Ticket) -> TicketView:
    """What the page shows now."""
    now = clock.now()
    is_over = ticket.is_open and ticket.day != clock.today()
    waits = ticket.state == Status.WAITING and not is_over
    return TicketView(
        ticket=ticket,
        said="over" if is_over else ticket.state,
        position=queries.position(ticket) if waits else 0,
        wait=queries.expected_wait(ticket) if waits else None,
        is_paused=ticket.not_before is not None and ticket.not_before > now,
        return_pass=ReturnPass.objects.filter(ticket=ticket, used_by=None, valid_on__gte=clock.today())
        .order_by("-pk")
        .first(),
    )


def bring(ticket: Ticket) -> list[tuple[Procedure, list[Document]]]:
    """What to have ready at the counter, for each procedure of the visit."""
    stage = "handover" if ticket.line.code == "handover" else "filing"
    procedures = [step.procedure for step in queries.steps(ticket)]
    return [(one, list(catalogue.documents_to_bring(one, ticket.day, stage))) for one in procedures]


def paper(request: HttpRequest, ticket: Ticket) -> dict[str, Any]:
    """What ``parvis/public/_paper.html`` prints: number, procedures, range told on arrival, QR code of the page."""
    told = None
    if ticket.told_low is not None and ticket.told_high is not None:
        told = WaitRange(timedelta(seconds=ticket.told_low), timedelta(seconds=ticket.told_high), past_closing=False)
    path = reverse("public:ticket", args=[ticket.token])
    procedures = [step.procedure for step in queries.steps(ticket)]
    return {"ticket": ticket, "procedures": procedures, "told": told, "qr": qr(request, path), "page": path}
