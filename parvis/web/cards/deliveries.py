"""Deliveries: card after card by scanner, or the sender's list, seen before it is read."""

import base64
import re
import zlib
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.common import text
from parvis.common.errors import BusinessError
from parvis.permits import actions, lists, queries
from parvis.permits.errors import ListUnreadable
from parvis.permits.models import Delivery, Permit, SetAside
from parvis.permits.states import Source
from parvis.web.cards.words import COLUMNS, UNREAD, why
from parvis.web.requests import AgentRequest, key_in

PAGE = 30
LATEST = 12
FIRST = 6
# A file number, against a foreign number, which is digits alone.
_FILE = re.compile(r"[A-Za-z]")

_NOTHING: dict[str, Any] = {
    "typed": {"number": "", "identity": ""},
    "place": "",
    **dict.fromkeys(("taken", "aside", "aside_why", "problem", "list_problem", "look", "report")),
}


@never_cache
@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """The deliveries, the latest first."""
    page = Paginator(queries.deliveries(request.agent.office), PAGE).get_page(request.GET.get("page", "")[:6])
    return render(request, "cards/deliveries.html", {"page": page, "may_receive": _may_receive(request)})


@require_POST
def open_delivery(request: AgentRequest) -> HttpResponse:
    """Begin a delivery."""
    source = Source.CSV if request.POST.get("source") == Source.CSV else Source.SCAN
    label = request.POST.get("label", "")[:200]
    made = actions.open_delivery(request.agent.office, label=label, source=source, by=request.agent)
    return redirect("cards:delivery", pk=made.pk)


@never_cache
@require_GET
def delivery(request: AgentRequest, pk: int) -> HttpResponse:
    """A delivery: the fields of the scanner, what became of the last card, the latest ones."""
    found = _delivery(request, pk)
    taken = (
        found.permits.select_related("person", "case_file").filter(pk=key_in(request.GET.get("lu", "")[:18])).first()
    )
    aside = found.set_aside.filter(pk=key_in(request.GET.get("cote", "")[:18])).first()
    report = request.session.pop("cards_report", None)
    shown = {"taken": taken, "aside": aside, "place": request.GET.get("place", "")[:40], "report": report}
    return _page(request, found, **shown)


@require_POST
def scan(request: AgentRequest, pk: int) -> HttpResponse:
    """Take in one card, or set it aside; the place stays for the next one."""
    found = _delivery(request, pk)
    number, identity = request.POST.get("number", "")[:60], request.POST.get("identity", "").strip()[:60]
    place = request.POST.get("place", "").strip()[:40]
    is_file = bool(_FILE.search(identity))
    try:
        done = actions.scan(
            found,
            number,
            file_number=identity if is_file else "",
            foreign_number="" if is_file else identity,
            place=place,
            by=request.agent,
        )
    except BusinessError as error:
        typed = {"number": number, "identity": identity}
        return _page(request, found, problem=error, place=place, typed=typed, status=error.status)
    what = "lu" if isinstance(done, Permit) else "cote"
    address = reverse("cards:delivery", args=[pk])
    return HttpResponseRedirect(f"{address}?{urlencode({what: done.pk, 'place': place})}")


@require_POST
def preview(request: AgentRequest, pk: int) -> HttpResponse:
    """Show the sender's list as it will be read; nothing is taken in yet."""
    found = _delivery(request, pk)
    sent = request.FILES.get("list")
    try:
        if sent is None:
            raise ListUnreadable
        return _page(request, found, look=_look(sent.read()))
    except ListUnreadable as error:
        return _page(request, found, list_problem=error, status=error.status)


@require_POST
def read_list(request: AgentRequest, pk: int) -> HttpResponse:
    """Read the list that was shown: every line is taken in or set aside; read twice, nothing is doubled."""
    found = _delivery(request, pk)
    content = _unpacked(request.POST.get("content", ""))
    mapping = {name: request.POST.get(f"col_{name}", "") for name in lists.FIELDS}
    mapping = {name: head for name, head in mapping.items() if head}
    try:
        report = actions.read_csv(found, content, mapping=mapping, by=request.agent)
    except ListUnreadable as error:
        return _page(request, found, list_problem=error, look=_look_again(content), status=error.status)
    except BusinessError as error:
        return _page(request, found, problem=error, status=error.status)
    request.session["cards_report"] = {
        "lines": report.lines,
        "taken": report.taken,
        "again": report.again,
        "aside": len(report.set_aside),
    }
    return redirect("cards:delivery", pk=pk)


@require_POST
def close(request: AgentRequest, pk: int) -> HttpResponse:
    """All cards were taken in."""
    actions.close_delivery(_delivery(request, pk), by=request.agent)
    return redirect("cards:delivery", pk=pk)


def _look(content: bytes) -> dict[str, Any]:
    """How a list will be read: headings, the one taken for each field, first lines. Raises ``ListUnreadable``."""
    found = lists.look(content)
    records = list(found.records())
    whole = [record for record in records if not record.code]
    return {
        "content": _packed(content),
        "heads": found.heads,
        "is_known": "number" in found.columns,
        "columns": [(name, label, found.columns.get(name, "")) for name, label in COLUMNS.items()],
        "first": [[text.clean(cell, limit=80) for cell in record.cells] for record in whole[:FIRST]],
        "lines": len(records),
        "broken": len(records) - len(whole),
    }


def _packed(content: bytes) -> str:
    """A list as the page keeps it until it is read: its own bytes, and small, for a form is read up to a size alone."""
    return base64.b64encode(zlib.compress(content)).decode()


def _unpacked(typed: str) -> bytes:
    """The list that the page kept; nothing when that is none. What is too large stays too large by one byte."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(typed, validate=True), lists.LARGEST + 1)
    except (ValueError, zlib.error):
        return b""


def _look_again(content: bytes) -> dict[str, Any] | None:
    try:
        return _look(content)
    except ListUnreadable:
        return None


def _delivery(request: AgentRequest, pk: int) -> Delivery:
    return get_object_or_404(Delivery.objects.select_related("office"), office=request.agent.office, pk=pk)


def _may_receive(request: AgentRequest) -> bool:
    return request.agent.can("permits.receive_permit")


def _page(request: AgentRequest, found: Delivery, *, status: int = 200, **shown: Any) -> HttpResponse:
    waiting = found.set_aside.filter(settled_at=None)
    context = {
        "delivery": found,
        "is_open": found.closed_at is None,
        "cards": found.permits.count(),
        "waiting": waiting.count(),
        "latest": _latest(found),
        "asks_list": found.source == Source.CSV and not any(shown.values()) and not found.permits.exists(),
        "may_receive": _may_receive(request),
        **_NOTHING,
        **shown,
    }
    if aside := shown.get("aside"):
        context["aside_why"] = why(aside.code)
    return render(request, "cards/delivery.html", context, status=status)


def _latest(found: Delivery) -> list[dict[str, Any]]:
    """The latest cards, taken in or set aside, together."""
    cards: list[Permit] = list(found.permits.select_related("person").order_by("-received_at", "-pk")[:LATEST])
    asides: list[SetAside] = list(found.set_aside.filter(settled_at=None).order_by("-at", "-pk")[:LATEST])
    rows: list[dict[str, Any]] = [{"at": card.received_at, "card": card} for card in cards]
    rows += [
        {"at": aside.at, "aside": aside, "why": why(aside.code), "is_unread": aside.code in UNREAD} for aside in asides
    ]
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:LATEST]
