"""The life of a case file, and the one table of its moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a file stands. Silence is no state: nobody decided it (``rules.is_silent``)."""

    DEPOSITED = "deposited", _("Déposé")
    INCOMPLETE = "incomplete", _("Incomplet")
    UNDER_REVIEW = "under_review", _("En instruction")
    INFORMATION_REQUESTED = "information_requested", _("Pièces ou renseignements demandés")
    OPINION_PENDING = "opinion_pending", _("Avis extérieur attendu")
    COMMITTEE_REFERRAL = "committee_referral", _("Commission du titre de séjour saisie")
    PROPOSED = "proposed", _("Décision proposée à la signature")
    GRANTED = "granted", _("Accordé")
    REFUSED = "refused", _("Refusé")
    IN_PRODUCTION = "in_production", _("Titre en fabrication")
    RECEIVED = "received", _("Titre reçu")
    ANNOUNCED = "announced", _("Titre annoncé")
    UNCLAIMED = "unclaimed", _("Titre non réclamé")
    HANDED_OVER = "handed_over", _("Titre remis")
    CLOSED = "closed", _("Clos")


# No decision yet: the stock of the office, and what silence may refuse.
UNDECIDED = frozenset(
    {
        State.DEPOSITED,
        State.INCOMPLETE,
        State.UNDER_REVIEW,
        State.INFORMATION_REQUESTED,
        State.OPINION_PENDING,
        State.COMMITTEE_REFERRAL,
        State.PROPOSED,
    }
)
# An officer can do something now.
WORKABLE = frozenset({State.DEPOSITED, State.UNDER_REVIEW})
# Granted: the card is on its way to the hand.
WITH_CARD = frozenset({State.GRANTED, State.IN_PRODUCTION, State.RECEIVED, State.ANNOUNCED, State.UNCLAIMED})
# Granted, and its card has not come; whether its making was noted or not.
AWAITING_CARD = frozenset({State.GRANTED, State.IN_PRODUCTION})
# One open file a person and procedure.
OPEN = UNDECIDED | WITH_CARD

# What was said at the deposit may be put right: the amount of the stamp was not announced yet.
CORRECTABLE = UNDECIDED | AWAITING_CARD | {State.RECEIVED}

MOVES: dict[str, frozenset[str]] = {
    State.DEPOSITED: frozenset({State.INCOMPLETE, State.UNDER_REVIEW, State.CLOSED}),
    State.INCOMPLETE: frozenset({State.UNDER_REVIEW, State.CLOSED}),
    State.UNDER_REVIEW: frozenset(
        {
            State.INFORMATION_REQUESTED,
            State.OPINION_PENDING,
            State.COMMITTEE_REFERRAL,
            State.PROPOSED,
            State.CLOSED,
        }
    ),
    State.INFORMATION_REQUESTED: frozenset({State.UNDER_REVIEW, State.CLOSED}),
    State.OPINION_PENDING: frozenset({State.UNDER_REVIEW, State.CLOSED}),
    State.COMMITTEE_REFERRAL: frozenset({State.UNDER_REVIEW, State.CLOSED}),
    State.PROPOSED: frozenset({State.UNDER_REVIEW, State.GRANTED, State.REFUSED, State.CLOSED}),
    # Granted without a card to make (an address written on the card): closed at once.
    State.GRANTED: frozenset({State.IN_PRODUCTION, State.RECEIVED, State.CLOSED}),
    # An appeal that succeeds opens the review again.
    State.REFUSED: frozenset({State.UNDER_REVIEW, State.CLOSED}),
    State.IN_PRODUCTION: frozenset({State.RECEIVED, State.CLOSED}),
    # A faulty card goes back to be made again.
    State.RECEIVED: frozenset({State.ANNOUNCED, State.HANDED_OVER, State.IN_PRODUCTION, State.UNCLAIMED}),
    State.ANNOUNCED: frozenset({State.HANDED_OVER, State.IN_PRODUCTION, State.UNCLAIMED}),
    State.UNCLAIMED: frozenset({State.HANDED_OVER, State.IN_PRODUCTION, State.CLOSED}),
    State.HANDED_OVER: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}


class Channel(models.TextChoices):
    """How the file came."""

    COUNTER = "counter", _("Guichet")
    POST = "post", _("Courrier")
    WEB = "web", _("Internet")
    DIGITAL_POINT = "digital_point", _("Point numérique")
    IMPORT = "import", _("Reprise du stock")


class Decision(models.TextChoices):
    GRANT = "grant", _("Accord")
    REFUSE = "refuse", _("Refus")


class Closing(models.TextChoices):
    """Why a file was closed."""

    HANDED_OVER = "handed_over", _("Titre remis")
    NO_CARD = "no_card", _("Accordé sans titre à fabriquer")
    REFUSED = "refused", _("Refusé, recours épuisés")
    WITHDRAWN = "withdrawn", _("Retiré par la personne")
    NOT_COMPLETED = "not_completed", _("Jamais complété")
    MOVED_AWAY = "moved_away", _("Dépend d'un autre service")
    DUPLICATE = "duplicate", _("Déposé deux fois")
    CARD_DESTROYED = "card_destroyed", _("Titre non réclamé, détruit")


class DocumentState(models.TextChoices):
    """What the agent saw of one document of the list."""

    SEEN = "seen", _("Présente")
    MISSING = "missing", _("Manquante")
    NOT_ACCEPTED = "not_accepted", _("Non acceptée")
    NOT_NEEDED = "not_needed", _("Non demandée")


class OrderToLeave(models.TextChoices):
    """What may go with a refusal, and shortens the time to go to court (source V20)."""

    WITHIN_THIRTY_DAYS = "within_thirty_days", _("Obligation de quitter le territoire : recours en trente jours")
    OTHER_GROUNDS = "other_grounds", _("Obligation de quitter le territoire : recours en quinze jours")
    WITHOUT_DELAY = "without_delay", _("Obligation de quitter le territoire sans délai : recours en 48 heures")


class ReceiptKind(models.TextChoices):
    RECEIPT = "recepisse", _("Récépissé")
    PROVISIONAL = "provisional", _("Récépissé provisoire (commission)")


class Work(models.TextChoices):
    """Whether a receipt lets its holder work (R311-6; source C17)."""

    YES = "yes", _("Autorise à travailler")
    NO = "no", _("N'autorise pas à travailler")
    STUDENT = "student", _("Autorise à travailler à titre accessoire")


class OpinionBody(models.TextChoices):
    """Who is asked for an opinion from outside."""

    WORK_DIRECTORATE = "work_directorate", _("Direction du travail")
    OFII_DOCTORS = "ofii_doctors", _("Médecins de l'Ofii")
    MAYOR = "mayor", _("Maire")
    POLICE = "police", _("Police ou casier judiciaire")
    OTHER = "other", _("Autre service")
