"""How people come for each procedure and how its seats are given: what a change does, then the change."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import actions, queries
from parvis.booking.models import AllocationRule
from parvis.booking.queries.access import AccessPreview
from parvis.booking.rules.limits import DRAW_BOUNDS
from parvis.booking.states import Allocation
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.procedures import queries as procedures
from parvis.procedures.models import AccessMode, Mode, Procedure
from parvis.web.requests import AgentRequest
from parvis.web.steering.booking_forms import AccessForm, AllocationForm
from parvis.web.steering.pages import show


@require_GET
def access_modes(request: AgentRequest) -> HttpResponse:
    """Every procedure that this office serves: how people come today, what changes next, how seats are given."""
    office, today = request.agent.office, clock.today()
    served = procedures.procedures_on(today).filter(line_code__in=office.lines.values("code"))
    names = {line.code: line for line in office.lines.order_by("pk")}
    rows = []
    for one in served:
        mode = procedures.access_mode(one, today)
        later = AccessMode.objects.filter(procedure=one, valid_from__gt=today).exclude(mode=mode)
        rows.append(
            {
                "procedure": one,
                "line": names[one.line_code],
                "mode": mode,
                "mode_name": mode.label,
                "next": later.order_by("valid_from").first(),
                "draw": queries.allocation(office, one, today),
            }
        )
    return show(request, "steering/access_modes.html", {"rows": rows})


@require_GET
def access_mode(request: AgentRequest, code: str) -> HttpResponse:
    """One procedure, and a change to try: walk-ins, seats and waits are shown before it is decided."""
    procedure = _procedure(request, code)
    if "mode" not in request.GET:
        return _page(request, procedure, _usual(procedure))
    form = AccessForm(request.GET)
    if not form.is_valid():
        return _page(request, procedure, form, status=422)
    shown = queries.preview_access(
        request.agent.office, procedure, form.cleaned_data["mode"], form.cleaned_data["valid_from"]
    )
    return _page(request, procedure, form, preview=shown)


@require_POST
def change_access(request: AgentRequest, code: str) -> HttpResponse:
    """Decide how people come from a day on."""
    procedure = _procedure(request, code)
    form = AccessForm(request.POST)
    if not form.is_valid():
        return _page(request, procedure, form, status=422)
    try:
        actions.change_access(request.agent.office, procedure, by=request.agent, **form.cleaned_data)
    except BusinessError as error:
        form.add_error(None, str(error))
        return _page(request, procedure, form, status=error.status)
    messages.success(request, _("Accès enregistré. Les jours d'avant restent comme ils étaient."))
    return redirect("steering:access_mode", code=procedure.code)


@require_POST
def change_allocation(request: AgentRequest, code: str) -> HttpResponse:
    """Decide how the seats are given from a day on."""
    procedure = _procedure(request, code)
    form = AllocationForm(request.POST)
    if not form.is_valid():
        return _page(request, procedure, _usual(procedure), allocation=form, status=422)
    actions.change_allocation(
        request.agent.office,
        procedure,
        allocation=form.cleaned_data["allocation"],
        valid_from=form.cleaned_data["from_day"],
        by=request.agent,
        **form.draw,
    )
    messages.success(request, _("Attribution enregistrée. Les jours d'avant restent comme ils étaient."))
    return redirect("steering:access_mode", code=procedure.code)


def _procedure(request: AgentRequest, code: str) -> Procedure:
    return get_object_or_404(Procedure, code=code, line_code__in=request.agent.office.lines.values("code"))


def _usual(procedure: Procedure) -> AccessForm:
    tomorrow = clock.today() + timedelta(days=1)
    return AccessForm(initial={"mode": procedures.access_mode(procedure, tomorrow), "valid_from": tomorrow})


def _later(procedure: Procedure, preview: AccessPreview) -> AccessMode | None:
    """What was decided already for a day after the change: it ends there."""
    rows = AccessMode.objects.filter(procedure=procedure, valid_from__gt=preview.valid_from)
    return rows.exclude(mode=preview.after).order_by("valid_from").first()


def _page(
    request: AgentRequest,
    procedure: Procedure,
    form: AccessForm,
    *,
    allocation: AllocationForm | None = None,
    status: int = 200,
    preview: Any = None,
) -> HttpResponse:
    office, today = request.agent.office, clock.today()
    rules = AllocationRule.objects.filter(office=office, procedure=procedure).order_by("valid_from")
    last = rules.last() or AllocationRule()
    usual = {name: getattr(last, name) for name in DRAW_BOUNDS}
    usual |= {"allocation": last.allocation or Allocation.IMMEDIATE, "from_day": today + timedelta(days=1)}
    context = {
        "procedure": procedure,
        "form": form,
        "allocation": allocation or AllocationForm(initial=usual),
        "history": AccessMode.objects.filter(procedure=procedure).order_by("valid_from"),
        "rules": rules,
        "today": today,
        "preview": preview,
        "after": Mode(preview.after).label if preview else "",
        "before": Mode(preview.before).label if preview else "",
        "later": _later(procedure, preview) if preview else None,
        "sent": [(name, form.data[name]) for name in form.fields] if preview else [],
    }
    return show(request, "steering/access_mode.html", context, status=status)
