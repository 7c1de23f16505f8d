"""Who comes, and the code that confirms: the seat is kept meanwhile, and what was typed survives its loss."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from parvis.booking import actions, queries
from parvis.booking.errors import LinkOver
from parvis.booking.models import Appointment
from parvis.booking.queries import links
from parvis.booking.rules import Attendee
from parvis.booking.states import Status
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.common.network import address_of
from parvis.web import languages
from parvis.web.appointments import passes
from parvis.web.appointments.calendar import next_hours
from parvis.web.appointments.forms import BookerForm, CodeForm, ContactForm, PersonForm, begun
from parvis.web.appointments.pages import WEB, over, page, problem
from parvis.web.appointments.visits import people_of, procedures_of
from parvis.web.appointments.way import Way, around
from parvis.web.requests import VisitorRequest, key_in


def of_appointment(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one appointment, in its language unless the person chose another. 404 for any other token."""

    @functools.wraps(view)
    def wrapped(request: VisitorRequest, token: str) -> HttpResponse:
        found = queries.by_token(token)
        if found is None:
            raise Http404
        if not request.language_chosen and languages.known(found.language) and found.state not in UNFINISHED:
            translation.activate(found.language)
        here = None
        try:
            links.check_appointment(found)
            here = around(request, found.office)
            return view(request, here, found)
        except LinkOver as error:
            return over(request, error, found.office)
        except BusinessError as error:
            return problem(request, error, here)

    return csrf_exempt(never_cache(wrapped))


# The form is not sent yet, or the code not typed: its language is the one being read.
UNFINISHED = frozenset({Status.HELD, Status.PENDING, Status.EXPIRED})


@dataclass
class Forms:
    """The three parts of the form: those who come, how they are told, who fills it."""

    persons: list[PersonForm]
    contact: ContactForm
    booker: BookerForm

    @classmethod
    def of(cls, request: VisitorRequest, here: Way, appointment: Appointment) -> "Forms":
        """With what was sent, else with what is kept already."""
        sent = request.POST if "contact" in request.POST else None
        persons, contact, booker = begun(appointment)
        persons += [{}] * here.answers.people
        if not contact["email"] and not contact["phone"]:
            contact = passes.remembered(request)
        among = here.answers.procedures if here.answers.people > 1 else ()
        return cls(
            [PersonForm(sent, prefix=f"p{n}", initial=persons[n], among=among) for n in range(here.answers.people)],
            ContactForm(sent, initial=contact),
            BookerForm(sent, initial=booker),
        )

    def all_valid(self, here: Way) -> bool:
        """Checks each part, so that every mistake is said at once."""
        valid = [form.is_valid() for form in (*self.persons, self.contact, self.booker)]
        if not all(valid):
            return False
        asked = {one.procedure.code for one in self.attendees(here)}
        left = [one.label for one in here.answers.procedures if one.code not in asked]
        if left:
            said = _("Personne n'est coché pour : %(what)s.") % {"what": ", ".join(left)}
            self.persons[0].add_error("procedures", said)
            self.persons[0].mark()
        return not left

    @property
    def has_errors(self) -> bool:
        """Whether something is wrong in what was sent."""
        return any(form.is_bound and form.errors for form in (*self.persons, self.contact, self.booker))

    def attendees(self, here: Way) -> list[Attendee]:
        """Each person, for each procedure."""
        return [one for form in self.persons for one in form.attendees(here.answers.procedures)]


@of_appointment
def details(request: VisitorRequest, here: Way, appointment: Appointment) -> HttpResponse:
    """Who comes. When the seat was lost meanwhile, the same page offers other hours and keeps what was typed."""
    if appointment.state not in UNFINISHED or _awaits_code(appointment):
        return _onwards(here, appointment)
    if not here.answers.procedures:
        here = here.but(procedures=procedures_of(appointment), people=people_of(appointment))
    forms = Forms.of(request, here, appointment)
    error: BusinessError | None = None
    if forms.contact.is_bound and forms.all_valid(here):
        try:
            return _give(request, here, appointment, forms)
        except BusinessError as refused:
            error = refused
    appointment = queries.by_token(appointment.token) or appointment
    if appointment.state not in UNFINISHED or _awaits_code(appointment):
        # The same form, sent twice: the other one went through.
        return _onwards(here, appointment)
    context = {
        **_kept(appointment),
        "forms": forms,
        "error": error,
        "hours": next_hours(here) if _is_lost(appointment) else [],
        "back": here.to("hours", j=appointment.day.isoformat(), a=appointment.token),
        "days_url": here.to("days", a=appointment.token),
        "documents_url": here.to("documents"),
        "procedures": here.answers.procedures,
    }
    return page(request, here, "details", context, status=error.status if error else 422 if forms.has_errors else 200)


