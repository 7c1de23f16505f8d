"""The day at a glance."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.reception import actions
from parvis.reception.models import HelpCall
from parvis.web.requests import AgentRequest
from parvis.web.steering import glance


@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """Whether everybody will be received, the counters, the lines, the figures, and whom to offer another moment."""
    return glance.page(request)


@never_cache
@require_GET
def live(request: AgentRequest) -> HttpResponse:
    """The part that refreshes by itself."""
    return render(request, "steering/_state.html", glance.state_of(request))


@require_POST
def answer_help(request: AgentRequest, pk: int) -> HttpResponse:
    """Say to a counter that somebody comes; the first answer counts."""
    rows = HelpCall.objects.select_related("counter")
    call = get_object_or_404(rows, pk=pk, counter__office=request.agent.office)
    answered = actions.answer_help(call, by=request.agent)
    if answered.answered_by_id == request.agent.pk:
        messages.success(request, _("Vous avez répondu : allez au guichet %(number)s.") % {"number": call.counter})
    else:
        messages.warning(request, _("Un collègue va déjà au guichet %(number)s.") % {"number": call.counter})
    return redirect("steering:home")
