"""The lives of an appointment, a seat, a request, a batch and an offer."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    """For whom a seat is kept until it falls back to everybody."""

    ALL = "", _("Tous les publics")
    STUDENTS = "students", _("Étudiants")
    EMPLOYEES = "employees", _("Salariés")
    FAMILY = "family", _("Immigration familiale")


class Channel(models.TextChoices):
    """Through which channel a seat is kept to be taken until it falls back to all of them."""

    ALL = "", _("Tous les canaux")
    WEB = "web", _("Internet")
    PHONE = "phone", _("Téléphone")
    DESK = "desk", _("Accueil")
    DIGITAL_POINT = "digital_point", _("Point numérique")
    URGENT = "urgent", _("Urgences")


class SeatState(models.TextChoices):
    """A seat is one counter's time during one slot.

    WITHHELD: freed, and kept for the next draw. OFFERED: proposed to one person of the waiting list.
    """

    FREE = "free", _("Libre")
    HELD = "held", _("Retenue")
    BOOKED = "booked", _("Réservée")
    WITHHELD = "withheld", _("Réservée au tirage")
    OFFERED = "offered", _("Proposée")
    WITHDRAWN = "withdrawn", _("Retirée")


TAKEN = frozenset({SeatState.HELD, SeatState.BOOKED})


class Status(models.TextChoices):
    """An appointment. HELD: seats kept while the form is filled. PENDING: the code sent is awaited."""

    HELD = "held", _("En cours de saisie")
    PENDING = "pending", _("À confirmer")
    CONFIRMED = "confirmed", _("Confirmé")
    CHECKED_IN = "checked_in", pgettext_lazy("appointment", "Arrivé")
    NO_SHOW = "no_show", _("Absent")
    CANCELLED = "cancelled", _("Annulé")
    EXPIRED = "expired", _("Délai dépassé")


# Those that keep a person from booking the same procedure again: once a code has come back, so that whoever knows
# somebody's number keeps them from nothing.
LIVE = frozenset({Status.CONFIRMED})
# Those whose link is worth sending again.
AWAITED = frozenset({Status.PENDING, Status.CONFIRMED})
# Those that keep seats.
SEATED = frozenset({Status.HELD, Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.NO_SHOW})
# Those that end by themselves at ``hold_until``.
FLEETING = frozenset({Status.HELD, Status.PENDING})

MOVES: dict[str, frozenset[str]] = {
    Status.HELD: frozenset({Status.PENDING, Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED}),
    Status.PENDING: frozenset({Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED}),
    Status.CONFIRMED: frozenset({Status.CHECKED_IN, Status.NO_SHOW, Status.CANCELLED}),
    # Somebody who came very late was counted absent first.
    Status.NO_SHOW: frozenset({Status.CHECKED_IN}),
    # Somebody else had come with the paper: its holder is expected again.
    Status.CHECKED_IN: frozenset({Status.CONFIRMED}),
    Status.CANCELLED: frozenset(),
    # The seat was lost while the form was being filled: what was typed serves again for another seat.
    Status.EXPIRED: frozenset({Status.HELD}),
}


class BookedBy(models.TextChoices):
    """Who took the appointment. The name of the person it is for never changes afterwards."""

    SELF = "self", _("La personne elle-même")
    RELATIVE = "relative", _("Un proche")
    ASSOCIATION = "association", _("Une association")
    HELPER = "helper", _("Un agent ou un médiateur")


class CancelReason(models.TextChoices):
    PERSON = "person", _("À la demande de la personne")
    SEAT_WITHDRAWN = "seat_withdrawn", _("Créneau retiré par le bureau")
    WRONG_PERSON = "wrong_person", _("Pris avec l'identité d'un autre")
    SERVED_OTHERWISE = "served_otherwise", _("Reçu sans attendre le rendez-vous")


class Allocation(models.TextChoices):
    """How the seats of a procedure are given."""

    IMMEDIATE = "immediate", _("Au premier arrivé")
    DRAW = "draw", _("Par tirage")


class BatchState(models.TextChoices):
    OPEN = "open", _("Demandes ouvertes")
    CLOSED = "closed", _("Liste close")
    DRAWN = "drawn", _("Tirage publié")


BATCH_MOVES: dict[str, frozenset[str]] = {
    BatchState.OPEN: frozenset({BatchState.CLOSED}),
    BatchState.CLOSED: frozenset({BatchState.DRAWN}),
    BatchState.DRAWN: frozenset(),
}


class RequestState(models.TextChoices):
    """A request for a seat. It stays WAITING from one batch to the next until it is placed or withdrawn."""

    WAITING = "waiting", _("En attente")
    OFFERED = "offered", _("Place proposée")
    PLACED = "placed", _("Rendez-vous obtenu")
    WITHDRAWN = "withdrawn", _("Retirée")


REQUEST_LIVE = frozenset({RequestState.WAITING, RequestState.OFFERED})
REQUEST_MOVES: dict[str, frozenset[str]] = {
    RequestState.WAITING: frozenset({RequestState.OFFERED, RequestState.PLACED, RequestState.WITHDRAWN}),
    RequestState.OFFERED: frozenset({RequestState.WAITING, RequestState.PLACED, RequestState.WITHDRAWN}),
    RequestState.PLACED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}


class OfferState(models.TextChoices):
    OPEN = "open", _("En attente de réponse")
    TAKEN = "taken", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    EXPIRED = "expired", _("Sans réponse")


OFFER_MOVES: dict[str, frozenset[str]] = {
    OfferState.OPEN: frozenset({OfferState.TAKEN, OfferState.REFUSED, OfferState.EXPIRED}),
    OfferState.TAKEN: frozenset(),
    OfferState.REFUSED: frozenset(),
    OfferState.EXPIRED: frozenset(),
}


class UrgentGround(models.TextChoices):
    """Why a request cannot wait. It counts once an agent has seen the proof."""

    NONE = "", _("Aucun")
    JOB_AT_RISK = "job_at_risk", _("Emploi menacé")
    MINOR = "minor", _("Enfant mineur")
    PROTECTION = "protection", _("Protection internationale")
    HEALTH = "health", _("Santé")
    COURT_ORDER = "court_order", _("Décision de justice")
