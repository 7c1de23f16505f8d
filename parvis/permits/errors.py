"""What can go wrong with a card."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError

if TYPE_CHECKING:
    from parvis.permits.rules import Check


class AlreadyHandedOver(BusinessError):
    """The card has left the office: one handover a permit (constraint ``permits_handover_permit_id_key``)."""

    code = "already_handed_over"
    message = _("Ce titre a déjà été remis.")


class CardReturned(BusinessError):
    """The card was sent back: to be made again, or to be destroyed."""

    code = "card_returned"
    message = _("Ce titre a été renvoyé : il n'est plus au bureau.")


class PermitNumberTaken(BusinessError):
    """This card is already known (constraint ``permit_number``)."""

    code = "permit_number_taken"
    message = _("Un titre porte déjà ce numéro.")


class PermitNumberMalformed(BusinessError):
    """A card's number is 3 to 20 capital letters, digits and hyphens."""

    code = "permit_number_malformed"
    message = _("Le numéro du titre est fait de 3 à 20 lettres, chiffres ou tirets.")
    status = 422


class DeliveryClosed(BusinessError):
    """The delivery was counted and closed: what comes later belongs to another one."""

    code = "delivery_closed"
    message = _("Cette livraison est close. Ouvrez-en une autre.")


class CardPolicyImpossible(BusinessError):
    """A delay of the cards out of its bounds, or before the one it follows (``card_policy_in_order``)."""

    code = "card_policy_impossible"
    message = _("Ces délais ne sont pas possibles : 1 à 730 jours, chacun après le précédent.")
    status = 422


class AlreadySetAside(BusinessError):
    """Somebody else set this card aside at the same instant (constraint ``set_aside_once``)."""

    code = "already_set_aside"
    message = _("Ce titre vient d'être mis de côté.")


class AlreadySettled(BusinessError):
    """A card that had been set aside was settled meanwhile."""

    code = "already_settled"
    message = _("Ce titre mis de côté a déjà été traité.")


class FileHasCard(BusinessError):
    """A file has one card at a time (constraint ``permit_one_a_file``)."""

    code = "file_has_card"
    message = _("Ce dossier a déjà un titre : deux titres pour un dossier.")


class FileAwaitsNoCard(BusinessError):
    """No card is being made for this file."""

    code = "file_awaits_no_card"
    message = _("Aucun titre n'est attendu pour ce dossier.")


class ListUnreadable(BusinessError):
    """A list of cards that is no text, is too large, or has no column for the number of the card."""

    code = "list_unreadable"
    message = _(
        "Ce bordereau ne peut pas être lu. Il faut un fichier CSV de 900 Ko au plus, avec le numéro des titres."
    )
    status = 422


class ChecksMissing(BusinessError):
    """The card may not leave yet; ``checks`` are what is missing, each with what to do then."""

    code = "checks_missing"
    message = _("Le titre ne peut pas être remis. Il manque : %(missing)s.")
    status = 422

    def __init__(self, checks: "Sequence[Check]") -> None:
        self.checks = list(checks)
        super().__init__(missing=", ".join(str(check.label) for check in checks))


class StampMalformed(BusinessError):
    """A stamp's number is 6 to 32 letters and digits (sixteen digits for an electronic one), its value 1 to 999."""

    code = "stamp_malformed"
    message = _("Le numéro du timbre est fait de 6 à 32 lettres ou chiffres, avec sa valeur en euros.")
    status = 422


class StampUsed(BusinessError):
    """A stamp serves once, at whatever counter (constraint ``stamp_once``)."""

    code = "stamp_used"
    message = _("Ce timbre a déjà servi.")


class StampAmountWrong(BusinessError):
    """The stamps do not make the exact amount; ``due`` is what is asked."""

    code = "stamp_amount_wrong"
    message = _("Les timbres font %(given)s euros. Montant demandé : %(due)s.")
    status = 422


class SignatureMalformed(BusinessError):
    """What came as a signature is not the path of strokes, or is too long."""

    code = "signature_malformed"
    message = _("La signature n'a pas été reçue. Faites signer de nouveau, ou sur papier.")
    status = 422


class TextMissing(BusinessError):
    """A failure of another sort is told in words."""

    code = "text_missing"
    message = _("Indiquez le motif.")
    status = 422


class NotUnclaimed(BusinessError):
    """A card is destroyed only once it has been listed as unclaimed."""

    code = "not_unclaimed"
    message = _("Ce titre n'est pas dans la liste des non réclamés : il ne peut pas être renvoyé pour destruction.")
