"""Load the catalogue of procedures; harmless when it is already there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.journal.actions import SYSTEM
from parvis.procedures import actions, catalogue
from parvis.procedures.errors import OfficesMissing


class Command(BaseCommand):
    help = "Load the catalogue of procedures (after load_office)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            changed = actions.load(catalogue.read(), by=SYSTEM)
        except OfficesMissing as error:
            raise CommandError(str(error)) from error
        if int(_options["verbosity"]) > 0:
            self.stdout.write(f"procedures: {len(changed)} changed")
