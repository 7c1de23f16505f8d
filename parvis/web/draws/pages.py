"""What the public pages of draws share. No session: the address of a request is the right to it."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from parvis.booking.errors import LinkOver
from parvis.booking.models import Batch, SeatRequest
from parvis.web import languages
from parvis.web.appointments.pages import WEB, over
from parvis.web.requests import VisitorRequest

__all__ = ["OUTCOMES", "WEB", "address_of_batch", "page", "personal", "speak"]

OUTCOMES: Mapping[str, Promise] = {
    "asked": _("Demande déposée"),
    "no_seat": _("Aucune place libre"),
    "drawn_without_seat": _("Tirage sans place"),
    "offer_expired": _("Proposition restée sans réponse"),
}


def personal(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one person: kept by no browser, its forms ask for no cookie. Long over, it is closed."""

    @functools.wraps(view)
    def wrapped(request: VisitorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LinkOver as error:
            return over(request, error)

    return csrf_exempt(never_cache(wrapped))


def speak(request: VisitorRequest, asked: SeatRequest) -> None:
    """The language of the request, unless the person chose another on this phone since."""
    if not request.language_chosen and languages.known(asked.language):
        translation.activate(asked.language)


def page(request: VisitorRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A public page of draws."""
    return render(request, f"draws/{name}.html", {"office": None, **context}, status=status)


def address_of_batch(batch: Batch) -> dict[str, Any]:
    """The parts of the address of a batch."""
    return {"office": batch.office.code, "procedure": batch.procedure.code, "number": batch.number}
