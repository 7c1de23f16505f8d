"""Closing the day: what it would do first, then what it did."""

from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.common import clock
from parvis.journal import queries as journal
from parvis.offices import queries as offices
from parvis.offices.models import Agent, Office
from parvis.reception import actions, queries
from parvis.reception.models import Ticket
from parvis.reception.states import Status
from parvis.web.requests import AgentRequest
from parvis.web.steering.pages import show


@require_GET
def closing(request: AgentRequest) -> HttpResponse:
    """What closing today would do, the earlier days left open, and the reports of today's closings."""
    return _page(request)


@require_POST
def close_day(request: AgentRequest) -> HttpResponse:
    """Close a day, once the person has said that they mean it while people may still come."""
    office, today = request.agent.office, clock.today()
    day = _day(request.POST.get("day", ""))
    if day != today and day not in _left_open(office, today):
        return _page(request, problem=_("Cette page n'était plus à jour : voici la situation actuelle."), status=409)
    if day == today and _still_open(office) and request.POST.get("sure") != "1":
        return _page(
            request, problem=_("Des files reçoivent encore : cochez la case pour clore quand même."), status=422
        )
    actions.close_day(office, day=day, by=request.agent)
    return redirect("steering:closing")


def _page(request: AgentRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    office, today = request.agent.office, clock.today()
    context = {
        "today": today,
        "would": would(office, today),
        "still_open": _still_open(office),
        "left_open": [(day, would(office, day)) for day in _left_open(office, today)],
        "reports": _reports(office, today),
        "problem": problem,
    }
    return show(request, "steering/closing.html", context, status=status)


def would(office: Office, day: date) -> dict[str, Any]:
    """What closing a day would write: people not received, gone, received without an outcome, counters closed."""
    states = Counter(Ticket.objects.open().filter(office=office, day=day).values_list("state", flat=True))
    return {
        "turned_away": states[Status.WAITING],
        "left": states[Status.CALLED] + states[Status.MISSED],
        "unrecorded": states[Status.SERVING] + states[Status.PARKED],
        "counters": sorted(session.counter.number for session in queries.held_by(office).values()),
        "anything": bool(states) or bool(queries.held_by(office)),
    }


def _still_open(office: Office) -> list[Any]:
    """The lines that still take people today, with their closing hour."""
    now = clock.now()
    spans = offices.hours_by_line(office, clock.today())
    return [
        (line, spans[line.pk][-1][1])
        for line in offices.lines(office)
        if line.pk in spans and spans[line.pk][-1][1] > now
    ]


def _left_open(office: Office, today: date) -> list[date]:
    rows = Ticket.objects.open().filter(office=office, day__lt=today).order_by("day")
    return list(rows.values_list("day", flat=True).distinct())


def _reports(office: Office, today: date) -> list[dict[str, Any]]:
    entries = journal.on_day(office.pk, today).named("day.closed")
    names = dict(Agent.objects.filter(office=office).order_by("pk").values_list("pk", "name"))
    return [
        {
            "at": entry.at,
            "by": names.get(entry.agent_id or 0, ""),
            "day": date.fromisoformat(entry.facts["day"]),
            "facts": entry.facts,
        }
        for entry in entries
    ]


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed[:10])
    except ValueError:
        return None
