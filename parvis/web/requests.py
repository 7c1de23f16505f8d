"""What a request carries once the middleware has seen it."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from parvis.offices.models import Agent


class VisitorRequest(HttpRequest):
    """A request of anybody. ``language_chosen``: the person chose the language, it was not guessed."""

    htmx: HtmxDetails
    language_chosen: bool


class AgentRequest(VisitorRequest):
    """A request to an address that asks for a permission: ``agent`` is the active agent who sends it."""

    agent: Agent


def agent_of(user: AbstractBaseUser | AnonymousUser) -> Agent | None:
    """The active agent behind an account, if there is one."""
    agent: Agent | None = getattr(user, "agent", None)
    return agent if agent and agent.is_active and user.is_active else None
