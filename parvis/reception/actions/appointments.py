"""Somebody comes to their appointment: the appointment is kept and they get their place, in one transaction."""

import dataclasses

from parvis.booking import actions as booking
from parvis.booking import queries as bookings
from parvis.booking.models import Appointment, BookedProcedure
from parvis.booking.states import Status as AppointmentStatus
from parvis.common import clock
from parvis.common.commands import once
from parvis.common.database import action, lock
from parvis.journal.actions import Actor
from parvis.reception import queries, rules
from parvis.reception.actions import arrivals
from parvis.reception.actions.service import leave
from parvis.reception.errors import AlreadyHasTicket
from parvis.reception.models import Ticket
from parvis.reception.rules import Arrival
from parvis.reception.states import LeaveReason


@action(
    constraints={
        "ticket_one_open_per_person": AlreadyHasTicket,
        "reception_ticket_appointment_id_key": AlreadyHasTicket,
    }
)
def check_in(appointment: Appointment, *, by: Actor, priority: str = "", language: str = "", key: str = "") -> Ticket:
    """Receive somebody who has an appointment today: one ticket for the visit, in the name of the first person of it.

    The appointment is locked first, then the ticket's number. Done twice, by two kiosks or by a kiosk and the desk,
    it gives the same ticket. Within the office's tolerance they stand as an appointment; later they are received
    all the same, as somebody who comes without one from now. Whoever was counted absent meanwhile is not any more.

    ``language``: the one spoken at the kiosk; else that of the booking. Raises ``AppointmentNotExpected``,
    ``NotToday``, ``TooEarlyToCheckIn``, ``AlreadyHasTicket``, ``LineClosed``.
    """
    content = {"check_in": appointment.pk}

    def receive() -> Ticket:
        return _check_in(appointment.pk, by=by, priority=priority, language=language)

    return once(key, content, receive, keep=lambda made: made.pk, again=queries.ticket)


@action()
def refuse_bearer(ticket: Ticket, *, by: Actor) -> Ticket:
    """Whoever came is not the person the ticket names: it ends and is worth nothing to them.

    An appointment stays its holder's, who may still come today; a place sold or stolen is not a place lost. The
    appointment is locked first, as when it is received. Raises what ``leave`` raises, and ``AlreadyBooked``.
    """
    appointment = ticket.appointment
    if appointment is not None:
        booking.expect_again(appointment, by=by)
    ended = leave(ticket, by=by, reason=LeaveReason.NOT_THE_HOLDER)
    # The holder's own ticket will be the appointment's; that this one was is in the journal.
    ended.appointment = None
    ended.save(update_fields=["appointment"])
    return ended


def _check_in(pk: int, *, by: Actor, priority: str, language: str) -> Ticket:
    now = clock.now()
    appointment = lock(Appointment, pk)
    if appointment.state == AppointmentStatus.CHECKED_IN:
        return queries.ticket_of(appointment)
    rules.check_expected(appointment, bookings.policy(appointment.office), now=now, today=clock.today())
    booked = list(BookedProcedure.objects.filter(appointment=appointment).select_related("procedure", "person"))
    arrival = arrival_of(appointment, booked)
    arrival = dataclasses.replace(arrival, priority=priority, language=language or appointment.language)
    _check_has_no_ticket(arrival, booked[0])
    booking.check_in(appointment, by=by, now=now)
    return arrivals.issue(arrival, by=by, appointment=appointment)


def arrival_of(appointment: Appointment, booked: list[BookedProcedure]) -> Arrival:
    """What the queue needs to know of a booked visit: the first person holds the ticket, every procedure is a step."""
    first = booked[0]
    return Arrival(
        office=appointment.office,
        procedures=tuple(dict.fromkeys(one.procedure for one in booked)),
        person=first.person,
        holder_name="" if first.person else first.full_name,
        holder_born=None if first.person else first.birth_date,
        language=appointment.language,
        appointment_at=appointment.starts_at,
    )


def _check_has_no_ticket(arrival: Arrival, first: BookedProcedure) -> None:
    """A walk-in ticket names its holder; a booking may know the person: both forms are looked for."""
    forms = {rules.identity(arrival)[1], rules.identity_by_name(first.full_name, first.birth_date)}
    waiting = Ticket.objects.open().filter(office=arrival.office, day=clock.today(), identity__in=forms)
    if waiting.exists():
        raise AlreadyHasTicket
