"""The questions before the calendar, one a page: what for, where from, until when, what to bring.

No session here, hence ``csrf_exempt``: nothing is done in anybody's name.
"""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from parvis.booking import actions
from parvis.booking.papers import checklist_pdf
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.common.network import address_of
from parvis.offices.models import Commune
from parvis.procedures import queries as catalogue
from parvis.reception.errors import NothingAsked
from parvis.web.appointments import answers as reading
from parvis.web.appointments import flow
from parvis.web.appointments.advice import Reason, advise, documents, since
from parvis.web.appointments.forms import ContactForm
from parvis.web.appointments.pages import WEB, page, step
from parvis.web.appointments.way import Way
from parvis.web.kiosk import answers as door
from parvis.web.kiosk.answers import MOST_PROCEDURES, UNKNOWN_DATE
from parvis.web.kiosk.doors import receiving
from parvis.web.kiosk.errors import TooManyProcedures
from parvis.web.kiosk.forms import ExpiryForm
from parvis.web.prereception import ELSEWHERE
from parvis.web.requests import VisitorRequest

FIRST_TILES = 12


def offices(request: VisitorRequest) -> HttpResponse:
    """The offices that give appointments; straight in when there is only one."""
    found = list(receiving())
    if len(found) == 1:
        return redirect("appointments:start", code=found[0].code)
    return render(request, "appointments/offices.html", {"offices": found})


@step
def start(request: VisitorRequest, here: Way) -> HttpResponse:
    """What this is, in short, and that it is free."""
    return page(request, here, "start", {"begin": here.but(procedures=()).to("procedure"), "is_start": True})


@step
def procedure(request: VisitorRequest, here: Way) -> HttpResponse:
    """What the person comes for: one tap, or several ticks and several people."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = sent.getlist("d")
    too_many = len(set(asked)) > MOST_PROCEDURES
    if request.method == "POST" and asked and not too_many:
        people = min(reading.people(request.POST.get("n", "1")), here.policy.most_people)
        chosen = here.but(procedures=door.procedures(asked), people=people)
        return HttpResponseRedirect(flow.after(chosen))
    offered = list(catalogue.public_procedures(clock.today()))
    several = "plusieurs" in request.GET
    tiles = offered if several or "toutes" in request.GET else offered[:FIRST_TILES]
    empty = here.but(procedures=())
    context = {
        "procedures": tiles,
        "has_more": len(tiles) < len(offered),
        "several": several,
        "chosen": asked,
        "counts": range(1, here.policy.most_people + 1),
        "error": (TooManyProcedures() if too_many else NothingAsked()) if request.method == "POST" else None,
        "back": here.to("start"),
        "all_url": empty.to("procedure", toutes="1"),
        "several_url": empty.to("procedure", plusieurs="1"),
        "one_url": empty.but(people=1).to("procedure"),
    }
    return page(request, here, "procedure", context, status=422 if request.method == "POST" else 200)


@step
def apart(request: VisitorRequest, here: Way) -> HttpResponse:
    """What cannot be done in one visit: each part is booked by itself."""
    parts = [(group, flow.after(here.but(procedures=group))) for group in flow.groups(here)]
    if len(parts) < 2:
        return HttpResponseRedirect(flow.after(here))
    return page(request, here, "apart", {"parts": parts, "back": flow.choosing(here)})


@step
def commune(request: VisitorRequest, here: Way) -> HttpResponse:
    """Where the person lives: the communes of this office first, then the others, then elsewhere."""
    if request.method == "POST":
        return HttpResponseRedirect(flow.after(here.but(commune=door.commune(request.POST.get("c", "")))))
    others = "autres" in request.GET
    found = Commune.objects.exclude(office=here.office) if others else Commune.objects.filter(office=here.office)
    context = {
        "communes": found.order_by("name"),
        "others": others,
        "elsewhere": ELSEWHERE,
        "back": here.to("commune") if others else flow.choosing(here),
        "others_url": here.to("commune", autres="1"),
    }
    return page(request, here, "commune", context)


@step
def expiry(request: VisitorRequest, here: Way) -> HttpResponse:
    """The date on the permit: too early, in time or late is said before anybody books."""
    form = ExpiryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        date = UNKNOWN_DATE if "unknown" in request.POST else ""
        if not date and form.is_valid():
            date = form.cleaned_data["date"].isoformat()
        if date:
            return HttpResponseRedirect(flow.after(here.but(expires=date)))
    context = {"form": form, "back": flow.before_expiry(here)}
    return page(request, here, "expiry", context, status=422 if form.errors else 200)


@step
def advice(request: VisitorRequest, here: Way) -> HttpResponse:
    """Where or when to ask instead, politely; what can be booked goes on."""
    advised = advise(here)
    told = [one for one in advised if one.reason]
    if not told:
        return HttpResponseRedirect(flow.after(here))
    kept = tuple(one.procedure for one in advised if not one.reason)
    early = next((one for one in told if one.reason == Reason.TOO_EARLY), None)
    form = ContactForm(request.POST if request.method == "POST" else None)
    reminded, error = False, None
    if early and request.method == "POST" and form.is_valid() and early.verdict and early.verdict.opens:
        try:
            actions.remind_of_window(
                here.office,
                early.procedure,
                opens=early.verdict.opens,
                contact=form.contact(),
                by=WEB,
                address=address_of(request),
            )
            reminded = True
        except BusinessError as refused:
            error = refused
    context = {
        "told": told,
        "kept": kept,
        "go_on": flow.after(here.but(procedures=kept)) if kept else "",
        "early": early,
        "form": form,
        "reminded": reminded,
        "error": error,
        "back": flow.before_documents(here),
    }
    return page(request, here, "advice", context, status=error.status if error else 422 if form.errors else 200)


@step
def what_to_bring(request: VisitorRequest, here: Way) -> HttpResponse:
    """The list of what to bring, to read, to print and to tick; then who is there."""
    if missing := flow.unanswered(here):
        return HttpResponseRedirect(missing)
    advised = advise(here)
    context = {
        "advised": advised,
        "since": since(advised),
        "documents": documents(here.answers.procedures, clock.today()),
        "pdf": here.to("checklist"),
        "go_on": flow.unproved(here) or flow.end(here),
        "back": flow.before_documents(here),
        "by_draw": flow.by_draw(here),
    }
    return page(request, here, "documents", context)


@step
def checklist(request: VisitorRequest, here: Way) -> HttpResponse:
    """The same list as a PDF."""
    if not here.answers.procedures:
        return HttpResponseRedirect(here.to("procedure"))
    made = checklist_pdf(here.answers.procedures, clock.today(), get_language() or "fr")
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="documents.pdf"'}
    )
