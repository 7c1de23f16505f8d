"""Move or cancel: the same people at another hour, or not at all."""

from parvis.booking import queries
from parvis.booking.actions import freeing, holding, moves, seats
from parvis.booking.actions.telling import about, tell_person
from parvis.booking.errors import MovedTooOften, PlaceDrawn, TooLateToChange
from parvis.booking.models import Appointment
from parvis.booking.states import CancelReason, SeatState, Status
from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action
from parvis.journal.actions import Actor
from parvis.messages import actions as messages

REMINDER = "booking.reminder"


@action()
def cancel(appointment: Appointment, *, reason: CancelReason = CancelReason.PERSON, by: Actor) -> Appointment:
    """Give the seats back. Cancelled before: nothing more happens.

    Raises ``TooLateToChange`` once it has begun or the person is there.
    """
    now = clock.now()
    appointment = moves.locked(appointment)
    if appointment.state == Status.CANCELLED:
        return appointment
    before = appointment.state
    if before not in {Status.HELD, Status.PENDING, Status.CONFIRMED} or appointment.starts_at <= now:
        raise TooLateToChange
    freeing.free_those_of(appointment, now=now)
    fields = {"cancel_reason": reason, "ended_at": now, "sequence": appointment.sequence + 1}
    moves.become(appointment, Status.CANCELLED, **fields)
    facts = {"reason": str(reason), "state": before, "starts_at": appointment.starts_at.isoformat()}
    moves.record("appointment.cancelled", appointment, by=by, now=now, **facts)
    messages.cancel(about(appointment), kinds=[REMINDER])
    if before == Status.CONFIRMED:
        kind = "booking.cancelled" if reason == CancelReason.PERSON else "booking.cancelled_by_office"
        tell_person(appointment, kind, now=now)
    return appointment


@action()
def move_to(appointment: Appointment, slot_id: int, *, by: Actor, key: str = "") -> Appointment:
    """Expect the same people at another hour; the new seats are taken before the old ones are given back.

    Raises what ``hold`` raises, ``TooLateToChange``, ``PlaceDrawn`` whoever asks, and ``MovedTooOften`` for somebody
    who does it alone.
    """
    content = {"move": appointment.pk, "to": slot_id}
    return once(
        key,
        content,
        lambda: _move_to(appointment, slot_id, by=by),
        keep=lambda made: made.pk,
        again=queries.appointment,
    )


def _move_to(appointment: Appointment, slot_id: int, *, by: Actor) -> Appointment:
    now = clock.now()
    appointment = moves.locked(appointment)
    if appointment.state != Status.CONFIRMED or appointment.starts_at <= now:
        raise TooLateToChange
    if queries.is_drawn(appointment):
        raise PlaceDrawn
    policy = queries.policy(appointment.office)
    if by.agent_id is None and appointment.moves >= policy.most_moves:
        raise MovedTooOften(most=policy.most_moves)
    before = appointment.starts_at
    wish = holding.wish_of(appointment)
    place = seats.take(wish, slot_id, now=now, policy=policy, minutes=appointment.minutes)
    freeing.free_those_of(appointment, now=now)
    counted = {"sequence": appointment.sequence + 1, "moves": appointment.moves + 1}
    holding.relocate(appointment, place, SeatState.BOOKED, **counted)
    facts = {"before": before.isoformat(), "starts_at": place.starts_at.isoformat(), "moves": appointment.moves}
    moves.record("appointment.moved", appointment, by=by, now=now, **facts)
    messages.cancel(about(appointment), kinds=[REMINDER])
    tell_person(appointment, "booking.moved", now=now)
    return appointment
