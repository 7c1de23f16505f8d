"""What can go wrong with a card."""

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class AlreadyHandedOver(BusinessError):
    """The card has left the office: one handover a permit (constraint ``permits_handover_permit_id_key``)."""

    code = "already_handed_over"
    message = _("Ce titre a déjà été remis.")


class PermitNumberTaken(BusinessError):
    """This card is already known (constraint ``permit_number``)."""

    code = "permit_number_taken"
    message = _("Un titre porte déjà ce numéro.")


class PermitNumberMalformed(BusinessError):
    """A card's number is 3 to 20 capital letters, digits and hyphens."""

    code = "permit_number_malformed"
    message = _("Le numéro du titre est fait de 3 à 20 lettres, chiffres ou tirets.")
    status = 422
