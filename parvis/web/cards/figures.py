"""What the handover counters did on a day, and why cards stayed."""

from collections import Counter as Tally
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parvis.common import clock
from parvis.offices.models import Counter
from parvis.permits import queries
from parvis.permits.states import Failure
from parvis.web.requests import AgentRequest


@never_cache
@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """The counters of a day, today's by default: cards, cards per hour, time per handover, reasons of failure."""
    today = clock.today()
    day = min(_day(request.GET.get("jour", "")) or today, today)
    figures = queries.counter_figures(request.agent.office, day)
    numbers = dict(Counter.objects.filter(office=request.agent.office).values_list("pk", "number"))
    reasons: Tally[str] = Tally()
    rows: list[dict[str, Any]] = []
    for one in figures:
        reasons.update(one.failures)
        rows.append(
            {
                "number": numbers.get(one.counter_id) if one.counter_id else None,
                "cards": one.cards,
                "per_hour": one.per_hour,
                "minutes": one.mean_seconds / 60 if one.mean_seconds is not None else None,
                "failures": sum(one.failures.values()),
            }
        )
    said = [(Failure(code).label if code in Failure.values else code, count) for code, count in reasons.most_common()]
    total = sum(row["cards"] for row in rows)
    context = {"day": day, "today": today, "rows": rows, "reasons": said, "total": total}
    return render(request, "cards/figures.html", context)


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed[:10])
    except ValueError:
        return None
