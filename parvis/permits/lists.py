"""A sender's list of cards as it arrives: which column is what, and its lines, each standing or falling alone.

The bytes are read as those of a former register are (``casefiles.importing.reading``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parvis.casefiles.errors import NothingToImport
from parvis.casefiles.importing import reading
from parvis.casefiles.importing.reading import Record, Shape
from parvis.common import text
from parvis.permits.errors import ListUnreadable

LARGEST = 900_000  # ten thousand cards; what a form may send back
# What a heading without case or accents says; a field takes the first that fits and that no field before it took.
_MEANS = {
    "file_number": r"\b(dossier|file)\b",
    "foreign_number": r"\b(etranger|agdref|foreign)\b",
    "birth_date": r"\b(naissance|birth|nee? le)\b",
    "given_name": r"^(prenoms?|given|first)\b",
    "name": r"\b(nom|name|titulaire)\b",
    "place": r"\b(place|emplacement|tiroir|boite|rangement)\b",
    "number": r"\b(titre|carte|card|permit|numero|number)\b",
}
FIELDS = ("number", "file_number", "foreign_number", "name", "given_name", "birth_date", "place")
_OTHER_KINDS = (b"%PDF", b"PK\x03\x04")


@dataclass(frozen=True, slots=True)
class SenderList:
    """A list that can be read: its headings, and for each field the heading taken for it."""

    content: bytes
    shape: Shape
    columns: Mapping[str, str]

    @property
    def heads(self) -> Sequence[str]:
        return self.shape.header

    def records(self) -> Iterator[Record]:
        """Its lines; one that cannot be told apart, or has another number of cells, carries why."""
        return reading.records(self.content, self.shape)

    def said(self, record: Record) -> dict[str, str]:
        """What a whole line says, by field; empty where the list has no such column."""
        places = {name: self.shape.header.index(head) for name, head in self.columns.items()}
        return {name: text.clean(record.cells[places[name]], limit=250) if name in places else "" for name in FIELDS}


def look(content: bytes, mapping: Mapping[str, str] | None = None) -> SenderList:
    """What a list is; ``mapping`` gives the heading of each field, guessed when nothing is given.

    Raises ``ListUnreadable`` for what is no text, is too large, or has no line under its headings.
    """
    if len(content) > LARGEST or content.startswith(_OTHER_KINDS):
        raise ListUnreadable
    try:
        shape = reading.look(content)
    except NothingToImport:
        raise ListUnreadable from None
    found = SenderList(content, shape, _columns(shape.header, mapping))
    if next(found.records(), None) is None:
        raise ListUnreadable
    return found


def _columns(heads: Sequence[str], mapping: Mapping[str, str] | None) -> dict[str, str]:
    if mapping:
        return {name: head for name, head in mapping.items() if name in FIELDS and head in heads}
    left = {head: text.folded(head) for head in heads if head}
    chosen: dict[str, str] = {}
    for name, means in _MEANS.items():
        head = next((head for head, folded in left.items() if re.search(means, folded)), None)
        if head is not None:
            del left[head]
            chosen[name] = head
    return chosen
