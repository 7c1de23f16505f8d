"""`make start` from outside: what it refuses, what it says, what it leaves alone."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from launcher import messages, throwaway
from launcher.errors import LaunchError
from launcher.installation import Installation, reset_demonstration
from launcher.keeper import alone
from tests.launcher.seen import processes_naming, soon

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def var() -> Iterator[Path]:
    folder = throwaway.make()
    folder.mkdir()
    yield folder
    throwaway.remove(folder)


def launch(var: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "launcher", *arguments],
        cwd=ROOT,
        env={**bare, "PARVIS_VAR": str(var), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def installation(var: Path, *, database_url: str = "") -> Installation:
    return Installation(
        root=ROOT,
        var=var,
        bind="127.0.0.1",
        port=8000,
        live_port=8001,
        demonstration=True,
        database_url=database_url,
    )


def test_a_port_in_use_is_named_with_the_variable_to_set(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        told = launch(var, PARVIS_PORT=str(port))
    assert told.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in told.stderr
    assert "PARVIS_PORT=" in told.stderr
    assert not (var / "postgres").exists()


@pytest.mark.parametrize("value", ["eight", "0", "99999", "-1"])
def test_a_port_that_is_none_is_refused(var: Path, value: str) -> None:
    told = launch(var, PARVIS_PORT=value)
    assert told.returncode == 1
    assert f"PARVIS_PORT={value} is no port" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(var: Path) -> None:
    (var / "file").write_text("in the way")
    told = launch(var / "file" / "var")
    assert told.returncode == 1
    assert "Parvis did not start." in told.stderr
    assert "Traceback" not in told.stderr


def test_a_second_start_says_so_and_harms_nothing(var: Path) -> None:
    (var / "addresses.txt").write_text("Accueil  http://127.0.0.1:8000/\n")
    lock = os.open(var / "start.lock", os.O_RDWR | os.O_CREAT)
    try:
        assert alone(lock)
        told = launch(var)
        reset = launch(var, "demo-reset")
    finally:
        os.close(lock)
    assert told.returncode == 0
    assert "already runs" in told.stdout
    assert "http://127.0.0.1:8000/" in told.stdout
    assert reset.returncode == 1
    assert "stop it first" in reset.stderr
    assert (var / "addresses.txt").exists()


def test_a_reset_never_touches_a_database_that_is_not_the_demonstrations(var: Path) -> None:
    with pytest.raises(LaunchError, match="DATABASE_URL"):
        reset_demonstration(installation(var, database_url="postgresql://example/x"))
    (var / "postgres").mkdir()
    with pytest.raises(LaunchError, match="not made by the demonstration"):
        reset_demonstration(installation(var))
    assert (var / "postgres").exists()


def test_the_clock_of_the_demonstration_is_shared_and_a_real_office_has_none(var: Path) -> None:
    here = installation(var, database_url="postgresql://example/x")
    assert here.environment()["PARVIS_CLOCK"] == str(var / "clock")
    assert here.environment()["PARVIS_DEMO"] == "1"
    assert [child.name for child in here.children()] == ["pages", "live", "worker", "demonstration"]


def test_ctrl_c_while_the_tables_are_made_leaves_nothing_behind(var: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        ports = {"PARVIS_PORT": str(free.getsockname()[1]), "PARVIS_LIVE_PORT": "18399"}
    start = subprocess.Popen(
        [sys.executable, "-m", "launcher"],
        cwd=ROOT,
        env={**bare, **ports, "PARVIS_VAR": str(var), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert start.stdout is not None
    said = ""
    while "· tables, static files" not in said:
        said += start.stdout.readline()
    start.send_signal(signal.SIGINT)
    rest, _ = start.communicate(timeout=60)
    assert start.returncode == 0, said + rest
    assert "Stopped." in rest
    assert soon(lambda: processes_naming(str(var)) == {}, within=5)


def test_translations_are_compiled_when_they_changed(tmp_path: Path) -> None:
    folder = tmp_path / "locale/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="Guichet", msgstr="Counter"))
    catalogue.save(str(folder / "django.po"))
    assert messages.compile_all(tmp_path) == 1
    assert polib.mofile(str(folder / "django.mo"))[0].msgstr == "Counter"
    assert messages.compile_all(tmp_path) == 0
