"""What the office is made of: its data as delivered, and what each counter serves."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from parvis.common import clock, live
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM, Actor
from parvis.offices import rules
from parvis.offices.models import Commune, Counter, Line, Office, OpeningWindow

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@action()
def set_counter_lines(counter: Counter, *, lines: Iterable[Line], by: Actor) -> Counter:
    """Say which lines a counter takes people from; from now on, without touching whoever is being served there.

    Raises ``AnotherOffice``.
    """
    now = clock.now()
    served = list(lines)
    counter = lock(Counter, counter.pk)
    rules.check_of_office(served, counter.office_id)
    before = set(counter.lines.values_list("pk", flat=True))
    after = {line.pk for line in served}
    if before != after:
        counter.lines.set(served)
        journal.record(
            "counter.lines_changed",
            counter,
            by=by,
            at=now,
            office=counter.office_id,
            before=sorted(before),
            after=sorted(after),
        )
        live.changed(f"office:{counter.office_id}", lines=sorted(before | after))
    return counter


@action()
def load(data: Mapping[str, Any]) -> dict[str, int]:
    """Bring the offices, communes, lines, counters and hours of a data file into the database; how many rows are new.

    Harmless the second time: names and territory follow the file, while what the office decides on screen (what a
    counter serves, the hours of a line that already has some) is left alone.
    """
    offices = {row["code"]: _office(row) for row in data["office"]}
    new = {
        "communes": sum(_commune(row, offices[row["office"]]) for row in data["commune"]),
        "lines": sum(_line(row, offices[row["office"]], place) for place, row in enumerate(data["line"], start=1)),
        "counters": sum(_counters(row, offices[row["office"]]) for row in data["counters"]),
        "windows": _openings(data["opening"], offices),
    }
    if any(new.values()):
        for office in offices.values():
            journal.record("office.loaded", office, by=SYSTEM, at=clock.now(), office=office.pk, **new)
    return new


def _office(row: Mapping[str, Any]) -> Office:
    office, _new = Office.objects.update_or_create(
        code=row["code"],
        defaults={"kind": row["kind"], "names": row["names"], "address": row["address"], "phone": row.get("phone", "")},
    )
    return office


def _commune(row: Mapping[str, Any], office: Office) -> bool:
    _commune, new = Commune.objects.update_or_create(
        insee=row["insee"], defaults={"name": row["name"], "postcodes": row["postcodes"], "office": office}
    )
    return new


def _line(row: Mapping[str, Any], office: Office, place: int) -> bool:
    _line, new = Line.objects.update_or_create(
        office=office,
        code=row["code"],
        defaults={"letter": row["letter"], "names": row["names"], "position": place},
    )
    return new


def _counters(row: Mapping[str, Any], office: Office) -> int:
    """New counters of a run of numbers, serving the lines named; counters already there keep what they serve."""
    served = list(Line.objects.filter(office=office, code__in=row["lines"]).order_by("pk"))
    created = 0
    for number in range(row["first"], row["last"] + 1):
        counter, new = Counter.objects.get_or_create(office=office, number=number)
        if new:
            counter.lines.set(served)
            created += 1
    return created


def _openings(rows: Iterable[Mapping[str, Any]], offices: Mapping[str, Office]) -> int:
    """The hours of the lines that have none yet."""
    lines = {(line.office_id, line.code): line for line in Line.objects.filter(opening_windows__isnull=True)}
    windows = [
        OpeningWindow(
            line=line,
            weekday=_WEEKDAYS.index(day) + 1,
            opens=time.fromisoformat(span.split("-")[0]),
            closes=time.fromisoformat(span.split("-")[1]),
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
            ended_because=row.get("ended_because", {}),
        )
        for row in rows
        for code in row["lines"]
        if (line := lines.get((offices[row["office"]].pk, code)))
        for day, spans in row["week"].items()
        for span in spans
    ]
    return len(OpeningWindow.objects.bulk_create(windows))
