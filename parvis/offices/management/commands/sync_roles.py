"""Write the ready roles."""

from typing import Any

from django.core.management.base import BaseCommand

from parvis.offices import actions
from parvis.offices.roles import ROLES


class Command(BaseCommand):
    help = "Write the ready roles as groups with exactly their permissions; harmless the second time."

    def handle(self, *args: Any, **options: Any) -> None:
        missing = actions.sync_roles()
        self.stdout.write(f"roles: {len(ROLES)} written")
        if missing:
            self.stderr.write(f"roles: permissions that do not exist: {', '.join(missing)}")
