"""Somebody comes to their appointment: early, late, twice, as a family, counted absent, or not at all."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from parvis.booking import actions as booking
from parvis.booking.errors import AlreadyBooked, NotToday, TooEarlyToCheckIn
from parvis.booking.models import Appointment
from parvis.booking.states import Status as Booked
from parvis.common import clock
from parvis.journal.actions import KIOSK, SYSTEM
from parvis.journal.models import Entry
from parvis.procedures.models import AccessMode, Mode
from parvis.reception import actions, queries
from parvis.reception.errors import (
    AlreadyHasTicket,
    AppointmentNotExpected,
    AppointmentOnly,
    LineClosed,
    NoAppointmentFound,
)
from parvis.reception.models import Ticket
from parvis.reception.states import Rank, Status
from tests.booking.house import DAY, SINCE, BookingHouse
from tests.booking.house import build as build_booking
from tests.people.factories import PersonFactory
from tests.reception.house import at

HOUR = "10:00"


@pytest.fixture
def house(db: None) -> Iterator[BookingHouse]:
    """The small office a week before the appointments."""
    with clock.held(at(HOUR)):
        yield build_booking()


def booked(house: BookingHouse, *procedures: str, **details: object) -> Appointment:
    """A confirmed appointment at ten on the day."""
    line = house.house.procedures[procedures[0]].line_code if procedures else "filing"
    wish = house.wish(*procedures, people=details.pop("people", 1))
    return house.booked(house.slots(line, hours=("10:00", "12:00"))[0], wish, **details)


def come(appointment: Appointment, hour: str = HOUR, day: date = DAY, **more: object) -> Ticket:
    """The person at the kiosk at an hour."""
    clock.hold(at(hour, day))
    return actions.check_in(appointment, by=KIOSK, **more)


def test_the_ticket_is_that_of_the_person_who_was_booked(house: BookingHouse) -> None:
    appointment = booked(house, "renewal")
    ticket = come(appointment, "09:50")
    first = appointment.booked.get()
    assert ticket.appointment == appointment
    assert (ticket.holder_name, ticket.holder_born) == (first.full_name, first.birth_date)
    assert ticket.appointment_at == appointment.starts_at
    assert ticket.rank == Rank.APPOINTMENT
    assert ticket.rank_at == appointment.starts_at - timedelta(minutes=20)
    appointment.refresh_from_db()
    assert appointment.state == Booked.CHECKED_IN
    assert [entry.what for entry in Entry.objects.about(ticket).order_by("pk")] == ["ticket.issued"]


def test_whoever_comes_with_the_paper_of_another_gets_nothing_by_it(house: BookingHouse) -> None:
    """The ticket ends, the appointment stays its holder's, who comes later and is received as booked."""
    appointment = booked(house, "renewal")
    theirs = actions.refuse_bearer(come(appointment, "09:50"), by=house.agent)
    assert (theirs.state, theirs.appointment) == (Status.LEFT, None)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.ended_at) == (Booked.CONFIRMED, None)
    told = [entry.facts.get("reason") for entry in Entry.objects.about(theirs).order_by("pk")]
    assert told == [None, "not_the_holder"]
    assert Entry.objects.named("appointment.expected_again").get().subject_id == appointment.pk
    holder = come(appointment, "10:02")
    assert (holder.appointment, holder.rank) == (appointment, Rank.APPOINTMENT)


def test_a_ticket_without_appointment_ends_too(house: BookingHouse) -> None:
    clock.hold(at("10:00", DAY))
    sold = house.house.ticket(holder_name="Fictif Vendeur")
    assert actions.refuse_bearer(sold, by=house.agent).state == Status.LEFT
    assert house.house.ticket(holder_name="Fictif Vendeur").state == Status.WAITING


def test_a_holder_who_has_booked_otherwise_keeps_one_appointment(house: BookingHouse) -> None:
    attendee = house.attendee("renewal")
    ticket = come(booked(house, attendees=[attendee]), "09:50")
    house.booked(house.slots(hours=("14:00", "15:00"))[0], attendees=[attendee])
    with pytest.raises(AlreadyBooked):
        actions.refuse_bearer(ticket, by=house.agent)
    assert Ticket.objects.get().state == Status.WAITING


def test_somebody_the_office_knows_holds_it_as_themselves(house: BookingHouse) -> None:
    person = PersonFactory(foreign_number="9900777777")
    attendee = house.attendee("renewal", foreign_number=person.foreign_number)
    assert come(booked(house, attendees=[attendee])).person == person


