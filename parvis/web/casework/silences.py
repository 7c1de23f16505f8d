"""The delays that end while nothing is decided: those of the law, and the receipts people live on."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from parvis.casefiles import queries as lists
from parvis.casefiles.actions.receipts import TOLD_AHEAD_DAYS
from parvis.web.casework.pages import show
from parvis.web.casework.worklist import Filters
from parvis.web.requests import AgentRequest

SHOWN = 100


@require_GET
def silences(request: AgentRequest) -> HttpResponse:
    """Near first: these can still be decided in time."""
    office = request.agent.office
    near, passed = lists.near_silence(office), lists.silent(office)
    ending, ended = lists.ending(office, TOLD_AHEAD_DAYS), lists.ended(office)
    context = {
        "near": list(near[:SHOWN]),
        "near_count": near.count(),
        "passed": list(passed[:SHOWN]),
        "passed_count": passed.count(),
        "ending": list(ending[:SHOWN]),
        "ending_count": ending.count(),
        "ended": list(ended[:SHOWN]),
        "ended_count": ended.count(),
        "days": TOLD_AHEAD_DAYS,
        "shown": SHOWN,
        "selects": False,
        "filters": Filters.of(request),
    }
    return show(request, "silences.html", context)
