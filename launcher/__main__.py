"""Start the whole office: ``make start``. Ctrl-C stops everything this started."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from launcher import database, installation, terminal
from launcher.errors import LaunchError
from launcher.installation import Installation
from launcher.keeper import alone
from launcher.processes import Supervisor

LOOK_EVERY = 0.3
FIRST_SCREEN_PATIENCE = 120.0


def main(arguments: list[str]) -> None:
    """Start and stay; 0 after Ctrl-C or when the office runs already, 1 with a sentence when it cannot start."""
    for number in endings():
        signal.signal(number, signal.default_int_handler)
    try:
        here = Installation.from_environment()
        reset(here) if arguments == ["demo-reset"] else start(here)
    except KeyboardInterrupt:
        terminal.say("Stopped.")
    except (LaunchError, OSError) as error:
        sys.exit(f"Parvis did not start. {error}" if not arguments else str(error))


def endings() -> list[signal.Signals]:
    """What asks us to stop: Ctrl-C, a polite end, and the terminal's closing unless nohup says to outlive it."""
    outlives = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([] if outlives else [signal.SIGHUP])]


def start(here: Installation) -> None:
    """Open the office and stay until told to stop, or say where it is open already."""
    with _only_one(here) as first:
        if not first:
            terminal.say("Parvis already runs here; nothing more was started.")
            terminal.say(here.known_addresses())
            return
        try:
            run(here)
        finally:
            for number in endings():
                signal.signal(number, signal.SIG_IGN)
            if here.uses_embedded_database and not database.release(here.var):
                terminal.say("The database goes on: another command uses it, and it stops with the last one.")


def run(here: Installation) -> None:
    """Prepare, start, wait for the first screen, print the addresses, and watch until told to stop."""
    began = time.monotonic()
    here.check_ports()
    if here.uses_embedded_database:
        with terminal.progress("database"):
            database.start(here.var)
    installation.prepare(here)
    supervisor = Supervisor(here.children(), environment=here.environment(), folder=here.root)
    told_to_stop: list[int] = []
    for number in endings():
        signal.signal(number, lambda received, _frame: told_to_stop.append(received))
    try:
        # The pages first and alone: the machine's time is theirs until somebody can see something.
        supervisor.start("pages")
        if _wait_for_first_screen(here, supervisor, told_to_stop):
            supervisor.start()
            terminal.say(f"\n{here.known_addresses()}\n")
            terminal.say(f"The office is open after {time.monotonic() - began:.1f} s. Ctrl-C closes it.")
        while not told_to_stop:
            supervisor.look()
            time.sleep(LOOK_EVERY)
        terminal.say("\nStopping …")
    finally:
        supervisor.stop()


def _wait_for_first_screen(here: Installation, supervisor: Supervisor, told_to_stop: list[int]) -> bool:
    with terminal.progress("first screen"):
        deadline = time.monotonic() + FIRST_SCREEN_PATIENCE
        pages = supervisor.children[0]
        while not told_to_stop:
            if here.first_screen_answers():
                return True
            supervisor.look()
            if pages.deaths >= 3 or time.monotonic() > deadline:
                raise LaunchError(f"The pages do not answer at {here.address}. Their log ends:\n{pages.last_lines()}")
            time.sleep(0.1)
    return False


def reset(here: Installation) -> None:
    """``make demo-reset``: forget the demonstration, unless the office is open."""
    with _only_one(here) as first:
        if not first:
            raise LaunchError("Parvis runs here: stop it first (Ctrl-C where it was started).")
        installation.reset_demonstration(here)


@contextmanager
def _only_one(here: Installation) -> Iterator[bool]:
    """Hold the lock of this installation's launcher; False when another process holds it."""
    here.var.mkdir(parents=True, exist_ok=True)
    lock = os.open(here.var / "start.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield alone(lock)
    finally:
        os.close(lock)


if __name__ == "__main__":
    main(sys.argv[1:])
