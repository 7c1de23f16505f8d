"""The steps at the door. Each page asks one thing; answers stay in the address, so going back loses nothing."""

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import KIOSK
from parvis.offices.models import Commune
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.reception import actions, printing, queries
from parvis.reception.errors import AppointmentOnly, DoorCodeMissing, DoorCodeWrong, LineClosed, NothingAsked
from parvis.reception.models import Redirection
from parvis.reception.rules import Arrival
from parvis.reception.states import RedirectReason
from parvis.web.addresses import qr
from parvis.web.kiosk import answers as reading
from parvis.web.kiosk import flow, seal
from parvis.web.kiosk.answers import Answers
from parvis.web.kiosk.doors import Door, entrance, receiving, screen_key
from parvis.web.kiosk.errors import SealOld, TooManyProcedures
from parvis.web.kiosk.forms import ExpiryForm, HolderForm
from parvis.web.kiosk.pages import check_is_here, page, step
from parvis.web.languages import spoken
from parvis.web.prereception import ELSEWHERE
from parvis.web.public.tickets import paper
from parvis.web.requests import VisitorRequest

# What stands on the first page of tiles; the rest is one tap further. With "other", five full rows of three.
FIRST_TILES = 12
ALWAYS_FIRST = ("licence_exchange", flow.INFORMATION)


def offices(request: VisitorRequest) -> HttpResponse:
    """The offices that have a door; straight in when there is only one."""
    found = list(receiving())
    namespace = request.resolver_match.namespace if request.resolver_match else "door"
    if len(found) == 1:
        return redirect(f"{namespace}:start", code=found[0].code)
    return render(request, "parvis/kiosk/offices.html", {"offices": found, "start": f"{namespace}:start"})


@step
def start(request: VisitorRequest, here: Door) -> HttpResponse:
    """The languages, each by its own name. A phone that already chose one goes on."""
    if not here.is_kiosk and request.language_chosen:
        return procedure(request, here.office.code)
    choices = [(code, name, replace(here, language=code).to("procedure")) for code, name in spoken()]
    return page(request, here, "start", {"is_start": True, "choices": choices})


@step
def procedure(request: VisitorRequest, here: Door) -> HttpResponse:
    """What the person comes for: one tap, or several ticks."""
    asked = (request.POST if request.method == "POST" else request.GET).getlist("d")
    too_many = len(set(asked)) > reading.MOST_PROCEDURES
    if request.method == "POST" and asked and not too_many:
        chosen = Answers(reading.procedures(asked))
        return HttpResponseRedirect(flow.after(here, chosen, key=request.POST.get("key", "")))
    offered = list(catalogue.public_procedures(clock.today()))
    tiles = _first_tiles(offered) if "toutes" not in request.GET else offered
    several = "plusieurs" in request.GET
    return page(
        request,
        here,
        "procedure",
        {
            "procedures": offered if several else tiles,
            "has_more": len(tiles) < len(offered) and not several,
            "several": several,
            "chosen": asked,
            "error": (TooManyProcedures() if too_many else NothingAsked()) if request.method == "POST" else None,
            "back": here.to("start") if here.is_kiosk else "",
            "all_url": here.to("procedure", toutes="1"),
            "several_url": here.to("procedure", plusieurs="1"),
            "one_url": here.to("procedure"),
            "appointment_url": here.to("appointment"),
        },
        status=422 if request.method == "POST" else 200,
    )


@step
def commune(request: VisitorRequest, here: Door) -> HttpResponse:
    """Where the person lives: the communes of this office first, then the others, then elsewhere."""
    known = reading.read(request.GET)
    if request.method == "POST":
        answered = Answers(known.procedures, reading.commune(request.POST.get("c", "")), known.expires)
        return HttpResponseRedirect(flow.after(here, answered, key=request.POST.get("key", "")))
    others = "autres" in request.GET
    found = Commune.objects.exclude(office=here.office) if others else Commune.objects.filter(office=here.office)
    return page(
        request,
        here,
        "commune",
        {
            "communes": found.order_by("name"),
            "others": others,
            "elsewhere": ELSEWHERE,
            "back": here.to("commune", known) if others else flow.choosing(here, known),
            "others_url": here.to("commune", known, autres="1"),
        },
    )


@step
def expiry(request: VisitorRequest, here: Door) -> HttpResponse:
    """The date on the permit: too early, in time or late is said before anybody waits."""
    known = reading.read(request.GET)
    form = ExpiryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        date = reading.UNKNOWN_DATE if "unknown" in request.POST else ""
        if not date and form.is_valid():
            date = form.cleaned_data["date"].isoformat()
        if date:
            answered = Answers(known.procedures, known.commune, date)
            return HttpResponseRedirect(flow.after(here, answered, key=request.POST.get("key", "")))
    back = here.to("commune", known) if flow.asks_commune(known) else flow.choosing(here, known)
    return page(request, here, "expiry", {"form": form, "back": back}, status=422 if form.errors else 200)


@step
def advice(request: VisitorRequest, here: Door) -> HttpResponse:
    """Where or when to come instead, politely, to read and to print; what can be done today goes on."""
    known = reading.read(request.GET)
    tokens = request.GET.getlist("o")[: reading.MOST_PROCEDURES]
    found = Redirection.objects.select_related("office", "to_office", "procedure").filter(token__in=tokens)
    told = found.filter(office=here.office).order_by("pk")
    slips = [flow.slip(one, request, links=not here.is_kiosk) for one in told]
    if not slips:
        raise Http404
    information = flow.may_ask_information(here)
    return page(
        request,
        here,
        "advice",
        {
            "slips": slips,
            "kept": known.procedures,
            "go_on": here.to("priority", known) if known.procedures else "",
            "comes_back": flow.coming_back(here, known, told),
            "ask": here.to("priority", Answers((information,))) if information else "",
            "back": here.to("procedure"),
        },
    )


