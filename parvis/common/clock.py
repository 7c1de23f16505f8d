"""The one clock of the house: real time, or another day that runs at another pace.

``PARVIS_CLOCK`` is empty (real time), a text such as ``2017-12-11T08:30@20x``, or the path of a file that holds
such a text followed by ``since`` and the real instant at which it began. Every process that reads the same file
tells the same time; the file may be rewritten while they run.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Pace:
    """A clock that showed ``start`` at the real instant ``since`` (both aware) and runs ``rate`` times real time."""

    start: datetime
    rate: float
    since: datetime

    def at(self, real: datetime) -> datetime:
        """What this clock shows at a real instant."""
        return self.start + (real - self.since) * self.rate

    def __str__(self) -> str:
        return f"{self.start.isoformat()}@{self.rate:g}x since {self.since.isoformat()}"


_held: datetime | None = None
_begun = datetime.now(UTC)
_read: tuple[str, int, Pace | None] = ("", 0, None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    if _held is not None:
        return _held
    real = datetime.now(UTC)
    pace = _pace(settings.CLOCK) if settings.CLOCK else None
    return pace.at(real).astimezone(UTC) if pace else real


def local() -> datetime:
    """The present instant in the office's time zone."""
    return timezone.localtime(now())


def today() -> date:
    """The present day in the office's time zone."""
    return local().date()


def rate() -> float:
    """How many seconds this clock shows in a real second."""
    pace = _pace(settings.CLOCK) if settings.CLOCK else None
    return pace.rate if pace else 1.0


def parse(text: str) -> Pace:
    """Read ``DAY[T]HOUR[@RATEx][ since INSTANT]``; without a zone the day is the office's. Raises ``ValueError``."""
    shown, _, since = text.strip().partition(" since ")
    start, _, rate_text = shown.partition("@")
    return Pace(
        start=_aware(start),
        rate=float(rate_text.rstrip("x")) if rate_text else 1.0,
        since=_aware(since) if since else _begun,
    )


def write(path: Path, *, start: datetime, rate: float) -> None:
    """Set the clock that several processes share: from now on it shows ``start`` and runs at ``rate``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(str(Pace(start=start, rate=rate, since=datetime.now(UTC))))
    draft.replace(path)


@contextlib.contextmanager
def held(instant: datetime) -> Iterator[None]:
    """Hold this process's clock at an instant: tests, and days whose events drive the clock."""
    before = _held
    hold(instant)
    try:
        yield
    finally:
        hold(before)


def hold(instant: datetime | None) -> None:
    """Hold this process's clock at an aware instant, or let it run again with None."""
    global _held  # noqa: PLW0603 - the process has one clock
    _held = instant.astimezone(UTC) if instant else None


def at(day: date, hour: str) -> datetime:
    """The instant of ``hour`` ("HH:MM") on a day of the office, in UTC.

    In UTC, because Python subtracts two times of one zone by the face of the clock: an hour off across a change.
    """
    return timezone.make_aware(datetime.fromisoformat(f"{day.isoformat()}T{hour}")).astimezone(UTC)


def sleep_until(instant: datetime) -> None:
    """Wait, in real time, until the clock shows ``instant``."""
    while (left := (instant - now()).total_seconds()) > 0:
        time.sleep(min(left / rate(), timedelta(seconds=1).total_seconds()))


def _pace(text: str) -> Pace | None:
    """The pace that the setting names, read again when the file changes."""
    global _read  # noqa: PLW0603 - the last reading is kept, this is asked at every action
    if "@" in text or not text.startswith(("/", ".")):
        if _read[0] != text:
            _read = (text, 0, parse(text))
        return _read[2]
    try:
        changed = os.stat(text).st_mtime_ns
    except FileNotFoundError:
        return None
    if _read[:2] != (text, changed):
        _read = (text, changed, parse(Path(text).read_text()))
    return _read[2]


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def office_day(instant: datetime) -> date:
    """The day of an instant in the office's time zone."""
    return timezone.localtime(instant).date()
