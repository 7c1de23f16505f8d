"""Keep seats for somebody while they fill the form."""

from datetime import datetime, timedelta

from parvis.booking import queries, rules
from parvis.booking.actions import freeing, moves, seats
from parvis.booking.actions.guards import allow
from parvis.booking.errors import TooLateToChange
from parvis.booking.models import Appointment
from parvis.booking.rules import Wish
from parvis.booking.states import SeatState, Status
from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action
from parvis.journal.actions import SYSTEM, Actor
from parvis.permits.models import Permit

# A family that looks around changes its mind a few times; each change hides a seat for a while.
CHANGES_OF_MIND = 8
# Somebody who has shown to be present looks around for a few visits; a program asks for more.
HOLDS_PER_PASS = 8


@action()
def hold(wish: Wish, slot_id: int, *, by: Actor, key: str = "", address: str = "", pass_name: str = "") -> Appointment:
    """Keep the seats of a visit for as long as it takes to fill the form. Sent twice with its key: one hold.

    ``pass_name`` is that of the proof of presence it is asked with: it serves for eight holds, refusals apart.
    Raises ``SlotFull``, ``SlotGone``, ``ByDrawOnly``, ``NotByAppointment``, ``CardNotInStock``, ``TooManyPeople``,
    ``TooOften``.
    """
    content = {"hold": slot_id, "for": [one.pk for one in wish.procedures], "people": wish.people}

    def do() -> Appointment:
        now = clock.now()
        policy = queries.policy(wish.office)
        allow("hold.address", address, limit=policy.holds_per_address)
        allow("hold.pass", pass_name, limit=HOLDS_PER_PASS)
        place = seats.take(wish, slot_id, now=now, policy=policy, minutes=rules.minutes_needed(wish))
        appointment = Appointment.objects.create(
            office=wish.office,
            line_id=place.line_id,
            procedure=wish.procedures[0],
            day=place.day,
            starts_at=place.starts_at,
            minutes=place.minutes,
            channel=wish.channel,
            created_at=now,
            hold_until=now + timedelta(minutes=policy.hold_minutes),
        )
        seats.give(place, appointment, SeatState.HELD)
        moves.record("appointment.held", appointment, by=by, now=now, procedure=appointment.procedure.code)
        return appointment

    return once(key, content, do, keep=lambda made: made.pk, again=queries.appointment)


@action()
def hold_again(
    appointment: Appointment, slot_id: int, *, by: Actor, permit: Permit | None = None, address: str = ""
) -> Appointment:
    """Give other seats to somebody whose time ran out, or who changed their mind; what was typed stays.

    Raises what ``hold`` raises, ``TooLateToChange`` once the booking is made or cancelled, and ``TooOften`` beyond
    eight changes of one booking in a day: each one hides the seat that is given back.
    """
    now = clock.now()
    appointment = moves.locked(appointment)
    if appointment.state == Status.PENDING and appointment.hold_until and appointment.hold_until <= now:
        # Its time is over and the worker has not come by yet.
        lapse(appointment, now=now)
    if appointment.state not in {Status.HELD, Status.EXPIRED}:
        raise TooLateToChange
    policy = queries.policy(appointment.office)
    allow("hold.address", address, limit=policy.holds_per_address)
    if by.agent_id is None:
        allow("hold.again", appointment.token, limit=CHANGES_OF_MIND)
    place = seats.take(wish_of(appointment, permit), slot_id, now=now, policy=policy, minutes=appointment.minutes)
    freeing.free_those_of(appointment, now=now)
    until = now + timedelta(minutes=policy.hold_minutes)
    if appointment.state == Status.EXPIRED:
        moves.become(appointment, Status.HELD, hold_until=until, ended_at=None)
    appointment.hold_until = until
    relocate(appointment, place, SeatState.HELD)
    moves.record("appointment.held", appointment, by=by, now=now, procedure=appointment.procedure.code, again=True)
    return appointment


def lapse(appointment: Appointment, *, now: datetime) -> None:
    """End a locked hold whose time is over: its seats go back, what was typed stays."""
    before = appointment.state
    freeing.free_those_of(appointment, now=now)
    moves.become(appointment, Status.EXPIRED, ended_at=now)
    moves.record("appointment.expired", appointment, by=SYSTEM, now=now, state=before)


def relocate(appointment: Appointment, place: seats.Place, state: SeatState, **fields: object) -> None:
    """Write where and when a locked appointment is from now on, and give it the seats."""
    written = {"line_id": place.line_id, "day": place.day, "starts_at": place.starts_at, "minutes": place.minutes}
    for name, value in {**written, **fields}.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=["line", "day", "starts_at", "minutes", "hold_until", *fields])
    seats.give(place, appointment, state)


def wish_of(appointment: Appointment, permit: Permit | None = None) -> Wish:
    """What an appointment asks of another slot; its length is kept beside, in ``minutes``."""
    booked = list(appointment.booked.select_related("procedure", "permit").order_by("position"))
    procedures = tuple({row.procedure_id: row.procedure for row in booked}.values())
    return Wish(
        office=appointment.office,
        procedures=procedures or (appointment.procedure,),
        channel=appointment.channel,  # type: ignore[arg-type]  # a text of the table
        permit=permit or next((row.permit for row in booked if row.permit), None),
    )
