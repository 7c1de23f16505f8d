"""My appointment: see it, move it, cancel it, take its papers. The address is the right to do so."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.booking import actions, queries
from parvis.booking.errors import PlaceDrawn
from parvis.booking.models import Appointment, SeatRequest
from parvis.booking.papers import calendar as ics
from parvis.booking.papers import confirmation_pdf
from parvis.booking.queries import draws
from parvis.booking.states import CancelReason, Status
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.web.addresses import qr
from parvis.web.appointments import answers as reading
from parvis.web.appointments import flow
from parvis.web.appointments.advice import documents
from parvis.web.appointments.calendar import half_days, months
from parvis.web.appointments.details import UNFINISHED, of_appointment
from parvis.web.appointments.pages import WEB, page
from parvis.web.appointments.visits import is_awaited, is_coming, people_of, procedures_of, wish_of
from parvis.web.appointments.way import Way
from parvis.web.requests import VisitorRequest, key_in

WITH_PAPERS = frozenset({Status.CONFIRMED, Status.CHECKED_IN, Status.NO_SHOW})


@of_appointment
def see(request: VisitorRequest, here: Way, appointment: Appointment) -> HttpResponse:
    """The appointment: when, where, what to bring; never a name."""
    if appointment.state in UNFINISHED:
        step = "code" if appointment.state == Status.PENDING else "details"
        return HttpResponseRedirect(here.of(step, appointment.token))
    procedures = procedures_of(appointment)
    context = {
        **_after_withdrawal(appointment),
        "appointment": appointment,
        "procedures": procedures,
        "people": people_of(appointment),
        "documents": documents(procedures, appointment.day),
        "is_coming": is_coming(appointment),
        "is_drawn": queries.is_drawn(appointment),
        "place_drawn": PlaceDrawn.message,
        "is_awaited": is_awaited(appointment, here.policy.late_minutes),
        # Who is late, or was counted absent this morning, is received all the same.
        "is_today": appointment.day == clock.today() and appointment.state in (Status.CONFIRMED, Status.NO_SHOW),
        "has_papers": appointment.state in WITH_PAPERS,
        "qr": qr(request, request.path),
        "policy": here.policy,
        "restart_url": reverse("appointments:start", args=[appointment.office.code]),
        "commune_url": here.but(procedures=procedures).to("commune") if flow.asks_commune(procedures) else "",
    }
    return page(request, here, "see", context)


@of_appointment
def move(request: VisitorRequest, here: Way, appointment: Appointment) -> HttpResponse:
    """Another day, another hour; the people and what they come for stay. A drawn place stays too: the page says so.

    Where the office withdrew the seats, it is another appointment for the same people, or the same request again.
    """
    is_again = queries.was_withdrawn(appointment)
    if not is_again and (not is_coming(appointment) or queries.is_drawn(appointment)):
        return HttpResponseRedirect(_page_of(appointment))
    error: BusinessError | None = None
    if request.method == "POST":
        try:
            if "ask" in request.POST:
                asked = actions.request_again(appointment, by=WEB)
                return HttpResponseRedirect(reverse("draws:request", args=[asked.token]))
            return HttpResponseRedirect(_page_of(_move(request, appointment, is_again=is_again)))
        except BusinessError as refused:
            error = refused
    wish, chosen = wish_of(appointment), reading.day(request)
    address = reverse("appointments:move", args=[appointment.token])
    context = {
        "appointment": appointment,
        "is_again": is_again,
        "error": error,
        "months": [
            (month, [(one, f"{address}?j={one.day.isoformat()}") for one in month.days])
            for month in months(queries.free_days(wish))
        ]
        if chosen is None
        else [],
        "day": chosen,
        "half_days": half_days(queries.free_slots(wish, chosen)) if chosen else [],
        "back": address if chosen else _page_of(appointment),
        "restart_url": _page_of(appointment),
        "start_url": reverse("appointments:start", args=[appointment.office.code]),
    }
    return page(request, here, "move", context, status=error.status if error else 200)


@of_appointment
def cancel(request: VisitorRequest, here: Way, appointment: Appointment) -> HttpResponse:
    """Asked once more, then cancelled; the seat goes to somebody else."""
    if not is_coming(appointment):
        return HttpResponseRedirect(_page_of(appointment))
    if request.method == "POST":
        actions.cancel(appointment, reason=CancelReason.PERSON, by=WEB)
        return HttpResponseRedirect(_page_of(appointment))
    context = {
        "appointment": appointment,
        "is_drawn": queries.is_drawn(appointment),
        "back": _page_of(appointment),
        "restart_url": _page_of(appointment),
    }
    return page(request, here, "cancel", context)


@of_appointment
def convocation(request: VisitorRequest, here: Way, appointment: Appointment) -> HttpResponse:
    """The paper to bring."""
    if appointment.state not in WITH_PAPERS:
        return HttpResponseRedirect(_page_of(appointment))
    return _file(confirmation_pdf(appointment), "application/pdf", f"parvis-{appointment.number}.pdf")


@of_appointment
def event(request: VisitorRequest, here: Way, appointment: Appointment) -> HttpResponse:
    """The appointment for a calendar; cancelled, it takes itself out of it."""
    if appointment.state in UNFINISHED:
        return HttpResponseRedirect(_page_of(appointment))
    return _file(ics(appointment), "text/calendar; charset=utf-8", f"parvis-{appointment.number}.ics")


def _move(request: VisitorRequest, appointment: Appointment, *, is_again: bool) -> Appointment:
    slot = key_in(request.POST.get("slot", ""))
    key = request.POST.get("key", "")[:40]
    key = f"{'again' if is_again else 'move'}:{key}:{slot}" if key else ""
    if is_again:
        return actions.book_again(appointment, slot, by=WEB, key=key)
    return actions.move_to(appointment, slot, by=WEB, key=key)


def _after_withdrawal(appointment: Appointment) -> dict[str, Any]:
    """What somebody whose seats the office withdrew can do: choose another hour, or ask again before a draw."""
    if not queries.was_withdrawn(appointment):
        return {}
    before = SeatRequest.objects.filter(appointment=appointment).first()
    return {
        "was_withdrawn": True,
        "is_served": queries.is_served_otherwise(appointment),
        "asked": draws.asked_again(before) if before else None,
        "asks": queries.asks_again(appointment),
    }


def _page_of(appointment: Appointment) -> str:
    return reverse("appointments:see", args=[appointment.token])


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
