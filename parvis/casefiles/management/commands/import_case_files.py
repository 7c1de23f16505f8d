"""Take over a former register from a CSV file."""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.casefiles.actions.importing import check_import, run_import
from parvis.casefiles.importing.lines import quoted
from parvis.casefiles.models import RejectedLine, StockImport
from parvis.common.errors import BusinessError
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Office


class Command(BaseCommand):
    help = "Check a CSV file of case files, and with --run take it over; run again, it goes on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--office", required=True, help="code of the office")
        parser.add_argument(
            "--mapping", type=Path, help='JSON: {"columns": {...}, "procedures": {...}, "states": {...}}'
        )
        parser.add_argument("--run", action="store_true", help="take the lines over; without it nothing is written")
        parser.add_argument("--rejected", type=Path, help="write every rejected line to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        office = Office.objects.filter(code=options["office"]).first()
        if office is None:
            raise CommandError(f"No office {options['office']}")
        try:
            done = self._done(office, options)
        except (BusinessError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self._say(done)
        if options["rejected"]:
            _write(options["rejected"], done)

    def _done(self, office: Office, options: dict[str, Any]) -> StockImport:
        mapping = json.loads(options["mapping"].read_text("utf-8")) if options["mapping"] else None
        path: Path = options["file"]
        checked = check_import(office, path, name=path.name, mapping=mapping, by=SYSTEM)
        if not options["run"]:
            return checked
        return run_import(checked, path, by=SYSTEM, told=lambda now: self.stderr.write(f"{now.read} / {now.lines}"))

    def _say(self, done: StockImport) -> None:
        self.stdout.write(
            f"{done.name} ({done.encoding}, {done.state}): {done.lines} lines, {done.accepted} taken,"
            f" {done.known} here already, {done.rejected} rejected"
        )


def _write(path: Path, done: StockImport) -> None:
    """The rejected lines, as a sheet reads them."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["line", "reason", "text"])
        for kept in RejectedLine.objects.filter(taken_over=done).order_by("line").iterator():
            rows.writerow([kept.line, kept.code, quoted(kept.text)])
