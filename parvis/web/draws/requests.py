"""My request: where it stands, every time I asked, the proof of it, and taking it back."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.booking import actions, lottery
from parvis.booking.models import Batch, SeatRequest
from parvis.booking.queries import draws, links
from parvis.booking.states import REQUEST_LIVE, BatchState, RequestState
from parvis.common.errors import BusinessError
from parvis.web.draws.pages import OUTCOMES, WEB, page, personal, speak
from parvis.web.requests import VisitorRequest


@personal
@require_safe
def see(request: VisitorRequest, token: str) -> HttpResponse:
    """Where a request stands. It shows no name: whoever looks over a shoulder learns nothing."""
    return _page(request, _request(request, token))


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: VisitorRequest, token: str) -> HttpResponse:
    """Take the request back, once the person has said that they mean it."""
    found = _request(request, token)
    if found.state not in REQUEST_LIVE:
        return redirect("draws:request", token=token)
    if request.method != "POST":
        return page(request, "withdraw", {"office": found.office, "asked": found})
    try:
        actions.withdraw_request(found, by=WEB)
    except BusinessError as error:
        return _page(request, _request(request, token), error=error)
    return redirect("draws:request", token=token)


@personal
@require_POST
def certificate(request: VisitorRequest, token: str) -> HttpResponse:
    """Make the certificate of today, and open it."""
    found = _request(request, token)
    try:
        made = actions.issue_certificate(found, by=WEB)
    except BusinessError as error:
        return _page(request, found, error=error)
    return redirect("draws:paper", token=made.token)


def _request(request: VisitorRequest, token: str) -> SeatRequest:
    found = draws.request_by_token(token)
    if found is None:
        raise Http404
    speak(request, found)
    links.check_request(found)
    return found


def _page(request: VisitorRequest, found: SeatRequest, *, error: BusinessError | None = None) -> HttpResponse:
    tried = list(draws.attempts(found))
    offer = draws.open_offer(found) if found.state == RequestState.OFFERED else None
    context = {
        "office": found.office,
        "asked": found,
        "is_live": found.state in REQUEST_LIVE,
        "by_draw": draws.drawing(found.office, found.procedure) is not None,
        "batch": draws.open_batch_of(found.office, found.procedure),
        "attempts": [(one, OUTCOMES.get(one.outcome, one.outcome), _line_of(one.batch, found)) for one in tried],
        "now_in": _line_of(_batch_now(found), found),
        "offer": offer,
        "certificates": found.certificates.order_by("-issued_at")[:5],
        "error": error,
    }
    return page(request, "request", context, status=error.status if error else 200)


def _batch_now(found: SeatRequest) -> Batch | None:
    batch = found.batch
    return batch if batch is not None and batch.state != BatchState.DRAWN else None


def _line_of(batch: Batch | None, found: SeatRequest) -> dict[str, Any] | None:
    """How the request is called in a batch, and where to see what became of it."""
    if batch is None:
        return None
    line = lottery.line_name(batch.commitment, found.number, found.token)
    parts = {"office": found.office.code, "procedure": found.procedure.code, "number": batch.number}
    return {"line": line, "url": f"{reverse('draws:batch', kwargs=parts)}?ligne={line}", "number": batch.number}
