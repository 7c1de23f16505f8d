"""A card waits for its person: what to pay, what to bring, and when to come. The SMS says nothing of the card."""

from collections.abc import Mapping
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from parvis.booking.letters.text import Note
from parvis.booking.papers import wording
from parvis.common import clock
from parvis.messages.composing import Composed
from parvis.messages.errors import NothingToSay
from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.permits import queries as permits
from parvis.permits.models import Permit
from parvis.permits.rules import HANDOVER, as_money
from parvis.permits.states import State
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Mode

_LEFT_TO_RIGHT = "\u2066%s\u2069"


def summons(facts: Mapping[str, Any], channel: str) -> Composed:
    """The announcement of a card, and its reminders; pointless once the card has left."""
    rows = Permit.objects.select_related("office", "person", "case_file__procedure")
    permit = rows.filter(pk=facts["permit"], state=State.IN_STOCK).first()
    if permit is None:
        raise NothingToSay
    link = wording.summons_page(str(facts["token"]))
    comes_freely = catalogue.access_mode(catalogue.by_code(HANDOVER), clock.today()) == Mode.WALK_IN
    lines = (_opening(comes_freely=comes_freely), *_details(permit, comes_freely=comes_freely))
    short = (_("Votre document est prêt."), _stamp(permit), _short(link, comes_freely=comes_freely))
    told = Note(
        subject=_subject(is_reminder="reminder" in facts, comes_freely=comes_freely),
        lines=[part for part in lines if part],
        link=link,
        link_says=_("Voir cette page :") if comes_freely else _("Choisir une heure :"),
        short=" ".join(part for part in short if part),
        office=permit.office,
        to=permit.person.full_name,
    )
    return told.composed(channel)


def _subject(*, is_reminder: bool, comes_freely: bool) -> str:
    if is_reminder:
        return _("Rappel : votre titre vous attend")
    return _("Votre titre est arrivé") if comes_freely else _("Votre titre est arrivé : choisissez une heure")


def _opening(*, comes_freely: bool) -> str:
    if comes_freely:
        return _("Votre titre est arrivé au bureau. Venez le chercher aux heures d'ouverture, sans rendez-vous.")
    return _("Votre titre est arrivé au bureau. Choisissez une heure pour venir le chercher.")


def _details(permit: Permit, *, comes_freely: bool) -> list[str]:
    where = [
        _("Où : %(place)s") % {"place": wording.place(permit.office)},
        _("Qui : %(who)s") % {"who": permit.person.full_name},
    ]
    brought = [document.name for document in permits.to_bring(permit, clock.today())]
    bring = "\n".join([_("À apporter :"), *(f"- {name}" for name in brought or [_("Votre passeport ou votre titre")])])
    return [
        "\n".join(where),
        _opening_hours(permit.office) if comes_freely else "",
        stamp_says(permit),
        bring,
        _("Ce lien est personnel : ne le donnez à personne."),
    ]


def opening_week(office: Office) -> list[tuple[str, str]]:
    """The ordinary week of the counters where cards are handed over, as days and hours; empty when it is not known."""
    line = Line.objects.filter(office=office, code=catalogue.by_code(HANDOVER).line_code).first()
    if line is None:
        return []
    week = offices.weekly_hours(line, clock.today())
    return [
        (str(WEEKDAYS[day - 1]), ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans))
        for day, spans in week.items()
        if spans
    ]


def _opening_hours(office: Office) -> str:
    """The week in lines; in a script from right to left each span of hours keeps its own order."""
    kept = _LEFT_TO_RIGHT if get_language_bidi() else "%s"
    days = [f"{day} : {kept % hours}" for day, hours in opening_week(office)]
    return "\n".join([_("Heures d'ouverture :"), *days]) if days else ""


def stamp_says(permit: Permit) -> str:
    """What the stamp costs, in a sentence: exactly; or honestly that only a range is known, or nothing."""
    due = permits.amount_due(permit, clock.today())
    if due.eur == 0:
        return _("Aucun timbre fiscal n'est demandé.")
    if due.eur is not None:
        return _("Apportez un timbre fiscal de %(amount)s exactement.") % {"amount": as_money(due)}
    if due.eur_min is not None:
        return _(
            "Un timbre fiscal est demandé, %(amount)s selon votre titre. Demandez le montant exact au bureau avant de "
            "l'acheter."
        ) % {"amount": as_money(due)}
    return _("Si un timbre fiscal est demandé, le bureau vous dira son montant exact avant l'achat.")


def _stamp(permit: Permit) -> str:
    """The exact amount, for an SMS; a range is told on the page."""
    due = permits.amount_due(permit, clock.today())
    return _("Timbre : %(amount)s.") % {"amount": as_money(due)} if due.eur else ""


def _short(link: str, *, comes_freely: bool) -> str:
    if comes_freely:
        return _("Venez sans rendez-vous : %(link)s") % {"link": link}
    return _("Choisissez une heure : %(link)s") % {"link": link}
