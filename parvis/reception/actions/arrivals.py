"""Somebody comes: they get a ticket of their own, or are told where and when to come instead."""

import dataclasses
from datetime import date, datetime

from django.db import connection

from parvis.booking import queries as bookings
from parvis.booking.models import Appointment, BookedProcedure
from parvis.booking.rules import is_late
from parvis.common import clock, live
from parvis.common.commands import once
from parvis.common.database import action
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Line, Office
from parvis.people.models import Person
from parvis.procedures.models import Procedure
from parvis.reception import queries, rules
from parvis.reception.actions.moves import tell
from parvis.reception.errors import (
    AlreadyHasTicket,
    AppointmentOnly,
    LineClosed,
    NotServedHere,
    ReturnForAnotherLine,
    ReturnOfAnother,
    ReturnRefused,
)
from parvis.reception.models import Redirection, ReturnPass, Step, Ticket
from parvis.reception.queries.doors import Doors
from parvis.reception.rules import Arrival
from parvis.reception.states import RedirectReason


@action(constraints={"ticket_one_open_per_person": AlreadyHasTicket})
def issue_ticket(arrival: Arrival, *, by: Actor, key: str = "") -> Ticket:
    """Give somebody their place: a line's letter and the next number of the day, bound to them.

    Raises ``NothingAsked``, ``IdentityMissing``, ``NotServedHere``, ``LineClosed``, ``AppointmentOnly``,
    ``AlreadyHasTicket``, ``ReturnRefused``, ``ReturnOfAnother``, ``ReturnForAnotherLine``. Sent twice with the same
    key, it gives the same ticket.
    """
    return once(key, _content(arrival), lambda: issue(arrival, by=by), keep=lambda made: made.pk, again=queries.ticket)


@action()
def redirect(
    office: Office,
    *,
    procedure: Procedure,
    reason: RedirectReason,
    by: Actor,
    language: str = "fr",
    first_valid_date: date | None = None,
    to_office: Office | None = None,
    key: str = "",
) -> Redirection:
    """Tell somebody, before any ticket, where or when to come instead; the slip says it again on paper.

    Kept without any identity: it is a figure of the office, not a fact about a person.
    """
    content = {"redirect": office.pk, "procedure": procedure.pk, "reason": str(reason)}

    def record() -> Redirection:
        now = clock.now()
        made = Redirection.objects.create(
            office=office,
            day=clock.today(),
            at=now,
            reason=reason,
            procedure=procedure,
            to_office=to_office,
            first_valid_date=first_valid_date,
            language=language,
        )
        what = "arrival.turned_away" if reason == RedirectReason.DAY_FULL else "arrival.redirected"
        facts = {"reason": str(reason), "procedure": procedure.code, "line": procedure.line_code}
        journal.record(what, made, by=by, at=now, office=office.pk, **facts)
        live.changed(f"office:{office.pk}")
        return made

    rows = Redirection.objects.select_related("procedure", "to_office", "office")
    return once(key, content, record, keep=lambda made: made.pk, again=lambda pk: rows.get(pk=pk))


def turn_away(office: Office, *, procedure: Procedure, by: Actor, language: str = "fr", key: str = "") -> Redirection:
    """Record that somebody was refused at the door because the day is full: the figure that must be zero."""
    return redirect(office, procedure=procedure, reason=RedirectReason.DAY_FULL, by=by, language=language, key=key)


def issue(arrival: Arrival, *, by: Actor, appointment: Appointment | None = None) -> Ticket:
    """The ticket itself, inside the caller's transaction; ``appointment`` is the one being checked in."""
    now = clock.now()
    today = clock.today()
    rules.check_asks_something(arrival)
    name, identity = rules.identity(arrival)
    line = _line(arrival)
    return_pass = _return_pass(arrival, line, today)
    doors = queries.doors(line, now)
    _check_received(arrival, line, doors, now, appointment=appointment, has_return=return_pass is not None)
    kept = return_pass.reference_at if return_pass else None
    arrival = _unless_late(arrival, now)
    place = rules.place(arrival, doors.policy, now=now, kept_reference=kept)
    told = queries.wait_from(line, rank_at=place.rank_at, now=now, doors=doors)
    ticket = Ticket.objects.create(
        office=arrival.office,
        day=today,
        letter=line.letter,
        number=_next_number(arrival.office.pk, today, line.letter),
        line=line,
        procedure=arrival.procedures[0],
        person=arrival.person,
        holder_name=name,
        holder_born=arrival.holder_born,
        identity=identity,
        language=arrival.language,
        origin=by.origin,
        priority=arrival.priority,
        rank=place.rank,
        appointment_at=arrival.appointment_at,
        appointment=appointment,
        arrived_at=now,
        reference_at=place.reference_at,
        rank_at=place.rank_at,
        told_low=round(told.low.total_seconds()) if told else None,
        told_high=round(told.high.total_seconds()) if told else None,
        told_pace=told.pace if told else 1,
    )
    _add_steps(ticket, arrival)
    if return_pass:
        return_pass.used_by = ticket
        return_pass.save(update_fields=["used_by"])
    tell(
        "ticket.issued",
        ticket,
        by=by,
        now=now,
        line=line.code,
        procedure=ticket.procedure.code,
        rank=str(rules.rank_told(ticket)),
        steps=len(arrival.procedures),
        reference_at=place.reference_at.isoformat(),
        told_low=ticket.told_low,
        told_high=ticket.told_high,
        came_back=return_pass is not None,
        received_anyway=arrival.received_anyway,
    )
    return ticket


