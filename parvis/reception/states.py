"""The life of a ticket, and the words that go with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    WAITING = "waiting", _("En attente")
    CALLED = "called", _("Appelé")
    SERVING = "serving", _("Au guichet")
    PARKED = "parked", _("Mis de côté")
    MISSED = "missed", _("Absent à l'appel")
    RECEIVED = "received", pgettext_lazy("ticket", "Reçu")
    LEFT = "left", _("Parti")
    DEFERRED = "deferred", _("Revient plus tard")
    TURNED_AWAY = "turned_away", _("Non reçu")


OPEN = frozenset({Status.WAITING, Status.CALLED, Status.SERVING, Status.PARKED, Status.MISSED})
AT_COUNTER = frozenset({Status.CALLED, Status.SERVING})
CLOSED = frozenset(Status) - OPEN

MOVES: dict[str, frozenset[str]] = {
    Status.WAITING: frozenset({Status.CALLED, Status.LEFT, Status.DEFERRED, Status.TURNED_AWAY}),
    Status.CALLED: frozenset({Status.SERVING, Status.WAITING, Status.MISSED, Status.LEFT}),
    Status.SERVING: frozenset({Status.RECEIVED, Status.WAITING, Status.PARKED, Status.DEFERRED, Status.LEFT}),
    Status.PARKED: frozenset({Status.CALLED, Status.RECEIVED, Status.LEFT, Status.DEFERRED, Status.TURNED_AWAY}),
    Status.MISSED: frozenset({Status.WAITING, Status.LEFT}),
    Status.RECEIVED: frozenset(),
    Status.LEFT: frozenset(),
    Status.DEFERRED: frozenset(),
    Status.TURNED_AWAY: frozenset(),
}


class Priority(models.TextChoices):
    """A right to go ahead, by its legal code alone; it is erased with the ticket's day."""

    NONE = "", _("Aucune")
    MOBILITY_CARD = "mobility_card", _("Carte mobilité inclusion")
    FAMILY_CARD = "family_card", _("Carte de priorité (famille, grossesse)")
    WAR_DISABLED = "war_disabled", _("Carte d'invalide de guerre")
    COURTESY = "courtesy", _("Courtoisie (grossesse, grand âge, nourrisson)")


class Rank(models.TextChoices):
    """The class that decides a ticket's head start."""

    WALK_IN = "walk_in", _("Sans rendez-vous")
    APPOINTMENT = "appointment", _("Rendez-vous")
    PRIORITY = "priority", _("Priorité légale")


class Outcome(models.TextChoices):
    """What was really done for one procedure at the counter."""

    DONE = "done", _("Démarche faite")
    FILE_DEPOSITED = "file_deposited", _("Dossier déposé, complet")
    FILE_INCOMPLETE = "file_incomplete", _("Dossier incomplet : pièces à rapporter")
    RECEIPT_ISSUED = "receipt_issued", _("Récépissé remis")
    HANDED_OVER = "handed_over", _("Titre remis")
    NOT_READY = "not_ready", _("Titre pas encore disponible")
    INFORMED = "informed", _("Renseigné")
    REDIRECTED = "redirected", _("Orienté vers un autre service")
    UNRECORDED = "unrecorded", _("Non renseigné")


class LeaveReason(models.TextChoices):
    TOLD_US = "told_us", _("L'a dit")
    NOT_THERE = "not_there", _("Absent aux appels")
    GAVE_UP = "gave_up", _("A renoncé à attendre")
    NOT_THE_HOLDER = "not_the_holder", _("Venu avec le ticket d'un autre")


class RedirectReason(models.TextChoices):
    """Why somebody is told to go elsewhere or to come another day, before any ticket."""

    OTHER_OFFICE = "other_office", _("Dépend d'un autre bureau")
    TOO_EARLY = "too_early", _("Renouvellement trop tôt")
    LINE_CLOSED = "line_closed", _("Service fermé aujourd'hui")
    APPOINTMENT_ONLY = "appointment_only", _("Sur rendez-vous seulement")
    DAY_FULL = "day_full", _("Journée complète")


class ReturnKind(models.TextChoices):
    """The right to come back without losing one's place."""

    MISSING_COPY = "missing_copy", _("Rapporte une pièce aujourd'hui")
    LATER_TODAY = "later_today", _("Revient à une heure convenue")
    FIRST_NEXT_DAY = "first_next_day", _("Premier au prochain jour d'ouverture")


class SessionState(models.TextChoices):
    OPEN = "open", _("Ouvert")
    BREAK = "break", _("En pause")
    CLOSED = "closed", _("Fermé")
