"""The order of the queue: head starts, tolerances, and the guarantee they give, in words."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from parvis.booking import queries as booking
from parvis.reception import actions, queries
from parvis.reception.models import QueuePolicy
from parvis.reception.rules import BOUNDS
from parvis.web.requests import AgentRequest
from parvis.web.steering.forms import PolicyForm
from parvis.web.steering.pages import show


@require_http_methods(["GET", "POST"])
def policy(request: AgentRequest) -> HttpResponse:
    """Read and set the order of the queue."""
    office = request.agent.office
    rule = queries.policy(office)
    more = {"may_book": request.agent.can("booking.change_capacity"), **_guarantee(rule)}
    initial = {name: getattr(rule, name) for name in (*BOUNDS, "printer_host")}
    if request.method == "GET":
        return show(request, "steering/policy.html", {"form": PolicyForm(initial=initial), **more})
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return show(request, "steering/policy.html", {"form": form, **more}, status=422)
    actions.set_policy(office, by=request.agent, **form.cleaned_data)
    messages.success(request, _("Règles enregistrées. Elles valent pour les tickets donnés à partir de maintenant."))
    return redirect("steering:policy")


@never_cache
@require_GET
def guarantee(request: AgentRequest) -> HttpResponse:
    """The guarantee with the numbers being typed; what is not a number yet keeps its present value."""
    rule = queries.policy(request.agent.office)
    form = PolicyForm(request.GET)
    form.is_valid()
    for name in BOUNDS:
        if name in form.cleaned_data:
            setattr(rule, name, form.cleaned_data[name])
    return render(request, "steering/_guarantee.html", _guarantee(rule))


def _guarantee(rule: QueuePolicy) -> dict[str, object]:
    # How late one may come is told to the public when they book: it is set with the rules of booking.
    return {"rule": rule, "late_minutes": booking.policy(rule.office).late_minutes}
