"""What the pages of the back office share: their menu, and the file an address names."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.casefiles.models import CaseFile
from parvis.offices.models import Agent
from parvis.web import access
from parvis.web.requests import AgentRequest

PAGES = (
    ("casework:home", _("Dossiers")),
    ("casework:to_sign", _("À signer")),
    ("casework:new_file", _("Nouveau dossier (courrier)")),
    ("casework:late", _("Pièces non venues à temps")),
    ("casework:silences", _("Silences")),
    ("casework:thursday", _("Jeudi")),
    ("casework:stock", _("Stock")),
    ("casework:imports", _("Reprise")),
)


def show(
    request: AgentRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the back office with the menu of those this agent may open."""
    return render(request, f"casework/{template}", {**(context or {}), "pages": _menu(request)}, status=status)


def file_of(request: AgentRequest, pk: int) -> CaseFile:
    """The file an address names, with what its page shows; one of another office is not found."""
    found = CaseFile.objects.select_related("person", "procedure", "officer", "proposed_by", "signed_by", "office")
    file: CaseFile = get_object_or_404(found, office=request.agent.office, pk=pk)
    return file


def may_open(agent: Agent, view: str) -> bool:
    """Whether the table of addresses opens this one to the agent."""
    rule = access.rule_for(view)
    return isinstance(rule, access.Permission) and any(agent.can(name) for name in rule.names)


def _menu(request: AgentRequest) -> list[dict[str, Any]]:
    entries = []
    for view, label in PAGES:
        if may_open(request.agent, view):
            url = reverse(view)
            in_files = view == "casework:home" and request.path.startswith((f"{url}dossier/", f"{url}lot/"))
            is_current = request.path == url or in_files or (view != "casework:home" and request.path.startswith(url))
            entries.append({"label": label, "url": url, "is_current": is_current})
    return entries
