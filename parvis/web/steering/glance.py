"""Everything the day at a glance shows, read in one place."""

from typing import Any

from django.http import HttpResponse

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.offices import queries as offices
from parvis.reception import queries
from parvis.reception.models import ReturnPass, Ticket
from parvis.reception.states import ReturnKind
from parvis.web.requests import AgentRequest
from parvis.web.steering import outlook
from parvis.web.steering.pages import show

OFFERED = (ReturnKind.LATER_TODAY, ReturnKind.FIRST_NEXT_DAY)
LATEST = 20


def page(request: AgentRequest, *, refused: Ticket | None = None, error: BusinessError | None = None) -> HttpResponse:
    """The whole page; with an offer that was refused, the words of the refusal beside its form and what was typed."""
    context = {**state_of(request), **offers_of(request)}
    if refused and error:
        context["refused"] = {"ticket": refused.pk, "number": str(refused), "error": str(error)}
        context["refused"]["reason"] = request.POST.get("reason", "")[:200]
        shown = {ticket.pk for group in context["offers"] for ticket in group.tickets}
        context["refused"]["is_shown"] = refused.pk in shown
    return show(request, "steering/home.html", context, status=error.status if error else 200)


def state_of(request: AgentRequest) -> dict[str, Any]:
    """What changes by itself: the verdict, the lines, the counters, the calls for help, the figures."""
    office, day = request.agent.office, clock.today()
    plan = queries.floor(office)
    lines = outlook.lines(office, plan)
    helps = queries.help_calls(office)
    return {
        "now": clock.now(),
        "lines": lines,
        "level": outlook.worst(lines),
        "warnings": [one for one in lines if one.level != "ok"],
        "hours": offices.office_hours(office, day),
        "plan": plan,
        "helps": helps,
        "calling": {call.counter_id for call in helps},
        "counts": queries.day_counts(office, day),
        "parked": len(queries.parked(office)),
        "missed": len(queries.missed(office)),
        "open_counters": sum(view.state not in {"closed", "break"} for view in plan),
        "may_answer": request.agent.can("reception.call_ticket"),
    }


def offers_of(request: AgentRequest) -> dict[str, Any]:
    """Whom to offer a return to, and the returns given today."""
    office, day = request.agent.office, clock.today()
    given = ReturnPass.objects.select_related("ticket").filter(ticket__office=office, ticket__day=day, kind__in=OFFERED)
    return {
        "offers": outlook.offers(office),
        "given": list(given.order_by("-pk")[:LATEST]),
        "may_offer": request.agent.can("reception.give_return"),
        "refused": None,
    }
