"""Ask for a place: before a draw, or when no day has room. The request counts once, and can be proved."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS

from parvis.booking import actions
from parvis.booking.errors import ContactNotProved
from parvis.booking.models import SeatRequest
from parvis.booking.states import Channel
from parvis.common.errors import BusinessError
from parvis.common.network import address_of
from parvis.web.appointments import flow, passes
from parvis.web.appointments.advice import advise, since
from parvis.web.appointments.forms import HALF_DAYS, ContactForm, PersonForm, RequestForm
from parvis.web.appointments.pages import WEB, page, step
from parvis.web.appointments.presence import ASKING
from parvis.web.appointments.way import Way
from parvis.web.requests import VisitorRequest


@step
def request_place(request: VisitorRequest, here: Way) -> HttpResponse:
    """Who asks, the half-days that suit, and why it cannot wait. The contact is proved by a code first."""
    if missing := flow.unanswered(here):
        return HttpResponseRedirect(missing)
    known = passes.read(here.answers.verified)
    if known is None or not known.proof:
        return HttpResponseRedirect(here.to("verification", **{ASKING: "1"}))
    sent = request.POST if request.method == "POST" else None
    person = PersonForm(sent, prefix="p0")
    contact = ContactForm(sent, initial=passes.remembered(request))
    wanted = RequestForm(sent)
    error: BusinessError | None = None
    valid = [form.is_valid() for form in (person, contact, wanted)]
    if sent is not None and all(valid):
        try:
            actions.check_proof(known.proof, contact.contact())
            found = _ask(request, here, person, contact, wanted)
            return HttpResponseRedirect(reverse("draws:request", args=[found.token]))
        except BusinessError as refused:
            error = refused
    wrong = any(form.is_bound and form.errors for form in (person, contact, wanted))
    chosen = set(wanted["suits"].value() or [])
    context = {
        "person": person,
        "contact": contact,
        "wanted": wanted,
        "halves": [(code, WEEKDAYS[day - 1], half == "am", code in chosen) for code, day, half in HALF_DAYS],
        "error": error,
        "prove_url": here.to("verification", **{ASKING: "1"}) if isinstance(error, ContactNotProved) else "",
        "by_draw": flow.by_draw(here),
        "procedure": here.answers.procedures[0],
        "back": here.to("documents") if flow.by_draw(here) else here.to("days"),
    }
    return page(request, here, "request", context, status=error.status if error else 422 if wrong else 200)


def _ask(
    request: VisitorRequest, here: Way, person: PersonForm, contact: ContactForm, wanted: RequestForm
) -> SeatRequest:
    key = request.POST.get("key", "")[:40]
    return actions.request(
        here.office,
        here.answers.procedures[0],
        attendee=person.attendees(here.answers.procedures[:1])[0],
        contact=contact.contact(),
        expires_on=here.answers.expires_on,
        ground=wanted.cleaned_data["ground"],
        ground_reason=wanted.cleaned_data["ground_reason"],
        suits=tuple(wanted.cleaned_data["suits"]),
        channel=Channel.WEB,
        wish=here.wish,
        since=since(advise(here)),
        by=WEB,
        key=f"request:{key}" if key else "",
        address=address_of(request),
    )
