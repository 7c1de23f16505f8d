"""Ask for a place for a person: before a draw, or when nothing is free."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.booking import actions
from parvis.booking.errors import AlreadyBooked
from parvis.booking.models import SeatRequest
from parvis.booking.rules import Wish
from parvis.common.errors import BusinessError
from parvis.web.helpdesk.booking import Page, answer, are_filled, attendees, find_existing, open_page
from parvis.web.requests import AgentRequest


@require_http_methods(["GET", "POST"])
def request_place(request: AgentRequest) -> HttpResponse:
    """The request of one person for the first procedure of the visit. By phone or alone, it counts once."""
    page = open_page(request, is_request=True)
    if request.method == "POST" and page.wish and are_filled(page, page.urgency):
        made = _ask(page, page.wish)
        if made:
            messages.success(request, _("La demande est enregistrée : elle compte une fois, par tous les canaux."))
            return redirect("draws:request", token=made.token)
    return answer(page)


def _ask(page: Page, wish: Wish) -> SeatRequest | None:
    contact, urgency = page.contact, page.urgency
    if contact is None or urgency is None:
        return None
    try:
        return actions.request(
            wish.office,
            wish.procedures[0],
            attendee=attendees(page, wish)[0],
            contact=contact.contact(),
            booker=contact.booker(),
            expires_on=urgency.cleaned_data["expires_on"],
            ground=urgency.cleaned_data["ground"],
            ground_reason=urgency.cleaned_data["ground_reason"],
            suits=page.request.POST.getlist("suits")[:14],
            channel=wish.channel,
            wish=wish,
            by=page.request.agent,
            key=f"helpdesk-{page.request.agent.pk}-request-{contact.cleaned_data['key']}",
        )
    except AlreadyBooked as refused:
        page.problem, page.existing = refused, find_existing(page, wish)
    except BusinessError as refused:
        page.problem = refused
    return None
