"""Load the offices of the department."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from parvis.offices import actions

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load the offices, communes, lines, counters and hours, and write the roles; harmless the second time."

    def handle(self, *args: Any, **options: Any) -> None:
        data: dict[str, Any] = {}
        for path in sorted(DATA.glob("*.toml")):
            data |= tomllib.loads(path.read_text(encoding="utf-8"))
        new = actions.load(data)
        self.stdout.write("office: new " + ", ".join(f"{what} {count}" for what, count in new.items()))
        if missing := actions.sync_roles():
            self.stderr.write(f"roles: permissions that do not exist: {', '.join(missing)}")
