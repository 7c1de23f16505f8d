"""The night the clocks change, and the machine whose clock is put back while people wait."""

from datetime import date, datetime, time, timedelta

import pytest

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.reception import actions, queries
from parvis.reception.models import ServiceMeasure, Step, Ticket
from parvis.reception.states import Outcome, Status
from tests.offices.factories import OpeningWindowFactory
from tests.reception.house import House, at, wait

SUNDAY = 7
SPRING, AUTUMN = date(2018, 3, 25), date(2017, 10, 29)


@pytest.fixture(params=[SPRING, AUTUMN], ids=["an hour less", "an hour more"])
def day(request: pytest.FixtureRequest, house: House) -> date:
    """A Sunday on which the line opens before the clocks change at night, and closes after."""
    OpeningWindowFactory(line=house.lines["filing"], weekday=SUNDAY, opens=time(0, 30), closes=time(5, 30))
    day: date = request.param
    clock.hold(at("01:45", day))
    return day


def facts(ticket: Ticket, what: str) -> dict[str, object]:
    told: dict[str, object] = Entry.objects.about(ticket).get(what=what).facts
    return told


def test_the_face_of_the_clock_jumps_and_the_instants_do_not(day: date) -> None:
    """What the tests below stand on: an hour after 01:45 it is 03:45, or 01:45 is two hours before 02:45."""
    faces = [wait(minutes) and clock.local().strftime("%H:%M") for minutes in (0, 30, 30, 30)]
    assert (
        faces
        == {
            SPRING: ["01:45", "03:15", "03:45", "04:15"],
            AUTUMN: ["01:45", "02:15", "02:45", "02:15"],
        }[day]
    )
    assert queries.end_of(day) - at("00:00", day) == timedelta(hours=23 if day == SPRING else 25)


def test_numbers_order_and_waits_go_on_across_the_change(house: House, day: date) -> None:
    """Six people, one every twenty minutes, then they are called: as they came, after what they really waited."""
    came = []
    for _ in range(6):
        came.append(house.ticket())
        wait(20)
    assert [str(ticket) for ticket in came] == [f"D{number:03}" for number in range(1, 7)]
    assert {ticket.day for ticket in came} == {day}
    counter, agent = house.desk()
    assert [house.serve(counter, agent) for _ in came] == came
    assert [facts(ticket, "ticket.called")["waited"] for ticket in came] == [60 * at for at in range(120, 0, -20)]


def test_a_head_start_is_as_long_as_ever(house: House, day: date) -> None:
    """A right of sixty minutes overtakes who came fifty minutes before, not who came seventy before."""
    before = house.ticket()
    wait(20)
    after = house.ticket()
    wait(50)
    priority = house.ticket(priority="family_card")
    assert priority.reference_at - priority.rank_at == timedelta(hours=1)
    counter, agent = house.desk()
    assert [house.serve(counter, agent) for _ in range(3)] == [before, priority, after]


def test_a_service_lasts_as_long_as_it_lasts(house: House, day: date) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    wait(90)
    actions.finish(ticket, outcome=Outcome.DONE, by=agent)
    assert facts(ticket, "step.done")["seconds"] == 90 * 60


def test_the_line_closes_at_its_hour_and_the_day_ends_at_midnight(house: House, day: date) -> None:
    line = house.lines["filing"]
    closes = queries.doors(line, clock.now()).closes
    assert closes == at("05:30", day)
    assert closes - at("01:45", day) == timedelta(hours=2.75 if day == SPRING else 4.75)
    waiting = house.ticket()
    _counter, agent = house.desk()
    clock.hold(queries.end_of(day) - timedelta(minutes=1))
    assert clock.today() == day
    clock.hold(queries.end_of(day))
    assert clock.today() == day + timedelta(days=1)
    report = actions.close_day(house.office, day=day, by=SYSTEM)
    assert (report.turned_away, report.counters_closed) == (1, 1)
    waiting.refresh_from_db()
    assert waiting.state == Status.TURNED_AWAY
    assert queries.open_session(agent) is None


def served_across(house: House, back: datetime) -> Ticket:
    """Somebody whose service begins, and ends after the machine's clock was put back."""
    ticket = house.ticket()
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    clock.hold(back)
    actions.finish(ticket, outcome=Outcome.DONE, by=agent)
    return ticket


def test_a_clock_put_back_loses_nobody_and_keeps_the_order(house: House) -> None:
    """An hour back while five people wait: all are called, those as they came; no wait is told as less than nothing."""
    came = []
    for _ in range(5):
        came.append(house.ticket())
        wait(5)
    counter, agent = house.desk()
    clock.hold(clock.now() - timedelta(hours=1))
    called = []
    for _ in came:
        ticket = actions.call_next(counter, by=agent)
        assert ticket
        actions.arrive(ticket, by=agent)
        called.append(actions.finish(ticket, outcome=Outcome.DONE, by=agent))
        wait(1)
    assert called == came
    told = [facts(ticket, "ticket.called") for ticket in came]
    assert {one["waited"] for one in told} == {one["arrived_waited"] for one in told} == {0}


def test_a_clock_put_back_makes_no_service_shorter_than_nothing(house: House) -> None:
    """A measure below zero would feed every expected wait of the week."""
    ticket = served_across(house, at("09:10"))
    assert facts(ticket, "step.done")["seconds"] == 0
    assert (Step.objects.get().worked, ServiceMeasure.objects.get().seconds) == (0, 0)


def test_a_clock_put_back_takes_nothing_from_what_was_worked(house: House) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    wait(10)
    actions.park(ticket, room="B1", by=agent)
    actions.resume(ticket, counter=counter, by=agent)
    actions.arrive(ticket, by=agent)
    clock.hold(at("09:10"))
    actions.park(ticket, room="B1", by=agent)
    assert Step.objects.get().worked == 600
