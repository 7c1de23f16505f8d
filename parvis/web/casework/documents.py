"""The documents of a file: those that its person sent, and the papers that they are given."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parvis.casefiles import papers
from parvis.casefiles.models import MissingSlip, Receipt, SentDocument
from parvis.web.requests import AgentRequest

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@require_GET
def document(request: AgentRequest, pk: int) -> HttpResponse:
    """Saved, never run: whatever was sent opens outside of our pages."""
    found = get_object_or_404(SentDocument, question__case_file__office=request.agent.office, pk=pk)
    known = found.media_type in ENDINGS
    response = HttpResponse(
        bytes(found.content), content_type=found.media_type if known else "application/octet-stream"
    )
    name = f"{found.question.case_file.number}-{found.pk}.{ENDINGS.get(found.media_type, 'bin')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_GET
def receipt_paper(request: AgentRequest, pk: int) -> HttpResponse:
    """A receipt, to print and sign."""
    rows = Receipt.objects.select_related("case_file__person", "case_file__procedure", "case_file__office", "office")
    found = get_object_or_404(rows, pk=pk, office=request.agent.office)
    return _paper(papers.receipt_pdf(found), found.number)


@never_cache
@require_GET
def slip_paper(request: AgentRequest, pk: int) -> HttpResponse:
    """The slip of what is missing, to print or send."""
    rows = MissingSlip.objects.select_related("case_file__person", "case_file__procedure", "case_file__office")
    found = get_object_or_404(rows, pk=pk, case_file__office=request.agent.office)
    return _paper(papers.slip_pdf(found), found.case_file.number)


def _paper(made: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
