"""How long somebody may wait: who goes ahead of them is known one head start after they came, whatever happens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Counter
from parvis.reception import actions
from parvis.reception.models import QueuePolicy, Ticket
from parvis.reception.models import TicketQuerySet as Rows
from parvis.reception.states import OPEN, Outcome, ReturnKind, Status
from tests.reception.house import House, at, wait

BOUND = QueuePolicy().largest_head_start
PAUSE = timedelta(minutes=QueuePolicy().absent_pause)
Desk = tuple[Counter, Agent, set[str]]


@dataclass
class Waiting:
    """Somebody in a line, as the test alone knows it: since when, and who was called while they could be."""

    name: str
    line: str
    reference_at: datetime
    callable_from: datetime
    ahead: set[str] = field(default_factory=set)


@dataclass
class Day:
    """What is done with three counters, and what the test remembers of it."""

    house: House
    desks: list[Desk]
    waiting: dict[int, Waiting] = field(default_factory=dict)
    references: dict[str, datetime] = field(default_factory=dict)
    served: int = 0

    def queued(self, ticket: Ticket, *, later: timedelta = timedelta()) -> None:
        """Somebody enters a line, or comes back to one."""
        ticket.refresh_from_db()
        assert ticket.state == Status.WAITING
        one = Waiting(str(ticket), ticket.line.code, ticket.reference_at, clock.now() + later)
        self.waiting[ticket.pk] = one
        self.references[one.name] = ticket.reference_at

    def come(self, number: int, code: str = "", **holder: object) -> None:
        """Somebody comes: without anything, with a right, with an appointment soon or past, or with a code."""
        hour = clock.now() + timedelta(minutes=number % 80 - 40) if number % 3 == 1 else None
        priority = "family_card" if number % 5 == 2 else ""
        self.queued(self.house.ticket(priority=priority, appointment_at=hour, return_code=code, **holder))

    def call(self, number: int, then: str) -> None:
        """A counter calls; who is called comes, or not, and goes on in one of several ways."""
        counter, agent, lines = self.desks[number % len(self.desks)]
        ticket = actions.call_next(counter, by=agent)
        if ticket is None:
            assert not [one for one in self.waiting.values() if one.line in lines and one.callable_from <= clock.now()]
            return
        called = self.waiting.pop(ticket.pk)
        for one in self.waiting.values():
            if one.line in lines and one.callable_from <= clock.now():
                late = called.reference_at - one.reference_at
                assert late <= BOUND, f"{called.name} went ahead of {one.name}, {late} later"
                one.ahead.add(called.name)
        # All who went ahead had their reference before hers and one head start: nobody who comes later is among them.
        limit = called.reference_at + BOUND
        allowed = {name for name, reference in self.references.items() if reference <= limit}
        assert called.ahead <= allowed, f"{called.name} waited for {called.ahead - allowed}"
        getattr(self, then)(ticket, agent)

    def served_at_once(self, ticket: Ticket, agent: Agent) -> None:
        actions.arrive(ticket, by=agent)
        actions.finish(ticket, outcome=Outcome.DONE, by=agent)
        self.served += 1

    def absent(self, ticket: Ticket, agent: Agent) -> None:
        if actions.mark_absent(ticket, by=agent).state == Status.WAITING:
            self.queued(ticket, later=PAUSE)

    def parked(self, ticket: Ticket, agent: Agent) -> None:
        actions.arrive(ticket, by=agent)
        actions.park(ticket, room="B1", by=agent)

    def transferred(self, ticket: Ticket, agent: Agent) -> None:
        actions.arrive(ticket, by=agent)
        here = ticket.procedure.code == "renewal"
        if here:
            actions.transfer(ticket, procedure=self.house.procedures["receipt_renewal"], by=agent)
            self.queued(ticket)
        else:
            actions.finish(ticket, outcome=Outcome.DONE, by=agent)
            self.served += 1

    def sent_for_a_copy(self, ticket: Ticket, agent: Agent) -> None:
        """They come back a little later with the code, and their reference."""
        actions.arrive(ticket, by=agent)
        given = actions.give_return(ticket, kind=ReturnKind.MISSING_COPY, by=agent, reason="Une copie.")
        wait(4)
        self.come(0, given.code, holder_name=ticket.holder_name, holder_born=ticket.holder_born)

    def put_back(self, number: int) -> None:
        """A missed person is there after all: their reference is that of now."""
        missed = list(Ticket.objects.filter(state=Status.MISSED).order_by("pk"))
        if missed:
            self.queued(actions.put_back(missed[number % len(missed)], by=SYSTEM))

    def resume(self, number: int) -> None:
        """Somebody put aside is called back by name and served: the line gives nobody up for it."""
        aside = list(Ticket.objects.filter(state=Status.PARKED).order_by("pk"))
        if aside:
            counter, agent, _lines = self.desks[number % len(self.desks)]
            ticket = actions.resume(aside[number % len(aside)], counter=counter, by=agent)
            self.served_at_once(ticket, agent)


@pytest.fixture
def desks(house: House) -> Iterator[list[Desk]]:
    """Two counters of one line, and one that serves another too."""
    clock.hold(at("09:00"))
    served = [("filing",), ("filing",), ("filing", "receipts")]
    return [(*house.desk(*lines), set(lines)) for lines in served]


WAYS = ["served_at_once", "served_at_once", "absent", "parked", "transferred", "sent_for_a_copy"]
ACTS = st.one_of(
    st.tuples(st.just("come"), st.integers(0, 79)),
    st.tuples(st.just("come"), st.integers(0, 79)),
    st.tuples(st.just("call"), st.integers(0, 2), st.sampled_from(WAYS)),
    st.tuples(st.sampled_from(["put_back", "resume"]), st.integers(0, 5)),
    st.tuples(st.just("wait"), st.integers(1, 25)),
)


def play(house: House, desks: list[Desk], acts: list[tuple]) -> None:
    Ticket.objects.filter(state__in=OPEN).update(state=Status.LEFT, counter=None, closed_at=clock.now())
    clock.hold(at("09:00"))
    day = Day(house, desks)
    for name, *how in acts:
        if name == "wait":
            wait(how[0])
        else:
            getattr(day, name)(*how)
    # The end of the day: nobody comes any more, and everybody who waits is called.
    wait(PAUSE.total_seconds() / 60)
    for turn in range(3 * len(day.waiting)):
        day.call(2 - turn % 2, "served_at_once")
    assert not day.waiting


def some_days(phases: tuple[Phase, ...]) -> settings:
    return settings(
        max_examples=12, deadline=None, derandomize=True, database=None, phases=phases,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip


DAYS = st.lists(ACTS, min_size=12, max_size=30)


@some_days((Phase.generate,))
@given(acts=DAYS)
def test_who_goes_ahead_is_known_one_head_start_after_one_came(
    house: House, desks: list[Desk], acts: list[tuple]
) -> None:
    play(house, desks, acts)


@pytest.mark.parametrize("wrong", [("-rank_at", "-id"), ("-id",), ("-not_before", "-arrived_at")])
def test_control_another_order_is_seen(
    house: House, desks: list[Desk], wrong: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rows, "in_order", lambda rows: rows.order_by(*wrong))

    @some_days((Phase.generate,))
    @given(acts=DAYS)
    def days(acts: list[tuple]) -> None:
        play(house, desks, acts)

    with pytest.raises(AssertionError, match="went ahead of"):
        days()
