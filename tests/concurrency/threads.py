"""Many hands at once, each with its own database connection."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

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
