"""A document that a person sent."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from parvis.casefiles.models import SentDocument
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
