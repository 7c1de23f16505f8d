"""One ticket at the desk: where it stands, its paper, what may be done for the person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import queries as bookings
from parvis.journal import queries as journal
from parvis.reception import actions, printing, queries
from parvis.reception.models import ReturnPass, Ticket
from parvis.reception.states import LeaveReason, ReturnKind, Status
from parvis.web.audit.sentences import Teller
from parvis.web.desk.forms import ReturnForm
from parvis.web.helpdesk.rows import people_of
from parvis.web.public import tickets as public
from parvis.web.requests import AgentRequest

MAY_LEAVE = {Status.WAITING, Status.MISSED, Status.PARKED}
MAY_RETURN = {Status.WAITING, Status.PARKED}


@never_cache
@require_GET
def ticket(request: AgentRequest, pk: int) -> HttpResponse:
    """Everything about one ticket."""
    return _page(request, _ticket(request, pk))


@never_cache
@require_GET
def paper(request: AgentRequest, pk: int) -> HttpResponse:
    """The paper of a ticket, for the browser's own printer."""
    return render(request, "desk/paper.html", {"paper": public.paper(request, _ticket(request, pk))})


@require_POST
def reprint(request: AgentRequest, pk: int) -> HttpResponse:
    """Order the paper again from the office's printer."""
    found = _ticket(request, pk)
    if printing.order(found, by=request.agent):
        messages.success(request, _("Le ticket s'imprime."))
        return redirect("desk:ticket", pk=pk)
    return redirect("desk:paper", pk=pk)


@require_POST
def put_back(request: AgentRequest, pk: int) -> HttpResponse:
    """A missed person is there after all."""
    actions.put_back(_ticket(request, pk), by=request.agent)
    messages.success(request, _("De nouveau dans la file, à partir de maintenant."))
    return redirect("desk:ticket", pk=pk)


@require_POST
def leave(request: AgentRequest, pk: int) -> HttpResponse:
    """The person goes away."""
    actions.leave(_ticket(request, pk), by=request.agent, reason=LeaveReason.TOLD_US)
    messages.success(request, _("Départ noté."))
    return redirect("desk:ticket", pk=pk)


@require_POST
def not_the_holder(request: AgentRequest, pk: int) -> HttpResponse:
    """The papers are not those of the person the ticket names."""
    ended = actions.refuse_bearer(_ticket(request, pk), by=request.agent)
    messages.success(request, _("%(number)s ne vaut plus : la personne n'en est pas titulaire.") % {"number": ended})
    return redirect("desk:ticket", pk=pk)


@require_POST
def give_return(request: AgentRequest, pk: int) -> HttpResponse:
    """Offer an hour today, or the first place of the next day."""
    found = _ticket(request, pk)
    form = ReturnForm(request.POST, hours=list(queries.return_hours(found)))
    if not form.is_valid():
        return _page(request, found, form, status=422)
    kind, reason = ReturnKind(form.cleaned_data["kind"]), form.cleaned_data["reason"]
    actions.give_return(found, kind=kind, by=request.agent, reason=reason, at=form.hour())
    return redirect("desk:ticket", pk=pk)


def _ticket(request: AgentRequest, pk: int) -> Ticket:
    rows = Ticket.objects.select_related("line", "procedure", "office", "person", "counter")
    return get_object_or_404(rows, office=request.agent.office, pk=pk)


def _page(request: AgentRequest, found: Ticket, form: ReturnForm | None = None, *, status: int = 200) -> HttpResponse:
    can = request.agent.can
    appointment = bookings.appointment(found.appointment_id) if found.appointment_id else None
    context = {
        "ticket": found,
        "appointment": appointment,
        "booked": people_of(appointment) if appointment else [],
        "steps": queries.steps(found),
        "why": queries.explain(found),
        "wait": queries.expected_wait(found),
        "position": queries.position(found) if found.state == Status.WAITING else None,
        "story": Teller(found.office, list(journal.about(found).order_by("id")[:60])).tell(),
        "passes": ReturnPass.objects.filter(ticket=found).order_by("pk"),
        "form": form or ReturnForm(hours=list(queries.return_hours(found))),
        "may_give_return": can("reception.give_return"),
        "may_leave": found.state in MAY_LEAVE,
        "may_put_back": found.state == Status.MISSED and can("reception.put_back_ticket"),
        "may_return": found.state in MAY_RETURN and can("reception.give_return"),
        "may_print": can("reception.print_ticket"),
        "may_scan": can("booking.check_in_appointment"),
    }
    return render(request, "desk/ticket.html", context, status=status)
