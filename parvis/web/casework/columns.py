"""Which column of a stock file is what, and what its words for procedures and states mean here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import QueryDict

from parvis.casefiles.importing import reading
from parvis.casefiles.importing.columns import FIELDS, HEADINGS, REQUIRED, ColumnMapping, guess
from parvis.casefiles.importing.lines import known_states
from parvis.casefiles.queries.former import Catalogue
from parvis.common import text

SAMPLE = 3
MOST_WORDS = 40
LONGEST_WORD = 120


@dataclass(frozen=True, slots=True)
class Column:
    """One field of ours, and the heading that was chosen for it."""

    name: str
    label: str
    is_required: bool
    heading: str


@dataclass(frozen=True, slots=True)
class Word:
    """Something written in a column that nobody here knows, how often, and what it was said to mean."""

    written: str
    lines: int
    code: str


@dataclass(frozen=True, slots=True)
class Look:
    """A stock file before anything is taken: its headings, its first lines, what must be said about it."""

    shape: reading.Shape
    columns: list[Column]
    sample: list[tuple[str, ...]]
    procedures: list[Word]
    states: list[Word]


def look(path: Path, given: dict[str, Any]) -> Look:
    """Read a whole file once. ``given`` is what was said so far, else the headings say it.

    Raises ``NothingToImport`` for what is no table.
    """
    shape = reading.look(path)
    chosen = given.get("columns") or guess(shape.header)
    places = {name: shape.header.index(heading) for name, heading in chosen.items() if heading in shape.header}
    sample: list[tuple[str, ...]] = []
    written: dict[str, Counter[str]] = {"procedure": Counter(), "state": Counter()}
    for record in reading.records(path, shape):
        if record.code:
            continue
        if len(sample) < SAMPLE:
            sample.append(record.cells)
        for name, counter in written.items():
            if name in places:
                counter[record.cells[places[name]].strip()[:LONGEST_WORD]] += 1
    columns = [Column(name, HEADINGS[name], name in REQUIRED, chosen.get(name, "")) for name in FIELDS]
    return Look(
        shape,
        columns,
        sample,
        _unknown(written["procedure"], Catalogue({}).procedures, given.get("procedures", {})),
        _unknown(written["state"], known_states(ColumnMapping({})), given.get("states", {})),
    )


def said(sent: QueryDict) -> dict[str, Any]:
    """What the form says of the columns and words, as an import reads it."""
    return {
        "columns": {name: sent[f"column-{name}"][:LONGEST_WORD] for name in FIELDS if sent.get(f"column-{name}")},
        "procedures": _pairs(sent, "procedure"),
        "states": _pairs(sent, "state"),
    }


def _pairs(sent: QueryDict, name: str) -> dict[str, str]:
    written, codes = sent.getlist(f"{name}-written"), sent.getlist(f"{name}-code")
    return {old: new for old, new in zip(written, codes, strict=False) if old and new}


def _unknown(counted: Counter[str], known: Iterable[str], given: dict[str, str]) -> list[Word]:
    names = set(known)
    rows = [Word(word, lines, given.get(word, "")) for word, lines in counted.most_common() if word]
    return [one for one in rows if text.folded(one.written) not in names][:MOST_WORDS]
