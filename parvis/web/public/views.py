"""What anybody may open: the home page, one's own ticket, one's own orientation slip."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parvis.journal.actions import PHONE
from parvis.reception import actions, queries
from parvis.reception.models import Redirection, Ticket
from parvis.reception.states import LeaveReason
from parvis.web import languages
from parvis.web.account.home import home_of
from parvis.web.kiosk.doors import receiving
from parvis.web.kiosk.flow import slip
from parvis.web.public import tickets
from parvis.web.requests import VisitorRequest, agent_of


def home(request: VisitorRequest) -> HttpResponse:
    """An agent goes to the screen of their role; anybody else reads where to go."""
    if agent_of(request.user):
        return redirect(home_of(request.user))
    context = {"offices": receiving(), "sign_in": settings.LOGIN_URL}
    return render(request, "parvis/public/home.html", context)


@never_cache
def ticket(request: VisitorRequest, token: str) -> HttpResponse:
    """The page of one ticket, in the language of the ticket unless the person chose another. 404 if unknown."""
    found = _ticket(request, token)
    context = {
        "view": tickets.view_of(found),
        "bring": tickets.bring(found),
        "asks_to_leave": "partir" in request.GET,
    }
    return render(request, "parvis/public/ticket.html", context)


@never_cache
def ticket_state(request: VisitorRequest, token: str) -> HttpResponse:
    """The part of the page that changes, fetched again when something happened."""
    view = tickets.view_of(_ticket(request, token))
    return render(request, "parvis/public/_ticket_state.html", {"view": view})


@csrf_exempt
@require_POST
def ticket_leave(request: VisitorRequest, token: str) -> HttpResponse:
    """Leave the queue. The token is the person's right to do so; no cookie is asked for."""
    found = _ticket(request, token)
    if tickets.view_of(found).may_leave:
        actions.leave(found, by=PHONE, reason=LeaveReason.TOLD_US)
    return redirect("public:ticket", token=token)


@never_cache
def redirection(request: VisitorRequest, token: str) -> HttpResponse:
    """Where or when to come instead, to read again or to print. 404 for any other token."""
    found = Redirection.objects.select_related("office", "to_office", "procedure").filter(token=token).first()
    if found is None:
        raise Http404
    _speak(request, found.language)
    context = {"slip": slip(found, request), "office": found.office}
    return render(request, "parvis/public/redirection.html", context)


def _ticket(request: VisitorRequest, token: str) -> Ticket:
    found = queries.by_token(token)
    if found is None:
        raise Http404
    _speak(request, found.language)
    return found


def _speak(request: VisitorRequest, language: str) -> None:
    """The language spoken at the door, unless the person chose another on this phone since."""
    if not request.language_chosen and languages.known(language):
        translation.activate(language)
