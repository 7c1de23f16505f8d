"""What every page at the door shares.

No session and no cookie here, hence ``csrf_exempt``: nothing is done in anybody's name, and the forms that give a
ticket carry a seal of ours.
"""

import functools
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from parvis.common.errors import BusinessError
from parvis.common.network import address_of
from parvis.reception import actions
from parvis.reception.errors import DoorCodeMissing, DoorCodeWrong
from parvis.web.kiosk.doors import Door, door
from parvis.web.requests import VisitorRequest


def step(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page at the door of an office: what cannot be read sends back to the start with a clear message."""

    @functools.wraps(view)
    def wrapped(request: VisitorRequest, code: str, **kwargs: Any) -> HttpResponse:
        here = door(request, code)
        try:
            return view(request, here, **kwargs)
        except BusinessError as error:
            return page(request, here, "problem", {"error": error}, status=error.status)

    return csrf_exempt(never_cache(wrapped))


def page(request: VisitorRequest, here: Door, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """One page, with the way back to the start."""
    restart = replace(here, language="").to("start") if here.is_kiosk else here.to("procedure")
    shared = {"door": here, "office": here.office, "restart_url": restart, "key": uuid.uuid4().hex}
    extra = {"is_start": False, "back": "", **context}
    return render(request, f"parvis/kiosk/{name}.html", {**shared, **extra}, status=status)


def check_is_here(request: VisitorRequest, here: Door, code: str) -> None:
    """A phone proves by the code of the day that its owner has come. Raises what the last step says."""
    if not code:
        raise DoorCodeMissing
    if not actions.try_door_code(here.office, code, address=address_of(request)):
        raise DoorCodeWrong
