"""A day received by appointment, with the weeks in which people book: few people, through the real actions."""

from datetime import date

import pytest

from parvis.booking.models import Appointment, Seat
from parvis.booking.states import Status
from parvis.offices.models import Office
from parvis.procedures import queries as procedures
from parvis.procedures.models import Mode
from parvis.reception.models import Redirection, Ticket
from parvis.rehearsal.day import rehearse
from tests.scenarios.office import conserved, deliver, plain, played, small

pytestmark = pytest.mark.django_db

MONDAY_IN_JULY = date(2018, 7, 2)


@pytest.fixture(autouse=True)
def office() -> Office:
    deliver()
    return Office.objects.get(code="nanterre")


def test_people_book_come_at_their_hour_and_are_received(office: Office) -> None:
    rehearsed = rehearse(MONDAY_IN_JULY, scenario=small("appointments-2018", persons=120), seed=1)
    found = rehearsed.as_json()
    counted = found["appointments"]
    assert conserved(found)
    assert (found["turned_away"], found["still_waiting"], found["open_tickets"]) == (0, 0, 0)
    assert procedures.access_mode(procedures.by_code("renewal"), MONDAY_IN_JULY) == Mode.APPOINTMENT_ONLY
    states = list(Appointment.objects.filter(day=MONDAY_IN_JULY).order_by("pk").values_list("state", flat=True))
    assert counted["booked"] > 40
    assert counted["asked"] == counted["told_before_coming"] + counted["no_seat_that_day"] + counted["booked"]
    assert states.count(Status.CANCELLED) == counted["cancelled"] > 0
    assert states.count(Status.NO_SHOW) == counted["not_coming"] > 0
    arrived = counted["on_time"] + counted["late"]
    assert states.count(Status.CHECKED_IN) == arrived
    assert Ticket.objects.filter(appointment__isnull=False).count() == arrived
    assert not Appointment.objects.filter(day=MONDAY_IN_JULY, state=Status.CONFIRMED).exists()


def test_who_comes_without_the_appointment_needed_leaves_with_one(office: Office) -> None:
    scenario = small("appointments-2018", persons=80, comes_without=0.5)
    counted = rehearse(MONDAY_IN_JULY, scenario=scenario, seed=2).appointments
    found_today, found_later = counted["seat_found_at_the_desk_today"], counted["seat_found_at_the_desk_later"]
    assert found_today > 0
    assert Redirection.objects.filter(reason="appointment_only").count() == found_later
    later = Appointment.objects.filter(day__gt=MONDAY_IN_JULY, state=Status.CONFIRMED)
    assert later.count() == found_later


def test_no_seat_is_taken_twice_and_none_is_lost(office: Office) -> None:
    rehearse(MONDAY_IN_JULY, scenario=small("appointments-2018", persons=80), seed=3)
    day = Seat.objects.filter(slot__day=MONDAY_IN_JULY)
    taken = day.filter(appointment__isnull=False)
    assert set(taken.values_list("state", flat=True)) == {"booked"}
    assert taken.count() + day.filter(state="free").count() == day.count()


def test_the_same_seed_gives_the_same_weeks() -> None:
    scenario = small("appointments-2018", persons=60)
    same, again, other = played(MONDAY_IN_JULY, scenario, (5, 5, 6))
    assert plain(same) == plain(again)
    assert plain(same) != plain(other)
