"""Every batch and its result, for anybody: the commitment, the list, the seed, and the program that recomputes it."""

import json
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from parvis.booking.lottery import verify_draw
from parvis.booking.models import Batch
from parvis.booking.queries import draws
from parvis.booking.states import BatchState
from parvis.offices.models import Office
from parvis.web.draws.pages import address_of_batch, page
from parvis.web.requests import VisitorRequest

SHOWN = 60  # batches on the list; older ones keep their address
LINES_SHOWN = 1000


@require_safe
def batches(request: VisitorRequest) -> HttpResponse:
    """The batches of every office that draws: open ones with their commitment, then the results."""
    offices = Office.objects.filter(batches__isnull=False).distinct().order_by("pk")
    shown = [
        {
            "office": office,
            "open": [(one, _url(one), draws.gathered(one)) for one in some if one.state == BatchState.OPEN],
            "done": [(one, _url(one)) for one in some if one.state != BatchState.OPEN],
        }
        for office in offices
        for some in [list(draws.batches(office)[:SHOWN])]
    ]
    return page(request, "batches", {"offices": shown})


@require_safe
def batch(request: VisitorRequest, office: str, procedure: str, number: int) -> HttpResponse:
    """One batch: what is published so far, one's own line, and the recomputation in the page."""
    found = _batch(office, procedure, number)
    published: dict[str, Any] = found.published or {}
    line = request.GET.get("ligne", "").strip().lower()[:64]
    context = {
        "office": found.office,
        "batch": found,
        "gathered": draws.gathered(found) if found.state == BatchState.OPEN else 0,
        "document_url": reverse("draws:document", kwargs=address_of_batch(found)),
        "file_name": _file_name(found),
        "seed": published.get("seed", ""),
        "mix": published.get("mix", ""),
        "withdrawn": len(published.get("withdrawn", [])),
        "line": line,
        "mine": _line(published, line) if line and published else None,
        "given": _given(published),
    }
    return page(request, "batch", context)


@require_safe
def document(request: VisitorRequest, office: str, procedure: str, number: int) -> HttpResponse:
    """What is published of a batch, as the file that the program reads. 404 before the close: there is no list yet."""
    found = _batch(office, procedure, number)
    if found.published is None:
        raise Http404
    response = HttpResponse(json.dumps(found.published, sort_keys=True, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(found)}"'
    response["Cache-Control"] = "max-age=60"
    return response


@require_safe
def program(request: VisitorRequest) -> HttpResponse:
    """The second program, to be run at home: Python alone, one file."""
    response = HttpResponse(Path(verify_draw.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return response


def _batch(office: str, procedure: str, number: int) -> Batch:
    found = draws.published_batch(office, procedure, number) if number < 2**31 else None
    if found is None:
        raise Http404
    return found


def _url(batch: Batch) -> str:
    return reverse("draws:batch", kwargs=address_of_batch(batch))


def _file_name(batch: Batch) -> str:
    return f"tirage-{batch.office.code}-{batch.procedure.code}-{batch.number}.json"


def _line(published: dict[str, Any], line: str) -> dict[str, Any] | None:
    """One line of the list with what became of it; None when it is not in the list."""
    row = next((row for row in published["list"]["requests"] if row["line"] == line), None)
    if row is None:
        return None
    place = published.get("result", {}).get(line)
    return {**row, "drawn": "result" in published, "at": _hour(published, place) if place else None}


def _given(published: dict[str, Any]) -> list[tuple[str, Any]]:
    """The lines that have a place, by hour."""
    hours = {row["place"]: row["at"] for row in published["list"]["places"]} if published else {}
    rows = sorted((hours[place], line) for line, place in published.get("result", {}).items())
    return [(line, parse_datetime(at)) for at, line in rows[:LINES_SHOWN]]


def _hour(published: dict[str, Any], place: str) -> Any:
    return next((parse_datetime(row["at"]) for row in published["list"]["places"] if row["place"] == place), None)
