"""What people were asked to bring and did not bring in time."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from parvis.casefiles import queries as lists
from parvis.web.casework.pages import show
from parvis.web.casework.worklist import PAGE, Filters, Spot
from parvis.web.requests import AgentRequest


@require_GET
def late(request: AgentRequest) -> HttpResponse:
    """The incomplete files past the day of their slip, fifty a page: to close, or to give a new slip."""
    rows = lists.not_brought(request.agent.office)
    after = Spot.of(request.GET).after
    found = list(lists.behind_day(rows, "missing_by", after)[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "rows": shown,
        "count": rows.count(),
        "after": lists.day_place(shown[-1].missing_by, shown[-1]) if len(found) > PAGE else "",
        "is_first": not after,
        "filters": Filters.of(request),
    }
    return show(request, "late.html", context)
