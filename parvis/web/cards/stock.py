"""The stock: where each card lies, one card and its story, what nobody claims."""

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.booking import actions as booking
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.permits import actions, queries
from parvis.permits.models import Permit
from parvis.permits.states import Returned, State
from parvis.web.requests import AgentRequest, key_in

PAGE = 50
LONGEST = 400


@never_cache
@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """The stock by place; a scan opens its card at once, or says why there is none."""
    office = request.agent.office
    typed = request.GET.get("n", "")[:LONGEST].strip()
    found = queries.by_scan(office, typed) if typed else queries.Found()
    if found.permit and found.elsewhere is None:
        return redirect("cards:card", pk=found.permit.pk)
    rows = queries.in_stock(office).select_related("case_file")
    place = request.GET.get("place")
    shown = rows if place is None else rows.filter(place=place[:40])
    context = {
        "typed": typed,
        "found": found,
        "stock": queries.stock(office),
        "places": queries.places(office),
        "place": place,
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page", "")[:6]),
    }
    return render(request, "cards/home.html", context)


@never_cache
@require_GET
def card(request: AgentRequest, pk: int) -> HttpResponse:
    """One card: whose, where, announced when, what its handover asks, who came for it in vain."""
    return _card(request, _permit(request, pk))


@require_POST
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """Say where the card lies now."""
    permit = _permit(request, pk)
    try:
        actions.move_to(permit, request.POST.get("place", ""), by=request.agent)
    except BusinessError as error:
        return _card(request, permit, error)
    notices.success(request, _("Place notée."))
    return redirect("cards:card", pk=pk)


@require_POST
def faulty(request: AgentRequest, pk: int) -> HttpResponse:
    """Send a faulty card back: its file goes to production again."""
    permit = _permit(request, pk)
    try:
        booking.send_cards_back([permit], Returned.FAULTY, by=request.agent)
    except BusinessError as error:
        return _card(request, permit, error)
    notices.success(request, _("Titre renvoyé : il est à refaire."))
    return redirect("cards:card", pk=pk)


@never_cache
@require_GET
def unclaimed(request: AgentRequest) -> HttpResponse:
    """The cards nobody came for, to be sent back."""
    return _unclaimed(request)


@require_POST
def destroy(request: AgentRequest) -> HttpResponse:
    """Send the chosen cards to destruction, all or none; their files are closed.

    Nothing brings a destroyed card back: the first time the agent is shown which ones, and asked.
    """
    wanted = [key_in(typed) for typed in request.POST.getlist("permit")]
    chosen = list(queries.unclaimed(request.agent.office).filter(pk__in=wanted))
    if not chosen or len(chosen) != len(set(wanted)):
        notices.error(request, _("Choisissez des titres de cette liste."))
        return _unclaimed(request, status=422)
    if "sure" not in request.POST:
        return render(request, "cards/destroy.html", {"chosen": chosen})
    try:
        booking.send_cards_back(chosen, Returned.UNCLAIMED, by=request.agent)
    except BusinessError as error:
        notices.error(request, str(error))
        return _unclaimed(request, status=error.status)
    count = len(chosen)
    said = ngettext("%(count)s titre renvoyé pour destruction.", "%(count)s titres renvoyés pour destruction.", count)
    notices.success(request, said % {"count": count})
    return HttpResponseRedirect(reverse("cards:unclaimed"))


def _unclaimed(request: AgentRequest, *, status: int = 200) -> HttpResponse:
    page = Paginator(queries.unclaimed(request.agent.office), PAGE).get_page(request.GET.get("page", "")[:6])
    return render(request, "cards/unclaimed.html", {"page": page, "today": clock.today()}, status=status)


def _permit(request: AgentRequest, pk: int) -> Permit:
    rows = Permit.objects.select_related("person", "office", "case_file__procedure", "delivery")
    return get_object_or_404(rows, office=request.agent.office, pk=pk)


def _card(request: AgentRequest, permit: Permit, problem: BusinessError | None = None) -> HttpResponse:
    waits = permit.state == State.IN_STOCK
    context = {
        "card": permit,
        "problem": problem,
        "waits": waits,
        "checks": queries.checklist(permit, clock.today()) if waits else [],
        "failures": list(queries.failures_of(permit)[:20]),
        "may_receive": request.agent.can("permits.receive_permit"),
        "may_return": request.agent.can("permits.return_permit"),
    }
    return render(request, "cards/card.html", context, status=problem.status if problem else 200)
