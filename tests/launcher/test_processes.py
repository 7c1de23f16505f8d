"""Children are started again when they die, and gone when their parent is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher.processes import Child, Supervisor
from tests.launcher.seen import is_running, soon

ROOT = Path(__file__).resolve().parents[2]
FAMILY = """
import subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
print(child.pid, flush=True)
time.sleep(60)
"""
PARENT = """
import sys, time
from pathlib import Path
from launcher.processes import Child, Supervisor
folder = Path(sys.argv[1])
child = Child("sleeper", ["sleep", "60"], folder / "sleeper.log")
supervisor = Supervisor([child], environment={}, folder=folder)
supervisor.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""


def supervise(folder: Path, *children: Child) -> Supervisor:
    return Supervisor(list(children), environment=dict(os.environ), folder=folder)


def test_a_child_that_dies_is_started_again_after_a_pause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("sleeper", ["sleep", "60"], tmp_path / "log" / "sleeper.log", pause=0.2)
    supervisor = supervise(tmp_path, child)
    supervisor.start()
    try:
        assert child.process is not None
        first = child.process.pid
        os.kill(first, signal.SIGKILL)
        assert soon(lambda: not is_running(first))
        supervisor.look()
        assert not child.is_alive()
        assert "sleeper: ended (killed by signal 9)" in capsys.readouterr().err
        time.sleep(0.3)
        supervisor.look()
        assert child.is_alive()
        assert child.pause == pytest.approx(0.4)
    finally:
        supervisor.stop()


def test_a_child_that_may_end_is_left_at_rest_when_it_ends_well(tmp_path: Path) -> None:
    done = Child("done", ["true"], tmp_path / "done.log", may_end=True)
    failed = Child("failed", ["false"], tmp_path / "failed.log", may_end=True)
    supervisor = supervise(tmp_path, done, failed)
    supervisor.start()
    assert soon(lambda: not done.is_alive() and not failed.is_alive())
    supervisor.look()
    assert (done.deaths, done.again_at) == (0, 0.0)
    assert failed.deaths == 1
    assert failed.again_at > 0


def test_stopping_ends_children_and_grandchildren(tmp_path: Path) -> None:
    child = Child("family", [sys.executable, "-c", FAMILY], tmp_path / "family.log")
    supervisor = supervise(tmp_path, child)
    supervisor.start()
    assert soon(lambda: child.log.read_text().strip().isdigit())
    assert child.process is not None
    pids = [child.process.pid, int(child.log.read_text())]
    supervisor.stop()
    assert soon(lambda: not any(is_running(pid) for pid in pids))


def test_children_stop_in_the_opposite_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    children = [Child(name, ["sleep", "60"], tmp_path / f"{name}.log") for name in ("pages", "live", "worker")]
    supervisor = supervise(tmp_path, *children)
    supervisor.start()
    supervisor.stop()
    assert [line.split(":")[0].strip() for line in capsys.readouterr().out.splitlines()] == ["worker", "live", "pages"]


def test_errors_in_a_log_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    child = Child(
        "pages", ["sh", "-c", "echo '10:00 INFO all is well'; echo '10:01 ERROR it broke'"], tmp_path / "p.log"
    )
    supervisor = supervise(tmp_path, child)
    supervisor.start()
    assert soon(lambda: child.log.read_text().count("\n") == 2)
    supervisor.look()
    told = capsys.readouterr().err
    assert "pages: 10:01 ERROR it broke" in told
    assert "all is well" not in told
    supervisor.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_supervisor_that_is_killed_leaves_no_child(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    parent.communicate()
    assert soon(lambda: not is_running(child))
