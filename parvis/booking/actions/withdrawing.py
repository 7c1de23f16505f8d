"""Take seats back, and give the people who had them another one or a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from parvis.booking.actions import freeing, moves, offers
from parvis.booking.actions.changing import REMINDER
from parvis.booking.actions.nearest import REACH, Found, SeatsLeft
from parvis.booking.actions.telling import about, tell_person
from parvis.booking.models import Appointment, Seat
from parvis.booking.queries import capacity
from parvis.booking.states import (
    FLEETING,
    TAKEN,
    CancelReason,
    SeatState,
    Status,
)
from parvis.common import live
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.messages import actions as messages
from parvis.offices.models import Office


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was withdrawn: seats, people given another hour, people asked to choose, forms that must start again."""

    seats: int = 0
    rebooked: int = 0
    told: int = 0
    expired: int = 0

    @property
    def people(self) -> int:
        """Everybody who lost a seat."""
        return self.rebooked + self.told + self.expired

    def __add__(self, other: "Withdrawn") -> "Withdrawn":
        return Withdrawn(
            self.seats + other.seats,
            self.rebooked + other.rebooked,
            self.told + other.told,
            self.expired + other.expired,
        )


def withdraw(slots: Sequence[int], *, office: Office, by: Actor, reason: str, now: datetime) -> Withdrawn:
    """Take back every seat of these slots; each person gets the nearest other hour, or is told to choose.

    Inside the caller's action, under ``lock_capacity``. Whoever is booking at this instant finishes first and is then
    counted among the people; whoever comes later finds nothing free. ``reason`` is a code for the journal.
    """
    if not slots:
        return Withdrawn()
    idle = Seat.objects.filter(slot__in=slots).exclude(state__in=[*TAKEN, SeatState.WITHDRAWN])
    seats = take_back(idle, by=by, now=now)
    found = displace(Seat.objects.filter(slot__in=slots), by=by, now=now)
    # Once more: what was being given back at this instant was not free yet.
    found += Withdrawn(seats=seats + take_back(idle, by=by, now=now))
    record(found, office=office, by=by, reason=reason, now=now)
    return found


def record(found: Withdrawn, *, office: Office, by: Actor, reason: str, now: datetime) -> None:
    """Write down what was withdrawn, if anything was."""
    if not (found.seats or found.people):
        return
    facts = {"seats": found.seats, "rebooked": found.rebooked, "told": found.told, "expired": found.expired}
    journal.record("seat.withdrawn", office, by=by, at=now, office=office.pk, reason=reason, **facts)
    live.changed(f"booking:{office.pk}")


def take_back(idle: QuerySet[Seat], *, by: Actor, now: datetime) -> int:
    """Withdraw the seats of a query that nobody has; how many.

    What was proposed to somebody is not proposed any more, and they are told; the other seats of that visit are
    proposed to the next person.
    """
    rows = idle.order_by("pk").select_for_update(of=("self",), no_key=True)
    keys = [seat.pk for seat in rows]
    left = offers.take_from_them(keys, by=by, now=now)
    done = Seat.objects.filter(pk__in=keys).update(state=SeatState.WITHDRAWN, available_from=None)
    offers.propose_each(left, now=now)
    return done


def displace(lost: QuerySet[Seat], *, by: Actor, now: datetime) -> Withdrawn:
    """Take people from these seats, the earliest hour first, and find each another one."""
    gone = set(lost.order_by("pk").values_list("pk", flat=True))
    people = _still_expected(capacity.expected(seats=lost), gone)
    done = Withdrawn()
    if not people:
        return done
    left = SeatsLeft(people[0][0].office, until=people[-1][0].starts_at + REACH, now=now)
    for appointment, seats in people:
        done += _displace(appointment, [seat.pk for seat in seats if seat.pk in gone], left, by=by, now=now)
        freeing.free([seat for seat in seats if seat.pk not in gone], now=now, procedure=appointment.procedure)
    return done


def _still_expected(people: Sequence[Appointment], gone: set[int]) -> list[tuple[Appointment, list[Seat]]]:
    """Lock these people and their seats; whoever cancelled or moved meanwhile has nothing to lose any more."""
    keys = [one.pk for one in people]
    rows = Appointment.objects.filter(pk__in=keys).order_by("pk").select_related("procedure", "line", "office")
    now_locked = rows.prefetch_related("booked__procedure").select_for_update(of=("self",), no_key=True)
    locked = {one.pk: one for one in now_locked}
    held: dict[int | None, list[Seat]] = {}
    seats = Seat.objects.filter(appointment__in=keys).select_related("slot__line__office").order_by("pk")
    for seat in seats.select_for_update(of=("self",), no_key=True):
        held.setdefault(seat.appointment_id, []).append(seat)
    still = [locked[one.pk] for one in people if locked[one.pk].state in capacity.EXPECTED]
    return [(one, held[one.pk]) for one in still if any(seat.pk in gone for seat in held.get(one.pk, []))]


def _displace(appointment: Appointment, lost: list[int], left: SeatsLeft, *, by: Actor, now: datetime) -> Withdrawn:
    taken_back = {"state": SeatState.WITHDRAWN, "appointment": None, "available_from": None}
    Seat.objects.filter(pk__in=lost).update(**taken_back)
    if appointment.state in FLEETING:
        moves.become(appointment, Status.EXPIRED, ended_at=now)
        _record("appointment.expired", appointment, by=by, now=now, reason="seat_withdrawn")
        return Withdrawn(seats=len(lost), expired=1)
    if found := left.take(appointment):
        _seat_again(appointment, found, by=by, now=now)
        return Withdrawn(seats=len(lost), rebooked=1)
    reason = CancelReason.SEAT_WITHDRAWN
    before = timezone.localtime(appointment.starts_at).isoformat()
    fields = {"cancel_reason": reason, "ended_at": now, "sequence": appointment.sequence + 1}
    moves.become(appointment, Status.CANCELLED, **fields)
    starts_at = appointment.starts_at.isoformat()
    _record("appointment.cancelled", appointment, by=by, now=now, reason=str(reason), starts_at=starts_at)
    _forget_reminders(appointment)
    tell_person(appointment, "booking.seat_withdrawn", now=now, before=before)
    return Withdrawn(seats=len(lost), told=1)


def _seat_again(appointment: Appointment, found: Found, *, by: Actor, now: datetime) -> None:
    before, after = appointment.starts_at, found.starts_at
    given = {"state": SeatState.BOOKED, "appointment": appointment, "available_from": None}
    Seat.objects.filter(pk__in=found.seats).update(**given)
    appointment.day, appointment.starts_at, appointment.minutes = found.day, after, found.minutes
    appointment.sequence += after != before
    appointment.save(update_fields=["day", "starts_at", "minutes", "sequence"])
    if after == before:
        return
    _record("appointment.moved", appointment, by=by, now=now, reason="seat_withdrawn",
            before=before.isoformat(), starts_at=after.isoformat())  # fmt: skip
    _forget_reminders(appointment)
    told = timezone.localtime(before).isoformat()
    tell_person(appointment, "booking.moved_by_office", now=now, before=told)


def _record(what: str, appointment: Appointment, *, by: Actor, now: datetime, **facts: object) -> None:
    said = {"line": appointment.line.code, "procedure": appointment.procedure.code}
    moves.record(what, appointment, by=by, now=now, **said, **facts)


def _forget_reminders(appointment: Appointment) -> None:
    messages.cancel(about(appointment), kinds=[REMINDER])
