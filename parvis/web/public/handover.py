"""The page behind the personal link of a summons: choose when to come for one's card. It names nobody."""

import uuid
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parvis.booking import actions
from parvis.booking import queries as bookings
from parvis.booking.actions.summons import card_of, wish_for
from parvis.booking.errors import AlreadyBooked
from parvis.booking.letters.summons import opening_week, stamp_says
from parvis.booking.rules import Contact
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import Device
from parvis.permits import queries as cards
from parvis.permits.models import Permit
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Mode
from parvis.web import languages
from parvis.web.kiosk.forms import DayForm
from parvis.web.requests import VisitorRequest, key_in

WEB = Device("web")
DAYS_SHOWN = 30
OLDEST = 110


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def handover(request: VisitorRequest, token: str) -> HttpResponse:
    """A day, then an hour. The link is the right to choose: no cookie and no code are asked for.

    An unknown link and a card that has left are told alike.
    """
    permit = card_of(token)
    if not request.language_chosen and languages.known(permit.person.language):
        translation.activate(permit.person.language)
    if made := bookings.booked_for(permit):
        return redirect("appointments:see", token=made.token)
    problem: BusinessError | None = None
    born = DayForm(request.POST if request.method == "POST" else None, years=_birth_years())
    if request.method == "POST" and (permit.person.birth_date or born.is_valid()):
        try:
            return redirect("appointments:see", token=_book(request, permit, born).token)
        except AlreadyBooked:
            return redirect(request.path)
        except BusinessError as refused:
            problem = refused
    status = (
        problem.status if problem else 422 if born.is_bound and born.errors and not permit.person.birth_date else 200
    )
    return render(request, "parvis/public/handover.html", _context(request, permit, born, problem), status=status)


def _book(request: VisitorRequest, permit: Permit, born: DayForm) -> Any:
    typed = Contact(
        email=request.POST.get("email", "")[:300],
        phone=request.POST.get("phone", "")[:60],
        language=translation.get_language() or "fr",
    )
    return actions.book_handover(
        permit,
        key_in(request.POST.get("slot", "")),
        contact=typed,
        birth_date=None if permit.person.birth_date else born.cleaned_data["date"],
        by=WEB,
        key=f"handover:{permit.pk}:{request.POST.get('key', '')[:40]}",
    )


def _context(request: VisitorRequest, permit: Permit, born: DayForm, problem: BusinessError | None) -> dict[str, Any]:
    wish, day = wish_for(permit), _day(request.GET.get("jour", ""))
    days = bookings.free_days(wish)[:DAYS_SHOWN]
    return {
        "office": permit.office,
        "days": days,
        "day": day,
        "slots": bookings.free_slots(wish, day) if day else [],
        "is_walk_in": catalogue.access_mode(wish.procedures[0], clock.today()) == Mode.WALK_IN,
        "documents": cards.to_bring(permit, clock.today()),
        "stamp": stamp_says(permit),
        "week": opening_week(permit.office),
        "asks_contact": not (permit.person.email or permit.person.phone),
        "asks_birth": permit.person.birth_date is None,
        "typed": {"email": request.POST.get("email", ""), "phone": request.POST.get("phone", "")},
        "form": born,
        "problem": problem,
        "key": uuid.uuid4().hex,
    }


def _birth_years() -> range:
    this_year = clock.today().year
    return range(this_year, this_year - OLDEST, -1)


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed[:10])
    except ValueError:
        return None
