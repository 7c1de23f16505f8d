"""At the door: the pre-reception check, a ticket or a redirection, and people who give up waiting."""

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from parvis.booking import queries as seats
from parvis.booking.errors import TooEarlyToCheckIn
from parvis.booking.models import Appointment
from parvis.booking.states import Channel
from parvis.common import clock
from parvis.journal.actions import KIOSK, PHONE, Actor
from parvis.offices import queries as offices
from parvis.offices.models import Commune
from parvis.procedures import queries as procedures
from parvis.procedures.rules import Kind
from parvis.reception import actions
from parvis.reception.errors import AppointmentOnly, LineClosed, TicketMoved
from parvis.reception.models import Ticket
from parvis.reception.rules import Arrival
from parvis.reception.states import LeaveReason, Rank, RedirectReason, Status
from parvis.rehearsal.seats import take_seat
from parvis.rehearsal.visitors import Visitor

if TYPE_CHECKING:
    from parvis.rehearsal.play import Play

COUNTED = ("on_time", "late", "seat_found_at_the_desk_today", "seat_found_at_the_desk_later")
WAITS_FOR_A_SEAT = 21  # days ahead in which the desk looks for a seat


class Door:
    """Lets the persons of a day in, one after the other."""

    def __init__(self, play: "Play") -> None:
        self._play = play
        self._to_come = len(play.crowd.visitors)
        self._tickets = 0
        # How those who came for an appointment, or without the one they needed, were received.
        self.outcomes: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))
        self._communes: list[Commune] = [
            commune for commune in offices.communes() if commune.office_id != play.setting.office.pk
        ]

    @property
    def is_done(self) -> bool:
        """Whether everybody of the day has come."""
        return self._to_come == 0

    def plan(self) -> None:
        """Plan everybody's entrance; those still outside when the gates are shut learn it then."""
        shut = self._gates_shut()
        for visitor in self._play.crowd.visitors:
            at = min(visitor.enters_at, max(shut, visitor.joins_at)) if shut else visitor.enters_at
            self._play.agenda.plan(at, lambda visitor=visitor: self.enter(visitor))  # type: ignore[misc]

    def enter(self, visitor: Visitor) -> None:
        """One person passes the door: expected, sent elsewhere, refused because the day is full, or given a ticket."""
        self._to_come -= 1
        if visitor.appointment is not None:
            self._check_in(visitor, Appointment.objects.get(pk=visitor.appointment))
        elif self._is_full():
            self._turn_away(visitor)
        elif not self._sent_elsewhere(visitor):
            self._give_ticket(visitor)

    def _gates_shut(self) -> datetime | None:
        minute = self._play.setting.scenario.gates_shut
        if minute is None:
            return None
        return clock.at(self._play.setting.day, f"{minute // 60:02d}:{minute % 60:02d}")

    def _is_full(self) -> bool:
        limit, shut = self._play.setting.scenario.tickets_a_day, self._gates_shut()
        return (limit is not None and self._tickets >= limit) or (shut is not None and clock.now() >= shut)

    def _turn_away(self, visitor: Visitor) -> None:
        setting = self._play.setting
        self._play.act(
            actions.turn_away,
            setting.office,
            procedure=setting.procedures[visitor.procedures[0]],
            by=self._by(visitor),
            language=visitor.language,
            key=self._key(visitor),
        )

    def _sent_elsewhere(self, visitor: Visitor) -> bool:
        """The check before any ticket: the right office for the commune, the right moment for a renewal."""
        setting = self._play.setting
        procedure = setting.procedures[visitor.procedures[0]]
        if visitor.lives_elsewhere is not None:
            commune = self._communes[int(visitor.lives_elsewhere * len(self._communes))]
            there = procedures.office_for(procedure, commune.insee, setting.day)
            if there.pk != setting.office.pk:
                self._redirect(visitor, RedirectReason.OTHER_OFFICE, to_office=there)
                return True
        if visitor.permit_expires and procedures.needs_expiry_date(procedure, setting.day):
            verdict = procedures.filing_verdict(procedure, expires_on=visitor.permit_expires, day=setting.day)
            if verdict.kind == Kind.TOO_EARLY:
                self._redirect(visitor, RedirectReason.TOO_EARLY, first_valid_date=verdict.opens)
                return True
        return False

    def _give_ticket(self, visitor: Visitor) -> None:
        play = self._play
        try:
            ticket = play.act(
                actions.issue_ticket, self._arrival(visitor), by=self._by(visitor), key=self._key(visitor)
            )
        except LineClosed:
            self._redirect(visitor, RedirectReason.LINE_CLOSED)
            return
        except AppointmentOnly:
            self._book_on_the_spot(visitor)
            return
        self._welcome(visitor, ticket)

    def _welcome(self, visitor: Visitor, ticket: Ticket) -> None:
        play = self._play
        self._tickets += 1
        visit = play.visit(ticket)
        visit.visitor = visitor
        if ticket.is_open:
            play.agenda.plan(ticket.arrived_at + visitor.patience, lambda: self._give_up(ticket.pk))
            play.wake(ticket.line.code)

    def _check_in(self, visitor: Visitor, appointment: Appointment) -> None:
        """Somebody who is expected: their place in the queue, or a seat in the hall until check-in opens."""
        play = self._play
        try:
            ticket = play.act(
                actions.check_in,
                appointment,
                by=self._by(visitor),
                priority=visitor.priority,
                language=visitor.language,
                key=self._key(visitor),
            )
        except TooEarlyToCheckIn:
            early = timedelta(minutes=seats.policy(play.setting.office).early_minutes)
            self._comes_back(visitor, appointment.starts_at - early)
            return
        except LineClosed:
            self._redirect(visitor, RedirectReason.LINE_CLOSED)
            return
        self.outcomes["late" if ticket.rank == Rank.WALK_IN else "on_time"] += 1
        self._welcome(visitor, ticket)

    def _book_on_the_spot(self, visitor: Visitor) -> None:
        """Received by appointment only, and without one: the desk finds a seat, today if there is one."""
        play = self._play
        for days in range(WAITS_FOR_A_SEAT + 1):
            day = play.setting.day + timedelta(days=days)
            booked = play.act(take_seat, play.setting, visitor, day, channel=Channel.DESK, helper=play.cast.greeter)
            if booked is not None and days == 0:
                self.outcomes["seat_found_at_the_desk_today"] += 1
                visitor.appointment, visitor.appointment_at = booked.pk, booked.starts_at
                self._comes_back(visitor, clock.now())
                return
            if booked is not None:
                self.outcomes["seat_found_at_the_desk_later"] += 1
                break
        self._redirect(visitor, RedirectReason.APPOINTMENT_ONLY)

    def _comes_back(self, visitor: Visitor, at: datetime) -> None:
        self._to_come += 1
        self._play.agenda.plan(at, lambda: self.enter(visitor))

    def _arrival(self, visitor: Visitor) -> Arrival:
        setting = self._play.setting
        person = self._play.stock[visitor.number][0] if visitor.number in self._play.stock else None
        return Arrival(
            office=setting.office,
            procedures=tuple(setting.procedures[code] for code in visitor.procedures),
            person=person,
            holder_name="" if person else visitor.name,
            holder_born=None if person else visitor.born,
            language=visitor.language,
            priority=visitor.priority,
            appointment_at=visitor.appointment_at,
        )

    def _redirect(self, visitor: Visitor, reason: RedirectReason, **where: object) -> None:
        setting = self._play.setting
        self._play.act(
            actions.redirect,
            setting.office,
            procedure=setting.procedures[visitor.procedures[0]],
            reason=reason,
            by=self._by(visitor),
            language=visitor.language,
            key=self._key(visitor),
            **where,  # type: ignore[arg-type]
        )

    def _give_up(self, ticket_pk: int) -> None:
        """Whoever still waits when their patience ends goes home, and says so on the way."""
        waiting = Ticket.objects.filter(pk=ticket_pk, state=Status.WAITING, first_called_at=None).first()
        if waiting is None:
            return
        by = PHONE if waiting.origin == PHONE.origin else KIOSK
        try:
            self._play.act(actions.leave, waiting, by=by, reason=LeaveReason.GAVE_UP)
        except TicketMoved:
            return

    def _by(self, visitor: Visitor) -> Actor:
        return {"kiosk": KIOSK, "phone": PHONE}.get(visitor.origin, self._play.cast.greeter)

    def _key(self, visitor: Visitor) -> str:
        return f"rehearsal:{self._play.setting.day}:{self._play.setting.seed}:{visitor.number}"
