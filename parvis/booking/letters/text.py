"""What every message is made of: a greeting, lines, an address. Plain text: it reads the same on every phone.

An SMS names no procedure, no nationality and no person: it is shown on locked screens.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from parvis.booking.papers import letter_pdf, wording
from parvis.messages.composing import Attachment, Composed
from parvis.messages.papers.typesetting import Link
from parvis.messages.states import Channel
from parvis.offices.models import Office

Compose = Callable[[Mapping[str, Any], str], Composed]


@dataclass(frozen=True, slots=True)
class Words:
    """The subject, the first sentence and the SMS of one kind of message, with ``%(name)s`` for its facts.

    ``link_says`` is what stands before the address, when it is not what such messages usually lead to.
    """

    subject: Promise
    opening: Promise
    short: Promise
    link_says: Promise | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A message filled in: what it says, to whom on paper, and the one page it leads to."""

    subject: str
    lines: Sequence[str]
    link: str
    link_says: str
    short: str
    office: Office
    to: str = ""

    def composed(self, channel: str, attach: Callable[[], tuple[Attachment, ...]] = tuple) -> Composed:
        """The note as this channel carries it; only an e-mail has attachments."""
        if channel == Channel.SMS:
            return Composed(self.subject, self.short)
        paragraphs = [*self.lines, wording.free_of_charge()]
        if channel == Channel.LETTER:
            paper = letter_pdf(
                self.office, title=self.subject, to=self.to, lines=paragraphs, link=Link(self.link, self.link_says)
            )
            return Composed(self.subject, "\n\n".join(paragraphs), paper=paper)
        body = [_("Bonjour,"), *self.lines, f"{self.link_says}\n{self.link}", paragraphs[-1], self.office.name]
        return Composed(self.subject, "\n\n".join(body) + "\n", attach=attach)
