"""`make start` as a whole: it opens, bears what is killed under it, and leaves nothing when it is killed itself."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import throwaway
from tests.launcher.seen import processes_naming, soon

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


class Office:
    """One `make start` of a real, empty office, on ports and a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.ports = free_port(), free_port()
        own = {"PARVIS_VAR": str(var), "PARVIS_DEMO": "0", "PYTHONUNBUFFERED": "1"}
        own |= {"PARVIS_PORT": str(self.ports[0]), "PARVIS_LIVE_PORT": str(self.ports[1])}
        self.environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | own
        self.log = var / "start.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "launcher"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def said(self) -> str:
        return self.log.read_text()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[0]}/", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def processes(self) -> dict[int, str]:
        """Every process of this office, known by its command line or its environment."""
        return processes_naming(str(self.var))


@pytest.fixture
def office() -> Iterator[Office]:
    var = throwaway.make()
    var.mkdir()
    started = Office(var)
    yield started
    started.process.kill()
    started.process.wait()
    soon(lambda: not started.processes())
    throwaway.remove(var)


def server_of(office: Office) -> str:
    """The process of the database as it says itself; empty between two lives."""
    try:
        return (office.var / "postgres/postmaster.pid").read_text().partition("\n")[0]
    except FileNotFoundError:
        return ""


def test_it_opens_bears_what_is_killed_and_closes(office: Office) -> None:
    assert soon(lambda: "The office is open" in office.said(), within=120), office.said()
    assert office.answers()

    again = subprocess.run(
        [sys.executable, "-m", "launcher"],
        cwd=ROOT,
        env=office.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (again.returncode, "already runs" in again.stdout) == (0, True)

    pages = min(pid for pid, command in office.processes().items() if "config.wsgi" in command)
    os.kill(pages, signal.SIGKILL)
    assert soon(lambda: "pages: ended (killed by signal 9)" in office.said())
    assert soon(office.answers), office.said()

    server = server_of(office)
    os.kill(int(server), signal.SIGKILL)
    assert soon(lambda: server_of(office) not in {"", server})
    assert soon(office.answers), office.said()

    office.process.send_signal(signal.SIGINT)
    assert office.process.wait(60) == 0
    assert office.processes() == {}
    assert "Traceback" not in office.said()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_killed_itself_it_leaves_nothing(office: Office) -> None:
    assert soon(lambda: "The office is open" in office.said(), within=120), office.said()
    assert len([line for line in office.processes().values() if "granian" in line or "worker" in line]) >= 5
    office.process.kill()
    office.process.wait()
    assert soon(lambda: not office.processes()), office.processes()
