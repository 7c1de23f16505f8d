"""The call display: a page for the waiting room's screens, its content alone, and the code to follow it by phone."""

import io

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from parvis.common import clock
from parvis.offices.models import Office
from parvis.reception import queries
from parvis.web import addresses
from parvis.web.display import boards
from parvis.web.display.variants import Variant
from parvis.web.kiosk.doors import entrance, is_entrance_screen


@require_safe
def page(request: HttpRequest, office: str) -> HttpResponse:
    """The display itself. Without JavaScript it loads itself again every ten seconds."""
    found = get_object_or_404(Office, code=office)
    variant = _variant(request, found)
    context = {
        "office": found,
        "now": clock.local(),
        "clock_ms": round(clock.now().timestamp() * 1000),
        "clock_rate": clock.rate(),
        "door": _door(request, found),
        **boards.content(variant),
    }
    return render(request, "parvis/display/page.html", context)


@require_safe
@cache_control(no_store=True)
def board(request: HttpRequest, office: str) -> HttpResponse:
    """The content alone: what the page asks for itself while the live stream is cut."""
    return HttpResponse(boards.html(_variant(request, get_object_or_404(Office, code=office))))


@require_safe
@cache_control(max_age=3600)
def qr(request: HttpRequest, office: str) -> HttpResponse:
    """A QR code that opens the same board on a phone, in the phone's own language."""
    found = get_object_or_404(Office, code=office)
    address = request.build_absolute_uri(reverse("display:page", args=[found.code]))
    image = io.BytesIO()
    segno.make(address, error="m", micro=False).save(image, kind="svg", scale=4, border=2, light="white")
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


def _door(request: HttpRequest, office: Office) -> dict[str, str] | None:
    """The QR code and the code of the day, for a screen that stands at the entrance; None for any other."""
    if not is_entrance_screen(office, request.GET.get("porte", "")):
        return None
    return {"qr": addresses.qr(request, entrance(office)), "code": queries.door_code(office)}


def _variant(request: HttpRequest, office: Office) -> Variant:
    asked = {name: value for name in ("vue", "ligne") if (value := request.GET.get(name))}
    variant = Variant.read(office.pk, {**asked, "lang": get_language() or "fr"})
    if variant is None or (variant.line and not office.lines.filter(code=variant.line).exists()):
        raise Http404
    return variant
