"""What the outbox refuses, and how it says so."""

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class NothingToSay(Exception):
    """What the message would tell no longer holds: it is dropped, nobody is told. Raised by composers."""


class UnknownKind(Exception):
    """No package registered a composer for this kind of message."""


class NotDelivered(Exception):
    """A server or a gateway did not take a message; ``is_final`` when it would not take it the next time either."""

    def __init__(self, answer: str, *, is_final: bool) -> None:
        super().__init__(answer)
        self.answer = answer
        self.is_final = is_final


class CannotSendAgain(BusinessError):
    """A code is kept nowhere once sent, and what was taken back is not sent."""

    code = "cannot_send_again"
    message = _("Ce message ne peut pas être renvoyé. Un code se redemande par la personne elle-même.")


class NotALetter(BusinessError):
    """Only a letter is printed."""

    code = "not_a_letter"
    message = _("Ce message n'est pas un courrier à imprimer.")
