"""What runs on this machine, as the system tells it; a process that ended and waits to be buried does not count."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")


def processes_naming(text: str) -> dict[int, str]:
    """Number and command line of what runs with this text in its command line or its environment."""
    if not (PROC / "self/cmdline").exists():
        listed = subprocess.run(
            ["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=True
        ).stdout
        return {int(line.split()[0]): line for line in listed.splitlines() if text in line}
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if command and text.encode() in command + environment:
            found[int(folder.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def is_running(pid: int) -> bool:
    """Whether this process lives."""
    if not (PROC / "self/stat").exists():
        asked = ["ps", "-o", "stat=", "-p", str(pid)]
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
        return bool(told) and not told.startswith("Z")
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(fact: Callable[[], bool], *, within: float = 30) -> bool:
    """Whether this becomes true before long."""
    deadline = time.monotonic() + within
    while not fact():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
