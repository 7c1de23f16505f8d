"""Events happen in order, whoever drives the time."""

from datetime import date, timedelta

import pytest

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.rehearsal.agenda import Agenda, EventsDriveClock

START = clock.at(date(2017, 12, 11), "09:00")


def after(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def test_events_happen_by_time_then_in_the_order_planned() -> None:
    seen: list[str] = []
    agenda = Agenda(EventsDriveClock())
    with clock.held(START):
        agenda.plan(START + after(2), lambda: seen.append("later"))
        agenda.plan(START + after(1), lambda: seen.append("first"))
        agenda.plan(START + after(1), lambda: seen.append("second"))
        agenda.run()
    assert seen == ["first", "second", "later"]


def test_the_clock_shows_the_hour_of_the_event() -> None:
    seen = []
    agenda = Agenda(EventsDriveClock())
    with clock.held(START):
        agenda.plan(START + after(30), lambda: seen.append(clock.now()))
        agenda.run()
    assert seen == [START + after(30)]


def test_it_stops_when_told() -> None:
    agenda = Agenda(EventsDriveClock())
    seen: list[int] = []
    with clock.held(START):
        for minute in range(5):
            agenda.plan(START + after(minute), lambda minute=minute: seen.append(minute))  # type: ignore[misc]
        agenda.run(while_true=lambda: len(seen) < 2)
    assert seen == [0, 1]


def refuse() -> None:
    raise BusinessError


@pytest.mark.parametrize("tolerant", [True, False])
def test_only_a_tolerant_agenda_goes_on_after_a_refusal(tolerant: bool) -> None:
    agenda = Agenda(EventsDriveClock(), tolerant=tolerant)
    seen: list[str] = []
    with clock.held(START):
        agenda.plan(START, refuse)
        agenda.plan(START + after(1), lambda: seen.append("went on"))
        if tolerant:
            agenda.run()
        else:
            with pytest.raises(BusinessError):
                agenda.run()
    assert seen == (["went on"] if tolerant else [])
