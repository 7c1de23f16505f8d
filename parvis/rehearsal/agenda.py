"""What is to happen and when; one agenda, two ways to live through it."""

import heapq
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from parvis.common import clock
from parvis.common.errors import BusinessError

log = logging.getLogger(__name__)


class Driver(Protocol):
    """How time passes between two events."""

    def reach(self, instant: datetime) -> None: ...


class EventsDriveClock:
    """The clock jumps to the next event: as fast as the machine."""

    def reach(self, instant: datetime) -> None:
        clock.hold(instant)


class ClockDrivesEvents:
    """Events wait for the clock: the pace of the demonstration. An event that is late happens at once."""

    def reach(self, instant: datetime) -> None:
        clock.sleep_until(instant)


@dataclass(order=True, slots=True)
class _Event:
    at: datetime
    sequence: int
    do: Callable[[], None] = field(compare=False)


class Agenda:
    """Events in order of time, then in the order in which they were planned.

    A ``tolerant`` agenda goes on when the office refuses something: beside people who click, that is ordinary.
    """

    def __init__(self, driver: Driver, *, tolerant: bool = False) -> None:
        self.driver = driver
        self._tolerant = tolerant
        self._events: list[_Event] = []
        self._sequence = itertools.count()

    def plan(self, at: datetime, do: Callable[[], None]) -> None:
        """Have something done at an instant; what lies in the past is done next."""
        heapq.heappush(self._events, _Event(at, next(self._sequence), do))

    def run(self, *, while_true: Callable[[], bool] = lambda: True) -> None:
        """Live through the events until none is left, or until told to stop."""
        while self._events and while_true():
            event = heapq.heappop(self._events)
            self.driver.reach(event.at)
            try:
                event.do()
            except BusinessError as refused:
                if not self._tolerant:
                    raise
                log.info("refused: %s", refused)
