"""Check a certificate of request: what it states, and whether the office signed exactly that. For a court above all."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from parvis.booking import signing
from parvis.booking.actions import certificates
from parvis.booking.models import Certificate
from parvis.booking.papers import certificate_pdf
from parvis.booking.queries import draws, links
from parvis.web.draws.pages import OUTCOMES, page, personal
from parvis.web.requests import VisitorRequest


@personal
@require_safe
def check(request: VisitorRequest, token: str) -> HttpResponse:
    """Whether a certificate is genuine, with what the paper states and nothing more. 404 for any other address."""
    found = _certificate(token)
    is_valid = certificates.is_valid(found)
    context = {
        "office": found.request.office,
        "certificate": found,
        "procedure": found.request.procedure,
        "checked_until": links.checked_until(found),
        "is_valid": is_valid,
        # What is not what the office signed is not shown as if it were.
        "stated": _stated(found.facts) if is_valid else None,
        "fingerprint": signing.fingerprint(),
    }
    return page(request, "certificate", context)


@personal
@require_safe
def paper(request: VisitorRequest, token: str) -> HttpResponse:
    """The signed PDF. 404 for an unknown address, and for one whose facts were tampered with."""
    found = _certificate(token)
    if not certificates.is_valid(found):
        raise Http404
    response = HttpResponse(certificate_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="attestation-{found.request.number}.pdf"'
    return response


@require_safe
def office_certificate(request: VisitorRequest) -> HttpResponse:
    """The public certificate with which signatures can be checked without this page."""
    response = HttpResponse(signing.certificate_pem(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="parvis.pem"'
    return response


def _certificate(token: str) -> Certificate:
    found = draws.certificate_by_token(token)
    if found is None:
        raise Http404
    links.check_certificate(found)
    return found


def _stated(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as the page words them."""
    return {
        **facts,
        "name": f"{facts['given_name']} {facts['family_name']}".strip(),
        "birth_date": date.fromisoformat(facts["birth_date"]),
        "asked_on": date.fromisoformat(facts["asked_on"]),
        "issued_on": date.fromisoformat(facts["issued_on"]),
        "attempts": [
            (date.fromisoformat(one["on"]), OUTCOMES.get(one["outcome"], one["outcome"])) for one in facts["attempts"]
        ],
    }
