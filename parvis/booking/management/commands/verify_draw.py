"""Recompute a published draw with the second program, the one that anybody can run without Parvis."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.booking.lottery import verify_draw


class Command(BaseCommand):
    help = "Recompute a published draw: verify_draw FILE [--commitment TEXT] [--mine NUMBER KEY]"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--commitment", default="")
        parser.add_argument("--mine", nargs=2, metavar=("NUMBER", "KEY"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Fails with the status of the program when something does not agree."""
        given = [options["file"], "--commitment", options["commitment"]]
        given += ["--mine", *options["mine"]] if options["mine"] else []
        if status := verify_draw.main(given, self.stdout):  # type: ignore[arg-type]
            raise CommandError("this draw is not what its rules say", returncode=status)
