"""The processes of an installation, kept alive by one parent and gone with it."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from launcher.keeper import die_with_parent
from launcher.terminal import complain, say

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
STOP_PATIENCE = 10.0
LARGEST_LOG = 10_000_000
WORTH_TELLING = (" ERROR ", " CRITICAL ", "[ERROR]", "[CRITICAL]")


@dataclass
class Child:
    """One program to keep running; one that ``may_end`` is not started again after it ended well.

    ``orphaned`` is the signal it gets if the supervisor is killed: one that has children of its own needs the time
    to end them; one that waits for the database, which goes at the same moment, would wait for ever.
    """

    name: str
    command: list[str]
    log: Path
    may_end: bool = False
    orphaned: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    pause: float = 1.0
    started_at: float = 0.0
    again_at: float = 0.0
    told: int = field(default=0, repr=False)

    def is_alive(self) -> bool:
        """Whether it runs at this moment."""
        return self.process is not None and self.process.poll() is None

    def last_lines(self, count: int = 15) -> str:
        """The end of what it said."""
        with suppress(FileNotFoundError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        return ""


class Supervisor:
    """Starts children in order, starts again those that die, stops them in the opposite order.

    Each child leads a process group of its own, so that Ctrl-C reaches the supervisor alone and what a dead child
    left behind is ended with it; on Linux the kernel ends the children if the supervisor is killed.
    """

    def __init__(self, children: list[Child], *, environment: dict[str, str], folder: Path) -> None:
        self.children = children
        self._environment = environment
        self._folder = folder

    def start(self, *names: str) -> None:
        """Start the children of these names, or every child that was not started yet."""
        for child in self.children:
            if child.process is None and (not names or child.name in names):
                self._spawn(child)

    def look(self) -> None:
        """Tell what went wrong since the last look, and start again what died and has waited long enough."""
        for child in self.children:
            _tell_errors(child)
            if child.process is None:
                if child.again_at and time.monotonic() >= child.again_at:
                    self._spawn(child)
            elif child.process.poll() is not None:
                self._mourn(child)

    def stop(self) -> None:
        """Ask each to end, the last started first; insist after ten seconds."""
        for child in reversed(self.children):
            if child.process is None:
                continue
            with suppress(ProcessLookupError):
                child.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(STOP_PATIENCE)
            _end_group(child.process)
            child.process = None
            child.again_at = 0.0
            say(f"  {child.name}: stopped")

    def _spawn(self, child: Child) -> None:
        child.log.parent.mkdir(parents=True, exist_ok=True)
        if child.log.exists() and child.log.stat().st_size > LARGEST_LOG:
            child.log.replace(child.log.with_suffix(".log.1"))
        with child.log.open("ab") as log:
            child.told = log.tell()
            child.process = subprocess.Popen(
                child.command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, child.orphaned),  # noqa: PLW1509 - the supervisor has one thread
            )
        child.started_at = time.monotonic()
        child.again_at = 0.0

    def _mourn(self, child: Child) -> None:
        assert child.process is not None  # noqa: S101 - only called on one that ran
        code = child.process.returncode
        _end_group(child.process)
        child.process = None
        if child.may_end and code == 0:
            say(f"{child.name}: finished")
            return
        if time.monotonic() - child.started_at > STEADY_AFTER:
            child.pause = 1.0
        child.deaths += 1
        child.again_at = time.monotonic() + child.pause
        how = f"killed by signal {-code}" if code < 0 else f"exit {code}"
        complain(f"{child.name}: ended ({how}), started again in {child.pause:.0f} s; its log: {child.log}")
        child.pause = min(child.pause * 2, LONGEST_PAUSE)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever the child started and left behind, and the child itself if it did not listen."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tell_errors(child: Child) -> None:
    if not child.log.exists():
        return
    with child.log.open("rb") as log:
        log.seek(child.told)
        fresh = log.read(65_536)
    whole = fresh[: fresh.rfind(b"\n") + 1]
    child.told += len(whole)
    for line in whole.decode(errors="replace").splitlines():
        if any(word in line for word in WORTH_TELLING):
            complain(f"{child.name}: {line}")
