"""Monday 11 December 2017 as the command plays it, in a database of its own."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from parvis.journal.models import Entry
from parvis.rehearsal import scratch
from tests.scenarios.office import conserved

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_template_left() -> object:
    yield
    with scratch._maintenance() as server:
        scratch._drop(server, f"{connection.settings_dict['NAME']}_rehearsal")


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{connection.settings_dict['NAME']}_%"]
        )
        return {name for (name,) in cursor.fetchall()}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("day", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.timeout(600)
def test_everybody_of_the_800_is_received_and_200_cards_are_handed_over() -> None:
    found = json.loads(run("2017-12-11", "--scenario", "december-2017", "--seed", "1", "--json"))
    assert (found["date"], found["scenario"], found["seed"]) == ("2017-12-11", "december-2017", 1)
    assert conserved(found)
    assert found["arrivals"] == 856
    assert (found["turned_away"], found["still_waiting"], found["open_tickets"]) == (0, 0, 0)
    assert found["handover_counters"] == 3
    assert 185 <= found["handed_over"] <= 200
    for line in ("filing", "receipts", "handover", "licence"):
        figures = found["lines"][line]
        assert figures["wait_minutes"]["p50"] <= figures["wait_minutes"]["p90"] <= figures["wait_minutes"]["max"]
        assert 0 < figures["busy_share"] <= 1
        assert figures["longest_overtaking_minutes"] <= 60
    assert found["estimate_calibration"]["forecasts"] > 600
    assert found["actions"] > 3000
    # The office's own data were not touched, and nothing but the template is left.
    assert Entry.objects.count() == 0
    assert databases() == {f"{connection.settings_dict['NAME']}_rehearsal"}


def test_a_closed_day_says_so_and_the_report_is_text() -> None:
    report = run("2018-05-10")
    assert "Bureau fermé : Ascension" in report
    assert "Personnes venues                             0" in report


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match="december-2017"):
        run("2017-12-11", "--scenario", "carnival")


def test_a_kept_database_survives_and_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    err = StringIO()
    call_command("day", "2018-05-10", "--keep", stdout=StringIO(), stderr=err)
    name = err.getvalue().split()[-1]
    try:
        assert name in databases()
    finally:
        with scratch._maintenance() as server:
            scratch._drop(server, name)


def test_a_role_that_may_not_create_databases_is_told_so() -> None:
    with scratch._maintenance() as server, server.transaction(force_rollback=True):
        server.execute("CREATE ROLE humble_fictif")
        server.execute("SET LOCAL ROLE humble_fictif")
        with pytest.raises(scratch.MayNotCreateDatabases, match="CREATEDB"):
            scratch._check_may_create(server)
