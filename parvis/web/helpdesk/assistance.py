"""The digital point: one shared workstation, one person after another, nothing left behind.

Somebody who helps there books with the person beside them. What was opened for one person closes for the next.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.booking import queries as bookings
from parvis.booking.models import Appointment
from parvis.common import clock
from parvis.web.appointments import passes
from parvis.web.requests import AgentRequest

KEY = "assisting"


def assisted(request: AgentRequest) -> dict[str, Any] | None:
    """The person being helped at this workstation: since when, and the appointments opened with them."""
    kept = request.session.get(KEY)
    return kept if isinstance(kept, dict) else None


def open_with(request: AgentRequest, appointment: Appointment) -> None:
    """Let this appointment be seen until the person leaves."""
    kept = assisted(request)
    if kept is not None:
        request.session[KEY] = {**kept, "opened": sorted({*kept["opened"], appointment.pk})}


def appointment_of(request: AgentRequest, pk: int) -> Appointment:
    """An appointment that this agent may see: of their office, and at the digital point one opened with the person.

    Raises ``Http404``.
    """
    found = bookings.appointments().filter(office=request.agent.office, pk=pk).first()
    kept = assisted(request)
    may_see = request.agent.can("booking.view_appointment") or (kept is not None and pk in kept["opened"])
    if found is None or not may_see:
        raise Http404
    return found


@require_POST
def begin(request: AgentRequest) -> HttpResponse:
    """Somebody sits down."""
    request.session[KEY] = {"since": clock.now().isoformat(), "opened": []}
    return redirect("helpdesk:home")


@require_POST
def end(request: AgentRequest) -> HttpResponse:
    """The person leaves: what was opened is closed, and the browser forgets what it kept of it."""
    request.session.pop(KEY, None)
    messages.success(request, _("C'est effacé. Le poste est prêt pour la personne suivante."))
    answer = redirect("helpdesk:home")
    passes.forget(answer)
    answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    # Not the cookies: the agent stays signed in.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
