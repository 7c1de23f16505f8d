"""The live process, started for real beside the tests, and screens that listen to it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 20.0


def free_port() -> int:
    """A port where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def database_url() -> str:
    """The address of the database that the tests write to."""
    given = connection.get_connection_params()
    known = {name: str(given[name]) for name in ("host", "port", "user", "password") if given.get(name)}
    return f"postgresql:///{quote(given['dbname'])}?{urlencode(known)}"


@dataclass
class LiveProcess:
    """One granian with one worker; may be killed and started again at the same port."""

    port: int = field(default_factory=free_port)
    clock: str = "2017-12-11T10:00@1x"
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        granian = str(Path(sys.executable).with_name("granian"))
        command = [granian, "--interface", "asgi", "--workers", "1", "--workers-kill-timeout", "1"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--no-log", "config.asgi:application"]
        environment = {**os.environ, "DATABASE_URL": database_url(), "PARVIS_CLOCK": self.clock}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if httpx.get(self.address("/live/health")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError("The live process did not start")

    def kill(self) -> None:
        """End it at once, worker and all: kill -9."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def address(self, path: str) -> str:
        """The full address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"


# One for the whole session, whichever folder's tests ask for it.
THE_PROCESS = LiveProcess()


@dataclass
class Event:
    """A server-sent event and when it came."""

    name: str
    data: str
    at: float


class Screen:
    """Somebody who listens to one address, in a thread."""

    def __init__(self, address: str) -> None:
        self.events: list[Event] = []
        self.is_over = threading.Event()
        self._news = threading.Condition()
        self._client = httpx.Client(timeout=httpx.Timeout(5, read=60))
        self._thread = threading.Thread(target=self._listen, args=(address,), daemon=True)
        self._thread.start()

    def _listen(self, address: str) -> None:
        try:
            with self._client.stream("GET", address) as answer:
                for event in _events(answer.iter_lines()):
                    with self._news:
                        self.events.append(event)
                        self._news.notify_all()
        except (httpx.HTTPError, OSError, RuntimeError):
            pass
        finally:
            self.is_over.set()

    def wait_for(self, name: str, *, after: int = 0, containing: str = "", patience: float = 5.0) -> Event:
        """The first event of this name beyond the ``after`` first events; fails when none comes in time."""
        deadline = time.monotonic() + patience
        with self._news:
            while True:
                for event in self.events[after:]:
                    if event.name == name and containing in event.data:
                        return event
                left = deadline - time.monotonic()
                assert left > 0, f"no {name} with {containing!r} among {[event.name for event in self.events]}"
                self._news.wait(left)

    def close(self) -> None:
        """Stop listening."""
        self._client.close()


def _events(lines: Iterator[str]) -> Iterator[Event]:
    name, data = "message", []
    for line in lines:
        key, _, value = line.partition(":")
        if key == "event":
            name = value.strip()
        elif key == "data":
            data.append(value.removeprefix(" "))
        elif not line and data:
            yield Event(name, "\n".join(data), time.monotonic())
            name, data = "message", []


def facts(event: Event) -> dict[str, object]:
    """The JSON of an event."""
    found: dict[str, object] = json.loads(event.data)
    return found
