"""Set the rules of booking at an office, how the seats of a procedure are given, and how people come for it."""

from datetime import date, datetime
from typing import Any

from parvis.booking.actions import freeing
from parvis.booking.actions.slots import fill_up, lock_capacity
from parvis.booking.errors import PolicyImpossible
from parvis.booking.models import AllocationRule, BookingPolicy, Slot
from parvis.booking.rules.limits import BOUNDS, check_allocation, check_policy
from parvis.booking.rules.plans import falls_back_at
from parvis.common import clock, live
from parvis.common.database import action
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.errors import InThePast
from parvis.offices.models import Office
from parvis.procedures import actions as procedures
from parvis.procedures.models import AccessMode, Procedure


@action(constraints={"policy_release_delay_in_order": PolicyImpossible, "policy_holds_are_short": PolicyImpossible})
def change_policy(office: Office, *, by: Actor, **fields: int) -> BookingPolicy:
    """Set the rules of booking; what is not named stays. Slots up to a longer horizon are made at once.

    Shares that have already fallen back stay with everybody. Raises ``PolicyImpossible``.
    """
    now = clock.now()
    lock_capacity(office)
    policy = BookingPolicy.objects.get(office=office)
    before = {name: getattr(policy, name) for name in BOUNDS}
    check_policy({**before, **fields})
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if not changed:
        return policy
    for name, value in changed.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(changed))
    was = {name: before[name] for name in changed}
    journal.record("booking_policy.changed", policy, by=by, at=now, office=office.pk, before=was, after=changed)
    if "fallback_days" in changed:
        _fall_back_anew(office, policy, now=now)
    fill_up(office, until=None, by=by, now=now)
    live.changed(f"booking:{office.pk}")
    return policy


def _fall_back_anew(office: Office, policy: BookingPolicy, *, now: datetime) -> None:
    """The slots ahead whose shares are still kept take the new day on which they fall back."""
    slots = list(Slot.objects.filter(line__office=office, falls_back_at__gt=now).order_by("pk"))
    for slot in slots:
        slot.falls_back_at = falls_back_at(slot.day, policy)
    Slot.objects.bulk_update(slots, ["falls_back_at"], batch_size=2000)


@action()
def change_allocation(
    office: Office, procedure: Procedure, *, allocation: str, valid_from: date, by: Actor, **fields: int
) -> AllocationRule:
    """Give the seats of a procedure at once or by draw from a day on; the days before stay as they were.

    Seats that were kept for a draw which no longer comes are free again after a random delay.

    Raises ``PolicyImpossible``, ``InThePast``.
    """
    now = clock.now()
    lock_capacity(office)
    if valid_from < clock.today():
        raise InThePast
    rows = AllocationRule.objects.filter(office=office, procedure=procedure)
    former = rows.filter(valid_from__lte=valid_from).order_by("-valid_from").first()
    check_allocation(allocation, fields)
    values: dict[str, Any] = {"allocation": allocation, **fields}
    rule, _new = rows.update_or_create(
        valid_from=valid_from, defaults=values, create_defaults={**values, "office": office, "procedure": procedure}
    )
    before = former.allocation if former else "immediate"
    facts = {"procedure": procedure.code, "before": before, "after": allocation, **fields}
    journal.record("allocation.changed", rule, by=by, at=now, office=office.pk, valid_from=valid_from.isoformat(),
                   **facts)  # fmt: skip
    freeing.free_what_no_draw_gives(office)
    live.changed(f"booking:{office.pk}")
    return rule


@action()
def change_access(office: Office, procedure: Procedure, *, mode: str, valid_from: date, by: Actor) -> AccessMode:
    """Receive people for a procedure without an appointment, with or without, or with one only, from a day on.

    What it does to walk-ins, seats and waits is ``queries.preview_access``. Raises what
    ``procedures.actions.change_access`` raises.
    """
    row = procedures.change_access(procedure, mode=mode, valid_from=valid_from, by=by)
    live.changed(f"booking:{office.pk}")
    return row