@step
def priority(request: VisitorRequest, here: Door) -> HttpResponse:
    """Whether the person holds a card that the law lets go ahead."""
    known = reading.read(request.GET)
    if not known.procedures:
        return HttpResponseRedirect(here.to("procedure"))
    if request.method == "POST":
        answered = Answers(known.procedures, known.commune, known.expires, reading.priority(request.POST.get("p", "")))
        return HttpResponseRedirect(here.to("holder", answered, **_coming_back(request)))
    return page(request, here, "priority", {"back": flow.before_priority(here, known)})


@step
def holder(request: VisitorRequest, here: Door) -> HttpResponse:
    """Who the ticket is for, then the ticket. Sent twice, it gives one ticket."""
    known = reading.read(request.GET)
    if not known.procedures:
        return HttpResponseRedirect(here.to("procedure"))
    form = HolderForm(request.POST if request.method == "POST" else None, initial={"door_code": here.code})
    problem: BusinessError | None = None
    if request.method == "POST":
        try:
            key = seal.key_of(request.POST.get("seal", ""), here.office, known)
            if form.is_valid():
                return HttpResponseRedirect(_issue(request, here, known, form, key))
        except SealOld as old:
            problem = old
        except BusinessError as error:
            if error.status == 400:
                raise
            problem = error
    asks_code = not here.is_kiosk and (not here.code or isinstance(problem, DoorCodeMissing | DoorCodeWrong))
    if isinstance(problem, DoorCodeMissing | DoorCodeWrong):
        form.fields["door_code"].widget.attrs |= {"aria-invalid": "true", "aria-describedby": "problem"}
    advised = flow.advise(here, known)
    context = {
        "form": form,
        "problem": problem,
        "known": known,
        "late": [one for one in advised if one.is_late],
        "asks_code": asks_code,
        "demo_code": queries.door_code(here.office) if settings.DEMO else "",
        "seal": _kept_seal(request, problem) or seal.make(here.office, known),
        "comes_back": bool(_coming_back(request)),
        "back": here.to("priority", known, **_coming_back(request)),
    }
    return page(request, here, "holder", context, status=problem.status if problem else 422 if form.errors else 200)


@step
def printed(request: VisitorRequest, here: Door, token: str) -> HttpResponse:
    """The ticket on the kiosk's screen and on its paper; the screen forgets it after a minute."""
    ticket = queries.by_token(token)
    if ticket is None or ticket.office_id != here.office.pk:
        raise Http404
    has_printer = bool(queries.policy(here.office).printer_host)
    return page(request, here, "printed", {**paper(request, ticket), "has_printer": has_printer, "is_start": True})


@step
def poster(request: VisitorRequest, here: Door) -> HttpResponse:
    """The poster for the door, for one day: the QR code that opens this office on a phone, and the code in letters.

    For those who greet: whoever reads it could take a ticket from afar.
    """
    screen = reverse("display:page", args=[here.office.code]) + f"?vue=attente&porte={screen_key(here.office)}"
    context = {
        "qr": qr(request, entrance(here.office)),
        "address": request.build_absolute_uri(reverse("door:start", args=[here.office.code])),
        "code": queries.door_code(here.office),
        "day": clock.today(),
        "screen": request.build_absolute_uri(screen),
        "is_start": True,
    }
    return page(request, here, "poster", context)


def _issue(request: VisitorRequest, here: Door, known: Answers, form: HolderForm, key: str) -> str:
    """Give the ticket; the address that shows it, or the advice when the answers lead elsewhere after all."""
    checked = {RedirectReason.OTHER_OFFICE, RedirectReason.TOO_EARLY}
    if checked & {advised.reason for advised in flow.advise(here, known)}:
        return flow.after(here, known, key=key)
    if not here.is_kiosk:
        check_is_here(request, here, form.cleaned_data["door_code"] or here.code)
    arrival = Arrival(
        office=here.office,
        procedures=known.procedures,
        holder_name=form.cleaned_data["name"],
        holder_born=form.cleaned_data["date"],
        language=get_language() or "fr",
        priority=known.priority,
        return_code=form.cleaned_data["return_code"],
    )
    try:
        ticket = actions.issue_ticket(arrival, by=here.device, key=f"door:{key}")
    except (LineClosed, AppointmentOnly):
        return flow.after(here, known, key=key)
    if here.is_kiosk:
        printing.order(ticket, by=KIOSK, key=f"door:{key}")
        return here.at("printed", token=ticket.token)
    return reverse("public:ticket", args=[ticket.token])


def _coming_back(request: VisitorRequest) -> dict[str, str | list[str]]:
    """What the address says of a right to come back, for the next address."""
    return {flow.COMES_BACK: "1"} if flow.COMES_BACK in request.GET else {}


def _first_tiles(offered: list[Procedure]) -> list[Procedure]:
    """The most asked for, in the order of the catalogue, driving licences and information always among them."""
    first = offered[:FIRST_TILES]
    return [*first, *(one for one in offered[FIRST_TILES:] if one.code in ALWAYS_FIRST)]


def _kept_seal(request: VisitorRequest, problem: BusinessError | None) -> str:
    return "" if isinstance(problem, SealOld) else request.POST.get("seal", "")
