"""A place that was freed, proposed to one person for a few hours: take it, or leave it to the next."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from parvis.booking import actions
from parvis.booking.models import Offer
from parvis.booking.queries import draws, links
from parvis.booking.states import OfferState
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.web.draws.pages import WEB, page, personal, speak
from parvis.web.requests import VisitorRequest


@personal
@require_safe
def see(request: VisitorRequest, token: str) -> HttpResponse:
    """The hour that is proposed, until when, and the two answers."""
    return _page(request, _offer(request, token))


@personal
@require_POST
def take(request: VisitorRequest, token: str) -> HttpResponse:
    """Take the place; pressed twice, it is the same appointment."""
    found = _offer(request, token)
    try:
        appointment = actions.take_offer(found, by=WEB)
    except BusinessError as error:
        return _page(request, _offer(request, token), error=error)
    return redirect("appointments:see", token=appointment.token)


@personal
@require_POST
def refuse(request: VisitorRequest, token: str) -> HttpResponse:
    """Leave the place to the next person; the request waits on."""
    found = _offer(request, token)
    try:
        actions.refuse_offer(found, by=WEB)
    except BusinessError as error:
        return _page(request, _offer(request, token), error=error)
    return redirect("draws:request", token=found.request.token)


def _offer(request: VisitorRequest, token: str) -> Offer:
    found = draws.offer_by_token(token)
    if found is None:
        raise Http404
    speak(request, found.request)
    links.check_request(found.request)
    return found


def _page(request: VisitorRequest, found: Offer, *, error: BusinessError | None = None) -> HttpResponse:
    context = {
        "office": found.request.office,
        "offer": found,
        "asked": found.request,
        "starts_at": found.seat.slot.starts_at,
        "is_open": found.state == OfferState.OPEN and found.expires_at > clock.now(),
        "error": error,
    }
    return page(request, "offer", context, status=error.status if error else 200)
