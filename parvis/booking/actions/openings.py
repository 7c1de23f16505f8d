"""Change when the office opens, and see to the people whose seat goes with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import NamedTuple

from parvis.booking.actions.slots import fill_up, lock_capacity
from parvis.booking.actions.withdrawing import Withdrawn, withdraw
from parvis.booking.queries import capacity
from parvis.common import clock
from parvis.common.database import action
from parvis.journal.actions import Actor
from parvis.offices import actions as offices
from parvis.offices.models import Closure, Line, Office
from parvis.offices.rules import OpeningPlan


class OpeningChanged(NamedTuple):
    """The hours as they were changed, and what became of the seats."""

    plan: OpeningPlan
    withdrawn: Withdrawn


class Closed(NamedTuple):
    """A closure, and what became of the seats."""

    closure: Closure
    withdrawn: Withdrawn


@action()
def change_opening(
    line: Line,
    *,
    weekday: int,
    hours: Sequence[tuple[time, time]],
    valid_from: date,
    by: Actor,
    reason: Mapping[str, str] | None = None,
) -> OpeningChanged:
    """Change the hours of a line as ``offices`` does; seats outside them are withdrawn, seats inside them made.

    Raises what ``offices.actions.change_opening`` raises.
    """
    now = clock.now()
    lock_capacity(line.office)
    plan = offices.change_opening(line, weekday=weekday, hours=hours, valid_from=valid_from, by=by, reason=reason)
    if plan.changes_nothing:
        return OpeningChanged(plan, Withdrawn())
    # The hours that are new first: whoever loses an old one may find the nearest there.
    fill_up(line.office, until=None, by=by, now=now)
    lost = capacity.slots_hit_by_opening_change(line, weekday=weekday, hours=hours, valid_from=valid_from)
    done = withdraw([slot.pk for slot in lost], office=line.office, by=by, reason="opening", now=now)
    return OpeningChanged(plan, done)


@action()
def close_exceptionally(
    office: Office, day: date, *, lines: Iterable[Line] = (), reason: Mapping[str, str], by: Actor
) -> Closed:
    """Close these lines, or all, on one day as ``offices`` does, and withdraw the seats of that day.

    Raises what ``offices.actions.close_exceptionally`` raises.
    """
    now = clock.now()
    named = list(lines)
    lock_capacity(office)
    closure = offices.close_exceptionally(office, day, lines=named, reason=reason, by=by)
    lost = capacity.hit_by_closure(office, named, day).slots
    return Closed(closure, withdraw(lost, office=office, by=by, reason="closure", now=now))


@action()
def cancel_closure(closure: Closure, *, by: Actor) -> None:
    """Take back a closure as ``offices`` does; the seats of that day come back, free. Raises ``InThePast``."""
    office = closure.office
    lock_capacity(office)
    offices.cancel_closure(closure, by=by)
    fill_up(office, until=None, by=by, now=clock.now())
