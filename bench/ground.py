"""The ground that every benchmark stands on. A benchmark is a module of this folder with a ``main()``:

    from bench import ground

    def main() -> None:
        with ground.office() as place:             # scratch database, Nanterre's office and catalogue, servers running
            counter, agent = place.staff(1, "filing")[0]           # a counter and somebody allowed to work there
            browser = place.browser(agent)                         # an httpx.Client that is signed in
            place.post(browser, "/guichet/...", {"key": "1"})      # with the CSRF token
            tickets = place.people(300, "renewal")
        report = ground.Report("counters")          # the name of the module
        report.row("call next", 512.0, "1/s", beside="plain SQL", ratio=0.41)
        report.target("P4", 38.0, 50.0, "ms", at_most=True)
        report.write()                              # prints a table, writes bench/results/counters.json

    if __name__ == "__main__":
        main()

``python -m bench`` runs them all, each in a process of its own: settings are read once, from the environment that
``office()`` prepares. Import Django and ``parvis`` inside functions, after ``office()`` was entered.
``DATABASE_URL`` names the PostgreSQL server to use (a database of our own is created there and dropped); without it an
embedded one is started, durable as in an office. The clock shows 11 December 2017, 10:00.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from parvis.offices.models import Agent, Counter, Office
    from parvis.reception.models import Ticket

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
CLOCK = "2017-12-11T10:00@1x"
OFFICE = "nanterre"
START_PATIENCE = 60.0
# As `make start` serves the pages.
THREADS = ("--blocking-threads", "256", "--backlog", "4096", "--backpressure", "4096")


@dataclass
class Place:
    """The running office: where its servers answer, and short ways to people it."""

    pages: str
    live: str

    @property
    def office(self) -> "Office":
        """Nanterre."""
        from parvis.offices.models import Office

        return Office.objects.get(code=OFFICE)

    def staff(self, count: int, line: str) -> "list[tuple[Counter, Agent]]":
        """So many counters of the office, made to serve this line, each open with an agent who may work there."""
        from django.contrib.auth.models import Group, User

        from parvis.offices.models import Agent, Counter, Line
        from parvis.reception import actions

        served = Line.objects.get(office=self.office, code=line)
        staffed = []
        for counter in Counter.objects.filter(office=self.office, sessions=None).order_by("number")[:count]:
            user = User.objects.create_user(f"banc-{counter.number}")
            user.groups.add(Group.objects.get(name="counter_agent"))
            agent = Agent.objects.create(user=user, office=self.office, name=f"Agent Fictif {counter.number}")
            counter.lines.set([served])
            agent.lines.set([served])
            actions.open_counter(counter, by=agent)
            staffed.append((counter, agent))
        return staffed

    def people(self, count: int, procedure: str) -> "list[Ticket]":
        """So many invented persons with a ticket for this procedure, issued through the real action."""
        from parvis.journal.actions import KIOSK
        from parvis.procedures.models import Procedure
        from parvis.reception import actions
        from parvis.reception.rules import Arrival

        asked = (Procedure.objects.get(code=procedure),)
        office, run, born = self.office, time.monotonic_ns(), date(1990, 1, 1)
        arrivals = (
            Arrival(office=office, procedures=asked, holder_name=f"Témoin {run} {number}", holder_born=born)
            for number in range(count)
        )
        return [actions.issue_ticket(arrival, by=KIOSK) for arrival in arrivals]

    def browser(self, agent: "Agent") -> httpx.Client:
        """A browser in which this agent is signed in, with connections kept open."""
        from django.conf import settings
        from django.test import Client

        inside = Client()
        inside.force_login(agent.user)
        cookies = {
            settings.SESSION_COOKIE_NAME: inside.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.CSRF_COOKIE_NAME: "b" * 32,
        }
        return httpx.Client(base_url=self.pages, cookies=cookies, headers={"x-csrftoken": "b" * 32}, timeout=30)

    @staticmethod
    def post(browser: httpx.Client, path: str, fields: dict[str, str] | None = None) -> httpx.Response:
        """Press a button; raises when the answer is an error."""
        answer = browser.post(path, data=fields or {})
        if answer.is_error:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:500]}")
        return answer


@contextmanager
def office(*, workers: int = 2, with_live: bool = True, with_pages: bool = True) -> Iterator[Place]:
    """An office of its own until the end of the block: database, static files, pages and live process."""
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parvis-bench-")))
        var.chmod(0o711)
        ports = {"PARVIS_PORT": str(free_port()), "PARVIS_LIVE_PORT": str(free_port())}
        # Of one instant: two processes that begin at two would tell two times.
        of_one_instant = f"{CLOCK} since {datetime.now(UTC).isoformat()}"
        os.environ.update(
            {"PARVIS_VAR": str(var), "PARVIS_CLOCK": of_one_instant, "PARVIS_LOG_LEVEL": "WARNING", **ports}
        )
        os.environ["DATABASE_URL"] = stack.enter_context(_scratch(var))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        stack.callback(_leave_database)
        _furnish(with_pages=with_pages)
        place = Place(f"http://127.0.0.1:{ports['PARVIS_PORT']}", f"http://127.0.0.1:{ports['PARVIS_LIVE_PORT']}")
        if with_pages:
            command = ["--interface", "wsgi", "--workers", str(workers), *THREADS, "config.wsgi:application"]
            stack.enter_context(server(command, ports["PARVIS_PORT"], f"{place.pages}/"))
        if with_live:
            command = ["--interface", "asgi", "--workers", "1", "config.asgi:application"]
            stack.enter_context(server(command, ports["PARVIS_LIVE_PORT"], f"{place.live}/live/health"))
        yield place


@contextmanager
def server(arguments: Sequence[str], port: str, ready: str) -> Iterator[int]:
    """A granian with these arguments, from its first good answer at ``ready`` to the end of the block; its number."""
    granian = str(Path(sys.executable).with_name("granian"))
    command = [granian, "--host", "127.0.0.1", "--port", port, "--no-log", "--workers-kill-timeout", "1", *arguments]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(ready, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Report:
    """What a benchmark found, in the form that ``bench/results/<name>.json`` keeps."""

    name: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)

    def row(self, what: str, value: float, unit: str, *, beside: str | None = None, ratio: float | None = None) -> None:
        """One figure; ``beside`` names the peer or the limit, ``ratio`` is ours divided by theirs."""
        rounded = None if ratio is None else round(ratio, 3)
        self.rows.append({"what": what, "value": round(value, 3), "unit": unit, "beside": beside, "ratio": rounded})

    def target(self, name: str, value: float, target: float, unit: str, *, at_most: bool) -> None:
        """A figure that was promised."""
        met = value <= target if at_most else value >= target
        self.targets.append({"id": name, "value": round(value, 3), "target": target, "unit": unit, "met": met})

    def write(self) -> None:
        """Print the figures and keep them."""
        RESULTS.mkdir(exist_ok=True)
        content = {"name": self.name, "machine": machine(), "rows": self.rows, "targets": self.targets}
        (RESULTS / f"{self.name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        print(table(content), flush=True)


def table(content: dict[str, Any]) -> str:
    """The figures of one benchmark, aligned."""
    lines = [f"{content['name']} ({content['machine']})"]
    for row in content["rows"]:
        beside = f"  beside {row['beside']}" if row["beside"] else ""
        ratio = f": {row['ratio']:.2f}" if row["ratio"] is not None else ""
        lines.append(f"  {row['what']:<58} {row['value']:>12,.2f} {row['unit']:<6}{beside}{ratio}")
    for target in content["targets"]:
        verdict = "met" if target["met"] else "NOT MET"
        figures = f"{target['value']:>12,.2f} {target['unit']:<6}  target {target['target']:g}"
        lines.append(f"  {target['id']:<58} {figures}: {verdict}")
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * share * 1000) // 1000) - 1)]


def machine() -> str:
    """The machine in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {system}"


@contextmanager
def _scratch(var: Path) -> Iterator[str]:
    """The address of a database of our own, dropped at the end."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        from launcher import database

        database.start(var)
        try:
            yield database.default_url(var)
        finally:
            database.stop(var)
        return
    name = f"parvis_bench_{os.getpid()}"
    server_address = make_conninfo(given, dbname="postgres")
    with psycopg.connect(server_address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield make_conninfo(**{**conninfo_to_dict(given), "dbname": name})
    finally:
        with psycopg.connect(server_address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _furnish(*, with_pages: bool) -> None:
    """Tables, the office, the catalogue, the roles and the static files."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        for command in ("load_office", "load_procedures", "sync_roles"):
            call_command(command, stdout=nowhere, stderr=nowhere)
    if with_pages:
        call_command("collectstatic", verbosity=0, interactive=False)


def _leave_database() -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend alone


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server of {address} ended with {process.returncode}")
        try:
            if httpx.get(address, follow_redirects=True, timeout=10).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"{address} did not answer within {START_PATIENCE:.0f} s")
