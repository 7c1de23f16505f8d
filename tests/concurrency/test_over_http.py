"""Two workers, sixteen hands, and workers killed at random: what was answered holds, what was not is settled again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.db import connection

from parvis.common import clock
from parvis.common.models import Command
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.offices import actions as offices
from parvis.offices.models import Agent
from parvis.procedures.queries import by_code
from parvis.reception import actions
from parvis.reception.models import Ticket
from parvis.reception.states import Outcome, Status
from parvis.web.kiosk import seal
from parvis.web.kiosk.answers import Answers
from tests.concurrency.threads import together
from tests.live.process import database_url, free_port
from tests.reception.house import at
from tests.web.staff import Staff, load

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
LASTS = 12.0  # seconds during which new presses begin
SETTLES = 40.0  # seconds more in which each must be answered
COUNTERS = 8
TOKEN = "c" * 32
AT_ODDS = {409, 422}


@dataclass
class Pages:
    """The pages as they are served for real; their workers may be killed, their parent starts others."""

    var: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    killed: int = 0
    lost: int = 0
    # Of one instant: two workers that begin at two would tell two times.
    clock: str = field(default_factory=lambda: f"2017-12-11T10:00@1x since {datetime.now(UTC).isoformat()}")

    def start(self) -> None:
        """Start two workers."""
        python = Path(sys.executable)
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "PARVIS_CLOCK": self.clock,
            "PARVIS_SECRET_KEY": settings.SECRET_KEY,
            "PARVIS_VAR": str(self.var),
        }
        if not self.killed:
            collect = [python, ROOT / "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
            subprocess.run(collect, cwd=ROOT, env=environment, check=True)
        command = [
            str(python.with_name("granian")),
            "--interface",
            "wsgi",
            "--workers",
            "2",
            "--log-level",
            "warning",
            "--no-ws",
        ]
        command += ["--blocking-threads", "8", "--respawn-failed-workers", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "config.wsgi:application"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)

    def wait(self) -> None:
        """Wait for the first answer."""
        deadline = time.monotonic() + SETTLES
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/borne/", timeout=10).status_code < 500:
                    return
            time.sleep(0.1)
        raise AssertionError("The pages did not start")

    @property
    def address(self) -> str:
        """Where they answer."""
        return f"http://127.0.0.1:{self.port}"

    def kill_one(self) -> None:
        """kill -9 of one worker."""
        assert self.process is not None
        pid = self.process.pid
        family = Path(f"/proc/{pid}/task/{pid}/children")
        workers = family.read_text().split() if self.process.poll() is None else []
        serving = [one for one in workers if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]
        if serving:
            os.kill(int(random.choice(serving)), signal.SIGKILL)
            self.killed += 1

    def keep(self) -> None:
        """Start it again when it gave up, as the launcher does."""
        if self.process and self.process.poll() is not None:
            self.stop()
            self.start()

    def stop(self) -> None:
        """End them all."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


class Hand:
    """Somebody who presses, and presses again with the same key for as long as nothing answers."""

    def __init__(self, pages: Pages, cookies: dict[str, str] | None = None) -> None:
        self.pages = pages
        self.cookies = {"csrftoken": TOKEN, **(cookies or {})}

    def press(self, path: str, **fields: object) -> httpx.Response:
        """The first answer that is one. A fault of the server that is not a cut is a failure of the test."""
        deadline = time.monotonic() + SETTLES
        while time.monotonic() < deadline:
            try:
                with httpx.Client(cookies=self.cookies, timeout=10) as client:
                    answer = client.post(f"{self.pages.address}{path}", data=fields, headers={"X-CSRFToken": TOKEN})
            except httpx.TransportError:
                self.pages.lost += 1
                time.sleep(0.2)
                continue
            if answer.status_code != 503:
                assert answer.status_code < 500, (path, answer.status_code)
                return answer
            time.sleep(0.2)
        raise AssertionError(f"{path} was never answered")


@pytest.fixture
def staff(transactional_db: None) -> Iterator[Staff]:
    """Nanterre at ten o'clock, really committed."""
    with clock.held(at("10:00")):
        yield load()


@pytest.fixture
def pages(staff: Staff, tmp_path: Path) -> Iterator[Pages]:
    found = Pages(tmp_path)
    try:
        found.start()
        found.wait()
        yield found
    finally:
        found.stop()


