"""What the waiting room sees and hears."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.common import clock
from parvis.offices.models import Office
from parvis.reception.models import Call
from parvis.reception.queries.waits import LineWait, wait_by_line

LATEST = 8


@dataclass(frozen=True, slots=True)
class BoardCall:
    """One call: a number and a counter, in the language of the person; never a name."""

    id: int
    number: str
    counter: int
    line: str
    language: str
    at: datetime
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The last calls, newest first, and the wait of each line."""

    office: Office
    at: datetime
    calls: Sequence[BoardCall]
    waits: Sequence[LineWait]


def board(office: Office, *, with_waits: bool = True) -> Board:
    """What the call display shows now. A ticket called again stands once, at its latest call."""
    now = clock.now()
    start = clock.at(clock.today(), "00:00")
    rows = Call.objects.filter(office=office, at__gte=start).select_related("ticket__line", "counter").order_by("-id")
    calls: dict[int, BoardCall] = {}
    for row in rows[: LATEST * 3]:
        if row.ticket_id not in calls:
            calls[row.ticket_id] = BoardCall(
                row.pk,
                str(row.ticket),
                row.counter.number,
                row.ticket.line.code,
                row.ticket.language,
                row.at,
                row.is_repeat,
            )
    waits = wait_by_line(office) if with_waits else []
    return Board(office=office, at=now, calls=list(calls.values())[:LATEST], waits=waits)
