"""P9: from `make start` on an empty office to the first screen, downloads done; memory of the whole set at rest.

The peer is the floor under it: the same database server and the same web server with a hello-world, which nothing that
stands on them can beat.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from bench import ground

PATIENCE = 120.0
SETTLING = 20.0  # seconds until the processes are at rest


def processes(var: Path) -> list[int]:
    """Every process of an office: those that name its folder, and their descendants."""
    parents, named = {}, set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        parents[int(folder.name)] = int(stat[1])
        if str(var).encode() in words and int(folder.name) != os.getpid():
            named.add(int(folder.name))
    found = set(named)
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def megabytes(numbers: list[int]) -> float:
    """Memory of processes, shared pages counted once among them (PSS), in MB."""
    total = 0
    for number in numbers:
        try:
            text = Path(f"/proc/{number}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(found) for found in re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE))
    return total / 1024


def first_answer(address: str, began: float) -> float:
    """Seconds until this address answers 200."""
    while time.perf_counter() - began < PATIENCE:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return time.perf_counter() - began
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError(f"no answer from {address} in {PATIENCE:g} s")


def start(var: Path, *, demonstration: bool) -> tuple[float, float]:
    """Open an office on this folder, then close it: seconds to the first screen, MB at rest."""
    port, live = str(ground.free_port()), str(ground.free_port())
    ours = {
        "PARVIS_VAR": str(var),
        "PARVIS_PORT": port,
        "PARVIS_LIVE_PORT": live,
        "PARVIS_DEMO": str(int(demonstration)),
    }
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PARVIS_CLOCK"}}
    began = time.perf_counter()
    office = subprocess.Popen(
        [sys.executable, "-m", "launcher"], cwd=ground.ROOT, env={**kept, **ours}, stdout=subprocess.DEVNULL
    )
    try:
        seconds = first_answer(f"http://127.0.0.1:{port}/", began)
        time.sleep(SETTLING)
        return seconds, megabytes(processes(var))
    finally:
        office.send_signal(signal.SIGTERM)
        office.wait(60)


def floor() -> float:
    """Seconds from nothing to a hello-world under the same web server."""
    port = str(ground.free_port())
    address = f"http://127.0.0.1:{port}/"
    began = time.perf_counter()
    command = ["--interface", "wsgi", "--workers", "2", *ground.THREADS, "bench.hello:application"]
    with ground.server(command, port, address):
        return time.perf_counter() - began


def main() -> None:
    """Run it and write what was found."""
    report = ground.Report("start")
    hello = floor()
    with tempfile.TemporaryDirectory(prefix="parvis-start-") as folder:
        var = Path(folder)
        var.chmod(0o711)
        fresh, memory = start(var, demonstration=True)
        again, _memory = start(var, demonstration=True)
    beside = f"hello-world {hello:.2f} s"
    report.row("empty demonstration to first screen", fresh, "s", beside=beside, ratio=fresh / hello)
    report.row("second start to first screen", again, "s", beside=beside, ratio=again / hello)
    report.row("memory, the demonstration at play", memory, "MB")
    report.target("P9 start", fresh, 30, "s", at_most=True)
    report.target("P9 memory", memory, 700, "MB", at_most=True)
    report.write()


if __name__ == "__main__":
    main()
