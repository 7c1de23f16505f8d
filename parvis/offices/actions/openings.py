"""Change when the office opens."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta

from parvis.common import clock, live
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices import queries, rules
from parvis.offices.errors import OpeningsOverlap
from parvis.offices.models import Closure, Line, Office, OpeningWindow
from parvis.offices.rules import Hours, OpeningPlan


@action(constraints={"opening_windows_apart": OpeningsOverlap})
def change_opening(
    line: Line,
    *,
    weekday: int,
    hours: Sequence[tuple[time, time]],
    valid_from: date,
    by: Actor,
    reason: Mapping[str, str] | None = None,
) -> OpeningPlan:
    """Open the line at these hours on this weekday (1 is Monday) from a day on; no hours means closed. What was done.

    History is kept: old windows get a last day, none is rewritten. ``reason``, by language, is what the public is told
    on the days that become closed. Changing nothing writes nothing. Raises ``InvalidHours`` and ``InThePast``.
    """
    now = clock.now()
    line = lock(Line, line.pk)
    plan = queries.plan_opening_change(line, weekday=weekday, hours=hours, valid_from=valid_from)
    if plan.changes_nothing:
        return plan
    last_day = valid_from - timedelta(days=1)
    told = dict(reason or {}) if not plan.after else {}
    _end(plan.ends, valid_to=last_day, told=told)
    for window in plan.withdrawn:
        _end([window], valid_to=window.valid_from - timedelta(days=1), told=told)
    OpeningWindow.objects.bulk_create(
        OpeningWindow(line=line, weekday=weekday, opens=opens, closes=closes, valid_from=valid_from)
        for opens, closes in plan.starts
    )
    journal.record(
        "opening.changed",
        line,
        by=by,
        at=now,
        office=line.office_id,
        weekday=weekday,
        valid_from=valid_from.isoformat(),
        before=_written(plan.before),
        after=_written(plan.after),
        ended=[window.pk for window in plan.ends],
        withdrawn=[window.pk for window in plan.withdrawn],
    )
    live.changed(f"office:{line.office_id}", lines=[line.pk])
    return plan


@action()
def close_exceptionally(
    office: Office, day: date, *, lines: Iterable[Line] = (), reason: Mapping[str, str], by: Actor
) -> Closure:
    """Close these lines of the office, or all when none is named, on one day; ``reason`` by language is shown.

    Raises ``InThePast`` for a day that is over and ``AnotherOffice`` for a line of another office.
    """
    now = clock.now()
    named = list(lines)
    rules.check_not_past(day, today=clock.today())
    rules.check_of_office(named, office.pk)
    closure = Closure.objects.create(office=office, day=day, reason=dict(reason))
    closure.lines.set(named)
    reached = [line.pk for line in named]
    journal.record("closure.declared", closure, by=by, at=now, office=office.pk, day=day.isoformat(), lines=reached)
    live.changed(f"office:{office.pk}", lines=reached)
    return closure


@action()
def cancel_closure(closure: Closure, *, by: Actor) -> None:
    """Take back an exceptional closure that is not over yet; the journal keeps both facts. Raises ``InThePast``."""
    now = clock.now()
    closure = lock(Closure, closure.pk)
    rules.check_not_past(closure.day, today=clock.today())
    reached = list(closure.lines.order_by("pk").values_list("pk", flat=True))
    day = closure.day.isoformat()
    journal.record("closure.cancelled", closure, by=by, at=now, office=closure.office_id, day=day, lines=reached)
    live.changed(f"office:{closure.office_id}", lines=reached)
    closure.delete()


def _end(windows: Iterable[OpeningWindow], *, valid_to: date, told: dict[str, str]) -> None:
    for window in windows:
        window.valid_to = valid_to
        window.ended_because = told
        window.save(update_fields=["valid_to", "ended_because"])


def _written(hours: Hours | Sequence[tuple[time, time]]) -> list[str]:
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in hours]
