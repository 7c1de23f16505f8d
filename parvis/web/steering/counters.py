"""What each counter serves."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.offices import actions
from parvis.offices import queries as offices
from parvis.offices.models import Counter, Line
from parvis.reception import queries
from parvis.web.requests import AgentRequest
from parvis.web.steering.pages import show


@require_GET
def counters(request: AgentRequest) -> HttpResponse:
    """Every counter with the lines it serves, and the lines that no counter serves."""
    office = request.agent.office
    lines = list(offices.lines(office))
    held = queries.held_by(office)
    rows: list[dict[str, Any]] = []
    for counter in offices.counters(office):
        served = set(counter.lines.all())
        session = held.get(counter.pk)
        rows.append(
            {
                "counter": counter,
                "served": [(line, line in served) for line in lines],
                "session": session,
                "is_idle": not served,
            }
        )
    served_somewhere = {line for row in rows for line, is_served in row["served"] if is_served}
    alone = [line for line in lines if line not in served_somewhere]
    return show(request, "steering/counters.html", {"rows": rows, "lines": lines, "alone": alone})


@require_POST
def lines(request: AgentRequest, number: int) -> HttpResponse:
    """Say what one counter serves from now on; whoever is received there is not touched."""
    office = request.agent.office
    counter = get_object_or_404(Counter, office=office, number=number, is_active=True)
    named = set(request.POST.getlist("lines"))
    served = list(Line.objects.filter(office=office, code__in=named).order_by("pk"))
    if len(served) < len(named):
        messages.error(request, _("Cette file n'existe pas dans ce bureau : rien n'a été changé."))
        return redirect("steering:counters")
    actions.set_counter_lines(counter, lines=served, by=request.agent)
    if served:
        letters = ", ".join(line.letter for line in offices.lines(office) if line in served)
        messages.success(request, _("Guichet %(number)s : files %(lines)s.") % {"number": number, "lines": letters})
    else:
        messages.warning(request, _("Guichet %(number)s : plus aucune file.") % {"number": number})
    return redirect("steering:counters")
