"""The rules of booking: how far ahead, how long a slot is held, when shares fall back, what one sender may do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.booking import actions, queries
from parvis.booking.rules.limits import BOUNDS
from parvis.web.requests import AgentRequest
from parvis.web.steering.booking_forms import BookingPolicyForm
from parvis.web.steering.pages import show


@require_http_methods(["GET", "POST"])
def booking_policy(request: AgentRequest) -> HttpResponse:
    """Read and set the rules of booking."""
    office = request.agent.office
    if request.method == "GET":
        rules = queries.policy(office)
        form = BookingPolicyForm(initial={name: getattr(rules, name) for name in BOUNDS})
        return show(request, "steering/booking_policy.html", {"form": form})
    form = BookingPolicyForm(request.POST)
    if not form.is_valid():
        return show(request, "steering/booking_policy.html", {"form": form}, status=422)
    actions.change_policy(office, by=request.agent, **form.cleaned_data)
    messages.success(request, _("Règles enregistrées. Elles valent pour les rendez-vous pris à partir de maintenant."))
    return redirect("steering:booking_policy")
