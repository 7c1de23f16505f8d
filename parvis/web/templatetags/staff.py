"""Small words of the agents' screens."""

import uuid
from datetime import datetime, timedelta

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.common.text import in_language
from parvis.permits.models import Permit
from parvis.reception.errors import CardOfSomebodyElse
from parvis.reception.models import Ticket
from parvis.reception.rules import check_card_of
from parvis.web import languages, words
from parvis.web.account import presence

register = template.Library()

CARDS = {
    "temporary_permit": _("Carte de séjour temporaire"),
    "multi_year_permit": _("Carte de séjour pluriannuelle"),
    "resident_card": _("Carte de résident"),
    "algerian_certificate": _("Certificat de résidence algérien"),
    "travel_document": _("Titre de voyage"),
    "minor_travel_document": _("Document de circulation pour mineur"),
    "provisional_permit": _("Autorisation provisoire de séjour"),
}


@register.simple_tag
def new_key() -> str:
    """A key for a form: sent twice, it acts once."""
    return uuid.uuid4().hex


@register.simple_tag
def is_of_another(card: Permit, ticket: Ticket) -> bool:
    """Whether the office knows that this card is not for the person of the ticket."""
    try:
        check_card_of(ticket, card)
    except CardOfSomebodyElse:
        return True
    return False


@register.simple_tag
def lock_after() -> int:
    """Seconds without input after which the machine covers its screen."""
    return presence.lock_after_seconds()


@register.filter
def waited(since: datetime | None) -> str:
    """Time since an instant, as a person says it."""
    if since is None:
        return ""
    minutes = minutes_since(since)
    return words.duration_in_words(minutes) if minutes else gettext("moins d'une minute")


@register.filter
def minutes_since(since: datetime) -> int:
    """Whole minutes since an instant, never negative."""
    return max(0, int((clock.now() - since).total_seconds() // 60))


@register.filter
def in_minutes(minutes: int) -> str:
    """Minutes as a person says them: 40 minutes, 1 h 30."""
    return words.duration_in_words(int(minutes))


@register.filter
def duration(length: timedelta) -> str:
    """A length of time as a person says it."""
    return words.duration_in_words(int(length.total_seconds() // 60))


@register.filter
def card_kind(kind: str) -> str:
    """The kind of a card by its office name; a kind nobody listed is shown as it was typed."""
    return str(CARDS.get(kind, kind))


@register.filter
def language_name(code: str) -> str:
    """A language by its own name."""
    return languages.OWN_NAMES.get(code, code)


@register.filter
def holder(ticket: Ticket) -> str:
    """The name to check against the passport."""
    return ticket.person.full_name if ticket.person else ticket.holder_name or gettext("Sans nom")


@register.filter
def spoken(texts: dict[str, str]) -> str:
    """A text kept by language, in the language being spoken; empty when there is none."""
    return in_language(texts) if texts else ""
