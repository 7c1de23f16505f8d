"""Exceptional closures: seeing whom one would hit, declaring it, taking it back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import actions
from parvis.booking import queries as booking
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.offices import queries as offices
from parvis.offices.models import Closure, Line
from parvis.reception.models import ReturnPass, Ticket
from parvis.web.requests import AgentRequest
from parvis.web.steering.forms import ClosureForm, reasons
from parvis.web.steering.losing import losing, said
from parvis.web.steering.pages import show


@require_GET
def closures(request: AgentRequest) -> HttpResponse:
    """The closures to come, and one to try: whom it would hit is shown before it is declared."""
    office = request.agent.office
    if "day" not in request.GET:
        return _page(request, ClosureForm(office=office))
    form = ClosureForm(request.GET, office=office)
    if not form.is_valid():
        return _page(request, form, status=422)
    lines, day = _lines(form), form.cleaned_data["day"]
    lost = losing(booking.hit_by_closure(office, lines, day))
    return _page(request, form, hits=_hits(lines, day), lost=lost, sent=list(_sent(form)))


@require_POST
def declare(request: AgentRequest) -> HttpResponse:
    """Close these lines, or all, on one day."""
    office = request.agent.office
    form = ClosureForm(request.POST, office=office)
    if not form.is_valid():
        return _page(request, form, status=422)
    named = _lines(form) if form.cleaned_data["lines"] else []
    day, reason = form.cleaned_data["day"], reasons(form.cleaned_data)
    try:
        _closure, withdrawn = actions.close_exceptionally(office, day, lines=named, reason=reason, by=request.agent)
    except BusinessError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=error.status)
    told = _("Fermeture déclarée : la borne et la porte l'annoncent.")
    messages.success(request, f"{told} {said(withdrawn)}".strip())
    return redirect("steering:closures")


@require_POST
def cancel(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a closure back."""
    closure = get_object_or_404(Closure, office=request.agent.office, pk=pk)
    actions.cancel_closure(closure, by=request.agent)
    messages.success(request, _("Fermeture annulée. Les rendez-vous déplacés gardent leur nouvelle heure."))
    return redirect("steering:closures")


def _hits(lines: Sequence[Line], day: date) -> dict[str, Any]:
    """What a closure of these lines would hit: hours lost, people with a ticket today, returns promised for the day."""
    tickets = Ticket.objects.open().filter(line__in=lines, day=day).count() if day == clock.today() else 0
    promised = ReturnPass.objects.filter(ticket__line__in=lines, used_by=None, valid_on=day).count()
    opened = [(line, spans) for line in lines if (spans := offices.hours(line, day))]
    closed_already = [
        (line, offices.why_closed(line, day)) for line in lines if line not in {one for one, _s in opened}
    ]
    return {"day": day, "opened": opened, "closed_already": closed_already, "tickets": tickets, "returns": promised}


def _lines(form: ClosureForm) -> list[Line]:
    """The lines named by the form; all of them when it names none."""
    return [
        line
        for code, line in form.choices.items()
        if code in form.cleaned_data["lines"] or not form.cleaned_data["lines"]
    ]


def _sent(form: ClosureForm) -> Any:
    """What was typed, as the confirmation sends it again."""
    single = ((name, form.data[name]) for name in form.fields if name != "lines" and form.data.get(name))
    return [*single, *(("lines", code) for code in form.cleaned_data["lines"])]


def _page(request: AgentRequest, form: ClosureForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    coming = offices.closures(request.agent.office, clock.today())
    context = {"form": form, "closures": coming, "hits": None, "lost": None, "sent": [], **shown}
    return show(request, "steering/closures.html", context, status=status)
