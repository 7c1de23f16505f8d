"""A delivery read from the sender's list (CSV): every line becomes a card, or is set aside with what was wrong."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from parvis.casefiles.importing.lines import day_of
from parvis.casefiles.importing.reading import Record
from parvis.common import clock, text
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.permits import lists, rules
from parvis.permits.actions.deliveries import put_aside, scan, scan_named
from parvis.permits.errors import DeliveryClosed, FileHasCard, ListUnreadable, PermitNumberMalformed, PermitNumberTaken
from parvis.permits.lists import SenderList
from parvis.permits.models import Delivery, Permit, SetAside

BROKEN, MALFORMED = "line_broken", "number_malformed"
PORTION = 100  # lines whose files are locked together: a counter waits for one of them a fraction of a second


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
    """Take in every card of a list. Killed in the middle and read again, it goes on where it stopped, doubling nothing.

    ``mapping`` gives the heading of each field (``lists.FIELDS``), guessed when nothing is given. A line that cannot be
    read is set aside as it was written. Raises ``ListUnreadable``, ``DeliveryClosed``.
    """
    found = lists.look(content, mapping)
    if "number" not in found.columns:
        raise ListUnreadable
    report = DeliveryReport()
    known = set(delivery.permits.values_list("number", flat=True))
    records = found.records()
    while portion := list(islice(records, PORTION)):
        for took in _took(delivery, found, portion, by):
            report.lines += 1
            if isinstance(took, SetAside) and took.settled_at is None:
                report.set_aside.append(took)
            elif isinstance(took, SetAside) or took.number in known:
                report.again += 1
            else:
                known.add(took.number)
                report.taken += 1
    _told(delivery, report, by)
    return report


def _took(delivery: Delivery, found: SenderList, portion: Sequence[Record], by: Actor) -> Iterator[Permit | SetAside]:
    """What became of each line: those that need no thought at once, then the others, each in its own transaction."""
    cards = {place: said for place, record in enumerate(portion) if (said := _card(found, record))}
    try:
        at_once = scan_named(delivery, cards, by=by)
    except (PermitNumberTaken, FileHasCard):
        at_once = {}
    for place, record in enumerate(portion):
        if place in at_once:
            yield at_once[place]
        elif place in cards:
            yield _alone(delivery, cards[place], by)
        else:
            yield _keep(delivery, record.text, BROKEN if record.code else MALFORMED, by=by)


def _card(found: SenderList, record: Record) -> dict[str, Any] | None:
    """What ``scan`` is told of a line; none when it cannot be read, or gives no card's number."""
    if record.code:
        return None
    said = found.said(record)
    try:
        number = rules.number(said["number"])
    except PermitNumberMalformed:
        return None
    return {
        "number": number,
        "name": f"{said['name']} {said['given_name']}".strip(),
        # What is no day of birth is passed over: the other columns may still tell whose card it is.
        "birth_date": day_of(said["birth_date"]),
        **{key: said[key] for key in ("file_number", "foreign_number", "place")},
    }


def _alone(delivery: Delivery, card: Mapping[str, Any], by: Actor) -> Permit | SetAside:
    try:
        return scan(delivery, **card, by=by)
    except PermitNumberTaken:
        # Another delivery took it at that instant: now it is known.
        return scan(delivery, **card, by=by)


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
