"""From bytes to cells: which encoding, which delimiter, and one record a line whatever a broken one holds."""

import codecs
import csv
import hashlib
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from parvis.casefiles.errors import NothingToImport
from parvis.casefiles.importing.codes import Rejection

Source = bytes | Path
LONGEST_LINE = 10_000
LONGEST_KEPT = 2_000
DELIMITERS = ";\t,|"
# A cell in quotes may run over a few lines; more is a quote that was never closed.
MOST_JOINED = 5
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written. ``fingerprint`` (SHA-256) knows its bytes again under another name."""

    fingerprint: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A line: its number in the file (the header is 1), as written, and its cells or why there are none."""

    line: int
    text: str
    cells: tuple[str, ...]
    code: str = ""


def look(source: Source) -> Shape:
    """What a file is: its encoding by its bytes, its delimiter and columns by its first line.

    Raises ``NothingToImport`` for an empty file, or one whose first line is no header.
    """
    encoding = _encoding(source)
    with _opened(source, encoding) as stream:
        first = next((raw for _line, raw, is_whole in _lines(stream) if is_whole and raw.strip()), b"")
    text = first.decode(_codec(encoding), errors="replace").lstrip("\ufeff").strip("\r\n")
    delimiter = max(DELIMITERS, key=text.count)
    header = _cells(text, delimiter)
    if not header or not any(cell.strip() for cell in header) or _CONTROLS.search(text):
        raise NothingToImport
    return Shape(fingerprint(source), encoding, delimiter, tuple(cell.strip() for cell in header))


def fingerprint(source: Source) -> str:
    """The SHA-256 of the bytes."""
    digest = hashlib.sha256()
    with _raw(source) as stream:
        while part := stream.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def records(source: Source, shape: Shape) -> Iterator[Record]:
    """The lines after the header, blank ones left out: each stands or falls alone."""
    with _opened(source, shape.encoding) as stream:
        waiting = deque[Record]()
        lines = _texts(stream, shape)
        _skip_header(lines)
        while True:
            while len(waiting) <= MOST_JOINED and (record := next(lines, None)) is not None:
                waiting.append(record)
            if not waiting:
                return
            record = waiting.popleft()
            if record.code or not record.text.strip(shape.delimiter + ' \t"'):
                if record.code:
                    yield record
                continue
            yield _read(record, waiting, shape)


def _skip_header(lines: Iterator[Record]) -> None:
    for record in lines:
        if record.text.strip():
            return


def _read(record: Record, following: deque[Record], shape: Shape) -> Record:
    """The cells of a record, with the next lines when a quote that is open here closes there."""
    cells = _cells(record.text, shape.delimiter)
    if cells is None:
        joined = record.text
        for count, after in enumerate(list(following)[:MOST_JOINED], start=1):
            joined += "\n" + after.text
            cells = None if after.code else _cells(joined, shape.delimiter)
            if cells is not None and len(cells) == len(shape.header):
                for _line in range(count):
                    following.popleft()
                return Record(record.line, joined[:LONGEST_KEPT], cells)
        return Record(record.line, record.text[:LONGEST_KEPT], (), Rejection.QUOTES)
    while len(cells) > len(shape.header) and not cells[-1].strip():
        cells = cells[:-1]
    code = "" if len(cells) == len(shape.header) else Rejection.COLUMNS
    return Record(record.line, record.text[:LONGEST_KEPT], cells, code)


def _cells(text: str, delimiter: str) -> tuple[str, ...] | None:
    """The cells of a text; None when its quotes do not close."""
    if '"' not in text:
        return tuple(text.split(delimiter))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return tuple(rows[0]) if len(rows) == 1 else None


def _texts(stream: BinaryIO, shape: Shape) -> Iterator[Record]:
    """Each line as text, or why it is none."""
    codec = _codec(shape.encoding)
    for line, raw, is_whole in _lines(stream):
        code = "" if is_whole else Rejection.LINE_TOO_LONG
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            text, code = raw.decode(codec, errors="replace"), code or Rejection.ENCODING
        text = text.lstrip("\ufeff") if line == 1 else text
        text = text.rstrip("\r\n")
        if _CONTROLS.search(text):
            text, code = _CONTROLS.sub("\ufffd", text), code or Rejection.CONTROL_CHARACTER
        yield Record(line, text[:LONGEST_KEPT] if code else text, (), code)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes and whether they are the whole line; of a line beyond measure the rest is passed over unread."""
    line = 0
    while raw := stream.readline(LONGEST_LINE):
        line += 1
        is_whole = raw.endswith(b"\n") or len(raw) < LONGEST_LINE
        if not is_whole:
            while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
                pass
        yield line, raw, is_whole


def _encoding(source: Source) -> str:
    """UTF-16 by its mark; UTF-8 when nine in ten of the lines that are not ASCII read as such; else a Western one."""
    with _raw(source) as stream:
        if stream.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        stream.seek(0)
        readable = strange = windows = 0
        for _line, raw, _is_whole in _lines(stream):
            if raw.isascii():
                continue
            strange += 1
            readable += _reads(raw.rstrip(b"\r\n"))
            windows += any(0x80 <= byte <= 0x9F for byte in raw)
    if readable >= 0.9 * strange:
        return "utf-8"
    return "cp1252" if windows else "latin-1"


def _reads(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _codec(encoding: str) -> str:
    """What lines are decoded with: a file in UTF-16 is read as UTF-8 (``_opened``)."""
    return "utf-8" if encoding == "utf-16" else encoding


def _raw(source: Source) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _opened(source: Source, encoding: str) -> BinaryIO:
    if encoding != "utf-16":
        return _raw(source)
    with _raw(source) as stream:
        return io.BytesIO(stream.read().decode("utf-16", errors="replace").encode())
