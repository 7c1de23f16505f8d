"""The person is there, or was not."""

from datetime import date, datetime, timedelta

from django.utils import formats, timezone

from parvis.booking import queries, rules
from parvis.booking.actions import moves
from parvis.booking.errors import AlreadyBooked, NotToday, TooEarlyToCheckIn
from parvis.booking.models import Appointment
from parvis.booking.states import Status
from parvis.common import clock
from parvis.common.database import action
from parvis.journal.actions import Actor
from parvis.offices.models import Office


@action()
def check_in(appointment: Appointment, *, by: Actor, now: datetime | None = None) -> Appointment:
    """Somebody with an appointment is there; late, or counted absent before, they are still received.

    Raises ``NotToday``, ``TooEarlyToCheckIn``, and ``IllegalMove`` for an appointment that is not expected.
    """
    now = now or clock.now()
    appointment = moves.locked(appointment)
    policy = queries.policy(appointment.office)
    if appointment.state in {Status.CONFIRMED, Status.NO_SHOW}:
        _check_hour(appointment, policy.early_minutes, now)
    moves.become(appointment, Status.CHECKED_IN, ended_at=now)
    facts = {
        "line": appointment.line.code,
        "starts_at": appointment.starts_at.isoformat(),
        "minutes_late": round((now - appointment.starts_at).total_seconds() / 60, 1),
        "late": rules.is_late(appointment.starts_at, policy.late_minutes, now),
    }
    moves.record("appointment.checked_in", appointment, by=by, now=now, **facts)
    return appointment


@action(constraints={"booked_once_per_person": AlreadyBooked})
def expect_again(appointment: Appointment, *, by: Actor) -> Appointment:
    """Whoever came was not the person it was made for: its holder is expected as before.

    Raises ``AlreadyBooked`` when its holder has booked otherwise since, ``IllegalMove`` unless somebody came.
    """
    now = clock.now()
    appointment = moves.locked(appointment)
    moves.become(appointment, Status.CONFIRMED, ended_at=None)
    moves.record("appointment.expected_again", appointment, by=by, now=now, line=appointment.line.code)
    return appointment


def mark_no_shows(office: Office, day: date, *, by: Actor) -> int:
    """Count absent whoever was expected on a day, has not come, and is past the time for late people; how many."""
    limit = clock.now() - timedelta(minutes=queries.policy(office).late_minutes)
    expected = Appointment.objects.filter(office=office, day=day, state=Status.CONFIRMED, starts_at__lt=limit)
    return sum(_mark_absent(one, by=by) for one in expected.order_by("starts_at", "pk"))


@action()
def _mark_absent(appointment: Appointment, *, by: Actor) -> int:
    now = clock.now()
    appointment = moves.locked(appointment)
    if appointment.state != Status.CONFIRMED:
        return 0
    moves.become(appointment, Status.NO_SHOW, ended_at=now)
    facts = {"line": appointment.line.code, "channel": appointment.channel, "moves": appointment.moves}
    moves.record("appointment.no_show", appointment, by=by, now=now, **facts)
    return 1


def _check_hour(appointment: Appointment, early_minutes: int, now: datetime) -> None:
    starts = timezone.localtime(appointment.starts_at)
    if appointment.day != clock.office_day(now):
        day = formats.date_format(starts, "l j F Y")
        raise NotToday(day=day, hour=f"{starts:%H:%M}")
    opens = rules.opens_at(appointment.starts_at, early_minutes)
    if now < opens:
        raise TooEarlyToCheckIn(from_=f"{timezone.localtime(opens):%H:%M}")
