"""Who an appointment is for: written once, for people who fit its time, its seats and their cards."""

from datetime import date

from parvis.booking import rules
from parvis.booking.errors import SlotGone, TooManyPeople
from parvis.booking.models import Appointment, BookedProcedure, BookingPolicy, Slot
from parvis.booking.queries.availability import bookable_days
from parvis.booking.rules import Attendee, Contact
from parvis.booking.states import AWAITED
from parvis.people import queries as people
from parvis.people.rules import folded_name


def write_people(appointment: Appointment, attendees: list[Attendee]) -> None:
    """Bind the appointment to people. Nothing ever changes a name afterwards."""
    check_cards(attendees)
    rows = [
        BookedProcedure(
            appointment=appointment,
            position=position,
            procedure=attendee.procedure,
            identity=rules.identity(attendee),
            family_name=attendee.family_name,
            given_name=attendee.given_name,
            folded_name=folded_name(attendee.family_name, attendee.given_name),
            birth_date=attendee.birth_date or date.min,
            foreign_number=attendee.foreign_number,
            passport_number=attendee.passport_number,
            person=people.by_foreign_number(attendee.foreign_number) if attendee.foreign_number else None,
            permit=attendee.permit,
        )
        for position, attendee in enumerate(attendees, start=1)
    ]
    # In one order for everybody: two families who share people never wait for each other.
    BookedProcedure.objects.bulk_create(sorted(rows, key=lambda row: (row.identity, row.procedure_id)))


def were_given(appointment: Appointment, attendees: list[Attendee], contact: Contact) -> bool:
    """Whether the same details were sent before: the form was pressed twice, and nothing more happens."""
    if appointment.state not in AWAITED or (appointment.email, appointment.phone) != (contact.email, contact.phone):
        return False
    known = set(appointment.booked.values_list("identity", "procedure"))
    return known == {(rules.identity(one), one.procedure.pk) for one in attendees}


def check_fits(attendees: list[Attendee], minutes: int, policy: BookingPolicy) -> None:
    """Raise ``TooManyPeople`` when they need more time than was taken, or are more than one visit takes."""
    needed = sum(attendee.procedure.mean_minutes for attendee in attendees)
    rules.check_people(len({rules.identity(one) for one in attendees}), policy.most_people)
    if needed > minutes + 1e-6:
        raise TooManyPeople(most=max(1, int(len(attendees) * minutes // needed)))


def check_accepted(appointment: Appointment, attendees: list[Attendee]) -> None:
    """Raise ``SlotGone`` when these people come for something that the seats they hold are not for."""
    procedures = {one.procedure for one in attendees}
    if appointment.procedure not in procedures:
        raise SlotGone
    others = procedures - {appointment.procedure}
    for slot in Slot.objects.filter(seats__appointment=appointment).order_by("starts_at") if others else ():
        taken = [one.code in slot.accepts if slot.accepts else one.line_code == slot.line.code for one in others]
        if not all(taken) or not bookable_days(appointment.office, list(others), [slot.day]):
            raise SlotGone


def check_cards(attendees: list[Attendee]) -> None:
    """Raise ``CardNotInStock`` for a handover whose card is not there, or is no longer there."""
    for attendee in attendees:
        if attendee.permit is not None:
            attendee.permit.refresh_from_db(fields=["state"])
        rules.check_card(attendee.procedure, attendee.permit)
