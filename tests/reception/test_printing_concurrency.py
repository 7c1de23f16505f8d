"""Several workers that hold the same print job, and a control without the lock."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from parvis.common import clock
from parvis.reception.models import Ticket
from parvis.reception.printing import jobs
from tests.reception.house import House, at, build

WORKERS = 6


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    """An office whose actions are really committed."""
    with clock.held(at("10:00")):
        yield build()


def _begin_together(ticket: Ticket) -> int:
    """How many of six workers that begin the same order at the same instant are let through."""
    start = threading.Barrier(WORKERS)
    let_through: list[bool] = []

    def work() -> None:
        try:
            start.wait(10)
            let_through.append(jobs.begin(ticket, order="a"))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(let_through) == WORKERS
    return sum(let_through)


def test_six_workers_give_one_paper_too_many_at_most(house: House) -> None:
    assert _begin_together(house.ticket("renewal")) == jobs.DOUBTS


def test_control_without_the_lock_they_give_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(WORKERS)

    def look_without_locking(model: Any, pk: int) -> Any:
        found = model.objects.get(pk=pk)
        together.wait(10)
        return found

    monkeypatch.setattr(jobs, "lock", look_without_locking)
    assert _begin_together(house.ticket("renewal")) > jobs.DOUBTS
