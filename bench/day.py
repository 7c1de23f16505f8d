"""P8: Monday 11 December 2017 through the real actions, one process: actions a second, and what bounds them.

The rehearsal works in a database that is dropped afterwards and so does not wait for the disk at each commit; the same
day is also played durably, as the office would live it. CPU is that of the playing process: the rest of the wall time
is spent in PostgreSQL or waiting for it.
"""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench import ground

DAY = date(2017, 12, 11)
PINGS = 2000


@dataclass
class Run:
    """One day played: its figures, its cost, and the statements it sent."""

    found: dict[str, Any]
    seconds: float
    cpu: float
    statements: int

    @property
    def pace(self) -> float:
        """Actions a second."""
        return float(self.found["actions"]) / self.seconds


def play(*, durable: bool) -> Run:
    """Play the day in a scratch database."""
    from django.db import connection

    from parvis.rehearsal import scenarios
    from parvis.rehearsal.day import rehearse
    from parvis.rehearsal.scratch import scratch_database

    count = 0

    def counting(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with scratch_database(durable=durable), connection.execute_wrapper(counting):
        wall, cpu = time.perf_counter(), time.process_time()
        found = rehearse(DAY, scenario=scenarios.load("december-2017"), seed=1).as_json()
        return Run(found, time.perf_counter() - wall, time.process_time() - cpu, count)


def round_trips() -> float:
    """The smallest statements a second on one connection: the ceiling of any code that asks before it decides."""
    from django.db import connection

    with connection.cursor() as cursor:
        start = time.perf_counter()
        for _ping in range(PINGS):
            cursor.execute("SELECT 1")
        return PINGS / (time.perf_counter() - start)


def main() -> None:
    """Play the day twice and report."""
    with ground.office(with_pages=False, with_live=False):
        trips = round_trips()
        quick, durable = play(durable=False), play(durable=True)
    report = ground.Report("day")
    for label, run in (("the day, database dropped afterwards", quick), ("the day, every commit on disk", durable)):
        actions = run.found["actions"]
        statements = run.statements / actions
        ceiling = trips / statements
        beside = f"empty statements, {statements:.1f} an action"
        report.row(f"{label}: actions", run.pace, "1/s", beside=beside, ratio=run.pace / ceiling)
        report.row(f"{label}: in all", run.seconds, "s")
        report.row(f"{label}: this process's CPU an action", run.cpu / actions * 1000, "ms")
        report.row(f"{label}: actions a second of this process's CPU", actions / run.cpu, "1/s")
    report.target("P8", quick.pace, 300, "1/s", at_most=False)
    report.target("a day in under a minute", quick.seconds, 60, "s", at_most=True)
    report.write()


if __name__ == "__main__":
    main()