@dataclass
class Answered:
    """What the server said was done."""

    tokens: dict[str, str] = field(default_factory=dict)  # by seal
    calls: list[str] = field(default_factory=list)  # keys
    received: list[int] = field(default_factory=list)  # tickets


def visitors(seals: Callable[[], str], hand: Hand, done: Answered, number: int, until: float) -> None:
    """People at the door, one after the other; each presses twice."""
    turn = 0
    while time.monotonic() < until:
        turn += 1
        sealed = seals()
        fields = {"seal": sealed, "name": f"Fictif {number} {turn}", "day": 1, "month": 1, "year": 1990}
        places = {
            hand.press("/borne/nanterre/identite/?d=information", **fields).headers.get("Location", "")
            for _ in range(2)
        }
        assert len(places) == 1, places
        done.tokens[sealed] = places.pop().split("/ticket/")[1].partition("/")[0]


def agent_at(hand: Hand, agent: Agent, number: int, done: Answered, until: float) -> None:
    """An agent who calls, receives and finishes, each key pressed once more now and then."""
    while time.monotonic() < until:
        key = uuid.uuid4().hex
        answer = hand.press(f"/guichet/{number}/appeler/", key=key)
        if answer.status_code == 302:
            done.calls.append(f"agent-{agent.pk}-{key}")
            assert hand.press(f"/guichet/{number}/appeler/", key=key).status_code == 302
        ticket = Ticket.objects.filter(counter__number=number, state__in=(Status.CALLED, Status.SERVING)).first()
        connection.close()  # sixteen hands share eight connections
        if ticket is None:
            time.sleep(0.05)
            continue
        assert hand.press(f"/guichet/{number}/arrive/", ticket=ticket.pk).status_code in {302, *AT_ODDS}
        finish = {"ticket": ticket.pk, "outcome": Outcome.DONE.value, "key": uuid.uuid4().hex}
        if hand.press(f"/guichet/{number}/terminer/", **finish).status_code == 302:
            done.received.append(ticket.pk)
            assert hand.press(f"/guichet/{number}/terminer/", **finish).status_code == 302


def test_nothing_answered_is_lost_and_nothing_is_done_twice(staff: Staff, pages: Pages) -> None:
    asked = Answers((by_code("information"),))
    seals = partial(seal.make, staff.office, asked)
    line = staff.office.lines.get(code=asked.procedures[0].line_code)
    done, jobs, until = Answered(), [], time.monotonic() + LASTS
    for number in range(1, COUNTERS + 1):
        agent = staff.agent("counter_agent", lines=(line.code,))
        offices.set_counter_lines(staff.counter(number), lines=[line], by=KIOSK)
        actions.open_counter(staff.counter(number), by=agent)
        hand = Hand(pages, {"sessionid": staff.browser(agent).cookies["sessionid"].value})
        jobs.append(lambda h=hand, a=agent, n=number: agent_at(h, a, n, done, until))
        jobs.append(lambda n=number: visitors(seals, Hand(pages), done, n, until))
    over = threading.Event()

    def kill() -> None:
        while not over.wait(random.uniform(1.0, 2.5)):
            pages.keep()
            if time.monotonic() < until:
                pages.kill_one()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        assert [result for result in together(jobs) if isinstance(result, BaseException)] == []
    finally:
        over.set()
        killer.join()
    check(done)
    # Without a cut nothing above was put to the test.
    assert pages.killed >= 3
    assert pages.lost > 0


def check(done: Answered) -> None:
    """What the database says, beside what was answered."""
    rows = list(Ticket.objects.order_by("number").values_list("letter", "number", "token"))
    assert {letter for letter, _, _ in rows} == {rows[0][0]}
    assert [number for _, number, _ in rows] == list(range(1, len(rows) + 1))
    assert sorted(token for *_, token in rows) == sorted(done.tokens.values())
    called = Tally(Entry.objects.filter(what="ticket.called").order_by("pk").values_list("subject_id", flat=True))
    assert called
    assert max(called.values()) == 1
    kept = dict(Command.objects.filter(key__in=done.calls).order_by("key").values_list("key", "answer"))
    assert set(done.calls) == set(kept)
    answered = [ticket for ticket in kept.values() if ticket]
    assert len(answered) == len(set(answered))
    assert set(answered) == set(called)
    received = Ticket.objects.filter(pk__in=done.received, state=Status.RECEIVED).count()
    assert received == len(set(done.received)) == len(done.received) > 0
