"""Where a file stands, in plain words for its person."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.casefiles.states import State

SENTENCES: Mapping[str, Promise] = {
    State.DEPOSITED: _("Votre dossier est déposé. Le bureau vérifie les pièces."),
    State.INCOMPLETE: _("Il manque des pièces à votre dossier."),
    State.UNDER_REVIEW: _("Votre dossier est complet. Le bureau l'étudie."),
    State.INFORMATION_REQUESTED: _("Le bureau vous a demandé une réponse."),
    State.OPINION_PENDING: _("Le bureau attend l'avis d'un autre service."),
    State.COMMITTEE_REFERRAL: _("La commission du titre de séjour va examiner votre dossier."),
    # A proposal is no decision: nothing is said of it before it is signed.
    State.PROPOSED: _("Votre dossier est étudié. La décision sera bientôt prise."),
    State.GRANTED: _("Votre demande est acceptée."),
    State.REFUSED: _("Votre demande est refusée. La décision et ses motifs vous sont envoyés par lettre."),
    State.IN_PRODUCTION: _("Votre demande est acceptée. Votre titre est en fabrication."),
    State.RECEIVED: _("Votre titre est arrivé au bureau. Nous vous écrirons pour venir le chercher."),
    State.ANNOUNCED: _("Votre titre vous attend au bureau."),
    State.UNCLAIMED: _("Votre titre vous attend depuis longtemps. Venez le chercher."),
    State.HANDED_OVER: _("Votre titre vous a été remis."),
    State.CLOSED: _("Ce dossier est clos."),
}
