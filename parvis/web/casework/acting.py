"""Do one act on one file; a refusal loses nothing of what was typed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.casefiles.models import CaseFile
from parvis.common.errors import BusinessError, IllegalMove
from parvis.web.casework.acts import ACTS, CHECK, DECIDE, GIVE, RECEIPT, REVIEW, Act, Doing
from parvis.web.casework.files import Trouble, page
from parvis.web.casework.pages import file_of
from parvis.web.casework.worklist import Filters, following
from parvis.web.requests import AgentRequest, key_in


@require_http_methods(["GET", "POST"])
def act(request: AgentRequest, pk: int, code: str) -> HttpResponse:
    """An act of whoever reviews: take, ask, hold, propose..."""
    return _do(request, pk, code, REVIEW)


@require_http_methods(["GET", "POST"])
def decide(request: AgentRequest, pk: int, code: str) -> HttpResponse:
    """An act of whoever signs."""
    return _do(request, pk, code, DECIDE)


@require_http_methods(["GET", "POST"])
def give(request: AgentRequest, pk: int) -> HttpResponse:
    """Give a file to an officer."""
    return _do(request, pk, "confier", GIVE)


@require_http_methods(["GET", "POST"])
def check(request: AgentRequest, pk: int) -> HttpResponse:
    """Note the documents of a file that came without a visit, or whose visit is over; with the slip when asked."""
    return _do(request, pk, "pieces", CHECK)


@require_http_methods(["GET", "POST"])
def receipt(request: AgentRequest, pk: int) -> HttpResponse:
    """The first receipt of a complete file."""
    return _do(request, pk, "recepisse", RECEIPT)


def _do(request: AgentRequest, pk: int, code: str, url: str) -> HttpResponse:
    chosen = ACTS.get(code)
    if chosen is None or chosen.url != url:
        raise Http404
    found = file_of(request, pk)
    if request.method != "POST":
        # A refused act leaves its address in the browser: a change of language or an unlocked screen comes back to it.
        return redirect(reverse("casework:file", args=[found.pk]) + Filters.of(request).query)
    form = chosen.form(request.POST, file=found, auto_id=f"{code}_%s") if chosen.form else None
    read_until = key_in(request.POST.get("fact", ""))
    if form is not None and not form.is_valid():
        moved = None if chosen.is_possible(found, request.agent) else IllegalMove()
        return page(request, found, Trouble(chosen, moved, form, read_until))
    # The next one is looked for before: afterwards this file may have left the list it stood in.
    filters = Filters.of(request)
    coming = following(request.agent, filters, found) if chosen.goes_on else None
    doing = Doing(found, request.agent, form.cleaned_data if form else {}, key_in(request.POST.get("seen", "")) or None)
    try:
        chosen.run(doing)
    except BusinessError as refused:
        return page(request, file_of(request, pk), Trouble(chosen, refused, form, read_until))
    messages.success(request, f"{found.number} : {chosen.said}")
    return redirect(_after(chosen, found, coming, filters))


def _after(chosen: Act, found: CaseFile, coming: CaseFile | None, filters: Filters) -> str:
    """The next file of the list when this one is done with, the list when it was the last, else the file itself."""
    if not chosen.goes_on:
        return reverse("casework:file", args=[found.pk]) + filters.query
    if coming:
        return reverse("casework:file", args=[coming.pk]) + filters.query
    return reverse("casework:home") + filters.query
