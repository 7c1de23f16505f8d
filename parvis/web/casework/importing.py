"""Take over an existing stock from a CSV: check, read what would be rejected, run; and give the stock out again."""

import csv
import io
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from parvis.casefiles.models import RejectedLine, StockImport
from parvis.web.casework.pages import show
from parvis.web.requests import AgentRequest

SHOWN = 100


@require_GET
def imports(request: AgentRequest) -> HttpResponse:
    """The files taken over so far, the latest first."""
    known = StockImport.objects.filter(office=request.agent.office).order_by("-pk")[:20]
    return show(request, "imports.html", {"imports": known})


@require_GET
def taken_over(request: AgentRequest, pk: int) -> HttpResponse:
    """One import: what was read, taken and rejected."""
    found = _import_of(request, pk)
    return show(request, "taken_over.html", {"one": found, "rejections": found.rejections.order_by("line")[:SHOWN]})


@require_GET
def rejected(request: AgentRequest, pk: int) -> StreamingHttpResponse:
    """Every rejected line as it was written, with its number and why, as a CSV."""
    found = _import_of(request, pk)
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejets-{found.pk}.csv"'
    return response


def _lines(found: StockImport) -> Iterator[str]:
    yield "\ufeff" + _row("ligne", "motif", "texte")
    for one in RejectedLine.objects.filter(taken_over=found).order_by("line").iterator(2000):
        yield _row(str(one.line), one.code, one.text)


def _row(*cells: str) -> str:
    """One line; a cell that a spreadsheet would run as a formula is quoted away from it."""
    kept = io.StringIO()
    csv.writer(kept, delimiter=";").writerow("'" + cell if cell[:1] in "=+-@\t\r" else cell for cell in cells)
    return kept.getvalue()


def _import_of(request: AgentRequest, pk: int) -> StockImport:
    found: StockImport = get_object_or_404(StockImport, office=request.agent.office, pk=pk)
    return found
