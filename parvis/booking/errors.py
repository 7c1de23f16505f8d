"""What booking refuses, and how it says so."""

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class SlotFull(BusinessError):
    """No seat of this slot is left for this person."""

    code = "slot_full"
    message = _("Ce créneau vient d'être pris. Rien n'est perdu : choisissez-en un autre.")


class SlotGone(BusinessError):
    """The slot is over, withdrawn, or was never offered to this person."""

    code = "slot_gone"
    message = _("Ce créneau n'est plus proposé. Choisissez-en un autre.")


class HoldExpired(BusinessError):
    """The time to fill the form is over: the seat is somebody else's again."""

    code = "hold_expired"
    message = _(
        "Le créneau n'est plus retenu : le délai est dépassé. Vos réponses sont gardées, choisissez un autre créneau."
    )


class AlreadyBooked(BusinessError):
    """One person, one procedure, one live booking."""

    code = "already_booked"
    message = _(
        "Un rendez-vous existe déjà pour cette personne et cette démarche. Nous en avons renvoyé le lien à son contact."
        " Rien reçu ? Réessayez dans un quart d'heure, ou appelez le bureau."
    )


class AlreadyRequested(BusinessError):
    """One person, one procedure, one live request."""

    code = "already_requested"
    message = _(
        "Une demande existe déjà pour cette personne et cette démarche : elle compte une seule fois. Son lien est dans"
        " le message envoyé à son contact."
    )


class ByDrawOnly(BusinessError):
    """The seats of this procedure are given by draw."""

    code = "by_draw_only"
    message = _(
        "Les places de cette démarche sont données par tirage. Déposez une demande : aller vite ne sert à rien."
    )


class PlaceDrawn(BusinessError):
    """A place that a draw gave is not exchanged for another: nobody jumps the draw."""

    code = "place_drawn"
    message = _(
        "Les places de cette démarche sont données par tirage : on ne peut pas échanger celle-ci contre une autre. Pour"
        " une autre date, annulez ce rendez-vous et faites une nouvelle demande : elle ira au prochain tirage."
    )


class LinkOver(BusinessError):
    """The visit, the request or the certificate is long over: its address opens nothing any more."""

    code = "link_over"
    message = _("Ce lien n'est plus valable.")
    status = 410


class NotByDraw(BusinessError):
    """The seats of this procedure are booked directly."""

    code = "not_by_draw"
    message = _("Cette démarche se réserve directement, sans tirage.")


class DrawNotYet(BusinessError):
    """A batch opened now would give seats of no day that is drawn."""

    code = "draw_not_yet"
    message = _("Une liste ouverte maintenant n'atteindrait aucun jour donné par tirage : elle s'ouvrira plus tard.")


class NotByAppointment(BusinessError):
    """The procedure is received without an appointment."""

    code = "not_by_appointment"
    message = _("Cette démarche se fait sans rendez-vous : venez aux heures d'ouverture.")


class CardNotInStock(BusinessError):
    """A seat for a handover exists once the card does."""

    code = "card_not_in_stock"
    message = _("La carte n'est pas encore arrivée. Vous recevrez un message avec un lien pour choisir une heure.")


class SummonsOld(BusinessError):
    """The personal link is none of ours, or its card has been handed over."""

    code = "summons_old"
    message = _("Ce lien ne sert plus : la carte a été remise, ou l'adresse est incomplète. L'accueil peut vous aider.")
    status = 404


class IdentityMissing(BusinessError):
    """A booking is for somebody: a foreign number or a passport number, with a birth date."""

    code = "booking_identity_missing"
    message = _("Indiquez le numéro étranger ou le numéro de passeport, et la date de naissance.")
    status = 422


class PassportMalformed(BusinessError):
    """A passport number has 5 to 20 letters and digits."""

    code = "passport_malformed"
    message = _("Le numéro de passeport a entre 5 et 20 lettres et chiffres.")
    status = 422


class ContactMissing(BusinessError):
    """Without an e-mail address or a phone the person cannot be told anything."""

    code = "contact_missing"
    message = _("Indiquez une adresse électronique ou un téléphone.")
    status = 422


class BookerMissing(BusinessError):
    """Who books for somebody else says their name."""

    code = "booker_missing"
    message = _("Indiquez votre nom : la personne saura qui a pris le rendez-vous.")
    status = 422


class TooManyPeople(BusinessError):
    """More people than one visit takes."""

    code = "too_many_people"
    message = _("Un rendez-vous est pour %(most)s personnes au plus.")
    status = 422


class TooOften(BusinessError):
    """The sender has used today's allowance."""

    code = "too_often"
    message = _("Trop de demandes aujourd'hui depuis le même endroit. Réessayez demain, ou appelez le bureau.")
    status = 429


class ChallengeFailed(BusinessError):
    """The proof of work is wrong, old, or has already served."""

    code = "challenge_failed"
    message = _("La vérification n'a pas abouti. Recommencez-la : elle ne sert qu'une fois.")
    status = 422


class CodeWrong(BusinessError):
    """Not the code that was sent."""

    code = "code_wrong"
    message = _("Ce code n'est pas le bon. Regardez le dernier message reçu.")
    status = 422


class CodeExpired(BusinessError):
    """Too old, or tried too often."""

    code = "code_expired"
    message = _("Ce code ne sert plus. Demandez-en un nouveau.")
    status = 422


class ContactNotProved(BusinessError):
    """The contact has not been proved by a code."""

    code = "contact_not_proved"
    message = _("Confirmez d'abord votre adresse ou votre téléphone avec le code reçu.")
    status = 422


class TooLateToChange(BusinessError):
    """The appointment has begun, is over, or was cancelled."""

    code = "too_late_to_change"
    message = _("Ce rendez-vous ne peut plus être modifié.")


class MovedTooOften(BusinessError):
    """An appointment is moved a few times, not for ever."""

    code = "moved_too_often"
    message = _("Ce rendez-vous a déjà été déplacé %(most)s fois. Annulez-le pour en prendre un autre.")


class TooEarlyToCheckIn(BusinessError):
    """Check-in opens a little before the hour."""

    code = "too_early_to_check_in"
    message = _("Vous êtes en avance : l'enregistrement ouvre à %(from_)s.")


class NotToday(BusinessError):
    """The appointment is on another day."""

    code = "appointment_not_today"
    message = _("Ce rendez-vous n'est pas aujourd'hui : il est le %(day)s à %(hour)s.")


class OfferOver(BusinessError):
    """The place was proposed for a few hours, and they are over; or it was answered."""

    code = "offer_over"
    message = _("Cette proposition n'est plus valable. Votre demande reste dans la liste.")


class BatchStillOpen(BusinessError):
    """The hour at which the list closes was announced: nobody closes it earlier."""

    code = "batch_still_open"
    message = _("La liste est ouverte jusqu'à l'heure annoncée. Elle ne peut pas être close avant.")


class PlanOverlaps(BusinessError):
    """A plan of the same name already makes seats then."""

    code = "plan_overlaps"
    message = _("Un plan du même nom existe déjà à cette heure. Terminez-le d'abord.")


class PlanImpossible(BusinessError):
    """Hours, length, seats or shares that cannot be."""

    code = "plan_impossible"
    message = _("Ce plan n'est pas possible : vérifiez les heures, la durée, les places et les parts.")
    status = 422


class PolicyImpossible(BusinessError):
    """A rule of booking out of its bounds."""

    code = "booking_policy_impossible"
    message = _("Cette règle n'est pas possible : une valeur sort de ses limites.")
    status = 422
