"""Every kind of message by its name for agents."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "booking.code": _("Code de vérification"),
    "booking.confirmed": _("Rendez-vous confirmé"),
    "booking.moved": _("Rendez-vous déplacé"),
    "booking.cancelled": _("Rendez-vous annulé"),
    "booking.cancelled_by_office": _("Rendez-vous annulé par le bureau"),
    "booking.reminder": _("Rappel"),
    "booking.seat_withdrawn": _("Créneau retiré"),
    "booking.moved_by_office": _("Déplacé par le bureau"),
    "booking.taken_for_you": _("Pris par quelqu'un d'autre"),
    "booking.already": _("Rendez-vous déjà pris"),
    "booking.window_opens": _("Ouverture du délai de dépôt"),
    "booking.request_received": _("Demande reçue"),
    "booking.request_drawn": _("Rendez-vous tiré au sort"),
    "booking.request_lost": _("Tirage sans place"),
    "booking.offer": _("Place proposée"),
    "booking.offer_expired": _("Proposition sans réponse"),
    "booking.offer_withdrawn": _("Proposition retirée"),
    "booking.summons": _("Titre arrivé"),
}
