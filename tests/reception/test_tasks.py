"""What the worker does by itself: nothing before its time, nothing twice."""

from datetime import timedelta

from parvis.common import clock
from parvis.common.commands import once
from parvis.common.models import Command
from parvis.reception import tasks
from parvis.reception.models import CounterSession
from parvis.reception.states import Priority, SessionState, Status
from tests.reception.house import MONDAY, House, at


def test_a_day_nobody_closed_is_closed_two_hours_after_the_office(house: House) -> None:
    ticket = house.ticket("renewal")
    house.desk()
    closing = at("16:00")
    clock.hold(closing + timedelta(hours=1, minutes=59))
    assert tasks.close_forgotten_days(timestamp=0) == 0
    clock.hold(closing + timedelta(hours=2, minutes=1))
    assert tasks.close_forgotten_days(timestamp=0) == 1
    ticket.refresh_from_db()
    assert ticket.state == Status.TURNED_AWAY
    assert not CounterSession.objects.exclude(state=SessionState.CLOSED).exists()
    assert tasks.close_forgotten_days(timestamp=0) == 0


def test_a_counter_left_open_on_an_earlier_day_is_closed(house: House) -> None:
    house.desk()
    clock.hold(at("09:30", MONDAY + timedelta(days=1)))
    assert tasks.close_forgotten_days(timestamp=0) == 1
    assert not CounterSession.objects.exclude(state=SessionState.CLOSED).exists()


def test_priority_codes_are_erased_the_next_day_and_not_before(house: House) -> None:
    ticket = house.ticket("renewal", priority=Priority.MOBILITY_CARD)
    tasks.erase_old_traces(timestamp=0)
    ticket.refresh_from_db()
    assert ticket.priority == Priority.MOBILITY_CARD
    clock.hold(at("03:30", MONDAY + timedelta(days=1)))
    tasks.erase_old_traces(timestamp=0)
    ticket.refresh_from_db()
    assert ticket.priority == ""


def test_keys_are_kept_thirty_days(house: House) -> None:
    once("cle-exemple", {}, lambda: None)
    clock.hold(at("03:30", MONDAY + timedelta(days=29)))
    tasks.erase_old_traces(timestamp=0)
    assert Command.objects.count() == 1
    clock.hold(at("03:30", MONDAY + timedelta(days=32)))
    tasks.erase_old_traces(timestamp=0)
    assert Command.objects.count() == 0
