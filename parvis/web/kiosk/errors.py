"""What the kiosk and the phone entry refuse."""

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class UnreadableAnswer(BusinessError):
    """The address holds an answer that no button of ours gives."""

    code = "unreadable_answer"
    message = _("Une réponse n'est pas lisible. Recommencez depuis le début : rien n'a été enregistré.")
    status = 400


class TooManyProcedures(BusinessError):
    """More procedures than one visit can hold."""

    code = "too_many_procedures"
    message = _("C'est trop pour une seule visite : gardez six démarches au plus.")
    status = 422


class SealBroken(BusinessError):
    """The form was not made by us, or not for these answers."""

    code = "seal_broken"
    message = _("Cette page n'est pas reconnue. Recommencez depuis le début : rien n'a été enregistré.")
    status = 400


class SealOld(BusinessError):
    """The form was open for too long."""

    code = "seal_old"
    message = _("Cette page était ouverte depuis longtemps. Vérifiez vos réponses et validez à nouveau.")
    status = 409
