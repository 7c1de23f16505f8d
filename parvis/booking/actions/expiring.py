"""What ends by itself: holds, codes that were never typed, and the reminder before the day."""

from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from parvis.booking.actions import holding, moves
from parvis.booking.actions.changing import REMINDER
from parvis.booking.actions.telling import tell_person
from parvis.booking.models import Appointment, BookingPolicy
from parvis.booking.states import FLEETING, Status
from parvis.common import clock
from parvis.common.database import action
from parvis.messages.models import Message

AT_ONCE = 100


def expire_due() -> int:
    """Give back the seats of every hold whose time is over; how many holds. Several workers share the work."""
    ended = 0
    while some := _expire_some():
        ended += some
    return ended


@action()
def _expire_some() -> int:
    now = clock.now()
    due = list(
        Appointment.objects.filter(state__in=sorted(FLEETING), hold_until__lte=now)
        .select_related("office", "procedure")
        .order_by("hold_until", "pk")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)[:AT_ONCE]
    )
    for appointment in due:
        holding.lapse(appointment, now=now)
    return len(due)


def remind_due() -> int:
    """Queue the reminder of every appointment that comes near, for those who booked before; how many appointments."""
    reminded = 0
    hours = dict(BookingPolicy.objects.order_by("pk").values_list("office_id", "reminder_hours"))
    usual = BookingPolicy().reminder_hours
    now = clock.now()
    told = Message.objects.filter(
        key__startswith=Concat(
            Value(f"{REMINDER}:"),
            Cast(OuterRef("pk"), CharField()),
            Value(":"),
            Cast(OuterRef("sequence"), CharField()),
        ),
        about=Concat(Value("booking.appointment:"), Cast(OuterRef("pk"), CharField())),
    )
    coming = Appointment.objects.filter(
        ~Exists(told),
        state=Status.CONFIRMED,
        starts_at__gt=now,
        starts_at__lte=now + timedelta(hours=max([usual, *hours.values()])),
    )
    for appointment in coming.order_by("starts_at", "pk"):
        reminded += _remind(appointment, timedelta(hours=hours.get(appointment.office_id, usual)))
    return reminded


@action()
def _remind(appointment: Appointment, before: timedelta) -> int:
    now = clock.now()
    appointment = moves.locked(appointment)
    due_at = appointment.starts_at - before
    if appointment.state != Status.CONFIRMED or now < due_at or (appointment.confirmed_at or now) > due_at:
        return 0
    tell_person(appointment, REMINDER, now=now)
    return 1
