"""The draw itself: pure functions of plain values, which know no database. ``verify_draw.py`` is the second program.

What is published of a batch is one document, and everything in it can be recomputed from its own content:

1. ``commitment`` = SHA-256 of the seed; published when the batch opens.
2. ``digest`` = SHA-256 of the closed list in canonical JSON (``canonical``); published when the batch closes.
3. ``mix`` = SHA-256 of the seed then the digest, as bytes; known once the seed is published with the result.
4. The lot of a line = HMAC-SHA-256 of its name under the mix, in hexadecimal.
5. Order: those who have lost most draws allowed less one or more go first, most losses first; then by stratum; then by
   lot. Each takes the earliest place that suits.
"""

import bisect
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

FORMAT = "parvis-draw-1"

# Strata of legal urgency, most urgent first. Days are counted from the close to the end of the permit.
COURT_ORDER, URGENT, TWO_WEEKS, ONE_MONTH, TWO_MONTHS, OTHERS = range(1, 7)
_DAYS = ((15, TWO_WEEKS), (30, ONE_MONTH), (60, TWO_MONTHS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the closed list. ``suits`` are half-days (``1am`` is Monday morning), all when empty.

    ``since`` is the first day on which the person may file, empty when any will do.
    """

    line: str
    lost: int = 0
    stratum: int = OTHERS
    suits: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A time at which one person can be received. ``at`` is the office's own time (``2018-01-15T09:30``)."""

    place: str
    at: str

    @property
    def half_day(self) -> str:
        """``1am`` for a Monday morning."""
        return half_day(self.at)


def stratum(*, expires_on: date | None, ground: str, day: date) -> int:
    """How urgent a request is on the day of the close; ``ground`` is one that an agent has confirmed, or empty."""
    if ground:
        return COURT_ORDER if ground == "court_order" else URGENT
    if expires_on is None:
        return OTHERS
    left = (expires_on - day).days
    return next((found for days, found in _DAYS if left <= days), OTHERS)


def half_day(at: str) -> str:
    """The half-day of a local time: weekday (1 is Monday), then ``am`` before noon and ``pm`` from noon."""
    return f"{date.fromisoformat(at[:10]).isoweekday()}{'am' if at[11:13] < '12' else 'pm'}"


def new_seed() -> str:
    """256 bits that nobody chose."""
    return secrets.token_hex(32)


def commitment(seed: str) -> str:
    """What is published of the seed before it is known."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def line_name(commitment: str, number: str, token: str) -> str:
    """How one request is called in one batch: its person finds it, nobody else does, and no two batches share it."""
    return hashlib.sha256(f"{commitment}:{number}:{token}".encode()).hexdigest()[:32]


def closed_list(
    entries: Iterable[Entry], places: Iterable[Place], *, header: Mapping[str, Any], most_losses: int
) -> dict[str, Any]:
    """The list as it is frozen and published at the close. ``header`` says whose it is; only plain values."""
    return {
        **header,
        "format": FORMAT,
        "most_losses": most_losses,
        "requests": [
            {"line": one.line, "lost": one.lost, "since": one.since, "stratum": one.stratum, "suits": list(one.suits)}
            for one in sorted(entries, key=lambda entry: entry.line)
        ],
        "places": [{"at": one.at, "place": one.place} for one in _in_time(places)],
    }


def canonical(value: Any) -> bytes:
    """The one way to write a value as JSON: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest(frozen: Mapping[str, Any]) -> str:
    """The SHA-256 of a closed list."""
    return hashlib.sha256(canonical(frozen)).hexdigest()


def mix(seed: str, list_digest: str) -> str:
    """What the lots are drawn with: neither who holds the seed nor who makes the list can choose it alone."""
    return hashlib.sha256(bytes.fromhex(seed) + bytes.fromhex(list_digest)).hexdigest()


def lot(mixed: str, line: str) -> str:
    """The lot of one line: 256 bits, in hexadecimal; the smallest goes first in its stratum."""
    return hmac.new(bytes.fromhex(mixed), line.encode(), hashlib.sha256).hexdigest()


def is_carried(lost: int, most_losses: int) -> bool:
    """Whether one more loss would be the last one allowed."""
    return lost >= most_losses - 1


def order(entries: Iterable[Entry], *, mixed: str, most_losses: int) -> list[Entry]:
    """The order in which people choose."""

    def rank(entry: Entry) -> tuple[int, int, int, str]:
        carried = is_carried(entry.lost, most_losses)
        return (0 if carried else 1, -entry.lost if carried else 0, entry.stratum, lot(mixed, entry.line))

    return sorted(entries, key=rank)


def give(ordered: Iterable[Entry], places: Iterable[Place]) -> dict[str, str]:
    """Each in turn takes the earliest place that suits: the place of each line that got one."""
    shelves = _shelves(places)
    given: dict[str, str] = {}
    for entry in ordered:
        wanted = set(entry.suits) or shelves.keys()
        heads = [(head, shelf) for name in wanted if (shelf := shelves.get(name)) and (head := shelf.head(entry.since))]
        if heads:
            (_at, place), shelf = min(heads, key=lambda found: found[0])
            shelf.take(entry.since)
            given[entry.line] = place
    return given


def draw(frozen: Mapping[str, Any], seed: str, *, without: Sequence[str] = ()) -> dict[str, str]:
    """Draw a closed list with its seed. ``without`` are places that the office withdrew after the close."""
    entries = [Entry(**{**row, "suits": tuple(row["suits"])}) for row in frozen["requests"]]
    places = [Place(**row) for row in frozen["places"] if row["place"] not in set(without)]
    mixed = mix(seed, digest(frozen))
    return give(order(entries, mixed=mixed, most_losses=frozen["most_losses"]), places)


class _Shelf:
    """The places of one kind of half-day, in time; taken ones are stepped over in one go."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = [(one.at, one.place) for one in places]
        self.next = list(range(len(places) + 1))

    def head(self, since: str) -> tuple[str, str] | None:
        """The earliest place left from a day on."""
        index = self._left(since)
        return self.places[index] if index < len(self.places) else None

    def take(self, since: str) -> None:
        """Take that place."""
        index = self._left(since)
        self.next[index] = index + 1

    def _left(self, since: str) -> int:
        index = bisect.bisect_left(self.places, (since, "")) if since else 0
        while self.next[index] != index:
            self.next[index] = self.next[self.next[index]]
            index = self.next[index]
        return index


def _shelves(places: Iterable[Place]) -> dict[str, _Shelf]:
    by_half_day: dict[str, list[Place]] = {}
    for one in _in_time(places):
        by_half_day.setdefault(one.half_day, []).append(one)
    return {name: _Shelf(found) for name, found in by_half_day.items()}


def _in_time(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.at, place.place))
