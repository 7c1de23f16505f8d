"""What every page of the public path shares."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from parvis.booking.errors import LinkOver
from parvis.common.errors import BusinessError
from parvis.journal.actions import Device
from parvis.offices.models import Office
from parvis.web.appointments.way import Way, way
from parvis.web.requests import VisitorRequest

# Somebody alone on the public pages, as the journal names them.
WEB = Device("web")


def step(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A step of the way: what cannot be read, or cannot be, is said on a page that leads on."""

    @functools.wraps(view)
    def wrapped(request: VisitorRequest, code: str, **kwargs: Any) -> HttpResponse:
        here = None
        try:
            here = way(request, code)
            return view(request, here, **kwargs)
        except BusinessError as error:
            return problem(request, error, here)

    return csrf_exempt(never_cache(wrapped))


def problem(request: VisitorRequest, error: BusinessError, here: Way | None) -> HttpResponse:
    """What cannot be, and the way back: to the days when the answers are known."""
    context = {"error": error, "is_start": here is None, "office": here.office if here else None}
    if here is not None:
        context |= {"restart_url": here.to("start"), "days_url": here.to("days") if here.answers.procedures else ""}
    return render(request, "appointments/problem.html", context, status=error.status)


def over(request: VisitorRequest, error: LinkOver, office: Office | None = None) -> HttpResponse:
    """An address that opens nothing any more, and the two ways on."""
    return render(request, "appointments/over.html", {"error": error, "office": office}, status=error.status)


def page(request: VisitorRequest, here: Way, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the path. ``key`` makes sending its form twice harmless."""
    shared = {"way": here, "office": here.office, "restart_url": here.to("start"), "key": uuid.uuid4().hex, "back": ""}
    return render(request, f"appointments/{name}.html", {**shared, **context}, status=status)
