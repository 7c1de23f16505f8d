"""The receipt (récépissé): what its holder shows while nothing is decided."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from parvis.casefiles import rules
from parvis.casefiles.models import Receipt
from parvis.casefiles.papers import wording
from parvis.casefiles.states import ReceiptKind
from parvis.common import clock
from parvis.messages.papers import Section, Sheet, pdf

# It is shown to the police and to employers.
LANGUAGE = "fr"

_TITLES = {
    ReceiptKind.RECEIPT: gettext_noop("Récépissé de demande de titre de séjour"),
    ReceiptKind.PROVISIONAL: gettext_noop("Récépissé provisoire de demande de titre de séjour"),
}


def receipt_pdf(receipt: Receipt) -> bytes:
    """A receipt as PDF/UA-1, the same whenever it is printed again; a scanner reads its number in the code."""
    with translation.override(LANGUAGE):
        return pdf(_sheet(receipt), language=LANGUAGE, at=receipt.issued_at)


def _sheet(receipt: Receipt) -> Sheet:
    file = receipt.case_file
    rows = [
        *wording.who(file),
        (
            _("Valable"),
            _("du %(start)s au %(end)s inclus")
            % {"start": wording.day(receipt.valid_from), "end": wording.day(receipt.valid_to)},
        ),
        (_("Travail"), receipt.get_work_display()),
        (_("Mention"), receipt.mention),
        (_("Récépissé"), receipt.number),
    ]
    return Sheet(
        title=_(_TITLES[ReceiptKind(receipt.kind)]),
        author=file.office.name,
        lead=[_("La personne ci-dessous a déposé un dossier complet. Ce récépissé autorise sa présence en France.")],
        rows=[(label, value) for label, value in rows if value],
        code=receipt.number,
        sections=[_next(receipt), wording.follow(), _signed(receipt)],
        foot=_("Récépissé %(number)s") % {"number": receipt.number},
    )


def _next(receipt: Receipt) -> Section:
    """When it is renewed, and what silence means."""
    file = receipt.case_file
    lines = [
        _("Si vous n'avez pas de réponse, faites renouveler ce récépissé à partir du %(day)s.")
        % {"day": wording.day(rules.renewal_opens(receipt))},
        _("Apportez ce récépissé et votre passeport."),
    ]
    # As it stood when it was given: printed again after the decision, it says the same.
    if file.decide_by and (file.decided_at is None or receipt.issued_at < file.decided_at):
        lines.append(
            _("Sans réponse au %(day)s, la loi considère que la demande est refusée, sans que personne l'ait décidé.")
            % {"day": wording.day(file.decide_by)}
        )
        lines.append(_("Vous avez alors deux mois pour contester. L'étude du dossier peut continuer."))
    return Section(_("La suite"), lines)


def _signed(receipt: Receipt) -> Section:
    """Handed over signed and stamped (R311-4; source C17)."""
    return Section(
        _("Signature et cachet du bureau"),
        [_("Remis le %(day)s.") % {"day": wording.day(clock.office_day(receipt.issued_at))}],
    )
