"""Several workers that hold the same print job, and a control without the lock."""

from collections.abc import Iterator

import pytest

from parvis.common import clock
from parvis.reception.models import Ticket
from parvis.reception.printing import jobs
from tests.concurrency.threads import Meeting, only_read, together
from tests.reception.house import House, at, build

pytestmark = pytest.mark.concurrency
WORKERS = 6


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    """An office whose actions are really committed."""
    with clock.held(at("10:00")):
        yield build()


def _begin_together(ticket: Ticket) -> int:
    """How many of six workers that begin the same order at the same instant are let through."""
    let_through = together([lambda: jobs.begin(ticket, order="a")] * WORKERS)
    assert {type(one) for one in let_through} == {bool}, let_through
    return let_through.count(True)


def test_six_workers_give_one_paper_too_many_at_most(house: House) -> None:
    assert _begin_together(house.ticket("renewal")) == jobs.DOUBTS


def test_control_without_the_lock_they_give_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "lock", Meeting(WORKERS).after(only_read))
    assert _begin_together(house.ticket("renewal")) > jobs.DOUBTS
