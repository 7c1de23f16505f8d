"""A sheet of paper as PDF/UA-1, by Typst: tagged, titled, in its language, with its own fonts and no other."""

import functools
import io
import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import segno
import typst
from django.utils.translation import gettext as _

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
UNKNOWN = "□"
_RIGHT_TO_LEFT = frozenset({"ar"})
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to bring, and when it is needed."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, lines under it, and a list with a box to tick before each.

    ``language`` is said when it is not the sheet's: a part that the office keeps in French, or the person in theirs.
    """

    heading: str
    lines: Sequence[str] = ()
    items: Sequence[Item] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address, what it opens, and whether a QR code of it is drawn."""

    address: str
    text: str
    is_drawn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a paper says. ``rows`` are its main facts; ``author`` is the office.

    ``code`` is drawn for a scanner that types it back, in the place of the link's address.
    """

    title: str
    author: str
    lead: Sequence[str] = ()
    rows: Sequence[tuple[str, str]] = ()
    link: Link | None = None
    code: str = ""
    sections: Sequence[Section] = ()
    notes: Sequence[str] = ()
    foot: str = ""


def pdf(sheet: Sheet, *, language: str, at: datetime) -> bytes:
    """The sheet as a file, dated ``at``; ``language`` is that of its texts."""
    said = {**asdict(sheet), **_language(language), "about": sheet.title, "qr": None}
    said["sections"] = [{**asdict(section), **_language(section.language or language)} for section in sheet.sections]
    drawn = sheet.code or (sheet.link.address if sheet.link and sheet.link.is_drawn else "")
    if drawn:
        said["qr"] = {"picture": _qr(drawn), "alt": _("Code QR : %(link)s") % {"link": drawn}}
    data = json.dumps(_shown(said), ensure_ascii=False)
    with _one_at_a_time:
        made = _compiler().compile(
            format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": data}, timestamp=int(at.timestamp())
        )
    if not isinstance(made, bytes):
        raise TypeError("Typst made no single file")
    return made


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(HERE / "paper.typ"), root=str(HERE), font_paths=[str(FONTS)], ignore_system_fonts=True)


def _language(code: str) -> dict[str, object]:
    language, _separator, region = code.partition("-")
    return {
        "lang": language,
        "region": "cn" if region == "hans" else None,
        "right_to_left": code in _RIGHT_TO_LEFT,
    }


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=4, dark="#000", light="#fff")
    return drawn.getvalue().decode()


def _shown(said: object) -> object:
    """The same with every character that no font has replaced: PDF/UA refuses a page that shows nothing for one."""
    if isinstance(said, str):
        known = coverage()
        return "".join(char if char in known else UNKNOWN for char in " ".join(said.split()))
    if isinstance(said, dict):
        return {name: _shown(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_shown(one) for one in said]
    return said


@functools.cache
def coverage() -> frozenset[str]:
    """Every character that one of the fonts has."""
    return frozenset(_characters((FONTS / "coverage.txt").read_text().split()))


def _characters(ranges: Iterable[str]) -> Iterable[str]:
    for one in ranges:
        first, last = one.split("-")
        yield from map(chr, range(int(first, 16), int(last, 16) + 1))