@of_appointment
def code(request: VisitorRequest, here: Way, appointment: Appointment) -> HttpResponse:
    """The code that was sent confirms the appointment."""
    if appointment.state not in UNFINISHED:
        return _onwards(here, appointment)
    if appointment.state == Status.HELD:
        return HttpResponseRedirect(here.of("details", appointment.token))
    form = CodeForm(request.POST if "code" in request.POST else None)
    contact = ContactForm(request.POST if "contact" in request.POST else None)
    error: BusinessError | None = None
    try:
        if "again" in request.POST:
            actions.send_code_again(appointment, by=WEB)
            return HttpResponseRedirect(here.of("code", appointment.token, encore="1"))
        if contact.is_bound and contact.is_valid():
            actions.correct_contact(appointment, contact.contact(), by=WEB, address=address_of(request))
            return HttpResponseRedirect(here.of("code", appointment.token, encore="1"))
        if form.is_bound and form.is_valid():
            actions.confirm(appointment, code=form.cleaned_data["code"], by=WEB)
            return _done(appointment)
    except BusinessError as refused:
        error = refused
    appointment = queries.by_token(appointment.token) or appointment
    context = {
        **_kept(appointment),
        "form": form,
        "contact": contact,
        "error": error,
        "sent_to": appointment.booker_email or appointment.email or appointment.phone,
        "was_sent_again": "encore" in request.GET,
        "back": here.of("details", appointment.token) if _is_lost(appointment) else "",
    }
    return page(
        request, here, "code", context, status=error.status if error else 422 if form.errors or contact.errors else 200
    )


def _give(request: VisitorRequest, here: Way, appointment: Appointment, forms: Forms) -> HttpResponse:
    """Another seat if one was chosen, then who comes; the code page, or the end when the contact is proved."""
    if slot := key_in(request.POST.get("slot", "")):
        appointment = actions.hold_again(appointment, slot, by=WEB, address=address_of(request))
    known = passes.read(here.answers.verified)
    given = actions.give_details(
        appointment,
        attendees=forms.attendees(here),
        contact=forms.contact.contact(),
        booker=forms.booker.booker(),
        proof=known.proof if known else "",
        by=WEB,
    )
    if given.state == Status.CONFIRMED:
        return _done(given)
    return HttpResponseRedirect(here.of("code", given.token))


def _awaits_code(appointment: Appointment) -> bool:
    return appointment.state == Status.PENDING and not _is_lost(appointment)


def _onwards(here: Way, appointment: Appointment) -> HttpResponse:
    if appointment.state in UNFINISHED:
        return HttpResponseRedirect(here.of("code", appointment.token))
    return HttpResponseRedirect(reverse("appointments:see", args=[appointment.token]))


def _done(appointment: Appointment) -> HttpResponse:
    response = HttpResponseRedirect(reverse("appointments:see", args=[appointment.token]))
    passes.forget(response)
    return response


def _is_lost(appointment: Appointment) -> bool:
    return appointment.state == Status.EXPIRED or _seconds_left(appointment) <= 0


def _kept(appointment: Appointment) -> dict[str, Any]:
    """Until when the seat is kept; the page counts down in real seconds, whatever the pace of the clock."""
    return {
        "appointment": appointment,
        "is_lost": _is_lost(appointment),
        "seconds_left": max(0, int(_seconds_left(appointment) / clock.rate())),
    }


def _seconds_left(appointment: Appointment) -> float:
    return (appointment.hold_until - clock.now()).total_seconds() if appointment.hold_until else 0
