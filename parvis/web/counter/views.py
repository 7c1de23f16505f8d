"""Reading the counter: choosing one, its screen, the part that refreshes by itself."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parvis.offices import queries as offices
from parvis.reception import queries
from parvis.reception.models import ReturnPass
from parvis.web.counter import pages, screens
from parvis.web.requests import AgentRequest


@never_cache
@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """Where to sit down; an agent who already holds a counter goes straight to it."""
    session = queries.open_session(request.agent)
    if session:
        return redirect("counter:work", number=session.counter.number)
    skills = set(request.agent.lines.values_list("pk", flat=True))
    held = queries.held_by(request.agent.office)
    rows = [
        {"counter": counter, "session": held.get(counter.pk), "lines": counter.lines.all()}
        for counter in offices.counters(request.agent.office)
        if any(line.pk in skills for line in counter.lines.all())
    ]
    return render(request, "counter/choose.html", {"rows": rows})


@require_GET
def work(request: AgentRequest, number: int) -> HttpResponse:
    """The screen of the counter the agent holds."""
    pages.counter_of(request, number)
    session = screens.held_session(request.agent, number)
    return pages.page(request, session) if session else redirect("counter:home")


@require_GET
def screen(request: AgentRequest, number: int) -> HttpResponse:
    """The screen again, after an action."""
    return work(request, number) if request.htmx else redirect("counter:work", number=number)


@never_cache
@require_GET
def live(request: AgentRequest, number: int) -> HttpResponse:
    """The side that refreshes by itself; the middle too when what the agent sees there is no longer true.

    The middle is otherwise left alone: a word half typed is never lost.
    """
    pages.counter_of(request, number)
    session = screens.held_session(request.agent, number)
    if session is None:
        return pages.leave(request)
    context = pages.context_of(request, session)
    context["is_stale"] = request.GET.get("vu", "") != context["mark"]
    return render(request, "counter/_live.html", context)


@never_cache
@require_GET
def return_pass(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """The paper with which a person comes back without queueing anew, in their language."""
    rows = ReturnPass.objects.select_related("ticket__office", "ticket__line", "ticket__procedure")
    found = get_object_or_404(rows, pk=pk, ticket__office=request.agent.office)
    context = {"given": found, "back": reverse("counter:work", args=[number])}
    return render(request, "staff/return_paper.html", context)
