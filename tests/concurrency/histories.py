"""Was what many hands saw possible one after the other? A Wing-Gong-Lowe check of one slot's history.

The object is a slot with so many free seats. Every operation has the instants of its call and of its answer; it must
have happened at one instant between them. The search keeps what it has tried: which operations are done, and how many
seats were left then. What is shown as free is no part of it: a seat that somebody is just taking may still be shown
while another is told that the slot is full; a seat is had by booking it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Seen(StrEnum):
    """What an operation answered."""

    BOOKED = "booked"
    FULL = "full"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Operation:
    """One call and its answer, on a clock that never goes back."""

    called: float
    answered: float
    seen: Seen


def after(free: int, one: Operation) -> int | None:
    """The free seats after an operation that happens now; None when it could not have answered that."""
    match one.seen:
        case Seen.BOOKED:
            return free - 1 if free > 0 else None
        case Seen.FULL:
            return free if free == 0 else None
        case Seen.CANCELLED:
            return free + 1


def is_possible(history: Sequence[Operation], seats: int) -> bool:
    """Whether some order of the operations, each within its call and its answer, explains every answer."""
    waiting = sorted(history, key=lambda one: one.called)
    tried: set[tuple[frozenset[int], int, int]] = set()
    # Where the first operation not done yet is, those done after it, and the seats left.
    ways: list[tuple[int, frozenset[int], int]] = [(0, frozenset(), seats)]
    while ways:
        first, done, free = ways.pop()
        while first in done:
            done, first = done - {first}, first + 1
        if first == len(waiting):
            return True
        if (done, first, free) in tried:
            continue
        tried.add((done, first, free))
        # Nothing may happen later than the earliest answer of what is not done.
        latest = float("inf")
        for place in range(first, len(waiting)):
            one = waiting[place]
            if one.called > latest:
                break
            if place in done:
                continue
            latest = min(latest, one.answered)
        for place in range(first, len(waiting)):
            one = waiting[place]
            if one.called > latest:
                break
            if place not in done and (left := after(free, one)) is not None:
                ways.append((first, done | {place}, left))
    return False
