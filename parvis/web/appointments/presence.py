"""Who is there: the device does a proof of work, or somebody proves a contact by a code. The second needs no script."""

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.cache import never_cache

from parvis.booking import actions
from parvis.booking.rules import Contact
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.common.network import address_of
from parvis.web.appointments import flow, passes
from parvis.web.appointments.forms import CodeForm, ContactForm
from parvis.web.appointments.pages import WEB, page, step
from parvis.web.appointments.way import Way
from parvis.web.requests import VisitorRequest

# Longer than any payload or token of ours.
LONGEST_PAYLOAD, LONGEST_TOKEN = 4000, 64
# In the address of somebody who leaves a request although seats are booked directly.
ASKING = "demande"


@step
def verification(request: VisitorRequest, here: Way) -> HttpResponse:
    """The proof of work by itself where scripts run; else, and before a draw, a contact to prove."""
    if missing := flow.unanswered(here):
        return HttpResponseRedirect(missing)
    by_code = flow.by_draw(here) or ASKING in request.GET
    form = ContactForm(request.POST if "contact" in request.POST else None, initial=passes.remembered(request))
    error: BusinessError | None = None
    try:
        if request.POST.get("altcha") and not by_code:
            actions.spend_challenge(request.POST["altcha"][:LONGEST_PAYLOAD])
            return HttpResponseRedirect(flow.end(here.but(verified=passes.make())))
        if form.is_bound and form.is_valid():
            return _send_code(request, here, form.contact())
    except BusinessError as refused:
        error = refused
    context = {"form": form, "error": error, "by_code": by_code, "back": here.to("documents")}
    return page(request, here, "verification", context, status=error.status if error else 422 if form.errors else 200)


@step
def proof(request: VisitorRequest, here: Way) -> HttpResponse:
    """The code that was sent, typed back. Asked again, another one goes to the same contact."""
    if missing := flow.unanswered(here):
        return HttpResponseRedirect(missing)
    form = CodeForm(request.POST if "code" in request.POST else None)
    error: BusinessError | None = None
    try:
        if "again" in request.POST:
            return _send_code(request, here, Contact(**passes.remembered(request)))
        if form.is_bound and form.is_valid():
            given = actions.prove(request.GET.get("k", "")[:LONGEST_TOKEN], form.cleaned_data["code"])
            there = here.but(verified=passes.make(given))
            return HttpResponseRedirect(there.to("request") if ASKING in request.GET else flow.end(there))
    except BusinessError as refused:
        error = refused
    known = passes.remembered(request)
    context = {"form": form, "error": error, "sent_to": known["email"] or known["phone"]}
    context["back"] = here.to("verification", **_asking(request))
    return page(request, here, "proof", context, status=error.status if error else 422 if form.errors else 200)


@never_cache
def challenge(request: VisitorRequest) -> HttpResponse:
    """A new proof of work to do."""
    return JsonResponse(actions.new_challenge(clock.now()))


def _send_code(request: VisitorRequest, here: Way, contact: Contact) -> HttpResponse:
    check = actions.send_code(contact, office=here.office, by=WEB, address=address_of(request))
    response = HttpResponseRedirect(here.to("proof", k=check.token, **_asking(request)))
    passes.remember(response, contact, secure=request.is_secure())
    return response


def _asking(request: VisitorRequest) -> dict[str, str]:
    return {ASKING: "1"} if ASKING in request.GET else {}
