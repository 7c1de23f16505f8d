"""Plans of seats: what can be planned, and the slots that a plan makes on a day. Values and days in, values out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from parvis.booking.errors import PlanImpossible
from parvis.booking.models import BookingPolicy, CapacityPlan, Share
from parvis.booking.states import Audience, Channel
from parvis.offices.models import Closure, OpeningWindow
from parvis.offices.rules import Span, instant, public_holiday, spans

FALL_BACK_HOUR = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Seats of each slot kept for an audience, a channel, or both."""

    seats: int
    audience: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan as somebody writes it: ``seats`` in every slot of ``slot_minutes``; ``parts`` keeps some of them."""

    name: str
    weekday: int
    starts: time
    ends: time
    slot_minutes: int
    seats: int
    valid_from: date
    valid_to: date | None = None
    accepts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @classmethod
    def of(cls, plan: CapacityPlan, shares: Iterable[Share], **changes: Any) -> "Draft":
        """What a plan says, with some of it changed."""
        kept = (Part(seats=one.seats, audience=one.audience, channel=one.channel) for one in shares)
        said: dict[str, Any] = {name: getattr(plan, name) for name in _SAID}
        return cls(**{**said, "accepts": tuple(plan.accepts), "parts": tuple(kept), **changes})

    @property
    def columns(self) -> dict[str, Any]:
        """The plan's own columns."""
        return {name: getattr(self, name) for name in _SAID} | {"accepts": list(self.accepts)}


_SAID = ("name", "weekday", "starts", "ends", "slot_minutes", "seats", "valid_from", "valid_to")
Pool = tuple[str, str]


def check(draft: Draft) -> None:
    """Raise ``PlanImpossible`` for hours, a length, seats or shares that cannot be."""
    pools = [(part.audience, part.channel) for part in draft.parts]
    possible = (
        bool(draft.name.strip())
        and 1 <= draft.weekday <= 7
        and 5 <= draft.slot_minutes <= 240
        and 1 <= draft.seats <= 200
        and minutes_between(draft.starts, draft.ends) >= draft.slot_minutes
        and (draft.valid_to is None or draft.valid_to >= draft.valid_from)
        and all(part.seats > 0 for part in draft.parts)
        and sum(part.seats for part in draft.parts) <= draft.seats
        and len(set(pools)) == len(pools)
        and ("", "") not in pools
        and all(audience in Audience.values and channel in Channel.values for audience, channel in pools)
    )
    if not possible:
        raise PlanImpossible


def minutes_between(start: time, end: time) -> int:
    """Minutes of the clock from one hour to another of the same day; negative backwards."""
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def layout(seats: int, parts: Iterable[Part | Share]) -> list[Pool]:
    """The pool (audience, channel) of each seat of a slot: those kept first, then those for everybody."""
    kept = [(part.audience, part.channel) for part in parts for _seat in range(part.seats)]
    return kept + [("", "")] * (seats - len(kept))


def holds(plan: CapacityPlan, day: date) -> bool:
    """Whether the plan makes seats on this day, opening hours aside."""
    return (
        plan.weekday == day.isoweekday() and plan.valid_from <= day and (plan.valid_to is None or day <= plan.valid_to)
    )


def starts_on(plan: CapacityPlan, day: date, opened: Sequence[Span]) -> list[datetime]:
    """When the slots of a plan begin on a day, in UTC: whole slots within the plan's hours and the line's.

    Lengths are real minutes: in the night of a clock change an hour more or less holds its slots more or less.
    """
    if not holds(plan, day):
        return []
    start, end = instant(day, plan.starts).astimezone(UTC), instant(day, plan.ends).astimezone(UTC)
    length = timedelta(minutes=plan.slot_minutes)
    inside = [(first.astimezone(UTC), last.astimezone(UTC)) for first, last in opened]
    return [
        at
        for at in (start + length * number for number in range((end - start) // length))
        if any(first <= at and at + length <= last for first, last in inside)
    ]


def fits(starts_at: datetime, minutes: int, opened: Iterable[Span]) -> bool:
    """Whether a slot lies wholly within one of these spans."""
    ends_at = starts_at.astimezone(UTC) + timedelta(minutes=minutes)
    return any(first.astimezone(UTC) <= starts_at and ends_at <= last.astimezone(UTC) for first, last in opened)


def falls_back_at(day: date, policy: BookingPolicy) -> datetime:
    """When the unused shares of a day are given to everybody: noon, so many days before."""
    return instant(day - timedelta(days=policy.fallback_days), FALL_BACK_HOUR).astimezone(UTC)


def days(first: date, last: date) -> Iterator[date]:
    """Every day between two, both included."""
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


class Calendar:
    """The hours of the lines of an office over a stretch of days, read once."""

    def __init__(self, windows: Iterable[OpeningWindow], closures: Iterable[Closure]) -> None:
        self._windows: dict[int, list[OpeningWindow]] = {}
        for window in windows:
            self._windows.setdefault(window.line_id, []).append(window)
        self._closed: set[tuple[int | None, date]] = set()
        for closure in closures:
            named = [line.pk for line in closure.lines.all()]
            self._closed |= {(pk, closure.day) for pk in (*named, *(() if named else (None,)))}

    def hours(self, line_id: int, day: date) -> list[Span]:
        """When the line receives on this day; empty on a holiday, a closure, or a day without hours."""
        if public_holiday(day) or {(None, day), (line_id, day)} & self._closed:
            return []
        return spans(self._windows.get(line_id, []), day)


def wanted(
    plans: Iterable[CapacityPlan], calendar: Calendar, first: date, last: date
) -> Iterator[tuple[CapacityPlan, date, datetime]]:
    """Every slot that these plans make between two days, both included."""
    by_weekday: dict[int, list[CapacityPlan]] = {}
    for plan in plans:
        by_weekday.setdefault(plan.weekday, []).append(plan)
    for day in days(first, last):
        for plan in by_weekday.get(day.isoweekday(), []):
            for at in starts_on(plan, day, calendar.hours(plan.line_id, day)):
                yield plan, day, at


def regrouped(taken: Sequence[Pool], free: int, pools: Sequence[Pool]) -> list[Pool]:
    """The pools of the free seats of a slot so that, with the taken ones, it comes closest to what a plan says.

    Each taken seat counts in its own pool; what the plan no longer has is not given to anybody else's pool.
    """
    left = list(pools)
    for pool in taken:
        if pool in left:
            left.remove(pool)
        elif ("", "") in left:
            left.remove(("", ""))
        elif left:
            left.pop()
    return left[:free]


def facts_of(draft: Draft) -> Mapping[str, Any]:
    """What the journal keeps of a plan."""
    return {
        "name": draft.name,
        "weekday": draft.weekday,
        "hours": f"{draft.starts:%H:%M}-{draft.ends:%H:%M}",
        "minutes": draft.slot_minutes,
        "seats": draft.seats,
        "accepts": list(draft.accepts),
        "shares": [[part.audience, part.channel, part.seats] for part in draft.parts],
        "valid_from": draft.valid_from.isoformat(),
        "valid_to": draft.valid_to.isoformat() if draft.valid_to else None,
    }
