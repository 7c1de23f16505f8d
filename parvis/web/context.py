"""What every page knows."""

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from parvis.common import clock
from parvis.web import languages


def parvis(request: HttpRequest) -> dict[str, Any]:
    """Where live updates come from, the languages, and the clock when it is not the real one.

    ``agent`` is there on every page, None for visitors.
    """
    return {
        "live_origin": live_origin(request),
        "public_languages": languages.spoken(),
        "agent_languages": languages.spoken_by_agents(),
        "direction": languages.direction(),
        "agent": getattr(request, "agent", None),
        "is_demo": settings.DEMO,
        "set_clock": clock.local() if settings.CLOCK else None,
    }


def live_origin(request: HttpRequest) -> str:
    """The origin of the live process: the configured one, else this machine's name and the live port.

    Empty on the page that refuses a name which is not this machine's.
    """
    if settings.LIVE_ORIGIN:
        return str(settings.LIVE_ORIGIN)
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return f"{request.scheme}://{name}:{settings.LIVE_PORT}"
