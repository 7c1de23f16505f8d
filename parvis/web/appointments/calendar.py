"""Which day, which hour: what is free now, shown in the time of the office, and the seat kept while the form is filled.

The same two pages choose the first hour of an appointment and another one for it.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from parvis.booking import actions, queries
from parvis.booking.models import Appointment
from parvis.booking.queries import DayFree, SlotFree, links
from parvis.booking.rules import minutes_needed
from parvis.booking.states import Status
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.common.network import address_of
from parvis.web.appointments import answers as reading
from parvis.web.appointments import flow, passes
from parvis.web.appointments.advice import advise, late_from, since
from parvis.web.appointments.pages import WEB, page, step
from parvis.web.appointments.way import Way
from parvis.web.requests import VisitorRequest, key_in

NOON = 12


@dataclass(frozen=True, slots=True)
class Month:
    """The days of one month that have room."""

    first: date
    days: list[DayFree]


@dataclass(frozen=True, slots=True)
class HalfDay:
    """The hours of a morning or of an afternoon."""

    is_morning: bool
    hours: list[SlotFree]


def months(free: list[DayFree]) -> list[Month]:
    """Days with room, by month."""
    grouped = groupby(free, key=lambda one: one.day.replace(day=1))
    return [Month(first, list(days)) for first, days in grouped]


def half_days(free: list[SlotFree]) -> list[HalfDay]:
    """Hours with room, the morning's and the afternoon's by the clock of the office."""
    grouped = groupby(free, key=lambda one: timezone.localtime(one.starts_at).hour < NOON)
    return [HalfDay(is_morning, list(hours)) for is_morning, hours in grouped]


def next_hours(way: Way, *, most: int = 6) -> list[SlotFree]:
    """The first hours that are free: for somebody whose seat was lost while they typed."""
    found: list[SlotFree] = []
    for one in queries.free_days(way.wish, since=since(advise(way))):
        found += queries.free_slots(way.wish, one.day)
        if len(found) >= most:
            break
    return found[:most]


@step
def days(request: VisitorRequest, here: Way) -> HttpResponse:
    """The days that have room. Without any, the first ones are not invented: a request can be left."""
    if missing := flow.unproved(here):
        return HttpResponseRedirect(missing)
    if flow.by_draw(here):
        return HttpResponseRedirect(here.to("request"))
    advised = advise(here)
    free = queries.free_days(here.wish, since=since(advised))
    context = {
        "months": [(month, [(one, _hours_of(request, here, one.day)) for one in month.days]) for month in months(free)],
        "first": (free[0].day, _hours_of(request, here, free[0].day)) if free else None,
        "since": since(advised),
        "late_from": late_from(advised),
        "request_url": here.to("request"),
        "again_url": here.to("days"),
        "several": len(here.answers.procedures) > 1,
        "back": here.to("documents"),
    }
    return page(request, here, "days", context)


@step
def hours(request: VisitorRequest, here: Way) -> HttpResponse:
    """The hours of a day; choosing one keeps the seat while the form is filled."""
    if missing := flow.unproved(here):
        return HttpResponseRedirect(missing)
    chosen = reading.day(request)
    if chosen is None:
        return HttpResponseRedirect(here.to("days"))
    error: BusinessError | None = None
    if request.method == "POST":
        try:
            held = _keep(request, here)
            return HttpResponseRedirect(here.of("details", held.token))
        except BusinessError as refused:
            error = refused
    free = queries.free_slots(here.wish, chosen) if may_be_on(here, chosen) else []
    expires = late_from(advise(here))
    context = {
        "day": chosen,
        "half_days": half_days(free),
        "is_late": expires is not None and chosen >= expires,
        "error": error,
        "back": here.to("days", a=request.GET.get("a", "")[:32]),
        "minutes": minutes(here),
    }
    return page(request, here, "hours", context, status=error.status if error else 200)


def minutes(way: Way) -> int:
    """How long the visit is expected to take at the counter, rounded up to five minutes."""
    return -(-round(minutes_needed(way.wish)) // 5) * 5


def may_be_on(way: Way, day: date) -> bool:
    """Whether what is asked for is accepted on that day."""
    first = since(advise(way))
    return day >= clock.today() and (first is None or day >= first)


def _keep(request: VisitorRequest, here: Way) -> Appointment:
    """Keep the seat: for an appointment begun before, or for a new one."""
    slot = key_in(request.POST.get("slot", ""))
    begun = _begun(request, here)
    if begun is not None and begun.state not in (Status.HELD, Status.EXPIRED):
        return begun
    if begun is not None:
        return actions.hold_again(begun, slot, by=WEB, address=address_of(request))
    known = passes.read(here.answers.verified)
    key = request.POST.get("key", "")[:40]
    # Without a key of its own, a command must not be taken for somebody else's.
    key = f"hold:{key}:{slot}" if key else ""
    name = known.name if known else ""
    return actions.hold(here.wish, slot, by=WEB, key=key, address=address_of(request), pass_name=name)


def _begun(request: VisitorRequest, here: Way) -> Appointment | None:
    """The appointment that the person came back from, to choose another hour."""
    found = queries.by_token(request.GET.get("a", "")[:32])
    if found is None or found.office_id != here.office.pk:
        return None
    links.check_appointment(found)
    return found


def _hours_of(request: VisitorRequest, here: Way, day: date) -> str:
    return here.to("hours", j=day.isoformat(), a=request.GET.get("a", "")[:32])
