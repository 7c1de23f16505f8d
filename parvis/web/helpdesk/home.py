"""The appointments of a day, somebody's appointments, one appointment."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from parvis.booking import queries as bookings
from parvis.booking.errors import PlaceDrawn
from parvis.booking.models import Appointment
from parvis.booking.queries.searching import search, search_close
from parvis.booking.states import Status
from parvis.common import clock
from parvis.messages.models import Message
from parvis.reception.models import Ticket
from parvis.web.helpdesk import assistance
from parvis.web.helpdesk.forms import CancelForm
from parvis.web.helpdesk.rows import MAY_COME, people_of, rows_of
from parvis.web.outbox.kinds import KINDS
from parvis.web.requests import AgentRequest

SHOWN = 200
MAY_CHANGE = frozenset({Status.CONFIRMED})
MAY_CANCEL = frozenset({Status.HELD, Status.PENDING, Status.CONFIRMED})


@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """The day, or what was searched. At the digital point: nothing but what the person beside shows."""
    asked = request.GET.get("q", "")[:120]
    if not request.agent.can("booking.view_appointment"):
        return _beside(request, asked)
    day = _day(request)
    office = request.agent.office
    found = search(office, asked) if asked.strip() else _of_day(request, day)
    close = [] if found or not asked.strip() else search_close(office, asked)
    context = {**_shared(request), "rows": rows_of(found or close), "is_close": bool(close), "asked": asked, "day": day}
    return render(request, "helpdesk/home.html", context)


@require_GET
def appointment(request: AgentRequest, pk: int) -> HttpResponse:
    """Everything about one appointment, and what may be done."""
    found = assistance.appointment_of(request, pk)
    return render(request, "helpdesk/appointment.html", seen(request, found))


def seen(request: AgentRequest, found: Appointment, **more: Any) -> dict[str, Any]:
    """What the page of one appointment shows."""
    about = f"{found._meta.label_lower}:{found.pk}"
    told = Message.objects.filter(about=about).exclude(kind="booking.code").order_by("pk")
    can = request.agent.can
    coming = found.starts_at > clock.now()
    may_change = can("booking.book_appointment") and found.state in MAY_CHANGE and coming
    is_drawn = may_change and bookings.is_drawn(found)
    return {
        "appointment": found,
        "people": people_of(found),
        "told": [(KINDS.get(one.kind, one.kind), one) for one in told[:40]],
        "ticket": Ticket.objects.filter(appointment=found).first(),
        "may_check_in": can("booking.check_in_appointment") and found.state in MAY_COME and found.day == clock.today(),
        "may_move": may_change and not is_drawn,
        "place_drawn": PlaceDrawn.message if is_drawn else "",
        "may_cancel": can("booking.book_appointment") and found.state in MAY_CANCEL and coming,
        "may_open_ticket": can("reception.issue_ticket"),
        "cancelling": CancelForm(),
        **_shared(request),
        **more,
    }


def _of_day(request: AgentRequest, day: date) -> list[Appointment]:
    return list(bookings.of_day(request.agent.office, day)[:SHOWN])


def _beside(request: AgentRequest, asked: str) -> HttpResponse:
    """At the digital point the person names their appointment by its number or its code; no list, no search."""
    kept = assistance.assisted(request)
    context = {"rows": [], "asked": asked, "day": clock.today(), **_shared(request)}
    if kept is None or not asked.strip():
        opened = kept["opened"] if kept else []
        context["rows"] = rows_of(list(bookings.appointments().filter(pk__in=opened).order_by("starts_at", "pk")))
        return render(request, "helpdesk/home.html", context)
    found = bookings.by_number(request.agent.office, asked) or bookings.by_token(asked.strip().rstrip("/")[-22:])
    if found is None or found.office_id != request.agent.office_id:
        return render(request, "helpdesk/home.html", {**context, "not_found": True}, status=404)
    assistance.open_with(request, found)
    return redirect("helpdesk:appointment", pk=found.pk)


def _shared(request: AgentRequest) -> dict[str, Any]:
    can = request.agent.can
    return {
        "assisting": assistance.assisted(request),
        "may_search": can("booking.view_appointment"),
        "may_book": can("booking.book_appointment"),
        "may_receive": can("booking.check_in_appointment"),
        "not_found": False,
        "is_close": False,
    }


def _day(request: AgentRequest) -> date:
    try:
        return parse_date(request.GET.get("jour", "")[:10]) or clock.today()
    except ValueError:
        return clock.today()
