"""Take over an existing stock from a CSV: send it, say what its columns are, read what would be rejected, run it."""

import csv
import io
import tempfile
from collections.abc import Iterator

from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.casefiles.actions import importing as stock_imports
from parvis.casefiles.errors import NothingToImport
from parvis.casefiles.importing.codes import Rejection
from parvis.casefiles.importing.columns import FIELDS, HEADINGS
from parvis.casefiles.importing.lines import TAKEN, quoted
from parvis.casefiles.models import RejectedLine, StockImport
from parvis.casefiles.states import State
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.procedures.models import Procedure
from parvis.web import tasks
from parvis.web.casework import columns, uploads
from parvis.web.casework.pages import show
from parvis.web.requests import AgentRequest

SHOWN = 100
KNOWN_IMPORTS = 20
REASONS = dict(Rejection.choices)


@require_http_methods(["GET", "POST"])
def imports(request: AgentRequest) -> HttpResponse:
    """What was taken over so far; a file sent is looked at next."""
    office = request.agent.office
    if request.method == "POST":
        sent = request.FILES.get("stock")
        if sent is None or not sent.size:
            messages.error(request, _("Choisissez un fichier.") if sent is None else str(NothingToImport()))
            return redirect("casework:imports")
        request.session["stock_name"] = (sent.name or "")[:120]
        return redirect("casework:columns", mark=uploads.keep(office, sent))
    known = StockImport.objects.filter(office=office).order_by("-pk")[:KNOWN_IMPORTS]
    return show(request, "imports.html", {"imports": known})


@require_http_methods(["GET", "POST"])
def choose_columns(request: AgentRequest, mark: str) -> HttpResponse:
    """Say which column is what, then have every line judged; nothing is taken over yet."""
    office = request.agent.office
    path = uploads.path_of(office, mark)
    known = StockImport.objects.filter(office=office, fingerprint=mark).first()
    said = columns.said(request.POST) if request.method == "POST" else known.mapping if known else {}
    problem: BusinessError | None = None
    if request.method == "POST":
        name = known.name if known else request.session.get("stock_name") or f"{mark[:12]}.csv"
        try:
            checked = stock_imports.check_import(office, path, name=name, mapping=said, by=request.agent)
        except BusinessError as refused:
            problem = refused
        else:
            return redirect("casework:taken_over", pk=checked.pk)
    try:
        look = columns.look(path, said)
    except NothingToImport as nothing:
        uploads.forget(office, mark)
        messages.error(request, str(nothing))
        return redirect("casework:imports")
    context = {
        "look": look,
        "problem": problem,
        "mark": mark,
        "procedures": Procedure.objects.order_by("position", "code"),
        "states": [(one.value, one.label) for one in State if one in TAKEN],
    }
    return show(request, "columns.html", context, status=problem.status if problem else 200)


@require_GET
def taken_over(request: AgentRequest, pk: int) -> HttpResponse:
    """One import: what was read, taken and rejected."""
    found = _import_of(request, pk)
    rejections = found.rejections.order_by("line")
    context = {
        "one": found,
        "rejections": [(one, REASONS.get(one.code, one.code)) for one in rejections[:SHOWN]],
        "shown": SHOWN,
        "columns": _columns(found),
        "is_kept": uploads.is_kept(found.office, found.fingerprint),
    }
    return show(request, "taken_over.html", context)


@require_POST
def run(request: AgentRequest, pk: int) -> HttpResponse:
    """Have the worker take it over, or go on where it stopped. Asked twice, nothing is taken twice."""
    found = _import_of(request, pk)
    uploads.path_of(found.office, found.fingerprint)
    tasks.take_over_stock.defer(stock_import=found.pk, agent=request.agent.pk)
    messages.success(request, _("La reprise est lancée. Cette page dit où elle en est."))
    return redirect("casework:taken_over", pk=pk)


@require_GET
def rejected(request: AgentRequest, pk: int) -> StreamingHttpResponse:
    """Every rejected line as it was written, with its number and why, as a CSV."""
    found = _import_of(request, pk)
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejets-{found.pk}.csv"'
    return response


@require_POST
def export(request: AgentRequest) -> FileResponse:
    """The open files of the office, as an import reads them."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    stock_imports.export(request.agent.office, out, by=request.agent)
    out.seek(0)
    name = f"dossiers-{request.agent.office.code}-{clock.today().isoformat()}.csv"
    return FileResponse(out, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _lines(found: StockImport) -> Iterator[str]:
    yield "\ufeff" + _row("ligne", "motif", "texte")
    for one in RejectedLine.objects.filter(taken_over=found).order_by("line").iterator(2000):
        yield _row(str(one.line), str(REASONS.get(one.code, one.code)), one.text)


def _row(*cells: str) -> str:
    """One line, harmless to a spreadsheet."""
    kept = io.StringIO()
    csv.writer(kept, delimiter=";").writerow(map(quoted, cells))
    return kept.getvalue()


def _columns(found: StockImport) -> list[tuple[str, str]]:
    """What each heading was read as, in the order in which the columns were asked."""
    headings = found.mapping.get("columns", {})
    return [(HEADINGS.get(name, name), headings[name]) for name in FIELDS if headings.get(name)]


def _import_of(request: AgentRequest, pk: int) -> StockImport:
    found: StockImport = get_object_or_404(
        StockImport.objects.select_related("office"), office=request.agent.office, pk=pk
    )
    return found
