"""What each week of a replay counted, and whether it adds up."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from parvis.casefiles.models import CaseFile
from parvis.offices.models import Office
from parvis.permits.models import Permit
from parvis.permits.states import State as CardState

COUNTED = (
    "opened", "decided", "closed_undecided", "granted", "refused", "completed", "asked", "receipts", "renewals",
    "cards_received", "cards_announced", "cards_handed_over", "cards_returned", "visits_without_card",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Week:
    """A week, by its first day: the undecided files at its end, the flows, and the hours that made them."""

    starts: date
    stock: int
    cards_waiting: int
    counts: dict[str, int]
    hours_at_files: float

    def as_json(self) -> dict[str, Any]:
        """The figures of the week, flat."""
        return {
            "week": self.starts.isoformat(),
            "stock": self.stock,
            **self.counts,
            "cards_waiting": self.cards_waiting,
            "hours_at_files": round(self.hours_at_files, 1),
        }


@dataclass(frozen=True, slots=True)
class Replayed:
    """A whole replay: the stock at both ends, its weeks, and what it cost."""

    closes_on_thursday: bool
    stock_start: int
    stock_end: int
    weeks: list[Week]
    actions: int
    seconds: float
    by_action: dict[str, "Cost"]

    def as_json(self) -> dict[str, Any]:
        """One object; seconds, actions a second and ``by_action`` tell of the machine, the rest of the office."""
        return {
            "stock_start": self.stock_start,
            "stock_end": self.stock_end,
            "weeks": [week.as_json() for week in self.weeks],
            "actions": self.actions,
            "seconds": round(self.seconds, 1),
            "actions_a_second": round(self.actions / self.seconds, 1) if self.seconds else 0,
            "by_action": {name: asdict(cost) for name, cost in sorted(self.by_action.items())},
        }


@dataclass(slots=True)
class Cost:
    """How often an action was called, for how many things in all, and the seconds it took."""

    calls: int = 0
    things: int = 0
    seconds: float = 0.0


class Ledger:
    """Counts what the replay did, week by week."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._counts: Counter[str] = Counter()
        self._hours = 0.0
        self._starts: date | None = None
        self.weeks: list[Week] = []

    def count(self, what: str, many: int = 1) -> None:
        """One more of what is counted."""
        self._counts[what] += many

    def work(self, minutes: float) -> None:
        """Minutes that somebody had for files."""
        self._hours += minutes / 60

    def so_far(self) -> tuple[dict[str, int], float]:
        """What was counted of the week under way, and its hours at files."""
        return dict(self._counts), self._hours

    def begin(self, day: date) -> None:
        """A new week; the one before is closed."""
        self.end()
        self._starts = day

    def end(self) -> None:
        """Close the week under way."""
        if self._starts is None:
            return
        counts = {name: self._counts[name] for name in COUNTED}
        self.weeks.append(Week(self._starts, stock(self._office), waiting(self._office), counts, self._hours))
        self._counts, self._hours, self._starts = Counter(), 0.0, None


def stock(office: Office) -> int:
    """The files of an office of which nothing is decided."""
    return CaseFile.objects.undecided().filter(office=office).count()


def waiting(office: Office) -> int:
    """The cards that wait for their persons."""
    return Permit.objects.filter(office=office, state=CardState.IN_STOCK).count()


def faults(stock_start: int, cards_start: int, weeks: list[Week]) -> list[str]:
    """What does not add up: each week's stock and cards from those before and the flows; empty when all does."""
    found = []
    files, cards = stock_start, cards_start
    for week in weeks:
        flows = week.counts
        files += flows["opened"] - flows["decided"] - flows["closed_undecided"]
        cards += flows["cards_received"] - flows["cards_handed_over"] - flows["cards_returned"]
        if files != week.stock:
            found.append(f"{week.starts}: {week.stock} files, {files} by the flows")
        if cards != week.cards_waiting:
            found.append(f"{week.starts}: {week.cards_waiting} cards, {cards} by the flows")
    return found
