"""What every part of a replay shares: the office, its roster, its catalogue, the ledger, and who is to come when."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import ParamSpec, TypeVar

from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.offices.rules import public_holiday
from parvis.procedures.models import Procedure
from parvis.rehearsal.draws import stream
from parvis.rehearsal.replay.ledger import Cost, Ledger
from parvis.rehearsal.replay.plan import Plan
from parvis.rehearsal.replay.roster import Roster

P = ParamSpec("P")
R = TypeVar("R")

SATURDAY = 6


@dataclass(slots=True)
class Stage:
    """One office during one replay. The ``due`` lists say who comes, or what arrives, on which day."""

    plan: Plan
    office: Office
    roster: Roster
    procedures: dict[str, Procedure]
    lines: dict[str, Line]
    ledger: Ledger
    costs: dict[str, Cost] = field(default_factory=dict)
    completions: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    renewals: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    deliveries: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    visits: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    _opens: dict[tuple[str, date], date] = field(default_factory=dict)

    def chance(self, purpose: str) -> Random:
        """Random numbers of one purpose; the two replays that are compared draw the same ones."""
        return stream(self.plan.seed, purpose)

    def act(self, action: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call an action; count it and what it took."""
        cost = self.costs.setdefault(getattr(action, "__name__", "action"), Cost())
        started = time.perf_counter()
        try:
            return action(*args, **kwargs)
        finally:
            cost.calls += 1
            cost.seconds += time.perf_counter() - started

    def on_many(self, name: str, many: int) -> None:
        """An action of several things at once: how many there were."""
        self.costs[name].things += many

    def next_open(self, line: str, day: date) -> date:
        """This day if people are received on it, else the next such day. The hours do not change during a replay."""
        if (line, day) not in self._opens:
            is_open = offices.hours(self.lines[line], day)
            self._opens[line, day] = day if is_open else offices.next_open_day(self.lines[line], day) or day
        return self._opens[line, day]

    def next_working(self, day: date) -> date:
        """This day if the office works on it, else the next such day."""
        while day.isoweekday() >= SATURDAY or public_holiday(day):
            day += timedelta(days=1)
        return day
