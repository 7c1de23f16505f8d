"""The seats by appointment: plans by line, how their pools fill, a change or an end after seeing whom it hits."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.booking import actions, queries
from parvis.booking.actions.withdrawing import Withdrawn
from parvis.booking.models import CapacityPlan, Share
from parvis.booking.rules.plans import minutes_between
from parvis.booking.states import Audience, Channel
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.offices import queries as offices
from parvis.offices.models import Line
from parvis.procedures.models import Procedure
from parvis.web.requests import AgentRequest
from parvis.web.steering.booking_forms import FillForm, PlanEndForm, PlanForm, initial_of
from parvis.web.steering.losing import losing, said
from parvis.web.steering.pages import show

WEEKS_SHOWN = 6


@require_GET
def capacity(request: AgentRequest) -> HttpResponse:
    """The plans of every line, today's and those to come, and the seats they have made."""
    office = request.agent.office
    weeks = queries.seats_by_week(office)
    rows = []
    for line in offices.lines(office):
        known = list(queries.plan_history(line, clock.today()))
        rows.append(
            {
                "line": line,
                "plans": [_row(plan) for plan in known if not plan.valid_to or plan.valid_to >= plan.valid_from],
                "weeks": weeks.get(line.pk, [])[:WEEKS_SHOWN],
            }
        )
    return show(request, "steering/capacity.html", {"rows": rows})


@require_GET
def fill(request: AgentRequest) -> HttpResponse:
    """How the pools of the slots of some days fill: the shares of students and employees among them."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    usual = {"since": monday.isoformat(), "until": (monday + timedelta(days=27)).isoformat()}
    form = FillForm({**usual, **request.GET.dict()})
    if not form.is_valid():
        return show(request, "steering/fill.html", {"form": form, "rows": [], "total": None}, status=422)
    found = queries.fill(request.agent.office, form.cleaned_data["since"], form.cleaned_data["until"])
    names = {line.code: line for line in offices.lines(request.agent.office)}
    rows = [{"line": names[one.line], "pool": _pool(one.audience, one.channel), "one": one} for one in found]
    total = {"seats": sum(one.seats for one in found), "booked": sum(one.booked for one in found)}
    return show(request, "steering/fill.html", {"form": form, "rows": rows, "total": total})


@require_http_methods(["GET", "POST"])
def new_plan(request: AgentRequest, code: str) -> HttpResponse:
    """Add a plan to a line: nobody loses anything by it."""
    line = get_object_or_404(Line.objects.select_related("office"), office=request.agent.office, code=code)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        procedures=_procedures(line),
        initial={"valid_from": clock.today() + timedelta(days=1), "slot_minutes": 20, "seats": 1},
    )
    if request.method == "GET":
        return _plan_page(request, line, form)
    if not form.is_valid():
        return _plan_page(request, line, form, status=422)
    try:
        actions.add_plan(line, form.draft, by=request.agent)
    except BusinessError as error:
        form.add_error(None, str(error))
        return _plan_page(request, line, form, status=error.status)
    messages.success(request, _("Plan enregistré : ses places sont ouvertes."))
    return redirect("steering:capacity")


@require_GET
def plan(request: AgentRequest, pk: int) -> HttpResponse:
    """One plan, and a change to try: whom it would hit is shown before it is decided."""
    found = _plan(request, pk)
    if "name" not in request.GET:
        form = PlanForm(initial=initial_of(found), procedures=_procedures(found.line))
        return _plan_page(request, found.line, form, found)
    form = PlanForm(request.GET, procedures=_procedures(found.line))
    if not form.is_valid():
        return _plan_page(request, found.line, form, found, status=422)
    change = queries.plan_change(found, form.draft)
    lost = losing(change.hit)
    return _plan_page(request, found.line, form, found, change=change, lost=lost, sent=_sent(request))


@require_POST
def change_plan(request: AgentRequest, pk: int) -> HttpResponse:
    """Decide the change whose effects were shown."""
    found = _plan(request, pk)
    form = PlanForm(request.POST, procedures=_procedures(found.line))
    if not form.is_valid():
        return _plan_page(request, found.line, form, found, status=422)
    try:
        done = actions.change_plan(found, form.draft, by=request.agent)
    except BusinessError as error:
        form.add_error(None, str(error))
        return _plan_page(request, found.line, form, found, status=error.status)
    _say(request, _("Plan changé."), done)
    return redirect("steering:capacity")


@require_http_methods(["GET", "POST"])
def end_plan(request: AgentRequest, pk: int) -> HttpResponse:
    """Say what the end of a plan would hit, then end it."""
    found = _plan(request, pk)
    form = PlanEndForm(request.POST if request.method == "POST" else request.GET or None)
    page = {"plan": found, "row": _row(found), "form": form, "lost": None, "last_day": None}
    if not form.is_bound:
        return show(request, "steering/plan_end.html", page)
    if not form.is_valid():
        return show(request, "steering/plan_end.html", page, status=422)
    last_day = form.cleaned_data["last_day"]
    if request.method == "GET":
        page |= {"lost": losing(queries.hit_by_plan_end(found, last_day)), "last_day": last_day}
        return show(request, "steering/plan_end.html", page)
    _say(request, _("Plan terminé."), actions.end_plan(found, last_day=last_day, by=request.agent))
    return redirect("steering:capacity")


def _say(request: AgentRequest, what: str, done: Withdrawn) -> None:
    messages.success(request, f"{what} {said(done)}".strip())


def _plan(request: AgentRequest, pk: int) -> CapacityPlan:
    rows = CapacityPlan.objects.select_related("line__office").prefetch_related("shares")
    return get_object_or_404(rows, pk=pk, line__office=request.agent.office)


def _procedures(line: Line) -> Iterable[Procedure]:
    return Procedure.objects.filter(line_code=line.code).order_by("position", "code")


def _plan_page(
    request: AgentRequest,
    line: Line,
    form: PlanForm,
    found: CapacityPlan | None = None,
    *,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    context = {"line": line, "form": form, "plan": found, "change": None, "lost": None, "sent": [], **shown}
    return show(request, "steering/plan.html", context, status=status)


def _sent(request: AgentRequest) -> list[tuple[str, str]]:
    """What was typed, as the confirmation sends it again."""
    return [(name, value) for name, values in request.GET.lists() for value in values if value]


def _row(plan: CapacityPlan) -> dict[str, Any]:
    slots = minutes_between(plan.starts, plan.ends) // plan.slot_minutes
    shares: list[Share] = list(plan.shares.all())
    return {
        "plan": plan,
        "weekday": WEEKDAYS[plan.weekday - 1],
        "a_day": slots * plan.seats,
        "shares": [(_pool(share.audience, share.channel), share.seats) for share in shares],
        "is_ahead": plan.valid_from > clock.today(),
    }


def _pool(audience: str, channel: str) -> str:
    """The name of a pool."""
    named = [str(Audience(audience).label)] if audience else []
    named += [str(Channel(channel).label)] if channel else []
    return " · ".join(named) or _("Tout le monde")
