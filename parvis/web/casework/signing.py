"""What waits for a signature: proposed by others; one's own proposals wait for somebody else."""

from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision, State
from parvis.web.casework.pages import show
from parvis.web.casework.worklist import PAGE
from parvis.web.requests import AgentRequest


@require_GET
def to_sign(request: AgentRequest) -> HttpResponse:
    """Grants to sign together, refusals one by one after reading: their grounds are shown."""
    mine = Q(proposed_by=request.agent)
    proposed = CaseFile.objects.filter(office=request.agent.office, state=State.PROPOSED)
    rows = proposed.exclude(mine).select_related("person", "procedure", "officer", "proposed_by")
    rows = rows.order_by("decide_by", "deposited_on", "pk")
    context = {
        "grants": list(rows.filter(proposal=Decision.GRANT)[:PAGE]),
        "refusals": list(rows.filter(proposal=Decision.REFUSE)[:PAGE]),
        "total": proposed.exclude(mine).count(),
        "own": proposed.filter(mine).count(),
    }
    return show(request, "to_sign.html", context)
