"""Rehearse a day."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.rehearsal import report, scenarios
from parvis.rehearsal.cast import OFFICE
from parvis.rehearsal.day import Rehearsed, rehearse
from parvis.rehearsal.progress import ShownProgress
from parvis.rehearsal.scenarios import Scenario
from parvis.rehearsal.scratch import scratch_database

REFERENCE_DAY = date(2017, 12, 11)


class Command(BaseCommand):
    help = "Play a whole day of the office through its own actions, in a database apart, and report its figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", type=date.fromisoformat, help="the day, as 2017-12-11")
        parser.add_argument("--scenario", help=f"one of {', '.join(scenarios.PLAYED)}; by default the one of the date")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same day")
        parser.add_argument(
            "--handovers-on-top", action="store_true", help="the 200 handovers come beside the 800, not among them"
        )
        parser.add_argument(
            "--against",
            type=date.fromisoformat,
            help="also play this day and say what changed; for a day by appointment, by default 2017-12-11",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of the report")
        parser.add_argument("--keep", action="store_true", help="keep the database and say its name")

    def handle(self, *_args: Any, **options: Any) -> None:
        day: date = options["date"]
        try:
            scenario = scenarios.load(options["scenario"]) if options["scenario"] else scenarios.for_day(day)
            if options["handovers_on_top"]:
                scenario = replace(scenario, handovers_inside=False)
            before = options["against"] or (REFERENCE_DAY if scenario.by_appointment else None)
            with translation.override("fr"):
                # The day it is compared with first: the database that is kept is the last one made.
                other = before and self._play(before, scenarios.for_day(before), seed=options["seed"], keep=False)[0]
                played, lines = self._play(day, scenario, seed=options["seed"], keep=options["keep"])
        except BusinessError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            found = played.as_json() | ({"against": other.as_json()} if other else {})
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        self.stdout.write(report.text(played, lines))
        if other:
            self.stdout.write("\n" + report.changes(played, other, lines))

    def _play(self, day: date, scenario: Scenario, *, seed: int, keep: bool) -> tuple[Rehearsed, list[Line]]:
        """One day in a database of its own, with its progress on the screen."""
        with scratch_database(keep=keep) as name:
            progress = ShownProgress(sys.stderr, clock.at(day, "08:30"), clock.at(day, "17:00"))
            rehearsed = rehearse(day, scenario=scenario, seed=seed, driver=progress)
            progress.finish()
            lines = list(offices.lines(Office.objects.get(code=OFFICE)))
        if keep:
            self.stderr.write(f"base conservée : {name}")
        return rehearsed, lines
