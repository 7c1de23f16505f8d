"""What the documents say."""

from datetime import date
from typing import Any

from django.utils import timezone, translation

from parvis.booking import queries as booking
from parvis.booking import rules
from parvis.booking.states import Allocation, Channel
from parvis.common import clock
from parvis.offices.models import Office
from parvis.procedures import queries as procedures
from parvis.procedures.models import Mode, Procedure
from parvis.reception import queries as reception
from parvis.reception.queries import LineWait
from parvis.web.documents import shelf
from parvis.web.documents.shelf import Kind
from parvis.web.words import rounded


def make(kind: Kind, office: Office) -> bytes:
    """Make a document as things stand and put it on the shelf; its bytes.

    ``changed_at`` is since when it says what it says: made again without a change, it stays the same document.
    """
    said = _free(office) if kind == Kind.FREE else _waits(office)
    before = shelf.read(kind, office.code) or {}
    same = {**before, "changed_at": None} == {**said, "changed_at": None}
    said["changed_at"] = before["changed_at"] if same else timezone.localtime(clock.now()).isoformat("T", "seconds")
    return shelf.put(kind, office.code, said)


def _free(office: Office) -> dict[str, Any]:
    """Each procedure that is booked at this office: the days with seats anybody may take on the web now, the first."""
    day = clock.today()
    lines = set(office.lines.values_list("code", flat=True))
    offered = [one for one in procedures.public_procedures(day) if one.line_code in lines]
    found = [_seats(office, one, day) for one in offered]
    return {"office": office.code, "procedures": [one for one in found if one]}


def _seats(office: Office, procedure: Procedure, day: date) -> dict[str, Any] | None:
    """None for what is received without an appointment."""
    days = booking.free_days(rules.Wish(office=office, procedures=(procedure,), channel=Channel.WEB))
    if not days and procedures.access_mode(procedure, day) == Mode.WALK_IN:
        return None
    by_draw = booking.allocation(office, procedure, day) is not None
    return {
        "procedure": procedure.code,
        "given": Allocation.DRAW if by_draw else Allocation.IMMEDIATE,
        "seats": sum(one.seats for one in days),
        "first": days[0].day.isoformat() if days else None,
        "days": [{"day": one.day.isoformat(), "seats": one.seats} for one in days],
    }


def _waits(office: Office) -> dict[str, Any]:
    """Each line that is open today: how many wait, how many counters, and the wait of a newcomer in minutes."""
    with translation.override("fr"):
        return {"office": office.code, "lines": [_line(one) for one in reception.wait_by_line(office)]}


def _line(found: LineWait) -> dict[str, Any]:
    low, high = rounded(found.range) if found.range else (None, None)
    return {
        "line": found.line.code,
        "name": found.line.name,
        "waiting": found.waiting,
        "counters": found.counters_open,
        "wait": None if found.range is None else {"low": low, "high": high},
        "past_closing": bool(found.range and found.range.past_closing),
    }
