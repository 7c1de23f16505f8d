"""What to bring, to print and to tick."""

from collections.abc import Iterable
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from parvis.booking.papers import wording
from parvis.common import clock
from parvis.messages.papers import typesetting
from parvis.messages.papers.typesetting import Link, Sheet
from parvis.procedures.models import Procedure


def checklist_pdf(procedures: Iterable[Procedure], day: date, language: str) -> bytes:
    """What to bring on a day for these procedures, in a language."""
    with translation.override(language):
        sheet = Sheet(
            title=_("Liste des documents à apporter"),
            author="Parvis",
            lead=[
                _("Pour un rendez-vous le %(day)s.") % {"day": wording.long_day(day)},
                _("Cochez chaque document. Sans dossier complet, il faudra revenir."),
            ],
            link=Link(wording.address("/rendez-vous/"), _("Prendre rendez-vous :")),
            sections=wording.to_bring(procedures, day),
            notes=[wording.free_of_charge()],
        )
        return typesetting.pdf(sheet, language=language, at=clock.now())
