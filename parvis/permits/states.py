"""The life of a card in the office: it arrives, it is handed over, or it goes back."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    IN_STOCK = "in_stock", _("En stock")
    HANDED_OVER = "handed_over", _("Remis")
    RETURNED = "returned", _("Renvoyé")


MOVES: dict[str, frozenset[str]] = {
    State.IN_STOCK: frozenset({State.HANDED_OVER, State.RETURNED}),
    State.HANDED_OVER: frozenset(),
    State.RETURNED: frozenset(),
}


class Source(models.TextChoices):
    """How a delivery was read."""

    SCAN = "scan", _("Lecteur")
    CSV = "csv", _("Bordereau CSV")


class Returned(models.TextChoices):
    """Why a card left without its person."""

    UNCLAIMED = "unclaimed", _("Non réclamé : à détruire")
    FAULTY = "faulty", _("Défaut ou erreur : à refaire")


class Notice(models.TextChoices):
    """How the notice on conditions and checks was signed (R311-10; source C17)."""

    PAPER = "paper", _("Sur papier")
    SCREEN = "screen", _("Sur écran")


class Failure(models.TextChoices):
    """Why a person left without the card that waited for them."""

    IDENTITY = "identity", _("Identité non établie")
    STAMP_MISSING = "stamp_missing", _("Timbre absent")
    STAMP_AMOUNT = "stamp_amount", _("Timbre d'un autre montant")
    STAMP_USED = "stamp_used", _("Timbre déjà utilisé")
    MEDICAL = "medical_certificate", _("Certificat médical absent")
    ENROLMENT = "final_enrolment", _("Inscription définitive absente")
    CHILD = "child_present", _("Enfant absent")
    OLD_CARD = "old_permit_or_receipt", _("Ancien titre ou récépissé non rendu")
    CARD_WRONG = "card_wrong", _("Erreur sur le titre")
    NOT_FOUND = "card_not_found", _("Titre introuvable à sa place")
    OTHER = "other", _("Autre")
