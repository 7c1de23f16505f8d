"""Small days of the real office, as delivered: its hours, its counters, its catalogue."""

from dataclasses import replace
from datetime import date
from io import StringIO

from django.core.management import call_command
from django.db import transaction

from parvis.common import clock
from parvis.rehearsal.day import Rehearsed, rehearse
from parvis.rehearsal.scenarios import Scenario, load

MONDAY = date(2017, 12, 11)
THURSDAY = date(2017, 12, 14)
ASCENSION = date(2018, 5, 10)
JULY = date(2017, 7, 19)


def deliver() -> None:
    """Load the office and the catalogue as they are delivered."""
    with clock.held(clock.at(date(2017, 6, 1), "09:00")):
        call_command("load_office", verbosity=0, stdout=StringIO(), stderr=StringIO())
        call_command("load_procedures", verbosity=0, stdout=StringIO())
        call_command("load_plans", verbosity=0, stdout=StringIO())


def small(name: str = "december-2017", *, persons: int = 60, **changes: object) -> Scenario:
    """A scenario with few people, so that a test lasts seconds."""
    return replace(
        load(name), persons=persons, reference_day=None, licence_per_week=16, handovers_per_day=15, **changes
    )


def conserved(found: dict[str, int]) -> bool:
    """Whether everybody who came has one and only one outcome."""
    parts = ("received", "left", "redirected", "turned_away", "still_waiting")
    return found["arrivals"] == sum(found[part] for part in parts)


def played(day: date, scenario: Scenario, seeds: tuple[int, ...]) -> list[Rehearsed]:
    """The same day with each seed, from the same evening before."""
    found = []
    for seed in seeds:
        with transaction.atomic():
            found.append(rehearse(day, scenario=scenario, seed=seed))
            transaction.set_rollback(True)
    return found


def plain(rehearsed: Rehearsed) -> dict[str, object]:
    return {name: value for name, value in rehearsed.as_json().items() if name not in {"seconds", "seed"}}
