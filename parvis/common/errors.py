"""What can go wrong in the office, said so that a person understands it."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BusinessError(Exception):
    """A rule of the office says no. ``message`` is for people; ``code`` is for programs; ``status`` for HTTP."""

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = _("Cette action n'est pas possible.")
    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.code, facts)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.facts if self.facts and "%(" in text else text


class Busy(BusinessError):
    """Somebody else holds what this action needs; waiting longer would not be kind."""

    code = "busy"
    message = _("Le système est occupé. Réessayez dans un instant.")
    status = 503


class KeyReused(BusinessError):
    """The same command key came with another content."""

    code = "key_reused"
    message = _("Cette demande a déjà été envoyée avec un autre contenu. Rechargez la page et recommencez.")


class NotAllowed(BusinessError):
    """The agent's role does not include this."""

    code = "not_allowed"
    message = _("Votre rôle ne permet pas cette action.")
    status = 403


class IllegalMove(BusinessError):
    """The thing is no longer in the state the action starts from."""

    code = "illegal_move"
    message = _("La situation a changé entre-temps. Voici l'état actuel.")
