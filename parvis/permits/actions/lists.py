"""A delivery read from the sender's list (CSV): every line becomes a card, or is set aside with what was wrong."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from parvis.common import clock, text
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.permits.actions.deliveries import put_aside, scan
from parvis.permits.errors import DeliveryClosed, ListUnreadable, PermitNumberMalformed, PermitNumberTaken
from parvis.permits.models import Delivery, Permit, SetAside

LARGEST = 5 * 1024 * 1024
BROKEN, MALFORMED = "line_broken", "number_malformed"
FIELDS = ("number", "file_number", "foreign_number", "name", "given_name", "birth_date", "place")
# What senders write at the head of their columns, without case or accents.
_HEADINGS = {
    "number": {"number", "numero", "numero titre", "numero de titre", "numero du titre", "n titre", "titre", "carte"},
    "file_number": {"file number", "dossier", "numero dossier", "numero de dossier", "numero du dossier", "n dossier"},
    "foreign_number": {"foreign number", "numero etranger", "n etranger", "agdref", "numero agdref", "n agdref"},
    "name": {"name", "nom", "nom de famille", "nom prenom", "nom et prenom", "titulaire"},
    "given_name": {"given name", "prenom", "prenoms"},
    "birth_date": {"birth date", "date de naissance", "naissance", "ne le", "nee le", "date naissance"},
    "place": {"place", "emplacement", "tiroir", "boite", "rangement"},
}
_DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y%m%d")


@dataclass(slots=True)
class DeliveryReport:
    """What became of a list: lines read, cards taken in, cards known from an earlier reading, cards set aside."""

    lines: int = 0
    taken: int = 0
    again: int = 0
    set_aside: list[SetAside] = field(default_factory=list)


def read_csv(
    delivery: Delivery, content: bytes, *, mapping: Mapping[str, str] | None = None, by: Actor
) -> DeliveryReport:
    """Take in every card of a list, one transaction a line: read again, it goes on where it stopped, doubling nothing.

    UTF-8 or Latin-1; comma, semicolon or tab; ``mapping`` gives the heading of a field (``FIELDS``) that is not known.
    A line that cannot be read is set aside as it was written. Raises ``ListUnreadable``, ``DeliveryClosed``.
    """
    rows = list(_rows(_text(content)))
    if not rows:
        raise ListUnreadable
    columns = _columns(rows[0][1] or [], mapping or {})
    if "number" not in columns:
        raise ListUnreadable
    report, width = DeliveryReport(), len(rows[0][1] or [])
    known = set(delivery.permits.values_list("number", flat=True))
    for written, cells in rows[1:]:
        report.lines += 1
        took = _line(delivery, written, cells if cells and len(cells) == width else None, columns, by)
        if isinstance(took, SetAside) and took.settled_at is None:
            report.set_aside.append(took)
        elif isinstance(took, SetAside) or took.number in known:
            report.again += 1
        else:
            known.add(took.number)
            report.taken += 1
    _told(delivery, report, by)
    return report


def _line(
    delivery: Delivery, written: str, cells: list[str] | None, columns: Mapping[str, int], by: Actor
) -> Permit | SetAside:
    if cells is None:
        return _keep(delivery, written, BROKEN, by=by)
    said = {name: text.clean(cells[index], limit=250) for name, index in columns.items()}
    name = f"{said.get('name', '')} {said.get('given_name', '')}".strip()
    about = {key: said.get(key, "") for key in ("file_number", "foreign_number", "place")}
    born = _day(said.get("birth_date", ""))
    try:
        try:
            return scan(delivery, said["number"], name=name, birth_date=born, by=by, **about)
        except PermitNumberTaken:
            # Another delivery took it at that instant: now it is known.
            return scan(delivery, said["number"], name=name, birth_date=born, by=by, **about)
    except PermitNumberMalformed:
        return _keep(delivery, written, MALFORMED, by=by)


@action()
def _keep(delivery: Delivery, written: str, code: str, *, by: Actor) -> SetAside:
    """Set a line aside as it was written, once: its bytes name it, so that reading again keeps one."""
    delivery = lock(Delivery, delivery.pk)
    number = f"? {hashlib.sha256(written.encode()).hexdigest()[:10]}"
    if aside := SetAside.objects.filter(delivery=delivery, number=number).first():
        return aside
    if delivery.closed_at is not None:
        raise DeliveryClosed
    return put_aside(delivery, number, code, by=by, name=text.clean(written, limit=250))


@action()
def _told(delivery: Delivery, report: DeliveryReport, by: Actor) -> None:
    facts = {"lines": report.lines, "taken": report.taken, "set_aside": len(report.set_aside)}
    journal.record("delivery.read", delivery, by=by, at=clock.now(), office=delivery.office_id, **facts)


def _text(content: bytes) -> str:
    if len(content) > LARGEST or content[:4] in {b"%PDF", b"PK\x03\x04"}:
        raise ListUnreadable
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _rows(written: str) -> Iterator[tuple[str, list[str] | None]]:
    """Each line as it was written, and its cells; None when they cannot be told apart. No cell holds two lines."""
    lines = [line for line in written.splitlines() if line.strip(" ;,\t\x00")]
    delimiter = max(";\t,", key=lines[0].count) if lines else ";"
    for line in lines:
        try:
            yield line, next(csv.reader([line], delimiter=delimiter, strict=True))
        except csv.Error:
            yield line, None


def _columns(heads: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    folded = [text.folded(head) for head in heads]
    wanted = {name: {text.folded(mapping[name])} if mapping.get(name) else known for name, known in _HEADINGS.items()}
    found: dict[str, int] = {}
    for name, known in wanted.items():
        index = next((place for place, head in enumerate(folded) if head in known), None)
        if index is not None:
            found[name] = index
    return found


def _day(typed: str) -> date | None:
    """The day of birth as written; None when it is no day: the other columns may still tell whose card it is."""
    for form in _DATES:
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
