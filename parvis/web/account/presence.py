"""The agent at the machine: how long the session lives, what happens when nobody touches anything."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from parvis.common import clock
from parvis.common.database import action
from parvis.journal import actions as journal
from parvis.offices import queries as offices
from parvis.offices.models import Agent

LOCKED = "locked"
AFTER_CLOSING = timedelta(hours=1)
AT_LEAST = timedelta(hours=1)
WHEN_CLOSED = timedelta(hours=8)


def lock_after_seconds() -> int:
    """How long a machine may stay untouched before it covers its screen."""
    return int(settings.LOCK_AFTER_SECONDS)


def session_life(agent: Agent, *, now: datetime) -> timedelta:
    """How long a session may live, in real time: until the office's last closing of the day plus one hour.

    On a day without public, eight hours. Somebody who signs in after that has one hour.
    """
    hours = offices.office_hours(agent.office, clock.local().date())
    left = (hours[1] + AFTER_CLOSING - now) / clock.rate() if hours else WHEN_CLOSED
    return max(left, AT_LEAST)


def begin(request: HttpRequest, agent: Agent) -> None:
    """Let the session that has just begun end with the office's day."""
    request.session.set_expiry(session_life(agent, now=clock.now()))


@action()
def record(what: str, agent: Agent) -> None:
    """Write in the journal that an agent came to, left or locked a machine."""
    journal.record(what, agent, by=agent, at=clock.now(), office=agent.office_id)


def lock(request: HttpRequest, agent: Agent, *, back_to: str) -> None:
    """Cover the machine: the session forgets that anybody is signed in and remembers only who may uncover it.

    Nothing is left to show: whoever closes the cover is a stranger to every address.
    """
    request.session.flush()
    request.session[LOCKED] = {"user": agent.user_id, "back_to": safe_address(request, back_to)}
    begin(request, agent)
    record("agent.locked", agent)


def locked_user(request: HttpRequest) -> User | None:
    """Whoever may uncover this machine; None when it is not locked."""
    facts: dict[str, Any] = request.session.get(LOCKED) or {}
    return User.objects.filter(pk=facts.get("user", 0), is_active=True).first()


def way_back(request: HttpRequest) -> str:
    """Where the agent was when the machine locked."""
    facts: dict[str, Any] = request.session.get(LOCKED) or {}
    return safe_address(request, str(facts.get("back_to", "")))


def safe_address(request: HttpRequest, address: str) -> str:
    """An address of this house as it was given, else the home page."""
    allowed = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if address.startswith("/") and allowed else "/"