def _line(arrival: Arrival) -> Line:
    """The line that serves the first procedure. Raises ``NotServedHere``."""
    line = Line.objects.filter(office=arrival.office, code=arrival.procedures[0].line_code).order_by().first()
    if line is None:
        raise NotServedHere
    line.office = arrival.office
    return line


def _check_received(
    arrival: Arrival, line: Line, doors: Doors, now: datetime, *, appointment: Appointment | None, has_return: bool
) -> None:
    """Whether the line takes people at this hour, and without an appointment."""
    # Whoever has an appointment may wait inside between two openings of the day.
    still_opens = appointment is not None and doors.closes is not None and now < doors.closes
    if not (doors.take(now) or still_opens):
        raise LineClosed(why=queries.why_closed(line, now))
    for procedure in arrival.procedures[1:]:
        queries.line_today(arrival.office, procedure.line_code, now)
    expected = appointment or arrival.appointment_at or has_return or arrival.received_anyway
    if not expected and queries.by_appointment_only(arrival.procedures[0], clock.today()):
        raise AppointmentOnly


def _unless_late(arrival: Arrival, now: datetime) -> Arrival:
    """The arrival without its appointment when the hour is past by more than the office tolerates.

    Who comes then is received all the same, as a walk-in from now. The tolerance is that of booking, which the public
    was told.
    """
    if arrival.appointment_at and is_late(arrival.appointment_at, bookings.policy(arrival.office).late_minutes, now):
        return dataclasses.replace(arrival, appointment_at=None)
    return arrival


def _return_pass(arrival: Arrival, line: Line, today: date) -> ReturnPass | None:
    """The right to come back that the person shows, locked: used once, by its holder, in the line it was given in.

    Raises ``ReturnRefused``, ``ReturnOfAnother``, ``ReturnForAnotherLine``.
    """
    code = arrival.return_code.strip().upper()
    if not code:
        return None
    found = (
        ReturnPass.objects.select_for_update(of=("self",), no_key=True)
        .select_related("ticket__person", "ticket__line")
        .filter(code=code, valid_on=today, used_by=None, ticket__office=arrival.office)
        .first()
    )
    if found is None:
        raise ReturnRefused
    if not _is_holder(arrival, found.ticket):
        raise ReturnOfAnother
    if found.ticket.line_id != line.pk:
        raise ReturnForAnotherLine(line=found.ticket.line.name)
    return found


def _is_holder(arrival: Arrival, ticket: Ticket) -> bool:
    """Whether who comes may be the holder of a ticket, by any name the office knows for either."""
    person = arrival.person
    if person is not None and person.pk == ticket.person_id:
        return True
    comes = _named(person) if person else [(arrival.holder_name, arrival.holder_born)]
    held = [(ticket.holder_name, ticket.holder_born), *_named(ticket.person)]
    first = BookedProcedure.objects.filter(appointment=ticket.appointment_id).order_by("position").first()
    held += [(first.full_name, first.birth_date)] if first else []
    return any(rules.may_be_one_person(*one, *other) for one in comes for other in held)


def _named(person: Person | None) -> list[tuple[str, date | None]]:
    return [(person.full_name, person.birth_date)] if person else []


def _add_steps(ticket: Ticket, arrival: Arrival) -> None:
    Step.objects.bulk_create(
        Step(ticket=ticket, position=position, procedure=procedure)
        for position, procedure in enumerate(dict.fromkeys(arrival.procedures), start=1)
    )


def _next_number(office_id: int, day: date, letter: str) -> int:
    """The next number under a letter. The row stays locked until the ticket is committed: no gap, no double."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reception_series AS series (office_id, day, letter, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (office_id, day, letter) DO UPDATE SET last = series.last + 1 RETURNING last",
            [office_id, day, letter],
        )
        return int(cursor.fetchone()[0])


def _content(arrival: Arrival) -> dict[str, object]:
    return {
        "issue": arrival.office.pk,
        "procedures": [procedure.pk for procedure in arrival.procedures],
        "who": [arrival.person.pk if arrival.person else None, arrival.holder_name, arrival.holder_born],
        # Not the priority: this is kept, as a sum that anybody may try the few codes on, when the code is erased.
        **({"received_anyway": True} if arrival.received_anyway else {}),
    }
