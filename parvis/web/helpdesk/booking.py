"""Book for a person, on one page: the visit, the day, then the hour with who comes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.booking import actions, rules
from parvis.booking import queries as bookings
from parvis.booking.errors import AlreadyBooked
from parvis.booking.models import Appointment
from parvis.booking.queries import DayFree, SlotFree
from parvis.booking.rules import Attendee, Wish
from parvis.booking.states import Channel
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Mode
from parvis.web.appointments.forms import HALF_DAYS
from parvis.web.helpdesk import assistance
from parvis.web.helpdesk.forms import ContactForm, PersonForm, UrgencyForm, WishForm
from parvis.web.requests import AgentRequest, key_in

DAYS_SHOWN = 30


@dataclass(slots=True)
class Page:
    """The page as it stands: the visit when it is known, the day, and what was typed."""

    request: AgentRequest
    visit: WishForm
    wish: Wish | None = None
    day: date | None = None
    people: tuple[PersonForm, ...] = ()
    contact: ContactForm | None = None
    urgency: UrgencyForm | None = None
    problem: BusinessError | None = None
    existing: Appointment | None = None


@require_http_methods(["GET", "POST"])
def book(request: AgentRequest) -> HttpResponse:
    """The visit stands in the address; the POST names the hour and the people. Sent twice, it books once."""
    page = open_page(request)
    if request.method == "POST" and page.wish:
        made = _try(page, page.wish)
        if made:
            assistance.open_with(request, made)
            say_done(request, made, _("C'est réservé."))
            return redirect("helpdesk:appointment", pk=made.pk)
    return answer(page)


def open_page(request: AgentRequest, *, is_request: bool = False) -> Page:
    """What the address says of the visit, with empty forms or what was sent; a request is for one person."""
    kept = assistance.assisted(request)
    visit = WishForm(request.GET if "d" in request.GET else None, office=request.agent.office)
    visit.initial = {"n": 1, "canal": Channel.DIGITAL_POINT if kept else _usual_channel(request)}
    page = Page(request, visit)
    if not visit.is_bound or not visit.is_valid():
        return page
    page.wish = visit.wish()
    page.day = _day(request.GET.get("jour", ""))
    sent = request.POST if request.method == "POST" else None
    known = [_known(page.wish), *[{}] * (0 if is_request else page.wish.people - 1)]
    page.people = tuple(PersonForm(sent, prefix=f"p{number}", initial=initial) for number, initial in enumerate(known))
    page.contact = ContactForm(sent)
    page.contact.initial = {**page.contact.initial, **_contact_of(page.wish)}
    page.urgency = UrgencyForm(sent)
    return page


def are_filled(page: Page, *more: Form | None) -> bool:
    """Whether everything that was typed can be read; each form says what is wrong with it."""
    wrong = [form for form in (*page.people, page.contact, *more) if form is not None and not form.is_valid()]
    return not wrong


def attendees(page: Page, wish: Wish) -> list[Attendee]:
    """Everybody who comes, once for each procedure."""
    return [one for person in page.people for one in person.attendees(wish)]


def answer(page: Page) -> HttpResponse:
    """The page, with the days and hours that are free for this visit."""
    wish, status = page.wish, 200
    days: list[DayFree] = []
    slots: list[SlotFree] = []
    if wish:
        days = bookings.free_days(wish)[:DAYS_SHOWN]
        slots = bookings.free_slots(wish, page.day) if page.day else []
        wrong = any(form.errors for form in (*page.people, page.contact, page.urgency) if form and form.is_bound)
        status = page.problem.status if page.problem else 422 if wrong else 200
    elif page.visit.is_bound:
        status = 422
    by_draw, is_walk_in = wish is not None and _by_draw(wish), wish is not None and _is_walk_in(wish)
    asks = by_draw or not days
    if asks and page.request.method != "POST":
        # What was typed for the others of a visit that found no place stays on the page.
        page.people = page.people[:1]
    context: dict[str, Any] = {
        "page": page,
        "visit": page.visit,
        "chosen": page.request.GET.getlist("d"),
        "wish": wish,
        "days": [(one, address(page, jour=one.day.isoformat())) for one in days],
        "slots": slots,
        "chosen_slot": key_in(page.request.POST.get("slot", "")),
        "here": address(page, **({"jour": page.day.isoformat()} if page.day else {})),
        "by_draw": by_draw,
        "is_walk_in": is_walk_in,
        "act": "" if is_walk_in else reverse("helpdesk:request") if asks else reverse("helpdesk:book"),
        "asks": asks,
        "is_for_one": asks and wish is not None and (wish.people > 1 or len(wish.procedures) > 1),
        "halves": [
            (code, WEEKDAYS[day - 1], half == "am", code in page.request.POST.getlist("suits"))
            for code, day, half in HALF_DAYS
        ],
        "assisting": assistance.assisted(page.request),
    }
    return render(page.request, "helpdesk/book.html", context, status=status)


def address(page: Page, **more: str) -> str:
    """The query of the visit."""
    kept = [(name, value) for name in ("d", "n", "canal", "carte") for value in page.request.GET.getlist(name)]
    return urlencode([*kept, *more.items()])


def say_done(request: AgentRequest, appointment: Appointment, done: str) -> None:
    """Say what was done, and whether the person learns it from us."""
    if appointment.email or appointment.phone:
        messages.success(request, f"{done} {_('La personne est prévenue.')}")
    else:
        messages.warning(request, f"{done} {_('Elle ne peut pas être prévenue : dites-le-lui.')}")


def find_existing(page: Page, wish: Wish) -> Appointment | None:
    """The booking that keeps one of these people from another."""
    for one in attendees(page, wish):
        for identity in rules.identities(one):
            if found := bookings.live_of(identity, one.procedure):
                return found
    return None


def _try(page: Page, wish: Wish) -> Appointment | None:
    contact = page.contact
    slot = key_in(page.request.POST.get("slot", ""))
    if contact is None or not are_filled(page):
        return None
    try:
        return actions.book(
            wish,
            slot,
            attendees=attendees(page, wish),
            contact=contact.contact(),
            booker=contact.booker(),
            by=page.request.agent,
            key=f"helpdesk-{page.request.agent.pk}-{contact.cleaned_data['key']}",
        )
    except AlreadyBooked as refused:
        page.problem, page.existing = refused, find_existing(page, wish)
    except BusinessError as refused:
        page.problem = refused
    return None


def _usual_channel(request: AgentRequest) -> Channel:
    """A greeter stands in front of the person; the others are on the phone."""
    return Channel.DESK if request.agent.can("reception.issue_ticket") else Channel.PHONE


def _known(wish: Wish) -> dict[str, Any]:
    """The person of the card is known."""
    return _identity(wish.permit.person) if wish.permit else {}


def _identity(person: Person) -> dict[str, Any]:
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": f"{person.birth_date:%d/%m/%Y}" if person.birth_date else "",
        "foreign_number": person.foreign_number,
    }


def _contact_of(wish: Wish) -> dict[str, Any]:
    person = wish.permit.person if wish.permit else None
    return {"email": person.email, "phone": person.phone, "language": person.language} if person else {}


def _by_draw(wish: Wish) -> bool:
    today = clock.today()
    return any(bookings.allocation(wish.office, one, today) for one in wish.procedures)


def _is_walk_in(wish: Wish) -> bool:
    return any(catalogue.access_mode(one, clock.today()) == Mode.WALK_IN for one in wish.procedures)


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed[:10])
    except ValueError:
        return None
