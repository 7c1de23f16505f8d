"""Write the open case files of an office to a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.casefiles.actions.importing import export
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Office


class Command(BaseCommand):
    help = "Write the open case files of an office to a CSV file that import_case_files reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--office", required=True, help="code of the office")

    def handle(self, *args: Any, **options: Any) -> None:
        office = Office.objects.filter(code=options["office"]).first()
        if office is None:
            raise CommandError(f"No office {options['office']}")
        with options["file"].open("wb") as out:
            files = export(office, out, by=SYSTEM)
        self.stdout.write(f"{files} files")
