"""Words that several papers and letters share, in the language being spoken."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from parvis.booking import queries
from parvis.booking.models import Appointment, Offer, SeatRequest
from parvis.booking.states import BookedBy
from parvis.common.text import in_language
from parvis.messages.papers.typesetting import Item, Section
from parvis.offices.models import Office
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure

HANDOVER = "handover"


def address(path: str) -> str:
    """The full address of a page, the only kind that letters name."""
    return f"{settings.PUBLIC_URL}{path}"


def appointment_page(appointment: Appointment) -> str:
    """Where the appointment is seen, moved and cancelled."""
    return address(f"/rendez-vous/r/{appointment.token}/")


def page_offers(appointment: Appointment) -> str:
    """What can be done on the page of an appointment, before its address."""
    if queries.is_drawn(appointment):
        return _("Voir ou annuler ce rendez-vous :")
    return _("Voir, déplacer ou annuler ce rendez-vous :")


def request_page(request: SeatRequest) -> str:
    """Where a request is followed."""
    return address(f"/tirages/demande/{request.token}/")


def proof_page(request: SeatRequest) -> str:
    """Where the certificate of a request is had."""
    return f"{request_page(request)}#proof"


def calendar_page(office: Office) -> str:
    """Where the free places of an office are seen."""
    return address(f"/rendez-vous/{office.code}/")


def offer_page(offer: Offer) -> str:
    """Where a place that was proposed is taken or left."""
    return address(f"/tirages/offre/{offer.token}/")


def summons_page(token: str) -> str:
    """Where the person of a card chooses when to come for it."""
    return address(f"/rendez-vous/remise/{token}/")


def long_day(day: date) -> str:
    """The day with its weekday."""
    return f"{date_format(day, 'l')} {date_format(day, 'DATE_FORMAT')}"


def long_when(instant: datetime) -> str:
    """The day and the hour at the office."""
    there = localtime(instant)
    return _("%(day)s à %(hour)s") % {"day": long_day(there.date()), "hour": f"{there:%H:%M}"}


def short_when(instant: datetime) -> str:
    """The day and the hour in figures, for an SMS; bookings go a few months ahead, so no year."""
    return f"{localtime(instant):%d/%m %H:%M}"


def place(office: Office) -> str:
    """The name and the address of the office on one line."""
    return ", ".join(part for part in (office.name, " ".join(office.address.split())) if part)


def procedures(appointment: Appointment) -> list[Procedure]:
    """What the appointment is for, each once, in the order it was said."""
    booked = [one.procedure for one in appointment.booked.select_related("procedure").order_by("position")]
    return list(dict.fromkeys(booked)) or [appointment.procedure]


def names(appointment: Appointment) -> list[str]:
    """The people expected, each once."""
    booked = appointment.booked.order_by("position")
    return list(dict.fromkeys(one.full_name for one in booked))


def booker(appointment: Appointment) -> str:
    """Who took the appointment when it was somebody else; empty otherwise."""
    if appointment.booked_by == BookedBy.SELF:
        return ""
    who = appointment.booker_name or appointment.get_booked_by_display()
    return _("Ce rendez-vous a été pris par : %(who)s.") % {"who": who}


def to_bring(asked: Iterable[Procedure], day: date) -> list[Section]:
    """What to bring for each procedure on a day, and who must come."""
    found = []
    for procedure in asked:
        stage = HANDOVER if procedure.line_code == HANDOVER else "filing"
        documents = catalogue.documents_to_bring(procedure, day, stage)
        items = [Item(one.name, _detail(one.copies, one.max_age_months, one.only_if)) for one in documents]
        heading = _("À apporter : %(procedure)s") % {"procedure": procedure.name}
        found.append(Section(heading, _who_comes(procedure), items or [Item(_("Votre passeport ou votre titre"))]))
    return found


def free_of_charge() -> str:
    """Said on every paper: a place that is sold is worth nothing."""
    return _("Le rendez-vous est gratuit et à votre nom : personne ne peut vous en vendre un.")


def _detail(copies: int, months: int | None, only_if: str) -> str:
    said = [only_if]
    if copies > 1:
        said.append(_("%(count)s exemplaires") % {"count": copies})
    if months:
        said.append(_("de moins de %(months)s mois") % {"months": months})
    return " · ".join(part for part in said if part)


def _who_comes(procedure: Procedure) -> list[str]:
    note = procedure.presence.get("note") or {}
    said = in_language(note)
    return [said] if said else []
