"""Two people who decide at the same instant: the locks, and what happens when they are taken away."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices import actions, queries
from parvis.offices.actions import openings
from parvis.offices.errors import AgentAlreadyOnDuty, CounterAlreadyStaffed
from parvis.offices.models import Line, Shift
from tests.concurrency.threads import Meeting, only_read, together
from tests.offices.factories import AgentFactory, CounterFactory, LineFactory, OfficeFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
MONDAY = date(2017, 12, 11)
NINE = clock.at(MONDAY, "09:00")
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(16))


@pytest.fixture(autouse=True)
def _eight_o_clock() -> Any:
    with clock.held(clock.at(MONDAY, "08:00")):
        yield


def refused(*acts: Callable[[], object]) -> list[BaseException]:
    """Do these at the same time, each in a thread and a connection of its own; what was refused."""
    return [answer for answer in together(acts) if isinstance(answer, BaseException)]


def open_at(line: Line, hours: tuple[time, time]) -> Callable[[], object]:
    return lambda: actions.change_opening(
        line, weekday=1, hours=[hours], valid_from=MONDAY + timedelta(days=7), by=SYSTEM
    )


def meet_after_planning(monkeypatch: pytest.MonkeyPatch, *, seconds: float) -> None:
    """Make two changes both have their plan before either writes, as far as the lock lets them."""
    planned = Meeting(seconds=seconds)
    monkeypatch.setattr(openings.queries, "plan_opening_change", planned.after(queries.plan_opening_change))


def mondays(line: Line) -> tuple[Any, ...]:
    return queries.weekly_hours(line, MONDAY + timedelta(days=7))[1]


def test_two_changes_of_one_line_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    line = LineFactory(december_2017=True)
    # The lock keeps the other one out: there is nobody to meet.
    meet_after_planning(monkeypatch, seconds=0.5)
    assert refused(open_at(line, MORNING), open_at(line, AFTERNOON)) == []
    assert mondays(line) in {(MORNING,), (AFTERNOON,)}


def test_control_without_the_lock_the_two_changes_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    line = LineFactory(december_2017=True)
    meet_after_planning(monkeypatch, seconds=20)
    monkeypatch.setattr(openings, "lock", only_read)
    refused(open_at(line, MORNING), open_at(line, AFTERNOON))
    assert mondays(line) == (MORNING, AFTERNOON)


def _shift(agent: Any, counter: Any) -> Callable[[], object]:
    return lambda: actions.plan_shift(
        agent, duty=Shift.Duty.COUNTER, counter=counter, starts_at=NINE, ends_at=NINE + timedelta(hours=3), by=SYSTEM
    )


def test_eight_agents_want_one_counter_and_one_gets_it() -> None:
    office = OfficeFactory()
    counter = CounterFactory(office=office)
    said_no = refused(*[_shift(AgentFactory(office=office), counter) for _ in range(8)])
    assert [type(error) for error in said_no] == [CounterAlreadyStaffed] * 7
    assert Shift.objects.count() == 1


def test_one_agent_is_put_at_eight_counters_and_sits_at_one() -> None:
    agent = AgentFactory()
    counters = [CounterFactory(office=agent.office) for _ in range(8)]
    said_no = refused(*[_shift(agent, counter) for counter in counters])
    assert [type(error) for error in said_no] == [AgentAlreadyOnDuty] * 7
    assert Shift.objects.count() == 1


def test_control_without_the_constraint_two_agents_share_a_counter() -> None:
    office = OfficeFactory()
    counter = CounterFactory(office=office)
    constraint = next(c for c in Shift._meta.constraints if c.name == "shift_counter_for_one_agent")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Shift, constraint)
    try:
        assert refused(*[_shift(AgentFactory(office=office), counter) for _ in range(2)]) == []
        assert Shift.objects.count() == 2
    finally:
        Shift.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Shift, constraint)
