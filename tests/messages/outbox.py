"""Short ways to fill the outbox; every address is of nobody."""

from typing import Any

from parvis.messages import actions
from parvis.messages.models import Message
from parvis.messages.states import Channel


def queued(number: int = 1, **changes: Any) -> Message:
    """One message of the tests' own kind."""
    given: dict[str, Any] = {
        "key": f"essai:{number}",
        "to": f"temoin{number}@exemple.invalid",
        "channel": Channel.EMAIL,
        "language": "fr",
        "facts": {"number": number},
        "about": f"essai:{number}",
    }
    given |= changes
    actions.queue("essai", **given)
    return Message.objects.get(key=given["key"])


def states() -> list[str]:
    """The states of all messages, in their order."""
    return list(Message.objects.order_by("pk").values_list("state", flat=True))