def test_whoever_was_booked_comes_back_under_the_name_of_the_booking(house: BookingHouse) -> None:
    """The office knows the person under another spelling than the one they wrote when booking."""
    person = PersonFactory(foreign_number="9900777777", family_name="Ancienne")
    attendee = house.attendee("renewal", foreign_number=person.foreign_number)
    ticket = come(booked(house, attendees=[attendee]))
    assert (ticket.person, ticket.holder_name) == (person, "")
    given = actions.give_return(ticket, kind="later_today", at=at("14:00", DAY), reason="Fictif", by=KIOSK)
    clock.hold(at("14:00", DAY))
    name = f"{attendee.given_name} {attendee.family_name}"
    back = house.house.ticket(holder_name=name, holder_born=attendee.birth_date, return_code=given.code)
    assert back.reference_at == at("14:00", DAY)


def test_several_procedures_and_people_are_one_ticket_with_steps(house: BookingHouse) -> None:
    appointment = booked(house, "renewal", "student", people=2)
    ticket = come(appointment)
    assert appointment.booked.count() == 4
    assert [step.procedure.code for step in queries.steps(ticket)] == ["renewal", "student"]
    assert Ticket.objects.count() == 1


def test_the_language_of_the_kiosk_else_that_of_the_booking(house: BookingHouse) -> None:
    first = booked(house, contact=house.contact(language="ta"))
    second = booked(house, contact=house.contact(language="ta"))
    assert come(first).language == "ta"
    assert come(second, language="uk").language == "uk"


def test_a_card_of_priority_still_counts(house: BookingHouse) -> None:
    assert come(booked(house), priority="mobility_card").rank == Rank.PRIORITY


@pytest.mark.parametrize(("hour", "rank"), [("09:30", "appointment"), ("10:15", "appointment"), ("10:16", "walk_in")])
def test_the_windows_to_the_minute(house: BookingHouse, hour: str, rank: str) -> None:
    ticket = come(booked(house), hour)
    assert ticket.rank == rank
    assert ticket.reference_at == max(at(hour, DAY), at(HOUR, DAY) if rank == "appointment" else at(hour, DAY))


@pytest.mark.parametrize(("hour", "rank"), [("10:40", "appointment"), ("10:41", "walk_in")])
def test_the_tolerance_of_booking_is_the_only_one(house: BookingHouse, hour: str, rank: str) -> None:
    house.policy(late_minutes=40)
    assert come(booked(house), hour).rank == rank


def test_too_early_is_told_with_the_hour(house: BookingHouse) -> None:
    appointment = booked(house)
    with pytest.raises(TooEarlyToCheckIn) as told:
        come(appointment, "09:29")
    assert "09:30" in str(told.value)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("day", [DAY - timedelta(days=6), DAY + timedelta(days=1)])
def test_another_day_is_told_with_the_day(house: BookingHouse, day: date) -> None:
    with pytest.raises(NotToday) as told:
        come(booked(house), day=day)
    assert "18 décembre 2017" in str(told.value)
    assert "10:00" in str(told.value)


def test_late_is_received_even_when_the_procedure_asks_for_an_appointment(house: BookingHouse) -> None:
    appointment = booked(house)
    AccessMode.objects.create(procedure=house.house.procedures["renewal"], mode=Mode.APPOINTMENT_ONLY, valid_from=DAY)
    ticket = come(appointment, "15:20")
    assert (ticket.rank, ticket.appointment_at, ticket.reference_at) == (Rank.WALK_IN, None, at("15:20", DAY))
    with pytest.raises(AppointmentOnly):
        house.house.ticket("renewal")


def test_the_desk_may_receive_somebody_without_the_appointment(house: BookingHouse) -> None:
    AccessMode.objects.create(
        procedure=house.house.procedures["renewal"], mode=Mode.APPOINTMENT_ONLY, valid_from=SINCE + timedelta(days=1)
    )
    ticket = house.house.ticket("renewal", received_anyway=True)
    assert ticket.rank == Rank.WALK_IN
    assert Entry.objects.about(ticket).get(what="ticket.issued").facts["received_anyway"] is True


def test_between_two_openings_whoever_has_an_appointment_waits_inside(house: BookingHouse) -> None:
    window = house.house.lines["filing"].opening_windows.get(weekday=DAY.isoweekday(), valid_to=None)
    window.opens, window.closes = "10:00", "16:00"
    window.save()
    house.policy(early_minutes=60)
    appointment = booked(house)
    clock.hold(at("09:10", DAY))
    with pytest.raises(LineClosed):
        house.house.ticket("renewal")
    assert come(appointment, "09:10").rank == Rank.APPOINTMENT


