"""One act on several files of a list; what could not be done says why, file by file."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parvis.casefiles import actions
from parvis.casefiles.actions import BatchResult
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision
from parvis.common.errors import BusinessError
from parvis.web.casework.forms import ActForm, GiveForm, GrantForm, HoldForm, officers_of
from parvis.web.casework.worklist import PAGE, Filters, Spot, again
from parvis.web.requests import AgentRequest, key_in

SHOWN = 10


Batch = Callable[[AgentRequest], HttpResponse]


def _sent(batch: Batch) -> Batch:
    """A batch that was refused leaves its address in the browser: whoever comes back to it finds the list again."""

    @wraps(batch)
    def answer(request: AgentRequest) -> HttpResponse:
        return batch(request) if request.method == "POST" else redirect(_back(request))

    return require_http_methods(["GET", "POST"])(answer)


@_sent
def review(request: AgentRequest) -> HttpResponse:
    """Take, hold or propose to grant the files selected."""
    files = _selected(request)
    if not files:
        return _nothing(request)
    act = REVIEWS.get(request.POST.get("act", ""))
    return act(request, files) if act else redirect(_back(request))


def _take(request: AgentRequest, files: list[CaseFile]) -> HttpResponse:
    """What is free becomes theirs; taking over from a colleague is done file by file, on the file's own page."""
    return _told(request, lambda: _each(files, lambda one: actions.take(one, by=request.agent)))


def _hold(request: AgentRequest, files: list[CaseFile]) -> HttpResponse:
    form, seen = HoldForm(request.POST, auto_id="hold_%s"), _seen(request)
    if not form.is_valid():
        return again(request, form)
    until, why = form.cleaned_data["until"], form.cleaned_data["because"]

    def hold(one: CaseFile) -> CaseFile:
        return actions.hold(one, until, why, by=request.agent, seen=seen[one.pk])

    return _told(request, lambda: _each(files, hold), form)


def _grant(request: AgentRequest, files: list[CaseFile]) -> HttpResponse:
    form, seen = GrantForm(request.POST, auto_id="grant_%s"), _seen(request)
    if not form.is_valid():
        return again(request, form)
    months = form.cleaned_data["card_months"]
    grant = Decision.GRANT
    return _told(
        request, lambda: actions.propose_all(files, grant, card_months=months, by=request.agent, seen=seen), form
    )


REVIEWS = {"take": _take, "hold": _hold, "grant": _grant}


def _each(files: list[CaseFile], do: Callable[[CaseFile], CaseFile]) -> BatchResult:
    """Each file stands or falls alone."""
    result = BatchResult()
    for file in files:
        try:
            result.done.append(do(file))
        except BusinessError as refused:
            result.refused.append((file, refused))
    return result


@_sent
def give(request: AgentRequest) -> HttpResponse:
    """Give the files selected to an officer."""
    files = _selected(request)
    form = GiveForm(request.POST, officers=officers_of(request.agent.office), auto_id="give_%s")
    if not files:
        return _nothing(request)
    if not form.is_valid():
        return again(request, form)
    return _told(request, lambda: actions.give(files, form.cleaned_data["officer"], by=request.agent), form)


@_sent
def sign(request: AgentRequest) -> HttpResponse:
    """Sign the grants selected; each stands or falls by itself."""
    files, seen = _selected(request), _seen(request)
    if not files:
        return _nothing(request)
    return _told(request, lambda: actions.sign_all(files, by=request.agent, seen=seen))


def _selected(request: AgentRequest) -> list[CaseFile]:
    rows = CaseFile.objects.select_related("person", "procedure", "officer", "office")
    found = rows.filter(office=request.agent.office, pk__in=_seen(request))
    return list(found.order_by("decide_by", "deposited_on", "pk"))


def _seen(request: AgentRequest) -> dict[int, int]:
    """The files selected, each with the version that the list showed: ``17.3``."""
    pairs = (typed.partition(".") for typed in request.POST.getlist("file")[: PAGE * 2])
    return {key_in(pk): key_in(version) for pk, _dot, version in pairs}


def _told(request: AgentRequest, do: Callable[[], BatchResult], form: ActForm | None = None) -> HttpResponse:
    """Do it, and say for how many files, and for which ones not and why; what was typed for nothing stays."""
    try:
        result = do()
    except BusinessError as refused:
        messages.error(request, str(refused))
        return redirect(_back(request))
    done = len(result.done)
    if done:
        said = ngettext("Fait pour %(n)d dossier.", "Fait pour %(n)d dossiers.", done)
        messages.success(request, said % {"n": done})
    for file, error in result.refused[:SHOWN]:
        messages.error(request, f"{file.number} : {error}")
    if (more := len(result.refused) - SHOWN) > 0:
        said = ngettext("Et %(n)d autre non fait.", "Et %(n)d autres non faits.", more)
        messages.error(request, said % {"n": more})
    return again(request, form) if form and not done else redirect(_back(request))


def _nothing(request: AgentRequest) -> HttpResponse:
    messages.error(request, _("Cochez au moins un dossier."))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page the selection was made on; nothing but our own addresses."""
    if request.POST.get("from") == "signature":
        return reverse("casework:to_sign")
    return reverse("casework:home") + Filters.of(request).query + Spot.of(request.POST).query
