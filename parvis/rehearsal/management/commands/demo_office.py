"""Make the demonstration office and say where to look."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from parvis.common.errors import BusinessError
from parvis.rehearsal import demonstration
from parvis.rehearsal.scratch import recreate_database


class Command(BaseCommand):
    help = "Make the demonstration office, or go on with it; print the addresses of its screens and its accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="first drop the demonstration's database and clock")
        parser.add_argument(
            "--addresses", action="store_true", help="print the addresses and accounts, do nothing else"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override("fr"):
            try:
                if not options["addresses"]:
                    self._prepare(reset=options["reset"])
            except BusinessError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(demonstration.addresses())

    def _prepare(self, *, reset: bool) -> None:
        if reset:
            demonstration.check_is_one()
            recreate_database()
            call_command("migrate", verbosity=0, interactive=False)
            if path := demonstration.clock_file():
                path.unlink(missing_ok=True)
        demonstration.prepare()
