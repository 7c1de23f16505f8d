"""Two people who decide at the same instant: the locks, and what happens when they are taken away."""

import contextlib
import threading
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import SYSTEM
from parvis.offices import actions, queries
from parvis.offices.actions import openings
from parvis.offices.errors import AgentAlreadyOnDuty, CounterAlreadyStaffed
from parvis.offices.models import Line, Shift
from tests.offices.factories import AgentFactory, CounterFactory, LineFactory, OfficeFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
MONDAY = date(2017, 12, 11)
NINE = clock.at(MONDAY, "09:00")
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(16))


@pytest.fixture(autouse=True)
def _eight_o_clock() -> Any:
    with clock.held(clock.at(MONDAY, "08:00")):
        yield


def together(*acts: Callable[[], object]) -> list[BusinessError]:
    """Do these at the same time, each in a thread and a connection of its own; what was refused."""
    refused: list[BusinessError] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except BusinessError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def open_at(line: Line, hours: tuple[time, time]) -> Callable[[], object]:
    return lambda: actions.change_opening(
        line, weekday=1, hours=[hours], valid_from=MONDAY + timedelta(days=7), by=SYSTEM
    )


def meet_after_planning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make two changes both have their plan before either writes, as far as the lock lets them."""
    planned = threading.Barrier(2)
    plan = queries.plan_opening_change

    def plan_and_wait(*args: Any, **kwargs: Any) -> Any:
        made = plan(*args, **kwargs)
        # When the lock keeps the other one out there is nobody to meet.
        with contextlib.suppress(threading.BrokenBarrierError):
            planned.wait(timeout=0.5)
        return made

    monkeypatch.setattr(openings.queries, "plan_opening_change", plan_and_wait)


def mondays(line: Line) -> tuple[Any, ...]:
    return queries.weekly_hours(line, MONDAY + timedelta(days=7))[1]


def test_two_changes_of_one_line_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    line = LineFactory(december_2017=True)
    meet_after_planning(monkeypatch)
    assert together(open_at(line, MORNING), open_at(line, AFTERNOON)) == []
    assert mondays(line) in {(MORNING,), (AFTERNOON,)}


def test_control_without_the_lock_the_two_changes_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    line = LineFactory(december_2017=True)
    meet_after_planning(monkeypatch)
    monkeypatch.setattr(openings, "lock", lambda model, pk: model.objects.get(pk=pk))
    together(open_at(line, MORNING), open_at(line, AFTERNOON))
    assert mondays(line) == (MORNING, AFTERNOON)


def _shift(agent: Any, counter: Any) -> Callable[[], object]:
    return lambda: actions.plan_shift(
        agent, duty=Shift.Duty.COUNTER, counter=counter, starts_at=NINE, ends_at=NINE + timedelta(hours=3), by=SYSTEM
    )


def test_eight_agents_want_one_counter_and_one_gets_it() -> None:
    office = OfficeFactory()
    counter = CounterFactory(office=office)
    refused = together(*[_shift(AgentFactory(office=office), counter) for _ in range(8)])
    assert [type(error) for error in refused] == [CounterAlreadyStaffed] * 7
    assert Shift.objects.count() == 1


def test_one_agent_is_put_at_eight_counters_and_sits_at_one() -> None:
    agent = AgentFactory()
    counters = [CounterFactory(office=agent.office) for _ in range(8)]
    refused = together(*[_shift(agent, counter) for counter in counters])
    assert [type(error) for error in refused] == [AgentAlreadyOnDuty] * 7
    assert Shift.objects.count() == 1


def test_control_without_the_constraint_two_agents_share_a_counter() -> None:
    office = OfficeFactory()
    counter = CounterFactory(office=office)
    constraint = next(c for c in Shift._meta.constraints if c.name == "shift_counter_for_one_agent")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Shift, constraint)
    try:
        assert together(*[_shift(AgentFactory(office=office), counter) for _ in range(2)]) == []
        assert Shift.objects.count() == 2
    finally:
        Shift.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Shift, constraint)
