"""The figures of a day, with what each one means."""

from datetime import timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from parvis.common import clock
from parvis.indicators import queries as indicators
from parvis.offices import queries as offices
from parvis.web.requests import AgentRequest
from parvis.web.steering.forms import DayForm
from parvis.web.steering.pages import show


@require_GET
def day(request: AgentRequest) -> HttpResponse:
    """Everything the office did on a day, counted from the journal."""
    today, office = clock.today(), request.agent.office
    form = DayForm({"date": request.GET.get("date", "") or today.isoformat()})
    is_valid = form.is_valid()
    shown = form.cleaned_data["date"] if is_valid else today
    figures = indicators.day_figures(office, shown)
    lines = [
        {"line": line, "figures": figures.lines[line.code]}
        for line in offices.lines(office)
        if line.code in figures.lines
    ]
    context = {
        "form": form,
        "figures": figures,
        "lines": lines,
        "day": shown,
        "is_today": shown == today,
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1) if shown < today else None,
    }
    return show(request, "steering/day.html", context, status=200 if is_valid else 422)
