"""The embedded PostgreSQL: started, shared, killed, brought back."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from launcher import cluster, database, throwaway
from launcher.errors import DatabaseUnavailable
from tests.launcher.seen import soon

pytestmark = pytest.mark.database
USER = """
import sys, time
from pathlib import Path
from launcher import database
print(database.start(Path(sys.argv[1])), flush=True)
time.sleep(60)
"""


@pytest.fixture
def var() -> Iterator[Path]:
    # Not under pytest's own folder, where another user may not go.
    folder = throwaway.make()
    yield folder
    throwaway.remove(folder)


def ask(var: Path, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database.default_url(var), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def another_user(var: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", USER, str(var)]
    return subprocess.Popen(command, cwd=database.ROOT, stdout=subprocess.PIPE, text=True)


def server_of(var: Path) -> int:
    return int((cluster.cluster_of(var).data / "postmaster.pid").read_text().splitlines()[0])


def test_a_new_database_is_durable_and_sorts_alike_everywhere(var: Path) -> None:
    assert database.start(var) is True
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert ask(var, f"SHOW {setting}") == [("on",)]
    assert ask(var, "SHOW listen_addresses") == [("",)]
    assert ask(var, "SHOW server_encoding") == [("UTF8",)]
    assert ask(var, "SELECT current_user, current_database()") == [("parvis", "parvis")]
    assert ask(var, "SELECT upper('é')") == [("É",)]


def test_the_extensions_that_migrations_use_are_there(var: Path) -> None:
    database.start(var, durable=False)
    for name in ("btree_gist", "unaccent", "pg_trgm"):
        ask(var, f"CREATE EXTENSION {name}")


def test_only_its_owner_may_enter(var: Path) -> None:
    database.start(var, durable=False)
    found = cluster.cluster_of(var)
    assert found.sockets.stat().st_mode & 0o077 == 0
    assert found.data.stat().st_mode & 0o077 == 0
    assert "trust" not in (found.data / "pg_hba.conf").read_text()


def test_starting_twice_is_harmless_and_data_stay(var: Path) -> None:
    database.start(var)
    ask(var, "CREATE TABLE kept AS SELECT 7 AS number")
    assert database.start(var) is False
    assert database.release(var) is True
    assert database.is_running(var) is False
    assert database.start(var) is True
    assert ask(var, "SELECT number FROM kept") == [(7,)]


def test_a_killed_server_comes_back_with_what_was_committed(var: Path) -> None:
    database.start(var)
    ask(var, "CREATE TABLE kept AS SELECT 7 AS number")
    first = server_of(var)
    os.kill(first, signal.SIGKILL)
    assert soon(lambda: database.is_running(var) and server_of(var) != first)
    assert ask(var, "SELECT number FROM kept") == [(7,)]


def test_the_last_user_to_leave_stops_it(var: Path) -> None:
    database.start(var, durable=False)
    other = another_user(var)
    assert other.stdout is not None
    assert other.stdout.readline() == "False\n"
    assert database.release(var) is False
    assert database.is_running(var) is True
    other.kill()
    other.communicate()
    assert soon(lambda: not database.is_running(var))


def test_a_keeper_that_is_killed_takes_the_server_with_it(var: Path) -> None:
    database.start(var, durable=False)
    keeper = int((var / "database.keeper").read_text())
    server = server_of(var)
    os.kill(keeper, signal.SIGKILL)
    assert soon(lambda: not database.is_running(var))
    assert database.start(var, durable=False) is True
    assert server_of(var) != server


def test_a_long_path_has_its_socket_elsewhere(var: Path) -> None:
    deep = var / ("deep" * 40)
    database.start(deep, durable=False)
    try:
        assert len(str(cluster.cluster_of(deep).socket)) < 104
        assert ask(deep, "SELECT 1") == [(1,)]
    finally:
        database.stop(deep)
        shutil.rmtree(cluster.cluster_of(deep).sockets)


def test_a_path_with_capitals_and_spaces_is_understood(var: Path) -> None:
    odd = var / "Préfecture de Test"
    database.start(odd, durable=False)
    try:
        assert ask(odd, "SELECT 1") == [(1,)]
    finally:
        database.stop(odd)


def test_data_of_another_version_are_left_alone(var: Path) -> None:
    database.start(var, durable=False)
    database.stop(var)
    (cluster.cluster_of(var).data / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL 9"):
        database.start(var, durable=False)


def test_a_broken_server_says_where_its_log_is(var: Path) -> None:
    database.start(var, durable=False)
    database.stop(var)
    with (cluster.cluster_of(var).data / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(DatabaseUnavailable, match=r"postgres\.log"):
        database.start(var, durable=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to give the server to")
def test_root_gives_the_server_to_a_system_user_even_where_that_user_may_not_go(var: Path) -> None:
    closed = var / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    inside = closed / "var"
    database.start(inside, durable=False)
    try:
        assert os.stat(f"/proc/{server_of(inside)}").st_uid != 0
        assert str(cluster.cluster_of(inside).home).startswith("/var/lib/parvis-")
        assert ask(inside, "SELECT 1") == [(1,)]
    finally:
        database.stop(inside)
        shutil.rmtree(cluster.cluster_of(inside).home)


def test_the_log_of_the_server_keeps_nothing_that_people_typed(var: Path) -> None:
    database.start(var, durable=False)
    try:
        ask(var, "CREATE TABLE card (holder text UNIQUE, number int NOT NULL)")
        ask(var, "INSERT INTO card VALUES ('Fictif Exemple', 1)")
        for refused in (
            "INSERT INTO card VALUES ('Fictif Exemple', 2)",
            "INSERT INTO card VALUES ('Témoin Exemple', NULL)",
            "INSERT INTO card VALUES ('Essai Exemple', 'Essai')",
        ):
            with pytest.raises(psycopg.Error):
                ask(var, refused)
        logged = "".join(log.read_text(errors="replace") for log in var.rglob("*.log"))
        assert "violates" in logged
        assert "Exemple" not in logged
    finally:
        database.stop(var)
