"""Give a partner a key, or take it back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.api import actions
from parvis.api.models import Client
from parvis.booking.states import Channel
from parvis.common.errors import BusinessError
from parvis.journal.actions import SYSTEM


class Command(BaseCommand):
    help = "Make a partner's key for the API (it is shown once), or end it with --end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the partner, as its contract names it")
        parser.add_argument("--channel", choices=[one for one in Channel.values if one], default=str(Channel.WEB))
        parser.add_argument("--end", action="store_true", help="the key of this partner opens nothing any more")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["end"]:
            client = Client.objects.filter(name=options["name"], ended_at=None).first()
            if client is None:
                raise CommandError("No partner of this name has a key.")
            actions.end_client(client, by=SYSTEM)
            self.stdout.write(f"{client}: the key opens nothing any more")
            return
        try:
            client, key = actions.make_client(options["name"], channel=Channel(options["channel"]), by=SYSTEM)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{client}: {key}")
