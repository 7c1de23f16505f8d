"""Offering another moment to people who cannot be received today: an hour, or the first place of the next day."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.reception import actions
from parvis.reception.errors import BadReturn
from parvis.reception.models import ReturnPass, Ticket
from parvis.reception.states import ReturnKind
from parvis.web.account.home import home_of
from parvis.web.requests import AgentRequest, key_in
from parvis.web.steering import glance


@never_cache
@require_GET
def offers(request: AgentRequest) -> HttpResponse:
    """The people to offer a return to, again."""
    return render(request, "steering/_offers.html", glance.offers_of(request))


@require_POST
def offer(request: AgentRequest) -> HttpResponse:
    """Give one person the right to come back, with the reason; what is refused is said beside their form."""
    typed = request.POST.get("ticket", "")
    rows = Ticket.objects.select_related("office", "line", "procedure")
    ticket = get_object_or_404(rows, office=request.agent.office, pk=key_in(typed))
    try:
        kind = _kind(request.POST.get("kind", ""))
        at = _hour(request.POST.get("at", "")) if kind == ReturnKind.LATER_TODAY else None
        given = actions.give_return(ticket, kind=kind, by=request.agent, reason=request.POST.get("reason", ""), at=at)
    except BusinessError as error:
        return glance.page(request, refused=ticket, error=error)
    if given.kind == ReturnKind.LATER_TODAY:
        said = _("%(number)s est attendu aujourd'hui à %(hour)s, sans refaire la file. Code : %(code)s")
    else:
        said = _("%(number)s est attendu le %(day)s, sans refaire la file. Code : %(code)s")
    day, hour = date_format(given.valid_on, "l j F"), f"{localtime(given.reference_at):%H:%M}"
    messages.success(request, said % {"number": given.ticket, "day": day, "hour": hour, "code": given.code})
    return redirect("steering:home")


@never_cache
@require_GET
def return_pass(request: AgentRequest, pk: int) -> HttpResponse:
    """The paper that the person takes away, in their language."""
    rows = ReturnPass.objects.select_related("ticket__office", "ticket__line", "ticket__procedure")
    found = get_object_or_404(rows, pk=pk, ticket__office=request.agent.office)
    return render(request, "staff/return_paper.html", {"given": found, "back": home_of(request.agent.user)})


def _kind(typed: str) -> ReturnKind:
    if typed not in {kind.value for kind in glance.OFFERED}:
        raise BadReturn
    return ReturnKind(typed)


def _hour(typed: str) -> datetime:
    try:
        return clock.at(clock.today(), f"{datetime.strptime(typed[:5], '%H:%M'):%H:%M}")  # noqa: DTZ007 - an hour alone
    except ValueError:
        raise BadReturn from None
