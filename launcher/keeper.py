"""The keeper of one embedded server: its parent for as long as somebody uses the database.

Every process that uses the database holds a shared lock on one file; the kernel lets go of it however the process
ends. The keeper waits for the lock alone, and getting it means that nobody is left: it stops the server and goes.
A server that dies while it is in use is started again.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from launcher import cluster as clusters
from launcher.cluster import Cluster
from launcher.errors import LaunchError

PATIENCE_WITH_ORPHANS = 60.0
STILL_IN_USE = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask Linux to send this signal to the calling process when its parent ends, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(1, int(number))


def users_lock(cluster: Cluster) -> int:
    """An open file on which users hold a shared lock."""
    return os.open(cluster.home / "database.users", os.O_RDWR | os.O_CREAT, 0o600)


def keep(cluster: Cluster, *, durable: bool) -> None:
    """Run the server until nobody uses it any more; return at once when another keeper does it already."""
    mine = _become_keeper(cluster)
    if mine is None:
        return
    clusters.prepare(cluster)
    users = users_lock(cluster)
    deadline = time.monotonic() + PATIENCE_WITH_ORPHANS
    while True:
        lived_since = time.monotonic()
        server = _spawn(cluster, durable=durable)
        if _last_user_left(server, users):
            _stop(server)
            break
        if time.monotonic() - lived_since > 5:
            deadline = time.monotonic() + PATIENCE_WITH_ORPHANS
        may_try_again = server.returncode < 0 or said_lately(cluster, STILL_IN_USE)
        if not may_try_again or time.monotonic() > deadline:
            raise SystemExit(1)
        time.sleep(0.5)
    os.close(mine)
    os.close(users)


def _become_keeper(cluster: Cluster) -> int | None:
    """The lock of the one keeper, with its process number inside; None when another holds it.

    Tried for a second: whoever asks who the keeper is holds the lock shared for an instant.
    """
    mine = os.open(cluster.home / "database.keeper", os.O_RDWR | os.O_CREAT, 0o600)
    for _attempt in range(50):
        if alone(mine):
            os.ftruncate(mine, 0)
            os.write(mine, str(os.getpid()).encode())
            return mine
        time.sleep(0.02)
    os.close(mine)
    return None


def alone(file: int) -> bool:
    """Take the lock of this open file for oneself, if nobody else holds any."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _spawn(cluster: Cluster, *, durable: bool) -> subprocess.Popen[bytes]:
    with cluster.log.open("ab") as log:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            clusters.server_command(cluster, durable=durable),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=clusters.environment(),
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGINT),  # noqa: PLW1509 - the keeper has one thread
            **clusters.as_owner(cluster),
        )


def _last_user_left(server: subprocess.Popen[bytes], users: int) -> bool:
    """Wait until nobody uses the database or somebody stops it (True), or until the server died by itself (False)."""
    told_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told_to_stop.append(number))
    while server.poll() is None:
        if told_to_stop or alone(users):
            return True
        time.sleep(0.1)
    return bool(told_to_stop)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """A fast shutdown: open transactions are rolled back, what is committed is on disk."""
    for number, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        server.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(patience)
            return


def said_lately(cluster: Cluster, words: tuple[str, ...]) -> bool:
    """Whether the end of the server's log holds one of these."""
    return any(word in line for line in last_lines(cluster, 6) for word in words)


def last_lines(cluster: Cluster, count: int) -> list[str]:
    """The end of the server's log."""
    with suppress(FileNotFoundError):
        return cluster.log.read_text(errors="replace").splitlines()[-count:]
    return []


def main() -> None:
    """``python -m launcher.keeper VAR [throwaway]``; started by ``launcher.database.start``, never by hand."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        keep(clusters.cluster_of(Path(sys.argv[1])), durable="throwaway" not in sys.argv[2:])
    except (LaunchError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
