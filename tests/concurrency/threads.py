"""Many hands at once, each with its own database connection."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.db.models import QuerySet

from parvis.common.errors import Busy

T = TypeVar("T")


def together(jobs: Sequence[Callable[[], T]]) -> list[T | BaseException]:
    """Start every job at the same instant, one thread each; what each gave or raised, in order."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T | BaseException:
        try:
            gate.wait(timeout=30)
            return job()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def done(answers: Sequence[T | BaseException]) -> list[T | BaseException]:
    """All but those told to try again: many hands on one row of a busy machine may wait longer than three seconds."""
    return [answer for answer in answers if not isinstance(answer, Busy)]


class Meeting:
    """Where hands that have read wait for each other, so that none writes before all have read.

    Fewer hands than the process has connections, or some never read. Who waits in vain goes on after
    ``seconds``: another was refused before it came here, or a lock keeps it out.
    """

    def __init__(self, hands: int = 2, seconds: float = 20) -> None:
        self._all_here, self._seconds = threading.Barrier(hands), seconds

    def wait(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            self._all_here.wait(self._seconds)

    def after(self, read: Callable[..., T]) -> Callable[..., T]:
        """The same reading, after which each waits for the others."""

        def read_and_wait(*given: Any, **named: Any) -> T:
            found = read(*given, **named)
            self.wait()
            return found

        return read_and_wait

    def before(self, write: Callable[..., T]) -> Callable[..., T]:
        """The same writing, before which each waits for the others."""

        def wait_and_write(*given: Any, **named: Any) -> T:
            self.wait()
            return write(*given, **named)

        return wait_and_write


def only_read(model: Any, pk: int) -> Any:
    """A row as ``database.lock`` gives it, without its lock."""
    return model._default_manager.get(pk=pk)


def without_row_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the product's own code read every row that it locks, and lock none."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
