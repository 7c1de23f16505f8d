"""The slip of what is missing: for the person in their language, and in French for whoever helps them."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from parvis.casefiles.models import MissingSlip
from parvis.casefiles.papers import wording
from parvis.casefiles.states import DocumentState
from parvis.messages.papers import Item, Section, Sheet, pdf
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Document

FRENCH = "fr"


def slip_pdf(slip: MissingSlip) -> bytes:
    """A slip as PDF/UA-1, as it was given; a scanner reads the number of the file in the code."""
    language = slip.case_file.person.language or FRENCH
    with translation.override(language):
        return pdf(_sheet(slip, language), language=language, at=slip.at)


def _sheet(slip: MissingSlip, language: str) -> Sheet:
    file = slip.case_file
    sections = _sections(slip)
    if language != FRENCH:
        with translation.override(FRENCH):
            sections += _in_french(slip)
    return Sheet(
        title=_("Ce qui manque à votre dossier"),
        author=file.office.name,
        lead=[_("Votre dossier est ouvert. Il n'est pas encore complet.")],
        rows=[*wording.who(file), (_("À apporter avant le"), wording.day(slip.until))],
        code=file.number,
        sections=sections,
        foot=_("Dossier %(number)s") % {"number": file.number},
    )


def _sections(slip: MissingSlip) -> list[Section]:
    return [
        Section(_("À apporter"), [_("Apportez aussi cette feuille.")], _items(slip)),
        Section(
            _("La suite"),
            [
                _("Quand tout sera là, vous recevrez un récépissé et l'étude du dossier commencera."),
                _("Le délai de réponse compte à partir de ce jour-là."),
            ],
        ),
        wording.follow(),
        Section(
            _("Vous n'êtes pas d'accord ?"),
            [
                _("Écrivez au préfet, ou au ministre de l'intérieur."),
                _("Le Défenseur des droits vous aide gratuitement : defenseurdesdroits.fr."),
            ],
        ),
    ]


def _in_french(slip: MissingSlip) -> list[Section]:
    """The same for an agent or a helper: what is awaited, for which file, until when."""
    lines = [f"{label} : {value}" for label, value in wording.who(slip.case_file)]
    lines.append(f"{_('À apporter avant le')} {wording.day(slip.until)}")
    return [Section(_("En français"), lines, _items(slip), language=FRENCH)]


def _items(slip: MissingSlip) -> list[Item]:
    file = slip.case_file
    known = {one.code: one for one in catalogue.documents_to_bring(file.procedure, file.deposited_on, "filing")}
    return [_item(one, known.get(one["code"])) for one in slip.documents]


def _item(said: Mapping[str, Any], document: Document | None) -> Item:
    state = DocumentState(said["state"])
    why = f"{state.label} : {said['reason']}" if said.get("reason") else str(state.label)
    details = wording.detail(document) if document else ""
    return Item(document.name if document else said["code"], " · ".join(part for part in (why, details) if part))
