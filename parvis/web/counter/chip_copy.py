"""The paper copy of what the chip of a card holds, given to its person with the card (R611-7-2; source C17)."""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parvis.common import clock
from parvis.common.text import in_language
from parvis.messages.papers import Sheet, pdf
from parvis.permits.models import Permit
from parvis.web.templatetags.staff import card_kind


def chip_copy_pdf(permit: Permit) -> bytes:
    """The copy, in the person's language: what the office knows to be in the chip, and what it holds besides."""
    language = permit.person.language or "fr"
    with translation.override(language):
        return pdf(_sheet(permit), language=language, at=clock.now())


def _sheet(permit: Permit) -> Sheet:
    person, file = permit.person, permit.case_file
    rows = [
        (_("Nom"), person.family_name),
        (_("Prénoms"), person.given_name),
        (_("Date de naissance"), date_format(person.birth_date, "DATE_FORMAT") if person.birth_date else ""),
        (_("N° étranger"), person.foreign_number),
        (_("N° du titre"), permit.number),
        (_("Nature du titre"), card_kind(permit.kind)),
        (_("Motif"), in_language(file.procedure.names) if file else ""),
        (_("Délivré par"), permit.office.name),
    ]
    return Sheet(
        title=_("Copie des données de la puce"),
        author=permit.office.name,
        lead=[_("Cette copie est à vous. Gardez-la à part de votre titre.")],
        rows=[(label, value) for label, value in rows if value],
        notes=[
            _("La puce contient aussi votre photographie et vos empreintes. Elles ne sont pas imprimées."),
            _("Une erreur ? Dites-le tout de suite au guichet : le titre sera refait."),
        ],
        foot=_("Titre %(number)s") % {"number": permit.number},
    )