def test_after_closing_nobody_is_checked_in_and_nothing_is_written(house: BookingHouse) -> None:
    appointment = booked(house)
    with pytest.raises(LineClosed):
        come(appointment, "19:00")
    appointment.refresh_from_db()
    assert appointment.state == Booked.CONFIRMED


def test_twice_gives_the_same_ticket(house: BookingHouse) -> None:
    appointment = booked(house)
    first = come(appointment, "09:40")
    again = come(appointment, "09:45", priority="mobility_card")
    assert (again.pk, again.rank) == (first.pk, Rank.APPOINTMENT)
    assert Entry.objects.filter(what="appointment.checked_in").count() == 1


def test_a_person_who_already_waits_is_told_so(house: BookingHouse) -> None:
    person = PersonFactory(foreign_number="9900888888", family_name="Exemple", given_name="Déjà")
    born = person.birth_date
    attendee = house.attendee(
        "renewal", family_name="Exemple", given_name="Déjà", birth_date=born, foreign_number=person.foreign_number
    )
    appointment = booked(house, attendees=[attendee])
    clock.hold(at("09:45", DAY))
    # At the kiosk they gave their name alone: the office did not know that it was the same person.
    house.house.ticket("information", holder_name="déjà EXEMPLE", holder_born=born)
    with pytest.raises(AlreadyHasTicket):
        come(appointment)
    appointment.refresh_from_db()
    assert appointment.state == Booked.CONFIRMED


def test_cancelled_and_unconfirmed_are_not_expected(house: BookingHouse) -> None:
    cancelled = booked(house)
    booking.cancel(cancelled, by=KIOSK)
    held = house.hold(house.slot(hour="10:00"))
    for one in (cancelled, held):
        with pytest.raises(AppointmentNotExpected):
            come(one)


def test_closing_the_day_counts_the_absent_and_who_comes_after_all_is_received(house: BookingHouse) -> None:
    came, absent = booked(house), booked(house)
    ticket = come(came)
    clock.hold(at("15:30", DAY))
    report = actions.close_day(house.office, day=DAY, by=SYSTEM)
    assert report.no_shows == 1
    absent.refresh_from_db()
    assert absent.state == Booked.NO_SHOW
    assert actions.close_day(house.office, day=DAY, by=SYSTEM).no_shows == 0
    assert come(absent, "15:40").pk != ticket.pk
    absent.refresh_from_db()
    assert absent.state == Booked.CHECKED_IN


class TestWhatIsTypedAtTheDoor:
    def test_the_code_the_number_and_the_foreign_number_find_it(self, house: BookingHouse) -> None:
        appointment = booked(house)
        clock.hold(at("09:45", DAY))
        foreign_number = appointment.booked.get().foreign_number
        number = f"{appointment.number[:4].lower()} {appointment.number[4:]}"
        address = f"https://parvis.exemple.invalid/rendez-vous/r/{appointment.token}/"
        for typed in (
            address,
            appointment.token,
            number,
            foreign_number,
            f" {foreign_number[:4]} {foreign_number[4:]}",
        ):
            assert queries.expected(house.office, typed) == [appointment]

    def test_a_name_goes_with_the_birth_date(self, house: BookingHouse) -> None:
        given = {"family_name": "Ö", "given_name": "", "birth_date": date(1996, 2, 29)}
        appointment = booked(house, attendees=[house.attendee("renewal", **given)])
        booked(house, attendees=[house.attendee("renewal", family_name="Ö", given_name="")])
        clock.hold(at("09:45", DAY))
        assert queries.expected(house.office, "o", born=date(1996, 2, 29)) == [appointment]
        for wrong in ({"typed": "o"}, {"typed": "o", "born": date(1996, 2, 28)}, {"typed": "Personne", "born": SINCE}):
            with pytest.raises(NoAppointmentFound):
                queries.expected(house.office, **wrong)

    @pytest.mark.parametrize("typed", ["", "   ", "23456789", "9900999999", "x" * 5000, "%", "_" * 22, "\u202e"])
    def test_what_names_nothing_finds_nothing(self, house: BookingHouse, typed: str) -> None:
        booked(house)
        clock.hold(at("09:45", DAY))
        with pytest.raises(NoAppointmentFound):
            queries.expected(house.office, typed)

    def test_another_day_is_found_so_that_it_can_be_told(self, house: BookingHouse) -> None:
        appointment = booked(house)
        assert queries.expected(house.office, appointment.number) == [appointment]
