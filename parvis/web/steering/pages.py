"""What the pages of the head of office share: their own menu, and reading what an address or a form names."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.offices.models import Agent
from parvis.web import access
from parvis.web.requests import AgentRequest


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the menu under the header. ``view`` is the url name that opens it."""

    view: str
    label: Promise


PAGES = (
    Page("steering:home", _("Vue d'ensemble")),
    Page("steering:day", _("Chiffres du jour")),
    Page("steering:openings", _("Horaires")),
    Page("steering:closures", _("Fermetures exceptionnelles")),
    Page("steering:capacity", _("Places de rendez-vous")),
    Page("steering:access_modes", _("Accès aux démarches")),
    Page("steering:counters", _("Guichets")),
    Page("steering:shifts", _("Services")),
    Page("steering:batches", _("Tirages")),
    Page("steering:policy", _("Règles de la file")),
    Page("steering:card_policy", _("Règles des titres")),
    Page("steering:closing", _("Clôture du jour")),
    Page("steering:agents", _("Agents")),
)


def show(
    request: AgentRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the head of office with the menu of those this agent may open; nothing of it is kept by the browser."""
    response = render(request, template, {**(context or {}), "pages": _menu(request)}, status=status)
    add_never_cache_headers(response)
    return response


def _menu(request: AgentRequest) -> list[dict[str, Any]]:
    entries = []
    for page in PAGES:
        if _may_open(request.agent, page.view):
            url = reverse(page.view)
            is_home = page.view == "steering:home"
            is_current = request.path == url if is_home else request.path.startswith(url)
            entries.append({"label": page.label, "url": url, "is_current": is_current})
    return entries


def _may_open(agent: Agent, view: str) -> bool:
    rule = access.rule_for(view)
    return isinstance(rule, access.Permission) and any(agent.can(name) for name in rule.names)
