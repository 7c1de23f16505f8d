"""What the interface refuses, beside what the actions refuse."""

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class KeyUnknown(BusinessError):
    """The key of a program that nobody knows, or that was withdrawn."""

    code = "key_unknown"
    message = _("Cette clé d'accès n'est pas connue.")
    status = 401


class NotFound(BusinessError):
    """There is nothing at this address."""

    code = "not_found"
    message = _("Il n'y a rien à cette adresse.")
    status = 404


class ClientExists(BusinessError):
    """A partner's name is taken once."""

    code = "client_exists"
    message = _("Un partenaire de ce nom existe déjà.")
