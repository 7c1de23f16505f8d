"""One act on several files of a list; what could not be done says why, file by file."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parvis.casefiles import actions
from parvis.casefiles.actions import BatchResult
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision
from parvis.common.errors import BusinessError
from parvis.offices.models import Agent
from parvis.web.casework.forms import ActForm, GiveForm, GrantForm, HoldForm, officers_of
from parvis.web.casework.worklist import PAGE, Filters
from parvis.web.requests import AgentRequest, key_in

SHOWN = 10


@require_POST
def review(request: AgentRequest) -> HttpResponse:
    """Take, hold or propose to grant the files selected."""
    files, by = _selected(request), request.agent
    act = request.POST.get("act", "")
    if not files:
        return _nothing(request)
    if act == "hold":
        hold = HoldForm(request.POST)
        if not hold.is_valid():
            return _unsaid(request, hold)
        data = hold.cleaned_data
        return _told(request, lambda: BatchResult(actions.hold_all(files, data["until"], data["because"], by=by)))
    if act == "grant":
        grant = GrantForm(request.POST)
        months = grant.cleaned_data["card_months"] if grant.is_valid() else None
        seen = _seen(request)
        return _told(request, lambda: actions.propose_all(files, Decision.GRANT, card_months=months, by=by, seen=seen))
    return _told(request, lambda: _take_all(files, by))


def _take_all(files: list[CaseFile], by: Agent) -> BatchResult:
    """What is free becomes theirs; taking over from a colleague is done file by file, on the file's own page."""
    result = BatchResult()
    for file in files:
        try:
            result.done.append(actions.take(file, by=by))
        except BusinessError as refused:
            result.refused.append((file, refused))
    return result


@require_POST
def give(request: AgentRequest) -> HttpResponse:
    """Give the files selected to an officer."""
    files = _selected(request)
    form = GiveForm(request.POST, officers=officers_of(request.agent.office))
    if not files:
        return _nothing(request)
    if not form.is_valid():
        return _unsaid(request, form)
    return _told(request, lambda: BatchResult(actions.give_all(files, form.cleaned_data["officer"], by=request.agent)))


@require_POST
def sign(request: AgentRequest) -> HttpResponse:
    """Sign the proposals selected; each stands or falls by itself."""
    files = _selected(request)
    if not files:
        return _nothing(request)
    return _told(request, lambda: actions.sign_all(files, by=request.agent, seen=_seen(request)))


def _selected(request: AgentRequest) -> list[CaseFile]:
    rows = CaseFile.objects.select_related("person", "procedure", "officer", "office")
    found = rows.filter(office=request.agent.office, pk__in=_seen(request))
    return list(found.order_by("decide_by", "deposited_on", "pk"))


def _seen(request: AgentRequest) -> dict[int, int]:
    """The files selected, each with the version that the list showed: ``17.3``."""
    pairs = (typed.partition(".") for typed in request.POST.getlist("file")[: PAGE * 2])
    return {key_in(pk): key_in(version) for pk, _dot, version in pairs}


def _told(request: AgentRequest, do: Callable[[], BatchResult]) -> HttpResponse:
    """Do it, and say for how many files, and for which ones not and why."""
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
    return redirect(_back(request))


def _nothing(request: AgentRequest) -> HttpResponse:
    messages.error(request, _("Cochez au moins un dossier."))
    return redirect(_back(request))


def _unsaid(request: AgentRequest, form: ActForm) -> HttpResponse:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label} : {' '.join(map(str, errors))}")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page the selection was made on; nothing but our own addresses."""
    if request.POST.get("from") == "signature":
        return reverse("casework:to_sign")
    return reverse("casework:home") + Filters.of(request).query
