"""What the office refuses about its hours, its people and its territory, said so that a person understands it."""

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class UnknownCommune(BusinessError):
    """No office of the department serves this commune."""

    code = "unknown_commune"
    message = _("Cette commune n'est pas dans le département. Adressez-vous à la préfecture de votre domicile.")
    status = 404


class InvalidHours(BusinessError):
    """Hours that end before they begin, overlap, or name a day that no week has."""

    code = "invalid_hours"
    message = _("Ces horaires ne sont pas possibles : chaque plage finit après son début, sans chevaucher une autre.")
    status = 422


class InThePast(BusinessError):
    """What the public was told about a day that is over cannot be changed."""

    code = "in_the_past"
    message = _("Cette date est passée : l'historique des ouvertures ne se réécrit pas.")
    status = 422


class OpeningsOverlap(BusinessError):
    """The database refuses two windows of a line at the same time."""

    code = "openings_overlap"
    message = _("Ces horaires en chevauchent d'autres de la même file.")


class AnotherOffice(BusinessError):
    """A line, a counter or an agent of another office."""

    code = "another_office"
    message = _("Cet élément appartient à un autre site.")
    status = 422


class AgentAlreadyOnDuty(BusinessError):
    """The agent has another shift at that time (constraint ``shift_agent_in_one_place``)."""

    code = "agent_already_on_duty"
    message = _("Cet agent a déjà un service à cette heure.")


class CounterAlreadyStaffed(BusinessError):
    """Another agent has this counter at that time (constraint ``shift_counter_for_one_agent``)."""

    code = "counter_already_staffed"
    message = _("Ce guichet est déjà confié à un autre agent à cette heure.")


class CounterOutOfUse(BusinessError):
    """The counter is not in use any more."""

    code = "counter_out_of_use"
    message = _("Ce guichet n'est pas en service.")


class AgentLeft(BusinessError):
    """The agent does not work here any more."""

    code = "agent_left"
    message = _("Le compte de cet agent est fermé.")


class UsernameTaken(BusinessError):
    """Two agents never share an account."""

    code = "username_taken"
    message = _("Cet identifiant est déjà pris.")


class InvalidAccount(BusinessError):
    """A name or a user name that cannot be kept."""

    code = "invalid_account"
    message = _("Indiquez un nom, et un identifiant fait de lettres, de chiffres et de . - _ @ +.")
    status = 422


class UnknownRole(BusinessError):
    """A role that does not exist."""

    code = "unknown_role"
    message = _("Ce rôle n'existe pas.")
    status = 422
