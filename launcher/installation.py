"""One installation on this machine: its folder of data, its ports, its programs, and how it is made ready."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from launcher import database, messages
from launcher.cluster import cluster_of
from launcher.errors import LaunchError
from launcher.keeper import die_with_parent
from launcher.processes import Child
from launcher.terminal import progress, say

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Installation:
    """What the environment says of this installation."""

    root: Path
    var: Path
    bind: str
    port: int
    live_port: int
    demonstration: bool
    database_url: str

    @classmethod
    def from_environment(cls) -> "Installation":
        """Read the variables of ``docs/operations.md``; raises LaunchError on a port that is no number."""
        return cls(
            root=ROOT,
            var=Path(os.environ.get("PARVIS_VAR", ROOT / "var")).resolve(),
            bind=os.environ.get("PARVIS_BIND", "127.0.0.1"),
            port=_port("PARVIS_PORT", 8000),
            live_port=_port("PARVIS_LIVE_PORT", 8001),
            demonstration=os.environ.get("PARVIS_DEMO", "1") in {"1", "true", "yes"},
            database_url=os.environ.get("DATABASE_URL", ""),
        )

    @property
    def uses_embedded_database(self) -> bool:
        """Whether no other database is named."""
        return not self.database_url

    @property
    def address(self) -> str:
        """Where the first screen is."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.bind, self.bind)  # noqa: S104 - read, not bound
        return f"http://{host}:{self.port}/"

    @property
    def addresses(self) -> Path:
        """The file that keeps what the demonstration printed, for a second `make start`."""
        return self.var / "addresses.txt"

    def environment(self) -> dict[str, str]:
        """The environment of every program of this installation."""
        ours = {
            "DATABASE_URL": self.database_url or database.default_url(self.var),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PARVIS_VAR": str(self.var),
            "PARVIS_PORT": str(self.port),
            "PARVIS_LIVE_PORT": str(self.live_port),
            "PARVIS_DEMO": "1" if self.demonstration else "0",
            "PYTHONUNBUFFERED": "1",
        }
        if self.demonstration:
            ours["PARVIS_CLOCK"] = os.environ.get("PARVIS_CLOCK", str(self.var / "clock"))
        return {**os.environ, **ours}

    def children(self) -> list[Child]:
        """The programs to keep running, the pages first."""
        manage = [sys.executable, str(self.root / "manage.py")]
        serve = [
            str(Path(sys.executable).with_name("granian")),
            "--host",
            self.bind,
            "--no-ws",
            "--log-level",
            "warning",
        ]
        serve += ["--respawn-failed-workers", "--workers-kill-timeout", "5"]
        # A thread for each request that waits in front of Django, so that what everybody reads passes it by; the
        # back-pressure counts open connections, sleeping browsers included.
        threads = ["--blocking-threads", "256", "--backlog", "4096", "--backpressure", "4096"]
        pages = ["--interface", "wsgi", "--workers", "2", *threads, "--port", str(self.port), "config.wsgi:application"]
        live = ["--interface", "asgi", "--workers", "1", "--port", str(self.live_port), "config.asgi:application"]
        found = [
            Child("pages", [*serve, *pages], self._log("pages")),
            Child("live", [*serve, *live], self._log("live")),
            Child("worker", [*manage, "procrastinate", "worker"], self._log("worker"), orphaned=signal.SIGKILL),
        ]
        if self.demonstration:
            play = [*manage, "demo_live"]
            found.append(
                Child("demonstration", play, self._log("demonstration"), may_end=True, orphaned=signal.SIGKILL)
            )
        return found

    def _log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def check_ports(self) -> None:
        """Raises LaunchError, with the variable to set, when another program listens where this one would."""
        for variable, port in (("PARVIS_PORT", self.port), ("PARVIS_LIVE_PORT", self.live_port)):
            family = socket.AF_INET6 if ":" in self.bind else socket.AF_INET
            with socket.socket(family) as door:
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    door.bind((self.bind, port))
                except OSError as error:
                    raise LaunchError(
                        f"Port {port} of {self.bind} cannot be used ({error.strerror}): "
                        f"name another, for example {variable}={port + 100} make start."
                    ) from error

    def first_screen_answers(self) -> bool:
        """Whether the first address answers 200, after its redirects."""
        try:
            with urllib.request.urlopen(self.address, timeout=10) as answer:  # noqa: S310 - our own http address
                return bool(answer.status == http.HTTPStatus.OK)
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            return False

    def known_addresses(self) -> str:
        """What to open in a browser, as the demonstration office printed it."""
        if self.addresses.exists():
            return self.addresses.read_text().strip()
        return f"Parvis: {self.address}"


def prepare(here: Installation) -> None:
    """Bring the translations, the tables, the static files and the demonstration office up to date."""
    with progress("translations"):
        messages.compile_all(here.root)
    with progress("tables, static files"):
        both = [_begin(here, "migrate", "--noinput"), _begin(here, "collectstatic", "--noinput")]
        for command in both:
            _finish(command)
    here.addresses.unlink(missing_ok=True)
    if here.demonstration:
        (here.var / "demonstration").touch()
        with progress("demonstration office"):
            here.addresses.write_text(_finish(_begin(here, "demo_office")))


def _begin(here: Installation, *arguments: str) -> subprocess.Popen[str]:
    """Start one management command."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=here.root,
        env=here.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - the launcher has one thread
    )


def _finish(command: subprocess.Popen[str]) -> str:
    """Wait for its end; what it printed. Raises LaunchError with its last lines."""
    told, complained = command.communicate()
    if command.returncode != 0:
        last = "\n".join((told + complained).strip().splitlines()[-15:])
        assert isinstance(command.args, list)  # noqa: S101 - as _begin made it
        raise LaunchError(f"`{' '.join(map(str, command.args[1:]))}` failed:\n{last}")
    return told


def reset_demonstration(here: Installation) -> None:
    """Forget the demonstration's database, clock and addresses; never those of a real installation."""
    if not here.uses_embedded_database:
        raise LaunchError("DATABASE_URL names a database of yours: empty it yourself, this command never does.")
    data = cluster_of(here.var).data
    if data.exists() and not (here.var / "demonstration").exists():
        raise LaunchError(f"{data} was not made by the demonstration: nothing was removed.")
    database.stop(here.var)
    shutil.rmtree(data, ignore_errors=True)
    for name in ("clock", "addresses.txt", "demonstration"):
        (here.var / name).unlink(missing_ok=True)
    say("The demonstration is forgotten; `make start` makes it anew.")


def _port(variable: str, usual: int) -> int:
    value = os.environ.get(variable, str(usual))
    if not value.isdecimal() or not 0 < int(value) < 65_536:
        raise LaunchError(f"{variable}={value} is no port: a number from 1 to 65535 is.")
    return int(value)
