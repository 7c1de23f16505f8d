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


def board(office: Office, *, line: str = "", with_waits: bool = True) -> Board:
    """What the call display shows now, of one line when it is named. A ticket called again stands once."""
    now = clock.now()
    start = clock.at(clock.today(), "00:00")
    rows = Call.objects.filter(office=office, at__gte=start).select_related("ticket__line", "counter").order_by("-id")
    if line:
        rows = rows.filter(ticket__line__code=line)
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
    waits = [wait for wait in wait_by_line(office) if line in {"", wait.line.code}] if with_waits else []
    return Board(office=office, at=now, calls=list(calls.values())[:LATEST], waits=waits)
