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
from parvis.offices.models import Office
from parvis.rehearsal import report, scenarios
from parvis.rehearsal.cast import OFFICE
from parvis.rehearsal.day import rehearse
from parvis.rehearsal.progress import ShownProgress
from parvis.rehearsal.scratch import scratch_database


class Command(BaseCommand):
    help = "Play a whole day of the office through its own actions, in a database apart, and report its figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", type=date.fromisoformat, help="the day, as 2017-12-11")
        parser.add_argument("--scenario", help=f"one of {', '.join(scenarios.PLAYED)}; by default the one of the date")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same day")
        parser.add_argument(
            "--handovers-on-top", action="store_true", help="the 200 handovers come beside the 800, not among them"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of the report")
        parser.add_argument("--keep", action="store_true", help="keep the database and say its name")

    def handle(self, *_args: Any, **options: Any) -> None:
        day: date = options["date"]
        try:
            scenario = scenarios.load(options["scenario"]) if options["scenario"] else scenarios.for_day(day)
            if options["handovers_on_top"]:
                scenario = replace(scenario, handovers_inside=False)
            with translation.override("fr"), scratch_database(keep=options["keep"]) as name:
                progress = ShownProgress(sys.stderr, clock.at(day, "08:30"), clock.at(day, "17:00"))
                rehearsed = rehearse(day, scenario=scenario, seed=options["seed"], driver=progress)
                progress.finish()
                lines = list(offices.lines(Office.objects.get(code=OFFICE)))
        except BusinessError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(rehearsed.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(report.text(rehearsed, lines))
        if options["keep"]:
            self.stderr.write(f"base conservée : {name}")
