"""The menu of an agent."""

from typing import Any

from django import template
from django.template.context import RequestContext

from parvis.web.requests import agent_of
from parvis.web.screens import screens_of

register = template.Library()


@register.simple_tag(takes_context=True)
def agent_screens(context: RequestContext) -> list[dict[str, Any]]:
    """The screens this agent may open: label, url, and whether it is the one being read."""
    request = context["request"]
    agent = agent_of(request.user) if request.user.is_authenticated else None
    if agent is None:
        return []
    return [
        {"label": screen.label, "url": url, "is_current": request.path.startswith(url)}
        for screen, url in screens_of(agent)
    ]
