"""Who carries a message out of the house: a mail server, an SMS gateway."""

from parvis.messages.carriers.round import Answer, Round

__all__ = ["Answer", "Round"]
