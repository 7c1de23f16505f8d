"""An e-mail, by the mail server of the installation."""

import smtplib
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from parvis.messages import rules
from parvis.messages.carriers.answer import Answer
from parvis.messages.composing import Composed
from parvis.messages.errors import NotDelivered
from parvis.messages.models import Message

_REFUSED = 500  # from here on the server says: never (RFC 5321, 4.2.1)


class MailServer:
    """A connection opened at the first message and kept until it breaks or the round ends."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, message: Message, composed: Composed) -> Answer:
        """Hand one e-mail to the server. Raises ``NotDelivered``."""
        letter = as_email(message, composed)
        try:
            self._open().send_messages([letter])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _said in error.recipients.values()]
            self.close()
            raise NotDelivered(_said(error), is_final=min(codes, default=0) >= _REFUSED) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            # What the server has against this installation is put right, and says nothing of the person.
            is_ours = not isinstance(error, smtplib.SMTPDataError)
            raise NotDelivered(_said(error), is_final=error.smtp_code >= _REFUSED and not is_ours) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise NotDelivered(_said(error), is_final=False) from error
        except ValueError as error:  # an address or a subject that cannot be a header
            raise NotDelivered(_said(error), is_final=True) from error
        return Answer(rules.reference(message.key), "")

    def close(self) -> None:
        """Say good-bye, whatever the state of the line."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
        self._connection = None

    def _open(self) -> Any:
        if self._connection is None:
            connection = get_connection()
            connection.open()
            self._connection = connection
        return self._connection


def as_email(message: Message, composed: Composed) -> EmailMessage:
    """The e-mail; it says that a machine wrote it, so that no absence notice answers it (RFC 3834)."""
    letter = EmailMessage(
        subject=" ".join(composed.subject.split()),
        body=composed.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=[settings.MAIL_REPLY_TO] if settings.MAIL_REPLY_TO else None,
        headers={
            "Message-ID": rules.message_id(message.key, settings.PUBLIC_URL),
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language.replace("fr-simple", "fr"),
        },
    )
    for one in composed.attachments:
        letter.attach(one.name, one.content, one.media_type)
    return letter


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
