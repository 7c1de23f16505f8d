"""How long cards wait for their person: what other delays would make due is shown, then they are decided."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import queries as bookings
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.permits import actions, queries
from parvis.permits.models import CardPolicy
from parvis.permits.rules import BOUNDS
from parvis.web.requests import AgentRequest
from parvis.web.steering.card_forms import CardPolicyForm
from parvis.web.steering.pages import show


@require_GET
def card_policy(request: AgentRequest) -> HttpResponse:
    """The delays as they stand, and others to try: the cards they would make due are counted before it is decided."""
    present = queries.policy(request.agent.office)
    if not BOUNDS.keys() & request.GET.keys():
        return _page(request, CardPolicyForm(initial=_days(present)))
    form = CardPolicyForm(request.GET)
    if not form.is_valid():
        return _page(request, form, status=422)
    now, tried = clock.now(), CardPolicy(office=request.agent.office, **form.cleaned_data)
    shown: dict[str, Any] = {
        "changes_nothing": _days(tried) == _days(present),
        "preview": queries.preview_policy(tried, present, now=now),
        "with_an_hour": _with_an_hour(tried, now),
    }
    return _page(request, form, sent=list(form.cleaned_data.items()), **shown)


@require_POST
def change_card_policy(request: AgentRequest) -> HttpResponse:
    """Decide the delays; the form is the one whose effects were shown."""
    form = CardPolicyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        actions.change_policy(request.agent.office, by=request.agent, **form.cleaned_data)
    except BusinessError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=error.status)
    messages.success(request, _("Délais enregistrés. Ils valent dès maintenant pour tous les titres annoncés."))
    return redirect("steering:card_policy")


def _with_an_hour(tried: CardPolicy, now: datetime) -> int:
    """How many of the cards due for a reminder have an hour already: nothing is sent for these."""
    return queries.to_remind(now, tried=tried).filter(bookings.has_an_hour()).count()


def _days(policy: CardPolicy) -> dict[str, int]:
    return {name: getattr(policy, name) for name in BOUNDS}


def _page(request: AgentRequest, form: CardPolicyForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    context = {
        "form": form,
        "present": queries.policy(request.agent.office),
        "preview": None,
        "changes_nothing": False,
        "with_an_hour": 0,
        "sent": [],
        **shown,
    }
    return show(request, "steering/card_policy.html", context, status=status)
