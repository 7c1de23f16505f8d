"""What the reception refuses, and how it says so."""

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class LineClosed(BusinessError):
    """The line that serves this procedure does not take people now."""

    code = "line_closed"
    message = _("Ce service est fermé au public en ce moment. %(why)s")


class NotServedHere(BusinessError):
    """No line of this office serves the procedure."""

    code = "not_served_here"
    message = _("Cette démarche ne se fait pas dans ce bureau.")


class AppointmentOnly(BusinessError):
    """The procedure is received by appointment and the person has none today."""

    code = "appointment_only"
    message = _("Cette démarche se fait sur rendez-vous seulement.")


class AlreadyHasTicket(BusinessError):
    """The person holds an open ticket today."""

    code = "already_has_ticket"
    message = _("Vous avez déjà un ticket aujourd'hui. Demandez à l'accueil si vous l'avez perdu.")


class IdentityMissing(BusinessError):
    """A ticket belongs to somebody: a name is needed."""

    code = "identity_missing"
    message = _("Indiquez votre nom tel qu'il est écrit sur votre passeport.")
    status = 422


class NothingAsked(BusinessError):
    """A ticket is for at least one procedure."""

    code = "nothing_asked"
    message = _("Choisissez au moins une démarche.")
    status = 422


class AlreadyInVisit(BusinessError):
    """The visit already includes this procedure, still to be done."""

    code = "already_in_visit"
    message = _("Cette démarche est déjà prévue dans la visite.")


class AppointmentNotExpected(BusinessError):
    """The appointment was cancelled, was never confirmed, or is another office's."""

    code = "appointment_not_expected"
    message = _(
        "Ce rendez-vous n'est pas valable : il a été annulé ou n'a pas été confirmé. Adressez-vous à l'accueil."
    )


class NoAppointmentFound(BusinessError):
    """Nothing that was typed names an appointment of today."""

    code = "no_appointment_found"
    message = _("Aucun rendez-vous trouvé aujourd'hui. Vérifiez ce que vous avez tapé, ou adressez-vous à l'accueil.")
    status = 422


class DoorCodeMissing(BusinessError):
    """A ticket taken on a phone asks for the code posted at the entrance."""

    code = "door_code_missing"
    message = _("Écrivez le code affiché à l'entrée du bureau : 4 lettres ou chiffres.")
    status = 422


class DoorCodeWrong(BusinessError):
    """The code is not the one posted at the entrance today."""

    code = "door_code_wrong"
    message = _(
        "Ce code n'est pas celui d'aujourd'hui. Lisez le code affiché à l'entrée et écrivez-le : "
        "vos réponses sont gardées."
    )
    status = 422


class TooManyDoorCodes(BusinessError):
    """Too many wrong codes came from this network address: the kiosk needs none."""

    code = "too_many_door_codes"
    message = _(
        "Trop de codes faux ont été essayés. Prenez votre ticket à la borne de l'entrée ou à l'accueil, "
        "ou réessayez dans 10 minutes."
    )
    status = 429


class ReturnRefused(BusinessError):
    """The code to come back is unknown, already used, or for another day."""

    code = "return_refused"
    message = _("Ce code de retour n'est pas valable aujourd'hui.")


class ReturnOfAnother(BusinessError):
    """The right to come back was given to somebody else, or under another name."""

    code = "return_of_another"
    message = _(
        "Ce code de retour a été donné sous un autre nom. Écrivez le nom et la date de naissance donnés pour le "
        "premier ticket, ou adressez-vous à l'accueil."
    )


class ReturnForAnotherLine(BusinessError):
    """The right to come back keeps a place in another line than the one asked for."""

    code = "return_for_another_line"
    message = _("Ce code de retour vaut pour un autre service : %(line)s. Choisissez une démarche de ce service.")


class TicketOfAnotherDay(BusinessError):
    """A ticket is worth one day."""

    code = "ticket_of_another_day"
    message = _("Ce ticket n'est pas d'aujourd'hui.")


class TicketNotHere(BusinessError):
    """The person of this ticket is not at the agent's counter."""

    code = "ticket_not_here"
    message = _("Cette personne n'est pas à votre guichet.")


class TicketMoved(BusinessError):
    """Somebody else acted on the ticket meanwhile."""

    code = "ticket_moved"
    message = _("Ce ticket a changé entre-temps. Voici l'état actuel.")


class CardOfAnotherOffice(BusinessError):
    """The card is kept in the stock of another office."""

    code = "card_of_another_office"
    message = _("Ce titre est dans le stock d'un autre bureau : ce guichet ne peut pas le remettre.")


class CardOfSomebodyElse(BusinessError):
    """The card belongs to another person than the one the ticket was given to."""

    code = "card_of_somebody_else"
    message = _("Ce titre n'est pas celui de la personne au guichet.")


class FileOfAnotherOffice(BusinessError):
    """Another office keeps this case file."""

    code = "file_of_another_office"
    message = _("Ce dossier est tenu par un autre bureau.")


class CounterNotOpen(BusinessError):
    """Nobody has opened this counter, or it is on a break."""

    code = "counter_not_open"
    message = _("Ce guichet n'est pas ouvert.")


class NotYourCounter(BusinessError):
    """Another agent holds this counter."""

    code = "not_your_counter"
    message = _("Ce guichet est tenu par un autre agent.")


class CounterTaken(BusinessError):
    """Somebody opened this counter first."""

    code = "counter_taken"
    message = _("Ce guichet est déjà ouvert par un collègue.")


class AlreadyAtCounter(BusinessError):
    """An agent holds one counter at a time."""

    code = "already_at_counter"
    message = _("Vous tenez déjà un autre guichet. Fermez-le d'abord.")


class CounterBusy(BusinessError):
    """Somebody is called to or served at this counter."""

    code = "counter_busy"
    message = _("Une personne est déjà appelée ou reçue à ce guichet.")


class NoSkill(BusinessError):
    """The agent is not trained for any line of this counter."""

    code = "no_skill"
    message = _("Vous n'êtes habilité à aucun service de ce guichet.")


class HelpAlreadyAsked(BusinessError):
    """This counter's call for help is still open."""

    code = "help_already_asked"
    message = _("Votre appel est déjà parti : les autres guichets le voient.")


class TextMissing(BusinessError):
    """A reason or a room number is needed."""

    code = "text_missing"
    message = _("Complétez le champ demandé.")
    status = 422


class InvalidPolicy(BusinessError):
    """A head start, a tolerance or a printer address outside what the office can mean."""

    code = "invalid_policy"
    message = _("Ces réglages ne sont pas possibles : vérifiez les minutes et l'adresse de l'imprimante.")
    status = 422


class BadReturn(BusinessError):
    """The agreed hour is not one at which the person could be received."""

    code = "bad_return"
    message = _("Choisissez une heure à laquelle le service est encore ouvert aujourd'hui.")
    status = 422
