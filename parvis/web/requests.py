"""What a request carries once the middleware has seen it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from parvis.offices.models import Agent
from parvis.offices.queries import agent_of

__all__ = ["AgentRequest", "VisitorRequest", "agent_of", "key_in"]

LONGEST_KEY = 18  # digits that a key of the database may have


class VisitorRequest(HttpRequest):
    """A request of anybody. ``language_chosen``: the person chose the language, it was not guessed."""

    htmx: HtmxDetails
    language_chosen: bool


class AgentRequest(VisitorRequest):
    """A request to an address that asks for a permission: ``agent`` is the active agent who sends it."""

    agent: Agent


def key_in(typed: str) -> int:
    """The key of a row that a form names; 0, which no row has, for what is no key."""
    return int(typed) if typed.isdecimal() and len(typed) <= LONGEST_KEY else 0
