"""What the one who took a message answered."""

from typing import NamedTuple


class Answer(NamedTuple):
    """The reference by which a receipt will name the message, and what was said."""

    reference: str
    said: str
