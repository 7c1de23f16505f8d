"""Draws as the head of office holds them: open, close at the hour announced, draw; confirm urgent grounds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import actions, queries
from parvis.booking.models import Batch, SeatRequest
from parvis.booking.queries import draws
from parvis.booking.states import BatchState
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Mode, Procedure
from parvis.web.requests import AgentRequest
from parvis.web.steering.pages import show

SHOWN = 20
UNSERVED_WEEKS = 4


@require_GET
def batches(request: AgentRequest) -> HttpResponse:
    """What is open, what is due, what was drawn; who is beyond the bound; how long people wait."""
    office, now = request.agent.office, clock.now()
    beyond = draws.beyond_the_bound(office)
    demand = draws.demand(office)
    known = list(draws.batches(office)[:SHOWN])
    open_ones = {one.procedure_id: one for one in known if one.state == BatchState.OPEN}
    drawn = [
        {
            "procedure": procedure,
            "rule": rule,
            "open": open_ones.get(procedure.pk),
            "is_due": procedure.pk in open_ones and open_ones[procedure.pk].closes_at <= now,
            "waiting": demand.get(procedure.pk, 0),
            "beyond": beyond.get(procedure.pk, 0),
        }
        for procedure, rule in draws.drawn_procedures(office)
    ]
    context = {
        "drawn": drawn,
        "closed": [one for one in known if one.state == BatchState.CLOSED],
        "done": [one for one in known if one.state == BatchState.DRAWN],
        "unserved": queries.unserved(office, UNSERVED_WEEKS),
        "unserved_weeks": UNSERVED_WEEKS,
        "first_free": [(one, _walks_in(one.procedure)) for one in queries.first_free_days(office)],
        "may_confirm": request.agent.can("booking.confirm_urgency"),
        "grounds": draws.grounds_to_confirm(office).count(),
    }
    return show(request, "steering/batches.html", context)


@require_POST
def open_batch(request: AgentRequest) -> HttpResponse:
    """Begin to gather requests for a procedure that is drawn."""
    office = request.agent.office
    procedure = get_object_or_404(Procedure, code=request.POST.get("procedure", "")[:40])
    return _done(
        request,
        lambda: actions.open_batch(office, procedure, by=request.agent),
        _("Demandes ouvertes. L'engagement est publié."),
    )


@require_POST
def close_batch(request: AgentRequest, pk: int) -> HttpResponse:
    """Close the list once its hour has come."""
    batch = get_object_or_404(Batch, office=request.agent.office, pk=pk)
    return _done(
        request, lambda: actions.close_batch(batch, by=request.agent), _("Liste close. Son empreinte est publiée.")
    )


@require_POST
def draw(request: AgentRequest, pk: int) -> HttpResponse:
    """Draw a closed list."""
    batch = get_object_or_404(Batch, office=request.agent.office, pk=pk)
    return _done(request, lambda: actions.draw(batch, by=request.agent), _("Tirage fait et publié."))


@require_GET
def grounds(request: AgentRequest) -> HttpResponse:
    """The urgent grounds whose proof nobody has seen yet."""
    found = draws.grounds_to_confirm(request.agent.office)[:200]
    return show(request, "steering/grounds.html", {"requests": found})


@require_POST
def answer_ground(request: AgentRequest, pk: int) -> HttpResponse:
    """Have a ground count, or set it aside."""
    asked = get_object_or_404(SeatRequest, office=request.agent.office, pk=pk)
    decide, said = (
        (actions.confirm_ground, _("Motif confirmé : il compte au prochain tirage."))
        if request.POST.get("answer") == "confirm"
        else (actions.refuse_ground, _("Motif écarté. La demande reste."))
    )
    return _done(request, lambda: decide(asked, by=request.agent), said, back="steering:grounds")


def _walks_in(procedure: Procedure) -> bool:
    """People come for it without an appointment: that no seat is free means nothing."""
    return catalogue.access_mode(procedure, clock.today()) == Mode.WALK_IN


def _done(
    request: AgentRequest, do: Callable[[], Any], said: str | Promise, *, back: str = "steering:batches"
) -> HttpResponse:
    try:
        do()
        messages.success(request, str(said))
    except BusinessError as error:
        messages.error(request, str(error))
    return redirect(back)
