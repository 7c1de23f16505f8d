"""What the public pages of a case file share. No session: a signed address is the right to it, for an hour."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from parvis.casefiles.models import CaseFile
from parvis.web import languages
from parvis.web.requests import VisitorRequest

ASKED = "parvis.files.asked"
PROVED = "parvis.files.proved"
LASTS = timedelta(hours=1)


def personal(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one person: kept by no browser, its forms ask for no cookie."""
    return csrf_exempt(never_cache(functools.wraps(view)(view)))


def sealed(content: list[Any], *, salt: str) -> str:
    """What an address carries, signed."""
    return signing.dumps(content, salt=salt)


def unsealed(text: str, *, salt: str) -> list[Any] | None:
    """What an address carries; None when it is forged or an hour old."""
    try:
        content = signing.loads(text[:500], salt=salt, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return content if isinstance(content, list) else None


def speak(request: VisitorRequest, file: CaseFile) -> None:
    """The language of the person, unless somebody chose another on this phone since."""
    if not request.language_chosen and languages.known(file.person.language):
        translation.activate(file.person.language)


def page(request: VisitorRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A public page of case files."""
    return render(request, f"files/{name}.html", {"office": None, **context}, status=status)
