"""How figures are counted: pure functions of what the journal says."""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which ``share`` of an ascending sequence lies, between two ranks by linear interpolation.

    Rank of the value: ``share * (n - 1)``, the first being 0 (definition 7 of Hyndman and Fan, that of most software).
    """
    if not ordered:
        return 0.0
    rank = share * (len(ordered) - 1)
    below = math.floor(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (rank - below)


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits in minutes, to one decimal; all 0 when nobody was called."""

    mean: float
    p50: float
    p90: float
    max: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Waits":
        """The figures of some waits in seconds."""
        ordered = sorted(value / 60 for value in seconds)
        if not ordered:
            return cls(0.0, 0.0, 0.0, 0.0)
        mean = sum(ordered) / len(ordered)
        return cls(
            round(mean, 1),
            round(percentile(ordered, 0.5), 1),
            round(percentile(ordered, 0.9), 1),
            round(ordered[-1], 1),
        )


@dataclass(slots=True)
class Overtaking:
    """The longest overtaking on one line, followed event by event in the order of the journal.

    A person overtakes another when they are called first on the line although their reference time is later. How
    much: the difference of the two reference times. A person waits from the moment they join the line until their
    first call there or their departure; who was absent at their call no longer counts as overtaken.
    The reference times of those who wait are kept in a heap: n events cost n log n.
    """

    longest: float = 0.0
    _waiting: dict[int, datetime] = field(default_factory=dict)
    _heap: list[tuple[datetime, int]] = field(default_factory=list)

    def joins(self, ticket: int, reference: datetime) -> None:
        """Somebody begins to wait on the line."""
        self._waiting[ticket] = reference
        heapq.heappush(self._heap, (reference, ticket))

    def leaves(self, ticket: int) -> None:
        """Somebody no longer waits."""
        self._waiting.pop(ticket, None)

    def called(self, ticket: int) -> None:
        """Somebody is called: the first call on the line measures whom they overtake."""
        reference = self._waiting.pop(ticket, None)
        if reference is None:
            return
        while self._heap and self._waiting.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        if self._heap:
            self.longest = max(self.longest, (reference - self._heap[0][0]).total_seconds() / 60)


@dataclass(slots=True)
class OpenTime:
    """How long one counter was open, breaks apart, followed event by event."""

    seconds: float = 0.0
    _since: datetime | None = None

    def opens(self, at: datetime) -> None:
        """The counter opens, or its agent is back from a break."""
        if self._since is None:
            self._since = at

    def closes(self, at: datetime) -> None:
        """The counter closes, or its agent takes a break."""
        if self._since is not None:
            self.seconds += (at - self._since).total_seconds()
            self._since = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """A wait as it was told on arrival (half wait less than ``low``, nine in ten less than ``high``) and as it was."""

    low: float
    high: float
    waited: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Were the ranges told right? Shares should be near 0.5 and 0.9; errors are in minutes, waited minus ``low``."""

    forecasts: int
    share_within_low: float
    share_within_high: float
    mean_error_minutes: float
    mean_absolute_error_minutes: float

    @classmethod
    def of(cls, forecasts: Sequence[Forecast]) -> "Calibration":
        """The calibration of some forecasts in seconds; all 0 without any."""
        count = len(forecasts)
        if not count:
            return cls(0, 0.0, 0.0, 0.0, 0.0)
        errors = [(one.waited - one.low) / 60 for one in forecasts]
        return cls(
            forecasts=count,
            share_within_low=round(sum(one.waited <= one.low for one in forecasts) / count, 3),
            share_within_high=round(sum(one.waited <= one.high for one in forecasts) / count, 3),
            mean_error_minutes=round(sum(errors) / count, 1),
            mean_absolute_error_minutes=round(sum(map(abs, errors)) / count, 1),
        )
