"""The embedded PostgreSQL: where it is, how a process begins to use it, how it ends."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from launcher import keeper
from launcher.cluster import DATABASE, PORT, SUPERUSER, Cluster, cluster_of
from launcher.errors import DatabaseUnavailable

ROOT = Path(__file__).resolve().parent.parent
_held: dict[Path, int] = {}
_keepers: dict[Path, subprocess.Popen[str]] = {}


def default_url(var: Path) -> str:
    """The address of the embedded database whose files are under ``var``."""
    return f"postgresql://{SUPERUSER}@{quote(str(cluster_of(var).sockets), safe='')}:{PORT}/{DATABASE}"


def is_running(var: Path) -> bool:
    """Whether the server answers and accepts connections."""
    return _is_ready(cluster_of(var))


def start(var: Path, *, durable: bool = True) -> bool:
    """Use the database from now on, starting it when nobody did; True when this call started it.

    The server runs for as long as at least one process that called this lives or until it calls ``release``;
    crash recovery is waited out. Raises DatabaseUnavailable when it cannot run.
    """
    cluster = cluster_of(var)
    cluster.home.mkdir(parents=True, exist_ok=True)
    if cluster.var not in _held:
        # Waits for a keeper that is stopping the server to be done with it.
        users = keeper.users_lock(cluster)
        fcntl.flock(users, fcntl.LOCK_SH)
        _held[cluster.var] = users
    if _is_ready(cluster) and _has_keeper(cluster):
        return False
    started = _spawn_keeper(cluster, durable=durable)
    _wait_until_ready(cluster, started)
    return _keeper(cluster) == started.pid


def release(var: Path, *, wait: float = 60.0) -> bool:
    """Use the database no longer; True when that stopped it, False when somebody else still uses it."""
    cluster = cluster_of(var)
    users = _held.pop(cluster.var, None)
    if users is not None:
        os.close(users)
    deadline = time.monotonic() + wait
    in_use_since = time.monotonic()
    while _has_keeper(cluster) and time.monotonic() < deadline:
        if not _is_used(cluster):
            in_use_since = time.monotonic()
        elif time.monotonic() - in_use_since > 1:
            return False  # the keeper looks ten times a second: somebody else holds on
        time.sleep(0.05)
    _bury_keeper(cluster)
    return True


def stop(var: Path, *, wait: float = 60.0) -> bool:
    """Stop the server whoever uses it (fast shutdown); False when it was not running."""
    cluster = cluster_of(var)
    pids = [pid for pid in (_keeper(cluster) or _postmaster(cluster),) if pid is not None]
    users = _held.pop(cluster.var, None)
    if users is not None:
        os.close(users)
    for pid in pids:
        _signal(pid, signal.SIGTERM if _has_keeper(cluster) else signal.SIGINT)
    deadline = time.monotonic() + wait
    while _has_keeper(cluster) or _postmaster(cluster) is not None:
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"The database did not stop within {wait:.0f} s: see {cluster.log}.")
        time.sleep(0.05)
    _bury_keeper(cluster)
    return bool(pids)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _spawn_keeper(cluster: Cluster, *, durable: bool) -> subprocess.Popen[str]:
    _bury_keeper(cluster)
    command = [sys.executable, "-m", "launcher.keeper", str(cluster.var)]
    _keepers[cluster.var] = subprocess.Popen(
        command if durable else [*command, "throwaway"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return _keepers[cluster.var]


def _bury_keeper(cluster: Cluster) -> None:
    """Let a keeper that ended, or is about to, leave the table of processes."""
    ended = _keepers.pop(cluster.var, None)
    if ended is not None:
        ended.wait(10)
        if ended.stderr:
            ended.stderr.close()


def _wait_until_ready(cluster: Cluster, started: subprocess.Popen[str]) -> None:
    began = told = time.monotonic()
    while not _is_ready(cluster):
        if started.poll() is not None and not _has_keeper(cluster):
            said = (started.stderr.read() if started.stderr else "").strip()
            said = said or " / ".join(keeper.last_lines(cluster, 3))
            raise DatabaseUnavailable(f"The embedded database could not start: {said} (its log: {cluster.log})")
        if time.monotonic() - told > 5:
            told = time.monotonic()
            last = " ".join(keeper.last_lines(cluster, 1)) or "making its files"
            print(f"database: waiting since {told - began:.0f} s: {last}", file=sys.stderr, flush=True)
        time.sleep(0.03)


def _is_ready(cluster: Cluster) -> bool:
    """PostgreSQL writes its state on the eighth line of postmaster.pid; a stale file has nobody at the socket."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return False
    return len(lines) > 7 and lines[7].strip() == "ready" and _answers(cluster)


def _answers(cluster: Cluster) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(2)
        try:
            door.connect(str(cluster.socket))
        except OSError:
            return False
    return True


def _postmaster(cluster: Cluster) -> int | None:
    """The number of the running server, None when its file is absent or stale."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
        return None
    return pid if _answers(cluster) else None


def _keeper(cluster: Cluster) -> int | None:
    """The number of the process that keeps the server, None when there is none."""
    return _holder(cluster.home / "database.keeper")


def _is_used(cluster: Cluster) -> bool:
    """Whether users hold the database; no longer so once its keeper has the lock for itself."""
    return _holder(cluster.home / "database.users") is None


def _holder(path: Path) -> int | None:
    """Who holds this file's lock alone (0 when it did not say), None when nobody does."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.read(file, 20) or b"0")
    else:
        return None
    finally:
        os.close(file)


def _has_keeper(cluster: Cluster) -> bool:
    return _keeper(cluster) is not None
