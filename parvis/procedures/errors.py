"""What can go wrong with the catalogue of procedures."""

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class UnknownProcedure(BusinessError):
    """No procedure has this code."""

    code = "unknown_procedure"
    message = _("Cette démarche n'existe pas. Choisissez-la dans la liste.")
    status = 404


class UnknownMode(BusinessError):
    """A procedure is served without an appointment, with or without one, or with one only."""

    code = "unknown_mode"
    message = _("Ce mode d'accès n'existe pas.")
    status = 422


class AccessInThePast(BusinessError):
    """People who came were received under the rule of their day: it is not rewritten."""

    code = "access_in_the_past"
    message = _("Un mode d'accès ne se change pas pour un jour passé. Choisissez aujourd'hui ou un jour à venir.")
    status = 422


class OfficesMissing(BusinessError):
    """The offices come first: a procedure served for the whole department names its office."""

    code = "offices_missing"
    message = _("Chargez d'abord les bureaux (load_office) : un bureau nommé par les démarches n'existe pas.")
