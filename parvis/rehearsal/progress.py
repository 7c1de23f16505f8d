"""How far a rehearsed day has come, on the error stream: a line that redraws itself, or one line an hour."""

from datetime import datetime, timedelta
from typing import TextIO

from django.utils import timezone

from parvis.rehearsal.agenda import EventsDriveClock

WIDTH = 30


class ShownProgress(EventsDriveClock):
    """Events drive the clock, and the way from opening to closing is shown."""

    def __init__(self, stream: TextIO, start: datetime, end: datetime) -> None:
        self._stream = stream
        self._start, self._end = start, end
        self._next = start

    def reach(self, instant: datetime) -> None:
        super().reach(instant)
        if instant >= self._next:
            self._show(instant)

    def finish(self) -> None:
        """Leave the line."""
        if self._stream.isatty():
            self._stream.write("\n")

    def _show(self, instant: datetime) -> None:
        share = min(1.0, (instant - self._start) / (self._end - self._start))
        local = f"{timezone.localtime(instant):%H:%M}"
        if self._stream.isatty():
            done = round(share * WIDTH)
            self._stream.write(f"\r{local} [{'█' * done}{'·' * (WIDTH - done)}] {share:4.0%}")
            self._next = instant + timedelta(minutes=2)
        else:
            self._stream.write(f"{local} {share:.0%}\n")
            self._next = instant + timedelta(hours=1)
        self._stream.flush()
