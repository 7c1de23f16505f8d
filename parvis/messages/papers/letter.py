"""A message on paper, for whom nothing else reaches."""

from collections.abc import Sequence

from django.utils.translation import get_language

from parvis.common import clock
from parvis.messages.papers import typesetting
from parvis.messages.papers.typesetting import Link, Sheet
from parvis.offices.models import Office


def letter_pdf(office: Office, *, title: str, to: str, lines: Sequence[str], link: Link | None) -> bytes:
    """A letter in the language being spoken; ``to`` is the name of its person."""
    sheet = Sheet(title=title, author=office.name, lead=[to, *lines] if to else lines, link=link)
    return typesetting.pdf(sheet, language=get_language() or "fr", at=clock.now())
