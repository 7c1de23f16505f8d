"""What the agent sees and takes before this card leaves: each with why, and what then when it is missing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.permits.rules.money import as_money
from parvis.permits.states import Failure
from parvis.procedures.rules import Amount

# The procedure for which people come for their card.
HANDOVER = "permit_handover"
IDENTITY = "identity"
STAMP = "tax_stamp"
MEDICAL = "medical_certificate"
ENROLMENT = "final_enrolment"
CHILD = "child_present"
OLD = "old_permit_or_receipt"
NOTICE = "notice"
CHIP = "chip_data"
FAILURES = {
    IDENTITY: Failure.IDENTITY,
    STAMP: Failure.STAMP_MISSING,
    MEDICAL: Failure.MEDICAL,
    ENROLMENT: Failure.ENROLMENT,
    CHILD: Failure.CHILD,
    OLD: Failure.OLD_CARD,
}
# Lines of the checklist that not every card has.
OF_SOME_CARDS = frozenset({STAMP, MEDICAL, ENROLMENT, CHILD, OLD})
# Papers for travelling: neither the notice of residence permits nor the copy of a residence card's data.
_TRAVEL = frozenset({"travel_document", "minor_travel_document"})
_KINDS = {
    "resident_card": "resident_card",
    "refugee_card": "resident_card",
    "algerian_certificate": "algerian_certificate",
    "travel_document": "travel_document",
    "minor_travel_document": "minor_travel_document",
    "talent_passport": "multi_year_permit",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist. ``remedy`` is what to tell the person when it is missing."""

    code: str
    label: str | Promise
    why: str | Promise
    is_obligatory: bool
    remedy: str | Promise

    @property
    def failure(self) -> str:
        """The reason that is recorded when the person leaves without the card for want of this."""
        return FAILURES.get(self.code, Failure.OTHER).value


_TEXTS: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    IDENTITY: (
        _("Identité vérifiée : passeport et visage"),
        _("Le titre est remis en main propre à son titulaire."),
        _("Gardez le titre. La personne revient avec son passeport ou une autre pièce d'identité avec photo."),
    ),
    STAMP: (
        _("Timbre fiscal"),
        _("Les taxes se paient à la remise, par un timbre du montant exact."),
        _(
            "Gardez le titre. Le timbre s'achète en ligne, même sur un téléphone, ou dans un bureau de tabac ; "
            "la personne peut revenir aujourd'hui sans refaire la file."
        ),
    ),
    MEDICAL: (
        _("Certificat médical de l'Ofii"),
        _("Il est demandé pour un premier titre."),
        _("Gardez le titre. La personne demande son certificat à l'Ofii et revient avec lui."),
    ),
    ENROLMENT: (
        _("Inscription définitive, vue ou déjà au dossier"),
        _("Une préinscription suffit au dépôt, pas à la remise."),
        _("Gardez le titre. La personne revient avec le certificat de scolarité de l'année."),
    ),
    CHILD: (
        _("Enfant présent"),
        _("Ce document se remet en présence de l'enfant."),
        _("Gardez le document. Le parent revient avec l'enfant."),
    ),
    OLD: (
        _("Ancien titre et récépissé repris"),
        _("Le nouveau titre les remplace : deux titres ne circulent pas ensemble."),
        _(
            "Perdus ou volés : la personne signe une déclaration de perte, ou montre sa plainte ; "
            "cochez alors cette ligne."
        ),
    ),
    NOTICE: (
        _("Notice d'information signée"),
        _("Elle dit à quelles conditions le titre est donné et quels contrôles peuvent suivre."),
        _("Lisez la notice avec la personne, dans sa langue si possible. Si elle refuse, appelez le responsable."),
    ),
    CHIP: (
        _("Copie des données de la puce remise"),
        _("La personne a droit à une copie papier de ce que la puce contient."),
        _("Imprimez-la de nouveau, au besoin à un autre guichet. Données fausses : le titre est à refaire."),
    ),
}


def checklist(procedure: str, conditional: Collection[str], due: Amount | None, *, gives_back: bool) -> list[Check]:
    """The checklist of the card of one file, in the order of the counter.

    ``conditional`` are the codes of the catalogue's documents of the handover that this file calls for; ``due`` what
    is to be paid (None: no stamp is asked for this procedure); ``gives_back``: it replaces a card or a receipt.
    Sources: R313-1, R311-10, R611-7-2 (C17), F2231, F2718 (V20).
    """
    codes = [IDENTITY, *([STAMP] if due is not None and due.eur != 0 else [])]
    codes += [code for code in (MEDICAL, ENROLMENT, CHILD) if code in conditional]
    codes += [OLD] if gives_back else []
    codes += [NOTICE, CHIP] if procedure not in _TRAVEL else []
    return [_check(code, is_obligatory=True, due=due) for code in codes]


def advised() -> list[Check]:
    """What is looked at for a card that has no file here: shown, and refusing nothing, for nothing is known of it."""
    return [_check(code, is_obligatory=False) for code in (IDENTITY, OLD, NOTICE, CHIP)]


def missing(checks: Iterable[Check], ticked: Collection[str], *, has_stamps: bool, notice: str) -> list[Check]:
    """What keeps the card from leaving: the stamp counts by its number, the notice by how it was signed."""
    done = set(ticked) - {STAMP, NOTICE}
    done |= ({STAMP} if has_stamps else set()) | ({NOTICE} if notice else set())
    return [check for check in checks if check.is_obligatory and check.code not in done]


def kind_of_card(procedure: str, card_months: int | None) -> str:
    """The kind of the card that a procedure makes: those of more than a year have their own name."""
    if procedure in _KINDS:
        return _KINDS[procedure]
    return "multi_year_permit" if (card_months or 0) > 12 else "temporary_permit"


def _check(code: str, *, is_obligatory: bool, due: Amount | None = None) -> Check:
    label, why, remedy = _TEXTS[code]
    if due is not None and code == STAMP:
        label = gettext("Timbre fiscal : %(amount)s") % {"amount": as_money(due)}
    return Check(code=code, label=label, why=why, is_obligatory=is_obligatory, remedy=remedy)
