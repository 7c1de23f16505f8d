"""Replay months of the office."""

import json
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from parvis.common.errors import BusinessError
from parvis.rehearsal.desk import OPENS_FILE
from parvis.rehearsal.replay import curves, kept, plan
from parvis.rehearsal.replay.run import replay
from parvis.rehearsal.replay.stage import Stage
from parvis.rehearsal.scratch import scratch_database


class Command(BaseCommand):
    help = (
        "Play months of the office through its own actions, in databases apart: once closed on Thursdays, once not; "
        "print both curves of the stock and keep them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("first", nargs="?", type=date.fromisoformat, default=plan.FIRST)
        parser.add_argument("last", nargs="?", type=date.fromisoformat, default=plan.LAST)
        parser.add_argument("--scenario", choices=[plan.SEED_SCENARIO], default=plan.SEED_SCENARIO)
        parser.add_argument("--without-thursday", action="store_true", help="only the office that opens on Thursdays")
        parser.add_argument("--with-thursday", action="store_true", help="only the office that closes on Thursdays")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same months")
        parser.add_argument("--scale", type=float, default=1.0, help="shrink files and hours together, to look quickly")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
        parser.add_argument(
            "--last",
            dest="show",
            action="store_true",
            help="play nothing: what the last replay found, else the delivered one",
        )
        parser.add_argument("--keep", action="store_true", help="keep the databases and say their names")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with translation.override("fr"):
                found = self._kept() if options["show"] else self._play(options)
                self._print(found, as_json=options["json"])
        except BusinessError as error:
            raise CommandError(str(error)) from error

    def _print(self, found: dict[str, Any], *, as_json: bool) -> None:
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) if as_json else curves.table(found))

    def _kept(self) -> dict[str, Any]:
        """The last replay, and on the other channel which one that is."""
        found, path = kept.last()
        self.stderr.write(str(path) if path != kept.delivered() else f"{path} : rien n'a été joué ici")
        return found

    def _play(self, options: dict[str, Any]) -> dict[str, Any]:
        """One replay here, or both at once, each in a process and a database of its own."""
        if options["last"] < options["first"]:
            raise CommandError("The last day comes before the first.")
        if options["with_thursday"] != options["without_thursday"]:
            name = "with" if options["with_thursday"] else "without"
            return {name: self._one(options, closes_on_thursday=options["with_thursday"])}
        started = time.monotonic()
        found = self._both(options)
        found["seconds"] = round(time.monotonic() - started, 1)
        figures, picture = kept.keep(found, curves.picture(found))
        self.stderr.write(f"{figures}\n{picture}")
        return found

    def _one(self, options: dict[str, Any], *, closes_on_thursday: bool) -> dict[str, Any]:
        wanted = plan.read(
            options["first"],
            options["last"],
            closes_on_thursday=closes_on_thursday,
            seed=options["seed"],
            scale=options["scale"],
            filed=OPENS_FILE,
        )
        label = "with" if closes_on_thursday else "without"

        def watch(day: date, stage: Stage) -> None:
            if day.weekday() == 0 and stage.ledger.weeks:
                week = stage.ledger.weeks[-1]
                sys.stderr.write(f"{label} {week.starts}: {week.stock} files, {week.counts['decided']} decided\n")

        with scratch_database(keep=options["keep"]) as name:
            replayed = replay(wanted, watch=watch)
        if options["keep"]:
            self.stderr.write(f"base conservée : {name}")
        return replayed.as_json()

    def _both(self, options: dict[str, Any]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            running = {name: self._start(name, options, Path(folder)) for name in ("with", "without")}
            try:
                with ThreadPoolExecutor(len(running)) as waiting:
                    for ended in as_completed([waiting.submit(process.wait) for process in running.values()]):
                        if ended.result():
                            _end(running.values())
            finally:
                _end(running.values())
            if any(process.returncode for process in running.values()):
                raise CommandError("A replay failed: see above.")
            return {name: json.loads((Path(folder) / name).read_text())[name] for name in running}

    def _start(self, name: str, options: dict[str, Any], folder: Path) -> "subprocess.Popen[bytes]":
        words = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "replay", f"--{name}-thursday", "--json"]
        words += [options["first"].isoformat(), options["last"].isoformat()]
        words += ["--seed", str(options["seed"]), "--scale", str(options["scale"])]
        words += ["--keep"] if options["keep"] else []
        with (folder / name).open("wb") as out:
            return subprocess.Popen(words, stdout=out)  # noqa: S603 - this very program


def _end(processes: Iterable["subprocess.Popen[bytes]"]) -> None:
    """End what still runs: one replay without the other is no comparison."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
        process.wait()
