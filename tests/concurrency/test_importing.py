"""An import that is killed, or run by two at once, doubles nothing and loses nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from parvis.casefiles.actions import importing
from parvis.casefiles.actions.importing import check_import, run_import
from parvis.casefiles.models import CaseFile, StockImport
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.people.models import Person
from tests.casefiles.house import CaseHouse, build
from tests.casefiles.register import register
from tests.concurrency.threads import Meeting, only_read, together
from tests.launcher.seen import soon
from tests.live.process import database_url
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
LINES, PORTION = 300, 10
# The child stops after each portion until it is told to go on by a line of its input, which never comes twice.
PROGRAM = """
import sys, django
django.setup()
from pathlib import Path
from parvis.casefiles.actions.importing import run_import
from parvis.casefiles.models import StockImport
from parvis.journal.actions import SYSTEM
def told(now):
    print(now.read, flush=True)
run_import(StockImport.objects.get(), Path(sys.argv[1]), by=SYSTEM, portion=10, told=told)
"""


@pytest.fixture
def house(transactional_db: None) -> Iterator[CaseHouse]:
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "registre.csv"
    path.write_text(register(LINES), encoding="utf-8")
    return path


def started(path: Path, var: Path) -> "subprocess.Popen[str]":
    """A process that runs the import on the database of this test."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PARVIS_CLOCK": "2017-12-11T10:00@1x",
        "PARVIS_VAR": str(var),
    }
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def whole() -> None:
    """Every line once: its file, its person and its fact; the import's own counts agree."""
    done = StockImport.objects.get()
    assert (done.state, done.read, done.accepted, done.known, done.rejected) == ("done", LINES, LINES, 0, 0)
    numbers = list(CaseFile.objects.order_by("former_number").values_list("former_number", flat=True))
    assert numbers == [f"ANC-{n:06}" for n in range(1, LINES + 1)]
    assert Person.objects.count() == LINES
    told = Entry.objects.named("case_file.imported").values_list("subject_id", flat=True)
    assert sorted(told) == sorted(CaseFile.objects.values_list("pk", flat=True))
    assert Entry.objects.named("person.registered").count() == LINES


def test_killed_in_the_middle_it_goes_on_where_it_stopped(house: CaseHouse, path: Path, tmp_path: Path) -> None:
    check_import(house.office, path, name=path.name, by=SYSTEM)
    for _life in range(3):
        with started(path, tmp_path) as child:
            assert child.stdout is not None
            for _portion in range(5):
                assert child.stdout.readline()
            child.kill()
    _until_alone()
    partly = StockImport.objects.get()
    assert partly.state == "running"
    assert 0 < partly.read < LINES
    assert CaseFile.objects.count() == partly.read == partly.accepted
    run_import(partly, path, by=SYSTEM, portion=PORTION)
    whole()


def _until_alone() -> None:
    """Wait until the server has noticed that the killed processes are gone."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

    def is_alone() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"{others} AND state <> 'idle'")
            return bool(cursor.fetchone() == (0,))

    assert soon(is_alone)


def hands(checked: StockImport, path: Path) -> list[object]:
    job = lambda: run_import(checked, path, by=SYSTEM, portion=PORTION)  # noqa: E731 - the same job, four times
    return list(together([job] * 4))


def test_four_processes_on_one_import_take_turns(house: CaseHouse, path: Path) -> None:
    checked = check_import(house.office, path, name=path.name, by=SYSTEM)
    answers = hands(checked, path)
    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
    whole()


def test_control_without_the_lock_portions_are_done_twice(
    house: CaseHouse, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = check_import(house.office, path, name=path.name, by=SYSTEM)
    monkeypatch.setattr(importing, "lock", Meeting(4, seconds=5).after(only_read))
    answers = hands(checked, path)
    done = StockImport.objects.get()
    failed = any(isinstance(answer, BaseException) for answer in answers)
    assert failed or (done.accepted, done.known) != (LINES, 0)
    # Even so the constraints let no file in twice.
    assert CaseFile.objects.count() <= LINES


def test_two_checks_at_once_are_one_import(house: CaseHouse, path: Path) -> None:
    job = lambda: check_import(house.office, path, name=path.name, by=SYSTEM)  # noqa: E731 - the same job, four times
    answers = together([job] * 4)
    assert {answer.pk for answer in answers if isinstance(answer, StockImport)} == {StockImport.objects.get().pk}
    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
