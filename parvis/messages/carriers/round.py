"""One round of the sender: the connections it opens are used for every message of the round."""

from contextlib import AbstractContextManager
from types import TracebackType

from parvis.messages import queries
from parvis.messages.carriers.answer import Answer
from parvis.messages.carriers.mail import MailServer
from parvis.messages.carriers.sms import send_sms
from parvis.messages.composing import Composed
from parvis.messages.models import Message
from parvis.messages.states import Channel

__all__ = ["Answer", "Round"]


class Round(AbstractContextManager["Round"]):
    """Carries messages one after the other; the mail server is called once."""

    def __init__(self) -> None:
        self._mail = MailServer()

    def carry(self, message: Message, composed: Composed) -> Answer:
        """Hand the message over. Raises ``NotDelivered``."""
        if not queries.is_connected(message.channel):
            return Answer("", "demonstration")
        if message.channel == Channel.SMS:
            return send_sms(message, composed)
        return self._mail.send(message, composed)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mail.close()
