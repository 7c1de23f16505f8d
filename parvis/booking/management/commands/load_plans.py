"""Load the plans of seats of the offices and make the slots up to the horizon."""

import time
import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from parvis.booking import actions
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Office

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load the plans of seats and make the slots up to the horizon; harmless the second time."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [row for path in sorted(DATA.glob("*.toml")) for row in tomllib.loads(path.read_text("utf-8"))["plan"]]
        new = actions.load_plans({"plan": rows}, by=SYSTEM)
        begun = time.monotonic()
        offices = Office.objects.filter(code__in={row["office"] for row in rows}).order_by("pk")
        made = sum(actions.make_slots(office, by=SYSTEM) for office in offices)
        self.stdout.write(f"plans: new {new}; slots: new {made} in {time.monotonic() - begun:.1f} s")
