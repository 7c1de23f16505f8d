"""The stated order and its bound, over random days."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.common import clock
from parvis.journal.models import Entry
from parvis.reception import actions, queries
from parvis.reception.models import QueuePolicy, Ticket
from parvis.reception.rules import Arrival, place
from parvis.reception.states import Rank
from tests.reception.house import House, at, wait


def test_the_queue_is_served_by_rank_time(house: House) -> None:
    walk_in = house.ticket()
    wait(10)
    appointment = house.ticket(appointment_at=at("10:10"))
    wait(35)
    priority = house.ticket(priority="family_card")
    counter, agent = house.desk()
    served = [house.serve(counter, agent) for _ in range(4)]
    assert served == [priority, appointment, walk_in, None]


def test_a_counter_calls_only_for_its_lines(house: House) -> None:
    house.ticket("receipt_renewal")
    counter, agent = house.desk("filing")
    assert actions.call_next(counter, by=agent) is None


def test_the_agent_and_the_journal_are_told_why(house: House) -> None:
    ticket = house.ticket(appointment_at=at("10:00"))
    why = queries.explain(ticket)
    assert (why.rank, why.head_start, why.ahead) == (Rank.APPOINTMENT, timedelta(minutes=20), 0)
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    facts = Entry.objects.get(what="ticket.called").facts
    assert datetime.fromisoformat(facts["reference_at"]) == at("10:00")
    assert (facts["rank"], facts["picked"], facts["first"]) == ("appointment", False, True)


arrivals = st.lists(
    st.tuples(
        st.integers(0, 30),  # minutes since the one before
        st.sampled_from(["", "family_card"]),
        st.one_of(st.none(), st.integers(-40, 40)),  # minutes from the arrival to the appointment
        st.integers(0, 2),  # people called before the next one comes
    ),
    min_size=2,
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=arrivals)
def test_nobody_is_overtaken_by_more_than_the_largest_head_start(house: House, day: list[tuple]) -> None:
    """For every person served: whoever was called before them while they waited came at most one head start later."""
    Ticket.objects.all().update(state="left", counter=None, closed_at=clock.now())
    clock.hold(at("08:30"))
    counter, agent = house.desk()
    bound = QueuePolicy().largest_head_start
    called: list[Ticket] = []
    for minutes, priority, appointment, calls in day:
        now = wait(minutes / 2)
        hour = now + timedelta(minutes=appointment) if appointment is not None else None
        house.ticket(priority=priority, appointment_at=hour)
        called += filter(None, [house.serve(counter, agent) for _ in range(calls)])
    while ticket := house.serve(counter, agent):
        called.append(ticket)
    actions.close_counter(counter, by=agent)
    assert len(called) == len(day)
    for position, late in enumerate(called):
        for early in called[:position]:
            if early.first_called_at >= late.arrived_at:
                assert early.reference_at - late.reference_at <= bound


@given(
    appointment=st.one_of(st.none(), st.integers(-600, 600)),
    priority=st.sampled_from(["", "family_card"]),
    heads=st.tuples(st.integers(0, 240), st.integers(0, 240)),
)
def test_a_rank_is_never_further_ahead_than_the_largest_head_start(
    appointment: int | None, priority: str, heads: tuple[int, int]
) -> None:
    policy = QueuePolicy(appointment_head_start=heads[0], priority_head_start=heads[1])
    now = at("10:00")
    hour = now + timedelta(minutes=appointment) if appointment is not None else None
    arrival = Arrival(office=None, procedures=(), priority=priority, appointment_at=hour)  # type: ignore[arg-type]
    got = place(arrival, policy, now=now)
    assert timedelta() <= got.reference_at - got.rank_at <= policy.largest_head_start
    assert got.reference_at >= now


@pytest.mark.parametrize("absences", [1, 2])
def test_absent_once_keeps_the_place_and_twice_is_missed(house: House, absences: int) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.mark_absent(ticket, by=agent)
    assert actions.call_next(counter, by=agent) is None
    wait(3)
    assert actions.call_next(counter, by=agent) == ticket
    if absences == 2:
        assert actions.mark_absent(ticket, by=agent).state == "missed"
        wait(15)
        back = actions.put_back(ticket, by=agent)
        assert (back.state, back.reference_at) == ("waiting", clock.now())
