"""The cases of a procedure that the agent chooses among, by their names for people."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from parvis.procedures import queries as catalogue
from parvis.procedures.models import Fee, Procedure, ReceiptRule, SilenceRule
from parvis.procedures.rules import ALL_CASES, CHARGE, IMPLICIT_REFUSAL

NAMES = {
    "default": _("Cas général"),
    "accelerated": _("Procédure accélérée"),
    "change": _("Changement"),
    "change_of_status": _("Changement de statut"),
    "child_of_eu_citizen": _("Enfant d'un citoyen européen"),
    "family_reunification_child": _("Enfant venu par regroupement familial"),
    "first": _("Première demande"),
    "first_residence_permit": _("Premier titre de séjour"),
    "first_temporary_worker": _("Première demande, travailleur temporaire"),
    "multi_year_card_4_years": _("Carte pluriannuelle, quatre ans"),
    "new_card": _("Nouvelle carte"),
    "normal": _("Procédure normale"),
    "one_year_family_reunification": _("Un an, regroupement familial"),
    "one_year_medical_or_protected": _("Un an, soins ou protection"),
    "one_year_private_life": _("Un an, vie privée et familiale"),
    "one_year_professional_first": _("Un an, travail, première demande"),
    "one_year_student": _("Un an, étudiant"),
    "online_filing": _("Dépôt en ligne"),
    "paper_filing": _("Dépôt au guichet"),
    "prefecture_return_visa": _("Visa de retour"),
    "provisional_permit": _("Autorisation provisoire de séjour"),
    "reduced": _("Tarif réduit"),
    "refugee_5_years": _("Réfugié, cinq ans"),
    "renewal": _("Renouvellement"),
    "resident_card_5_years": _("Carte de résident, cinq ans"),
    "retired": _("Retraité"),
    "standard": _("Tarif normal"),
    "student": _("Étudiant"),
    "student_card": _("Carte d'étudiant"),
    "student_one_year_card": _("Carte d'étudiant d'un an"),
    "subsidiary_protection": _("Protection subsidiaire"),
    "subsidiary_protection_1_year": _("Protection subsidiaire, un an"),
    "ten_years": _("Dix ans"),
}
# What is charged on top of a case (``procedures.rules.CHARGE``).
CHARGES = {
    "late": _("Demande hors délai"),
    "irregular_entry": _("Entrée irrégulière"),
    "no_visa_or_irregular_entry": _("Entrée irrégulière ou sans visa"),
}
BY_PERMIT, NO_CHARGE = "", "none"
Choices = list[tuple[str, str]]


def cases(procedure: Procedure, day: date) -> Choices:
    """The cases that receipts and silence tell apart on a day, the general one first."""
    receipts = catalogue.in_force(ReceiptRule.objects.filter(procedure=procedure), day)
    refusals = catalogue.in_force(SilenceRule.objects.filter(procedure=procedure, effect=IMPLICIT_REFUSAL), day)
    known = {rule.case for rule in receipts.order_by("pk")} | {rule.case for rule in refusals.order_by("pk")}
    return _named(sorted(known, key=lambda code: (code != "default", code)))


def fee_cases(procedure: Procedure, day: date) -> Choices:
    """The cases of the fees, in the order of the catalogue; the first choice leaves it to the permit in hand."""
    own = (fee.case for fee in catalogue.fees(procedure, day) if fee.component != CHARGE and fee.case != ALL_CASES)
    named = _named(dict.fromkeys(own))
    return [(BY_PERMIT, str(_("Selon le titre"))), *named] if len(named) > 1 else named


def charges(procedure: Procedure, day: date) -> Choices:
    """What may be charged on top of a case, with its amount; nothing where the fee table has no such line."""
    lines = [fee for fee in catalogue.fees(procedure, day) if fee.component == CHARGE]
    if not lines:
        return []
    left = [(BY_PERMIT, str(_("Selon la date du titre"))), (NO_CHARGE, str(_("Aucun : force majeure ou visa valable")))]
    return left + [(fee.case, _with_amount(fee)) for fee in lines]


def fee_name(fee_case: str) -> str:
    """A fee case as people read it, the charge on top with it."""
    return " + ".join(
        str(NAMES.get(code) or CHARGES.get(code) or code.replace("_", " ")) for code in fee_case.split("+")
    )


def _with_amount(fee: Fee) -> str:
    words = {"name": CHARGES.get(fee.case, fee.case), "eur": fee.eur, "filing": fee.due_at_filing_eur}
    if fee.due_at_filing_eur:
        return _("%(name)s : %(eur)s €, dont %(filing)s € au dépôt") % words
    return _("%(name)s : %(eur)s €") % words


def _named(codes: Iterable[str]) -> Choices:
    return [(code, str(NAMES.get(code, code.replace("_", " ")))) for code in codes]
