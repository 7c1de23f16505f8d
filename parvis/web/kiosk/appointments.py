"""Somebody at the door who has an appointment: find it, say whether they are early or late, receive them."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from parvis.booking import queries as bookings
from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import KIOSK
from parvis.reception import actions, printing, queries, rules
from parvis.reception.errors import DoorCodeMissing, DoorCodeWrong
from parvis.web.kiosk import answers as reading
from parvis.web.kiosk import seal
from parvis.web.kiosk.doors import Door
from parvis.web.kiosk.forms import HolderForm, NumberForm
from parvis.web.kiosk.pages import check_is_here, page, step
from parvis.web.requests import VisitorRequest


@step
def find(request: VisitorRequest, here: Door) -> HttpResponse:
    """Scan the code, type a number, or give a name with a birth date. A phone first proves that it is here."""
    by_name = "nom" in request.GET
    sent, kept = request.POST if request.method == "POST" else None, {"door_code": here.code}
    form = HolderForm(sent, initial=kept) if by_name else NumberForm(sent, initial=kept)
    if here.is_kiosk and not by_name:
        # A scanner types where the focus is.
        form.fields["n"].widget.attrs["autofocus"] = True
    problem: BusinessError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _found(request, here, form)
        except BusinessError as error:
            problem = error
    asks_code = not here.is_kiosk and (not here.code or isinstance(problem, DoorCodeMissing | DoorCodeWrong))
    context = {
        "form": form,
        "by_name": by_name,
        "problem": problem,
        "asks_code": asks_code,
        "demo_code": queries.door_code(here.office) if settings.DEMO else "",
        "name_url": here.to("appointment", nom="1"),
        "number_url": here.to("appointment"),
        "back": here.to("procedure"),
    }
    return page(
        request, here, "appointment", context, status=problem.status if problem else 422 if form.errors else 200
    )


@step
def check_in(request: VisitorRequest, here: Door) -> HttpResponse:
    """The appointment that was found: its hour, early or late, the card of priority, then the ticket."""
    appointment = bookings.appointment(seal.appointment_of(request.GET.get("r", ""), here.office))
    if appointment.state == Status.CHECKED_IN:
        return HttpResponseRedirect(_ticket_page(here, queries.ticket_of(appointment).token))
    problem = _refusal(appointment)
    if request.method == "POST" and problem is None:
        try:
            return HttpResponseRedirect(_receive(request, here, appointment))
        except BusinessError as error:
            problem = error
    late = timedelta(minutes=bookings.policy(here.office).late_minutes)
    context = {
        "appointment": appointment,
        "procedures": list(dict.fromkeys(one.procedure for one in appointment.booked.all())),
        "is_late": clock.now() > appointment.starts_at + late,
        "problem": problem,
        "back": here.to("appointment"),
    }
    return page(request, here, "check_in", context, status=problem.status if problem else 200)


def _found(request: VisitorRequest, here: Door, form: NumberForm | HolderForm) -> HttpResponse:
    data: dict[str, Any] = form.cleaned_data
    if not here.is_kiosk:
        check_is_here(request, here, data["door_code"] or here.code)
    typed = data["n"] if isinstance(form, NumberForm) else data["name"]
    found = queries.expected(here.office, typed, born=data.get("date"))
    if len(found) == 1:
        return HttpResponseRedirect(here.to("check_in", r=seal.of_appointment(found[0])))
    choices = [(one, here.to("check_in", r=seal.of_appointment(one))) for one in found]
    return page(request, here, "appointments", {"choices": choices, "back": here.to("appointment")})


def _refusal(appointment: Appointment) -> BusinessError | None:
    """Why the person cannot check in now; None when they can."""
    policy = bookings.policy(appointment.office)
    try:
        rules.check_expected(appointment, policy, now=clock.now(), today=clock.today())
    except BusinessError as error:
        return error
    return None


def _receive(request: VisitorRequest, here: Door, appointment: Appointment) -> str:
    priority = reading.priority(request.POST.get("p", ""))
    ticket = actions.check_in(appointment, by=here.device, priority=priority, language=get_language() or "fr")
    if here.is_kiosk:
        printing.order(ticket, by=KIOSK, key=f"door:check-in:{appointment.pk}")
    return _ticket_page(here, ticket.token)


def _ticket_page(here: Door, token: str) -> str:
    return here.at("printed", token=token) if here.is_kiosk else reverse("public:ticket", args=[token])
