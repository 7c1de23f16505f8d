"""An SMS, by any gateway that takes JSON over HTTPS."""

import http.client
import json
import urllib.error
import urllib.request

from django.conf import settings

from parvis.messages import rules
from parvis.messages.carriers.answer import Answer
from parvis.messages.composing import Composed
from parvis.messages.errors import NotDelivered
from parvis.messages.models import Message

PATIENCE = 10.0
_NOT_NOW = frozenset({408, 425, 429})


def send_sms(message: Message, composed: Composed) -> Answer:
    """Hand one SMS to the gateway. Raises ``NotDelivered``.

    The reference and the idempotency key are the same at each attempt: a gateway that honours either sends it once.
    """
    reference = rules.reference(message.key)
    said = {"to": message.recipient, "text": rules.sms_text(composed.body), "reference": reference}
    asked = urllib.request.Request(  # noqa: S310 - the address is the administrator's
        settings.SMS_URL,
        data=json.dumps(said).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {settings.SMS_TOKEN}",
            "Idempotency-Key": reference,
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - as above
            return Answer(reference, answer.read(200).decode(errors="replace"))
    except urllib.error.HTTPError as error:
        with error:
            words = error.read(200).decode(errors="replace")
        is_final = 400 <= error.code < 500 and error.code not in _NOT_NOW
        raise NotDelivered(f"{error.code} {words}", is_final=is_final) from error
    except (OSError, http.client.HTTPException) as error:
        raise NotDelivered(f"{type(error).__name__}: {error}"[:300], is_final=False) from error
