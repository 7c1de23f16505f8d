"""The figures of a day, counted from the journal alone. Definitions: ``docs/figures.md``."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from parvis.common import clock
from parvis.indicators.rules import Calibration, Forecast, OpenTime, Overtaking, Waits
from parvis.journal import queries as journal
from parvis.journal.models import Entry
from parvis.offices.models import Office

_ENDS = {
    "ticket.received": "received",
    "ticket.left": "left",
    "ticket.deferred": "redirected",
    "ticket.turned_away": "turned_away",
}
_AT_THE_DOOR = {"arrival.redirected": "redirected", "arrival.turned_away": "turned_away"}
_OPENS = {"counter.opened", "counter.break_ended"}
_CLOSES = {"counter.closed", "counter.break_started"}
_READ = (*_ENDS, *_AT_THE_DOOR, *sorted(_OPENS | _CLOSES), "ticket.issued", "ticket.called", "ticket.transferred",
         "ticket.put_back", "ticket.missed", "step.done", "day.closed")  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One line: people who came for it, of whom received; waits; longest overtaking; how busy its counters were."""

    arrivals: int
    received: int
    wait_minutes: Waits
    longest_overtaking_minutes: float
    busy_share: float


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A day of an office. ``arrivals = received + left + redirected + turned_away + still_waiting``, always."""

    date: date
    arrivals: int
    received: int
    left: int
    redirected: int
    turned_away: int
    still_waiting: int
    handed_over: int
    handed_over_by_counter: Mapping[int, int]
    lines: Mapping[str, LineFigures]
    estimate_calibration: Calibration

    @property
    def handover_counters(self) -> int:
        """How many counters handed over at least one card."""
        return len(self.handed_over_by_counter)

    def as_json(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        plain = asdict(self)
        plain["date"] = self.date.isoformat()
        plain["handover_counters"] = self.handover_counters
        plain["handed_over_by_counter"] = {str(key): value for key, value in self.handed_over_by_counter.items()}
        return plain


def day_figures(office: Office, day: date) -> DayFigures:
    """Everything the office did on a day, in one pass over its journal."""
    count = _Count()
    rows = journal.on_day(office.pk, day).filter(what__in=_READ)
    for entry in rows.iterator(chunk_size=2000):
        count.add(entry)
    return count.figures(day, _counter_numbers(office), [line.code for line in office.lines.order_by("position", "pk")])


def _counter_numbers(office: Office) -> dict[int, int]:
    return dict(office.counters.order_by("pk").values_list("pk", "number"))


@dataclass(slots=True)
class _OfLine:
    """What is being counted on one line."""

    arrivals: int = 0
    received: int = 0
    waits: list[float] = field(default_factory=list)
    overtaking: Overtaking = field(default_factory=Overtaking)
    counters: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Ticket:
    """What is known of a ticket while its day is read."""

    line: str
    joined: str
    reference: datetime


@dataclass(slots=True)
class _Count:
    """The figures of a day while its journal is read, in the order in which it was written."""

    ends: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lines: dict[str, _OfLine] = field(default_factory=lambda: defaultdict(_OfLine))
    tickets: dict[int, _Ticket] = field(default_factory=dict)
    open: dict[int, OpenTime] = field(default_factory=lambda: defaultdict(OpenTime))
    service: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    cards: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    forecasts: list[Forecast] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Count one fact."""
        what, facts = entry.what, entry.facts
        if what in _OPENS:
            self.open[entry.subject_id].opens(entry.at)
        elif what in _CLOSES:
            self.open[entry.subject_id].closes(entry.at)
        elif what == "day.closed":
            for time in self.open.values():
                time.closes(entry.at)
        elif what in _AT_THE_DOOR:
            self.lines[facts["line"]].arrivals += 1
            self.ends[_AT_THE_DOOR[what]] += 1
        elif what == "ticket.issued":
            self._issued(entry)
        elif what == "step.done":
            self._served(facts)
        elif entry.subject_id in self.tickets:
            self._moved(what, entry.subject_id, self.tickets[entry.subject_id], facts)

    def _issued(self, entry: Entry) -> None:
        facts = entry.facts
        reference = datetime.fromisoformat(facts["reference_at"])
        self.tickets[entry.subject_id] = _Ticket(facts["line"], facts["line"], reference)
        self.lines[facts["line"]].arrivals += 1
        self.lines[facts["line"]].overtaking.joins(entry.subject_id, reference)

    def _served(self, facts: Mapping[str, Any]) -> None:
        self.service[facts["counter"]] += facts["seconds"]
        if facts["outcome"] == "handed_over":
            self.cards[facts["counter"]] += 1

    def _moved(self, what: str, pk: int, ticket: _Ticket, facts: Mapping[str, Any]) -> None:
        """A ticket is called, goes on to another line, comes back after being missed, or ends."""
        line = self.lines[ticket.line]
        if what == "ticket.called":
            line.overtaking.called(pk)
            line.counters.add(facts["counter"])
            if facts["first"]:
                self._first_call(ticket, facts)
        elif what == "ticket.transferred":
            line.overtaking.leaves(pk)
            ticket.line = facts["line"]
            self.lines[ticket.line].overtaking.joins(pk, ticket.reference)
        elif what == "ticket.missed":
            line.overtaking.leaves(pk)
        elif what == "ticket.put_back":
            ticket.reference = datetime.fromisoformat(facts["reference_at"])
        elif what in _ENDS:
            line.overtaking.leaves(pk)
            self.ends[_ENDS[what]] += 1
            self.lines[ticket.joined].received += what == "ticket.received"
            del self.tickets[pk]

    def _first_call(self, ticket: _Ticket, facts: Mapping[str, Any]) -> None:
        appointment = facts.get("rank") == "appointment"
        self.lines[ticket.joined].waits.append(facts["waited"] if appointment else facts["arrived_waited"])
        if facts["told_low"] is not None and facts["told_high"] is not None:
            self.forecasts.append(Forecast(facts["told_low"], facts["told_high"], facts["arrived_waited"]))

    def figures(self, day: date, numbers: Mapping[int, int], codes: list[str]) -> DayFigures:
        """The figures of what was counted; counters still open count until now, or the end of the day."""
        for time in self.open.values():
            time.closes(min(clock.now(), journal.day_bounds(day)[1]))
        return DayFigures(
            date=day,
            arrivals=sum(line.arrivals for line in self.lines.values()),
            received=self.ends["received"],
            left=self.ends["left"],
            redirected=self.ends["redirected"],
            turned_away=self.ends["turned_away"],
            still_waiting=len(self.tickets),
            handed_over=sum(self.cards.values()),
            handed_over_by_counter={numbers.get(pk, pk): self.cards[pk] for pk in sorted(self.cards)},
            lines={code: self._line(self.lines[code]) for code in codes},
            estimate_calibration=Calibration.of(self.forecasts),
        )

    def _line(self, line: _OfLine) -> LineFigures:
        open_seconds = sum(self.open[counter].seconds for counter in sorted(line.counters))
        service = sum(self.service[counter] for counter in sorted(line.counters))
        return LineFigures(
            arrivals=line.arrivals,
            received=line.received,
            wait_minutes=Waits.of(line.waits),
            longest_overtaking_minutes=round(line.overtaking.longest, 1),
            busy_share=round(service / open_seconds, 3) if open_seconds else 0.0,
        )
