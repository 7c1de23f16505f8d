"""Who works when: the shifts of a day, one more, one less."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.offices import actions
from parvis.offices import queries as offices
from parvis.offices.models import Shift
from parvis.web.requests import AgentRequest
from parvis.web.steering.pages import show
from parvis.web.steering.shift_forms import ShiftForm, ShownDayForm


@require_GET
def shifts(request: AgentRequest) -> HttpResponse:
    """The shifts of a day, today when none is named, and the form of one more."""
    chosen = ShownDayForm({"date": request.GET.get("date", "")})
    is_valid = chosen.is_valid()
    day = chosen.cleaned_data["date"] if is_valid else clock.today()
    form = ShiftForm(initial={"day": max(day, clock.today())}, office=request.agent.office)
    return _page(request, day, form, chosen, status=200 if is_valid else 422)


@require_POST
def plan(request: AgentRequest) -> HttpResponse:
    """Put an agent on duty; refused, the form comes back as it was typed."""
    form = ShiftForm(request.POST, office=request.agent.office)
    if not form.is_valid():
        return _page(request, form.cleaned_data.get("day") or clock.today(), form, status=422)
    day, agent = form.cleaned_data["day"], form.agents[form.cleaned_data["agent"]]
    starts_at, ends_at = form.hours
    try:
        actions.plan_shift(
            agent,
            duty=form.cleaned_data["duty"],
            counter=form.chosen_counter,
            starts_at=starts_at,
            ends_at=ends_at,
            by=request.agent,
        )
    except BusinessError as error:
        form.add_error(None, str(error))
        return _page(request, day, form, status=error.status)
    messages.success(request, _("Service de %(agent)s planifié.") % {"agent": agent.name})
    return _back(day)


@require_POST
def cancel(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a shift off the plan, or end it now when it has begun; one that is over stays as it was."""
    shift = get_object_or_404(Shift.objects.select_related("agent"), agent__office=request.agent.office, pk=pk)
    now = clock.now()
    actions.cancel_shift(shift, by=request.agent)
    if shift.ends_at <= now:
        messages.warning(request, _("Ce service est terminé : il reste comme il était."))
    elif shift.starts_at < now:
        messages.success(request, _("Service de %(agent)s terminé maintenant.") % {"agent": shift.agent.name})
    else:
        messages.success(request, _("Service de %(agent)s annulé.") % {"agent": shift.agent.name})
    return _back(clock.office_day(shift.starts_at))


def _back(day: date) -> HttpResponse:
    return redirect(f"{reverse('steering:shifts')}?date={day.isoformat()}")


def _page(
    request: AgentRequest, day: date, form: ShiftForm, chosen: ShownDayForm | None = None, *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    context: dict[str, Any] = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "chosen": chosen or ShownDayForm({"date": day.isoformat()}),
        "form": form,
        "rows": [(one, one.ends_at > now) for one in offices.shifts(request.agent.office, day)],
    }
    return show(request, "steering/shifts.html", context, status=status)
