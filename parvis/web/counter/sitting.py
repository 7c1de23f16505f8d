"""Holding a counter: opening, break, closing, calling for help."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.offices.models import Counter
from parvis.reception import actions
from parvis.reception.models import HelpCall
from parvis.web.counter.pages import at_counter, counter_of
from parvis.web.requests import AgentRequest, key_in


@require_POST
def open_counter(request: AgentRequest, number: int) -> HttpResponse:
    """Sit down."""
    actions.open_counter(counter_of(request, number), by=request.agent)
    return redirect("counter:work", number=number)


@require_POST
def relieve(request: AgentRequest, number: int) -> HttpResponse:
    """Take over from a colleague; whoever is being received goes on here."""
    actions.relieve(counter_of(request, number), by=request.agent)
    return redirect("counter:work", number=number)


@at_counter
def pause(request: AgentRequest, counter: Counter) -> None:
    """Begin a break."""
    actions.take_break(counter, by=request.agent)


@at_counter
def back(request: AgentRequest, counter: Counter) -> None:
    """End the break."""
    actions.end_break(counter, by=request.agent)


@at_counter
def close(request: AgentRequest, counter: Counter) -> None:
    """Leave the counter, putting back in the queue whoever is there when the agent says so."""
    actions.close_counter(counter, by=request.agent, puts_back=request.POST.get("puts_back") == "1")


@at_counter
def call_help(request: AgentRequest, counter: Counter) -> str:
    """Ask the other counters to come at once."""
    actions.call_for_help(counter, by=request.agent)
    return _("Votre appel est parti : tous les guichets le voient.")


@at_counter
def answer(request: AgentRequest, counter: Counter) -> str:
    """Say to a colleague that one is coming."""
    typed = request.POST.get("call", "")
    rows = HelpCall.objects.select_related("counter").filter(counter__office=request.agent.office)
    call = get_object_or_404(rows, pk=key_in(typed))
    actions.answer_help(call, by=request.agent)
    return _("Vous avez répondu : allez au guichet %(number)s.") % {"number": call.counter.number}
