"""The cards that were set aside: what was wrong with each, and the files it could be of."""

from dataclasses import dataclass

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.casefiles import queries as casefiles
from parvis.casefiles.models import CaseFile
from parvis.common.errors import BusinessError
from parvis.permits import actions, queries
from parvis.permits.models import SetAside
from parvis.web.cards.words import UNREAD, why
from parvis.web.requests import AgentRequest

PAGE = 20


@dataclass(frozen=True, slots=True)
class Aside:
    """A card set aside, why, and the files it could be of."""

    row: SetAside
    why: str | Promise
    candidates: list[CaseFile]

    @property
    def is_unread(self) -> bool:
        """Whether the number of the card itself has to be typed."""
        return self.row.code in UNREAD


@never_cache
@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """What waits to be settled, the oldest first."""
    return _home(request)


@require_POST
def settle(request: AgentRequest, pk: int) -> HttpResponse:
    """Give the card to the file that was chosen or typed."""
    office = request.agent.office
    row = get_object_or_404(SetAside.objects.select_related("delivery"), delivery__office=office, pk=pk)
    typed = request.POST.get("file", "")[:60]
    file = casefiles.by_number(typed)
    if file is None or file.office_id != office.pk:
        return _home(request, wrong=pk, typed=typed, said=_("Aucun dossier sous ce numéro dans ce bureau."), status=422)
    try:
        permit = actions.settle(row, file, number=request.POST.get("number", "")[:60], by=request.agent)
    except BusinessError as error:
        return _home(request, wrong=pk, typed=typed, said=str(error), status=error.status)
    facts = {"card": permit.number, "file": file.number, "place": permit.place or "—"}
    notices.success(request, _("Titre %(card)s : dossier %(file)s, place %(place)s.") % facts)
    return redirect("cards:set_aside")


@require_POST
def dismiss(request: AgentRequest, pk: int) -> HttpResponse:
    """Say what became of a card that no file here will have."""
    row = get_object_or_404(SetAside, delivery__office=request.agent.office, pk=pk)
    try:
        actions.dismiss(row, request.POST.get("because", ""), by=request.agent)
    except BusinessError as error:
        return _home(request, wrong=pk, said=str(error), status=error.status)
    notices.success(request, _("Titre classé."))
    return redirect("cards:set_aside")


def _home(request: AgentRequest, *, wrong: int = 0, typed: str = "", said: str = "", status: int = 200) -> HttpResponse:
    office = request.agent.office
    page = Paginator(queries.set_aside(office), PAGE).get_page(request.GET.get("page", "")[:6])
    rows = [
        Aside(
            row,
            why(row.code),
            queries.candidates(office, foreign_number=row.foreign_number, name=row.name, birth_date=row.birth_date),
        )
        for row in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "wrong": wrong,
        "typed": typed,
        "said": said,
        "may_receive": request.agent.can("permits.receive_permit"),
    }
    return render(request, "cards/aside.html", context, status=status)
