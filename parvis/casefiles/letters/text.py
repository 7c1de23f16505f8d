"""What every message about a file is made of. An SMS names no procedure and no person: it shows on locked screens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parvis.casefiles.models import CaseFile
from parvis.messages.composing import Composed
from parvis.messages.errors import NothingToSay
from parvis.messages.papers import Link, letter_pdf
from parvis.messages.states import Channel

Compose = Callable[[Mapping[str, Any], str], Composed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A message filled in: what it says, and the one page it leads to."""

    file: CaseFile
    subject: str
    lines: Sequence[str]
    link: str
    link_says: str
    short: str

    def composed(self, channel: str) -> Composed:
        """The note as this channel carries it."""
        if channel == Channel.SMS:
            return Composed(self.subject, self.short)
        lines = [*self.lines, about(self.file)]
        if channel == Channel.LETTER:
            paper = letter_pdf(
                self.file.office,
                title=self.subject,
                to=self.file.person.full_name,
                lines=lines,
                link=Link(self.link, self.link_says),
            )
            return Composed(self.subject, "\n\n".join(lines), paper=paper)
        body = [_("Bonjour,"), *lines, f"{self.link_says}\n{self.link}", self.file.office.name]
        return Composed(self.subject, "\n\n".join(body) + "\n")


def load(facts: Mapping[str, Any]) -> CaseFile:
    """The file as it is now; a message about one that is gone is pointless."""
    rows = CaseFile.objects.select_related("office", "person", "procedure")
    found = rows.filter(pk=int(facts["file"])).first()
    if found is None:
        raise NothingToSay
    return found


def about(file: CaseFile) -> str:
    """Whose file it is, for what, and the number by which it is found again."""
    known = {"who": file.person.full_name, "what": file.procedure.name, "number": file.number}
    return "\n".join(
        [
            _("Qui : %(who)s") % known,
            _("Pour : %(what)s") % known,
            _("Numéro du dossier : %(number)s") % known,
        ]
    )


def address(path: str) -> str:
    """The full address of a page."""
    return f"{settings.PUBLIC_URL}{path}"


def status_page() -> str:
    """Where anybody follows their file, with its number, a birth date and a code."""
    return address("/dossier/")


def answer_page(token: str) -> str:
    """Where the person answers what was asked and sends documents."""
    return address(f"/dossier/repondre/{token}/")


def long_day(day: date) -> str:
    """A day as it is read."""
    return date_format(day, "DATE_FORMAT")


def short_day(day: date) -> str:
    """A day in figures, for an SMS."""
    return f"{day:%d/%m/%Y}"
