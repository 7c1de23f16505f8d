"""Say how many seats are made, when, and for whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from parvis.booking.actions.slots import fill_up, lock_capacity
from parvis.booking.actions.withdrawing import Withdrawn, displace, record, take_back, withdraw
from parvis.booking.errors import PlanOverlaps
from parvis.booking.models import CapacityPlan, Seat, Share, Slot
from parvis.booking.queries import capacity
from parvis.booking.rules import plans
from parvis.booking.rules.plans import Draft, Part
from parvis.booking.states import TAKEN, SeatState
from parvis.common import clock, live
from parvis.common.database import action
from parvis.common.errors import IllegalMove
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.errors import InThePast
from parvis.offices.models import Line, Office

_OVERLAPS = {"plan_one_of_a_name_a_day": PlanOverlaps}
_WEEKDAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}


@action(constraints=_OVERLAPS)
def add_plan(line: Line, draft: Draft, *, by: Actor) -> CapacityPlan:
    """Make seats on a weekday from a day on, and at once those up to the horizon.

    Raises ``PlanImpossible``, ``PlanOverlaps``, ``InThePast``.
    """
    now = clock.now()
    plans.check(draft)
    if draft.valid_from < clock.today():
        raise InThePast
    lock_capacity(line.office)
    plan = _write(line, draft)
    _record(plan, draft, before=None, by=by, now=now)
    fill_up(line.office, until=None, by=by, now=now)
    return plan


@action(constraints=_OVERLAPS)
def change_plan(plan: CapacityPlan, draft: Draft, *, by: Actor) -> Withdrawn:
    """Replace a plan by another from ``draft.valid_from`` on; what became of the people who lost their seat.

    The old plan keeps its days before. At the same hour and length people keep their seat: free ones go first. The
    new one ends with the old one unless it says otherwise. Raises ``PlanImpossible``, ``PlanOverlaps``, ``InThePast``,
    and ``IllegalMove`` for a plan that somebody has ended meanwhile.
    """
    now = clock.now()
    office = plan.line.office
    if draft.valid_from < clock.today():
        raise InThePast
    lock_capacity(office)
    plan = CapacityPlan.objects.select_related("line").get(pk=plan.pk)
    if plan.valid_to is not None and plan.valid_to < draft.valid_from:
        raise IllegalMove
    before = plans.facts_of(Draft.of(plan, plan.shares.order_by("pk")))
    # First the free seats: nobody may book what is about to go while it is decided.
    _still(plan, draft.valid_from)
    change = capacity.plan_change(plan, draft)
    _end(plan, change.first_day - timedelta(days=1))
    new = _write(plan.line, draft)
    _rewrite(change, new, by=by, now=now)
    # The new hours first: most people lose an hour of the old plan and find the nearest one in the new one.
    fill_up(office, until=None, by=by, now=now)
    done = withdraw(change.hit.slots, office=office, by=by, reason="plan", now=now)
    done += _drop(change, office, by=by, now=now)
    _record(new, draft, before=before, by=by, now=now)
    live.changed(f"booking:{office.pk}")
    return done


@action()
def end_plan(plan: CapacityPlan, *, last_day: date, by: Actor) -> Withdrawn:
    """Make no seat of this plan after a day; what became of the people who lost theirs. Raises ``InThePast``."""
    now = clock.now()
    office = plan.line.office
    if last_day < clock.today() - timedelta(days=1):
        raise InThePast
    lock_capacity(office)
    plan = CapacityPlan.objects.select_related("line").get(pk=plan.pk)
    _end(plan, max(last_day, plan.valid_from - timedelta(days=1)))
    done = withdraw(capacity.hit_by_plan_end(plan, last_day).slots, office=office, by=by, reason="plan", now=now)
    facts = {"line": plan.line.code, "name": plan.name, "day": last_day.isoformat(), "weekday": plan.weekday}
    journal.record("plan.ended", plan, by=by, at=now, office=office.pk, **facts)
    return done


@action(constraints=_OVERLAPS)
def load_plans(data: Mapping[str, Sequence[Mapping[str, Any]]], *, by: Actor) -> int:
    """Write the plans of a file that are not there yet; how many. Slots are made by ``make_slots``.

    A plan is known by its line, name, weekday, hour and first day: what the office has changed since stays changed.
    """
    new = 0
    for row in data["plan"]:
        line = Line.objects.select_related("office").get(office__code=row["office"], code=row["line"])
        lock_capacity(line.office)
        for draft in drafts_of(row):
            plans.check(draft)
            key = {"name": draft.name, "weekday": draft.weekday, "starts": draft.starts}
            if line.capacity_plans.filter(**key, valid_from=draft.valid_from).exists():
                continue
            plan = _write(line, draft)
            new += 1
            _record(plan, draft, before=None, by=by, now=clock.now())
    return new


def drafts_of(row: Mapping[str, Any]) -> Iterable[Draft]:
    """The plans that one row of the data means: one for each weekday and stretch of hours."""
    for weekday, hours in row["week"].items():
        for span in hours:
            starts, ends = (time.fromisoformat(hour) for hour in span.split("-"))
            yield Draft(
                name=row["name"],
                weekday=_WEEKDAYS[weekday],
                starts=starts,
                ends=ends,
                slot_minutes=row["minutes"],
                seats=row["seats"],
                accepts=tuple(row.get("accepts", ())),
                parts=tuple(Part(**part) for part in row.get("shares", ())),
                valid_from=row["valid_from"],
                valid_to=row.get("valid_to"),
            )


def _write(line: Line, draft: Draft) -> CapacityPlan:
    plan = CapacityPlan.objects.create(line=line, **draft.columns)
    Share.objects.bulk_create(
        Share(plan=plan, audience=part.audience, channel=part.channel, seats=part.seats) for part in draft.parts
    )
    return plan


def _record(plan: CapacityPlan, draft: Draft, *, before: Mapping[str, Any] | None, by: Actor, now: datetime) -> None:
    facts = {**plans.facts_of(draft), "line": plan.line.code, "before": before}
    journal.record("plan.changed", plan, by=by, at=now, office=plan.line.office_id, **facts)


def _end(plan: CapacityPlan, last_day: date) -> None:
    plan.valid_to = last_day if plan.valid_to is None else min(last_day, plan.valid_to)
    plan.save(update_fields=["valid_to"])


def _still(plan: CapacityPlan, day: date) -> None:
    """Lock the free seats of the slots ahead: a booking under way ends first, the next one finds them taken."""
    slots = capacity.slots_ahead(plan=plan, day__gte=day).values("pk")
    rows = Seat.objects.filter(slot__in=slots).exclude(state__in=[*TAKEN, SeatState.WITHDRAWN])
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def _rewrite(change: capacity.PlanChange, new: CapacityPlan, *, by: Actor, now: datetime) -> None:
    """The slots whose hour stays belong to the new plan, with its pools and its number of seats.

    What nobody has goes at once, for good: a seat that its plan does not have is not one that a closure withdrew.
    """
    idle = Seat.objects.filter(pk__in=change.dropped).exclude(state__in=TAKEN)
    take_back(idle, by=by, now=now)
    Seat.objects.filter(pk__in=change.dropped, state=SeatState.WITHDRAWN).delete()
    regrouped = []
    for one in change.kept:
        for seat, (audience, channel) in one.pools:
            seat.audience, seat.channel = audience, channel
            regrouped.append(seat)
    Seat.objects.bulk_update(regrouped, ["audience", "channel"], batch_size=2000)
    Seat.objects.bulk_create(
        Seat(slot=one.slot, number=number, audience=audience, channel=channel)
        for one in change.kept
        for number, (audience, channel) in one.added
    )
    Slot.objects.filter(pk__in=[one.slot.pk for one in change.kept]).update(plan=new, accepts=new.accepts)


def _drop(change: capacity.PlanChange, office: Office, *, by: Actor, now: datetime) -> Withdrawn:
    """The taken seats that the new plan does not have: their people get another hour, the seats go."""
    left = Seat.objects.filter(pk__in=change.dropped)
    done = displace(left, by=by, now=now)
    left.filter(appointment=None).delete()
    found = done + Withdrawn(seats=len(change.dropped) - done.seats)
    record(found, office=office, by=by, reason="plan", now=now)
    return found
