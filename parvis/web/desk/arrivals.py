"""Somebody at the desk: a ticket, or where and when to come instead."""

import json
import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import queries as bookings
from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal import queries as journal
from parvis.people import queries as people
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.reception import actions, printing, queries
from parvis.reception.errors import NoAppointmentFound
from parvis.reception.models import Ticket
from parvis.reception.states import RedirectReason
from parvis.web import prereception
from parvis.web.desk.forms import ArrivalForm
from parvis.web.helpdesk.rows import rows_of
from parvis.web.prereception import Advice
from parvis.web.requests import AgentRequest

# What may stand in the address of a slip.
_TOKEN = re.compile(r"[\w-]{1,40}", re.ASCII)
INFORMATION = "information"
# Received without the appointment that the procedure asks for: nobody is simply sent away.
ANYWAY = "anyway"
SHOWN = 40
EXPECTED_SHOWN = 8


@never_cache
@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """The desk: the strip on top, an arrival on one side, today's tickets on the other."""
    return _desk(request, ArrivalForm(office=request.agent.office))


@never_cache
@require_GET
def live(request: AgentRequest) -> HttpResponse:
    """The strip and the list, fetched again when something happened or something is searched."""
    return render(request, "desk/_live.html", _seen(request))


@never_cache
@require_GET
def persons(request: AgentRequest) -> HttpResponse:
    """The persons known under a number or a name, to bind the ticket to one of them."""
    typed = request.GET.get("name", "")[:240]
    found = people.find(foreign_number=typed) if typed.strip().isdigit() else people.find(name=typed)
    rows = [{"person": one, "fills": json.dumps(_identity(one))} for one in found]
    return render(request, "desk/_persons.html", {"rows": rows, "typed": typed.strip()})


@require_POST
def issue(request: AgentRequest) -> HttpResponse:
    """Give a ticket after the pre-reception check; what the check says is shown beside the form, nothing is lost."""
    form = ArrivalForm(request.POST, office=request.agent.office)
    if not form.is_valid():
        return _desk(request, form, status=422)
    wanted = form.chosen()
    if request.POST.get("instead") == INFORMATION:
        wanted = (catalogue.by_code(INFORMATION),)
    anyway = request.POST.get("instead") == ANYWAY
    advised = [_advise(form, one.code, expected=anyway) for one in wanted]
    told = [advice for advice in advised if advice.reason]
    if told and request.POST.get("instead") == "slip":
        return _give_slip(request, form, told[0])
    if told:
        return _desk(request, form, told=told, status=409)
    try:
        arrival = form.arrival(wanted, received_anyway=anyway)
        ticket = actions.issue_ticket(arrival, by=request.agent, key=_key(request, form))
    except BusinessError as error:
        return _desk(request, form, problem=error, status=error.status)
    print_once(request, ticket)
    return redirect("desk:ticket", pk=ticket.pk)


@require_POST
def scan(request: AgentRequest) -> HttpResponse:
    """Somebody with an appointment: a code or a number gives the ticket at once, a name shows who it may be."""
    office, typed = request.agent.office, request.POST.get("n", "")[:300]
    form = ArrivalForm(office=office)
    found = bookings.for_check_in(office, clock.today(), typed)
    if not found:
        return _desk(request, form, scanned=typed, scan_problem=NoAppointmentFound(), status=422)
    if len(found) > 1 or not queries.is_numbered(found[0], typed):
        return _desk(request, form, scanned=typed, found=rows_of(found))
    try:
        ticket = actions.check_in(found[0], by=request.agent)
    except BusinessError as error:
        return _desk(request, form, scanned=typed, found=rows_of(found), scan_problem=error, status=error.status)
    print_once(request, ticket)
    return redirect("desk:ticket", pk=ticket.pk)


def print_once(request: AgentRequest, ticket: Ticket) -> None:
    """Order the paper once, however often the form was sent."""
    ordered = journal.about(ticket).filter(what="ticket.print_ordered").exists()
    if request.agent.can("reception.print_ticket") and not ordered:
        printing.order(ticket, by=request.agent)


def _identity(person: Person) -> dict[str, str]:
    """What choosing a known person writes into the form."""
    born = f"{person.birth_date:%d/%m/%Y}" if person.birth_date else ""
    return {"person": str(person.pk), "name": person.full_name, "born": born, "language": person.language}


def _advise(form: ArrivalForm, code: str, *, expected: bool = False) -> Advice:
    data = form.cleaned_data
    advice = prereception.advise(
        form.office, form.catalogue[code], commune=data["commune"], expires_on=data["expires_on"]
    )
    # Whoever holds a right to come back is expected; an appointment is checked in, not declared.
    expected = expected or bool(data["return_code"])
    return Advice(advice.procedure) if advice.reason == RedirectReason.APPOINTMENT_ONLY and expected else advice


def _give_slip(request: AgentRequest, form: ArrivalForm, advice: Advice) -> HttpResponse:
    assert advice.reason  # noqa: S101 - the caller keeps only those with a reason
    given = actions.redirect(
        form.office,
        procedure=advice.procedure,
        reason=advice.reason,
        by=request.agent,
        language=form.cleaned_data["language"],
        first_valid_date=advice.first_valid_date,
        to_office=advice.to_office,
        key=f"slip-{_key(request, form)}",
    )
    return redirect(f"{reverse('desk:home')}?papier={given.token}")


def _key(request: AgentRequest, form: ArrivalForm) -> str:
    return f"desk-{request.agent.pk}-{form.cleaned_data['key']}"


def _desk(request: AgentRequest, form: ArrivalForm, *, status: int = 200, **more: Any) -> HttpResponse:
    slip = request.GET.get("papier", "")
    context = {
        "form": form,
        "chosen": form["procedures"].value() or [],
        "told": [],
        "problem": None,
        "slip": slip if _TOKEN.fullmatch(slip) else "",
        "may_find": request.agent.can("people.view_person"),
        "may_book": request.agent.can("booking.book_appointment"),
        "scanned": "",
        "scan_problem": None,
        "found": [],
        **_seen(request),
        **more,
    }
    return render(request, "desk/home.html", context, status=status)


def _seen(request: AgentRequest) -> dict[str, Any]:
    asked = request.GET.get("q", "")[:120]
    office = request.agent.office
    return {
        "admission": queries.admission(office),
        "tickets": queries.search(office, clock.today(), asked, limit=SHOWN),
        "expected": rows_of(_expected(request)),
        "may_receive": request.agent.can("booking.check_in_appointment"),
        "asked": asked,
    }


def _expected(request: AgentRequest) -> list[Appointment]:
    """The next people with an appointment who have not come yet, those who are late first."""
    waited = bookings.of_day(request.agent.office, clock.today()).filter(state=Status.CONFIRMED)
    return list(waited[:EXPECTED_SHOWN])
