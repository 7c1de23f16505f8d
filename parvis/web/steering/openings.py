"""The hours of the lines: reading them with their history, seeing what a change would hit, deciding it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import actions
from parvis.booking import queries as booking
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.offices import queries as offices
from parvis.offices.models import Line
from parvis.reception import queries
from parvis.web.requests import AgentRequest
from parvis.web.steering.forms import OpeningForm, reasons
from parvis.web.steering.losing import losing, said
from parvis.web.steering.pages import show


@require_GET
def openings(request: AgentRequest) -> HttpResponse:
    """The week of every line as it stands today."""
    today = clock.today()
    rows = []
    for line in offices.lines(request.agent.office):
        week = offices.weekly_hours(line, today)
        changes = line.opening_windows.filter(valid_from__gt=today).order_by("valid_from")
        changes_on = [window.valid_from for window in changes if not window.valid_to or window.valid_to > today]
        rows.append(
            {"line": line, "week": [week[day] for day in range(1, 8)], "next_change": min(changes_on, default=None)}
        )
    return show(request, "steering/openings.html", {"rows": rows, "weekdays": list(WEEKDAYS.values())})


@require_GET
def opening(request: AgentRequest, code: str) -> HttpResponse:
    """One line: its week, its history, and a change to try; what the change would hit is shown before it is decided."""
    line = _line(request, code)
    if "valid_from" not in request.GET:
        return _page(request, line, OpeningForm(initial={"valid_from": clock.today()}))
    form = OpeningForm(request.GET)
    if not form.is_valid():
        return _page(request, line, form, status=422)
    return _preview(request, line, form)


@require_POST
def change(request: AgentRequest, code: str) -> HttpResponse:
    """Decide new hours; the form is the one whose effects were shown."""
    line = _line(request, code)
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return _page(request, line, form, status=422)
    try:
        plan, withdrawn = actions.change_opening(
            line,
            weekday=form.cleaned_data["weekday"],
            hours=form.hours,
            valid_from=form.cleaned_data["valid_from"],
            by=request.agent,
            reason=reasons(form.cleaned_data),
        )
    except BusinessError as error:
        form.add_error(None, str(error))
        return _page(request, line, form, status=error.status)
    told = (
        _("Rien à changer : ces horaires étaient déjà ceux de la file.")
        if plan.changes_nothing
        else _("Horaires enregistrés. Les anciens restent dans l'historique.")
    )
    messages.success(request, f"{told} {said(withdrawn)}".strip())
    return redirect("steering:opening", code=line.code)


def _preview(request: AgentRequest, line: Line, form: OpeningForm) -> HttpResponse:
    wanted = {
        "weekday": form.cleaned_data["weekday"],
        "hours": form.hours,
        "valid_from": form.cleaned_data["valid_from"],
    }
    try:
        plan = offices.plan_opening_change(line, **wanted)
    except BusinessError as error:
        form.add_error(None, str(error))
        return _page(request, line, form, status=error.status)
    lost = losing(booking.hit_by_opening_change(line, **wanted))
    hits = queries.hit_by_opening_change(line, **wanted)
    return _page(request, line, form, plan=plan, hits=hits, lost=lost, sent=list(_sent(form)))


def _sent(form: OpeningForm) -> Any:
    """What was typed, as the confirmation sends it again."""
    return ((name, form.data[name]) for name in form.fields if form.data.get(name))


def _page(request: AgentRequest, line: Line, form: OpeningForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    week = offices.weekly_hours(line, clock.today())
    context = {
        "line": line,
        "form": form,
        "week": [(WEEKDAYS[day - 1], week[day]) for day in range(1, 8)],
        "history": [(WEEKDAYS[window.weekday - 1], window) for window in offices.opening_history(line)],
        "today": clock.today(),
        "plan": None,
        "hits": None,
        "lost": None,
        "sent": [],
        **shown,
    }
    return show(request, "steering/opening.html", context, status=status)


def _line(request: AgentRequest, code: str) -> Line:
    return get_object_or_404(Line, office=request.agent.office, code=code)
