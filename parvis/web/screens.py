"""The agents' screens and the permission that opens each: the menu, and where signing in leads."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.offices.models import Agent
from parvis.web import access


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the menu. ``view`` is the url name that opens it."""

    view: str
    label: Promise


SCREENS = (
    Screen("counter:home", _("Guichet")),
    Screen("desk:home", _("Accueil")),
    Screen("casework:home", _("Dossiers")),
    Screen("cards:home", _("Titres")),
    Screen("helpdesk:home", pgettext_lazy("several", "Rendez-vous")),
    Screen("steering:home", _("Pilotage")),
    Screen("outbox:home", _("Messages")),
    Screen("audit:home", _("Journal")),
    Screen("steering:agents", _("Agents")),
)


def screens_of(agent: Agent) -> list[tuple[Screen, str]]:
    """The screens whose address this agent may open, with that address, the one they need most first."""
    found = []
    for screen in SCREENS:
        rule = access.rule_for(screen.view)
        if isinstance(rule, access.Permission) and any(agent.can(name) for name in rule.names):
            try:
                found.append((screen, reverse(screen.view)))
            except NoReverseMatch:
                continue
    return found
