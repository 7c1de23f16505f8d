"""Move, cancel, receive: what an agent does with an appointment that exists."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.booking import actions
from parvis.booking import queries as bookings
from parvis.booking.actions.holding import wish_of
from parvis.booking.errors import PlaceDrawn
from parvis.booking.states import CancelReason
from parvis.common.errors import BusinessError
from parvis.reception import actions as reception
from parvis.web.desk.arrivals import print_once
from parvis.web.helpdesk import assistance
from parvis.web.helpdesk.booking import DAYS_SHOWN, say_done
from parvis.web.helpdesk.forms import CancelForm
from parvis.web.helpdesk.home import seen
from parvis.web.requests import AgentRequest, key_in


@require_http_methods(["GET", "POST"])
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """Another hour for the same people; the day stands in the address."""
    found = assistance.appointment_of(request, pk)
    if bookings.is_drawn(found):
        messages.warning(request, str(PlaceDrawn.message))
        return redirect("helpdesk:appointment", pk=pk)
    problem: BusinessError | None = None
    if request.method == "POST":
        try:
            slot = key_in(request.POST.get("slot", ""))
            actions.move_to(found, slot, by=request.agent, key=f"helpdesk-move-{request.POST.get('key', '')[:60]}")
        except BusinessError as refused:
            problem = refused
        else:
            say_done(request, found, _("Le rendez-vous est déplacé."))
            return redirect("helpdesk:appointment", pk=pk)
    wish = replace(wish_of(found), people=len({one.identity for one in found.booked.all()}))
    try:
        day = parse_date(request.GET.get("jour", "")[:10])
    except ValueError:
        day = None
    context = {
        "appointment": found,
        "days": [(one, f"jour={one.day.isoformat()}") for one in bookings.free_days(wish)[:DAYS_SHOWN]],
        "day": day,
        "slots": bookings.free_slots(wish, day) if day else [],
        "problem": problem,
        "assisting": assistance.assisted(request),
    }
    return render(request, "helpdesk/move.html", context, status=problem.status if problem else 200)


@require_POST
def cancel(request: AgentRequest, pk: int) -> HttpResponse:
    """Give the seats back, with a reason."""
    found = assistance.appointment_of(request, pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return render(request, "helpdesk/appointment.html", seen(request, found, cancelling=form), status=422)
    actions.cancel(found, reason=CancelReason(form.cleaned_data["reason"]), by=request.agent)
    say_done(request, found, _("Le rendez-vous est annulé."))
    return redirect("helpdesk:appointment", pk=pk)


@require_POST
def check_in(request: AgentRequest, pk: int) -> HttpResponse:
    """The person is there: their ticket. Pressed twice, it is the same one."""
    found = assistance.appointment_of(request, pk)
    ticket = reception.check_in(found, by=request.agent, priority=request.POST.get("priority", "")[:20])
    print_once(request, ticket)
    if request.agent.can("reception.issue_ticket"):
        return redirect("desk:ticket", pk=ticket.pk)
    return redirect("helpdesk:appointment", pk=pk)
