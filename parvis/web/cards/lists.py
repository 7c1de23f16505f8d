"""A sender's list before it is read: its columns, its first lines, what cannot be told apart."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.common import text
from parvis.permits.actions.lists import FIELDS
from parvis.permits.errors import ListUnreadable

SHOWN = 6
MOST_COLUMNS = 40
LABELS: dict[str, Promise] = {
    "number": _("N° du titre"),
    "file_number": _("N° de dossier"),
    "foreign_number": _("N° étranger"),
    "name": _("Nom"),
    "given_name": _("Prénom"),
    "birth_date": _("Date de naissance"),
    "place": _("Place"),
}
# What a heading without case or accents says; the first that fits takes it.
_MEANS = {
    "file_number": r"\b(dossier|file)\b",
    "foreign_number": r"\b(etranger|agdref|foreign)\b",
    "birth_date": r"\b(naissance|birth|nee? le)\b",
    "name": r"\b(nom|name|titulaire)\b",
    "given_name": r"\b(prenoms?|given|first)\b",
    "place": r"\b(place|emplacement|tiroir|boite|rangement)\b",
    "number": r"\b(titre|carte|card|permit|numero|number)\b",
}


@dataclass(frozen=True, slots=True)
class Look:
    """The list as text, its headings, for each field the heading taken for it, and its first lines."""

    content: str
    heads: Sequence[str]
    columns: Sequence[tuple[str, Promise, str]]
    first: Sequence[Sequence[str]]
    lines: int
    broken: int


def look_at(content: bytes) -> Look:
    """How a list will be read. Raises ``ListUnreadable`` for what is no text, or has no line under its headings."""
    written = _text(content)
    lines = [line for line in written.splitlines() if line.strip(" ;,\t\x00")]
    if len(lines) < 2:
        raise ListUnreadable
    delimiter = max(";\t,", key=lines[0].count)
    rows = [_cells(line, delimiter) for line in lines]
    heads = [text.clean(head, limit=80) for head in rows[0] or []][:MOST_COLUMNS]
    whole = [row for row in rows[1:] if row is not None and len(row) == len(heads)]
    return Look(
        content=written,
        heads=heads,
        columns=_columns(heads),
        first=[[text.clean(cell, limit=80) for cell in row] for row in whole[:SHOWN]],
        lines=len(rows) - 1,
        broken=len(rows) - 1 - len(whole),
    )


def mapping_in(said: QueryDict) -> dict[str, str]:
    """The heading chosen for each field."""
    chosen = {name: said.get(f"col_{name}", "")[:80] for name in FIELDS}
    return {name: head for name, head in chosen.items() if head}


def _text(content: bytes) -> str:
    if content[:4] in {b"%PDF", b"PK\x03\x04"} or b"\x00" in content[:1000]:
        raise ListUnreadable
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _cells(line: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _columns(heads: Sequence[str]) -> list[tuple[str, Promise, str]]:
    left = {head: text.folded(head) for head in heads if head}
    chosen: dict[str, str] = {}
    for name, means in _MEANS.items():
        head = next((head for head, folded in left.items() if re.search(means, folded)), "")
        left.pop(head, None)
        chosen[name] = head
    return [(name, LABELS[name], chosen[name]) for name in FIELDS]
