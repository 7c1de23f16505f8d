"""Words that the papers of a file share, in the language being spoken."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parvis.casefiles.letters.text import status_page
from parvis.casefiles.models import CaseFile
from parvis.messages.papers import Section
from parvis.procedures.models import Document


def day(when: date) -> str:
    """A day in words."""
    return date_format(when, "DATE_FORMAT")


def who(file: CaseFile) -> list[tuple[str, str]]:
    """Whose file it is, and for what."""
    person = file.person
    rows = [
        (_("Personne"), person.full_name),
        (_("Date de naissance"), day(person.birth_date) if person.birth_date else ""),
        (_("Numéro étranger"), person.foreign_number),
        (_("Démarche"), file.procedure.name),
        (_("Dossier"), file.number),
    ]
    return [(label, value) for label, value in rows if value]


def detail(document: Document) -> str:
    """When a document is needed, how many times, how old at most."""
    said = [document.only_if]
    if document.copies > 1:
        said.append(_("%(count)s exemplaires") % {"count": document.copies})
    if document.max_age_months:
        said.append(_("de moins de %(months)s mois") % {"months": document.max_age_months})
    return " · ".join(part for part in said if part)


def follow() -> Section:
    """Where its person follows the file, from any phone: the paper is all that most of them hold."""
    how = _("Donnez le numéro écrit sur votre récépissé ou sur votre feuille, et votre date de naissance.")
    # The last stroke of an address would stand before it in a line read from the right; the page opens without it.
    return Section(_("Suivre mon dossier"), [status_page().rstrip("/"), how])
