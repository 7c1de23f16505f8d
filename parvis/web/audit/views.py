"""Search the journal."""

import json
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parvis.booking import queries as bookings
from parvis.booking.models import Appointment
from parvis.common import clock
from parvis.journal import queries as journal
from parvis.journal.models import Entry, EntryQuerySet
from parvis.reception import queries
from parvis.reception.models import Ticket
from parvis.web.audit.forms import SearchForm
from parvis.web.audit.kinds import KINDS
from parvis.web.audit.sentences import Teller
from parvis.web.requests import AgentRequest

PAGE = 50
BIGGEST_KEY = 2**63 - 1


@never_cache
@require_GET
def home(request: AgentRequest) -> HttpResponse:
    """The facts that match, the newest first, a page at a time by their key: pages do not move while facts come in."""
    office = request.agent.office
    form = SearchForm(request.GET, office=office)
    is_valid = form.is_valid()
    found = _found(request, form) if is_valid else None
    before = _key(request.GET.get("avant", ""))
    rows: list[Entry] = []
    if found is not None:
        rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    shown = rows[:PAGE]
    kept = {
        name: request.GET[name] for name in ("what", "agent", "day", "ticket", "out_of_order") if request.GET.get(name)
    }
    context: dict[str, Any] = {
        "form": form,
        "told": [(one, _raw(one.entry)) for one in Teller(office, shown).tell()],
        "kinds": [(code, kind.label) for code, kind in KINDS.items()],
        "older": urlencode({**kept, "avant": shown[-1].pk}) if len(rows) > PAGE else "",
        "newest": urlencode(kept) if before else None,
    }
    return render(request, "audit/home.html", context, status=200 if is_valid and not form.errors else 422)


def _found(request: AgentRequest, form: SearchForm) -> EntryQuerySet | None:
    """The facts asked for; None when the ticket or the appointment does not exist."""
    asked, office = form.cleaned_data, request.agent.office
    bounds = journal.day_bounds(asked["day"]) if asked["day"] else (None, None)
    facts = journal.search(
        office_id=office.pk, what=asked["what"], agent_id=asked["agent"], since=bounds[0], until=bounds[1]
    )
    if asked["out_of_order"]:
        facts = facts.filter(what="ticket.called", facts__picked=True)
    if not asked["ticket"].strip():
        return facts
    if booked := bookings.by_number(office, asked["ticket"]):
        return facts.filter(_about(booked))
    ticket = queries.by_number(office, asked["day"] or clock.today(), asked["ticket"])
    if ticket is None:
        form.add_error("ticket", _("Ni ticket de ce jour (aujourd'hui si aucun n'est choisi), ni rendez-vous."))
        return None
    return facts.about(ticket).order_by("-id")


def _about(booked: Appointment) -> Q:
    """One visit from the hold to the end: the appointment, its ticket, the card handed over."""
    tickets = list(Ticket.objects.filter(appointment=booked).order_by("pk").values_list("pk", flat=True))
    cards = [one.permit_id for one in booked.booked.all() if one.permit_id]
    return (
        Q(subject_type="booking.appointment", subject_id=booked.pk)
        | Q(subject_type="reception.ticket", subject_id__in=tickets)
        | Q(subject_type="permits.permit", subject_id__in=cards)
    )


def _key(typed: str) -> int:
    return min(int(typed), BIGGEST_KEY) if typed.isascii() and typed.isdecimal() and len(typed) < 20 else 0


def _raw(entry: Entry) -> str:
    return json.dumps(entry.facts, ensure_ascii=False, indent=1, sort_keys=True)
