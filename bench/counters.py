"""P4: issue a ticket, call next, hand over, with 30 counters, 300 people waiting and 200,000 old tickets.

Inside the process, beside the same statements in plain SQL; over HTTP with thirty counters, at some fifteen times the
pace of a full day (each presses a button every ten seconds; a real one does so every two minutes) and hurried (every
second); over HTTP as fast as the machine can, beside a hello-world under the same server.
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from bench import ground
from bench.plain import PlainOffice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from parvis.offices.models import Agent, Counter

OLD_TICKETS = 200_000
WAITING = 300
COUNTERS = 30
INSIDE = 300  # pairs measured inside the process
WARM_UP_SECONDS = 5
PRESSED = 500  # more people than the counters of all paces call
FLAT_OUT_SECONDS = 10
HANDS = 8


class Pace(NamedTuple):
    """How long thirty counters work, and how long each waits between two presses, in seconds."""

    name: str
    seconds: float
    pause: float


PACES = (Pace("full", 60, 10.0), Pace("hurried", 30, 1.0))
Desk = tuple["Counter", "Agent"]
_OLD = """
INSERT INTO reception_ticket (office_id, day, letter, number, token, line_id, procedure_id, holder_name, identity,
    language, origin, priority, rank, arrived_at, reference_at, rank_at, state, room, calls, absences, told_pace,
    closed_at)
SELECT %s, date '2017-12-10' - n / 500, 'D', n %% 500 + 1, md5(n::text), %s, %s, 'Ancien', n::text,
    'fr', 'kiosk', '', 'walk_in', t, t, t, 'received', '', 1, 0, 1, t
FROM (SELECT n, timestamptz '2017-12-10 10:00+01' - n / 500 * interval '1 day' AS t
      FROM generate_series(0, %s - 1) AS n) AS old
"""


def age(place: ground.Place) -> None:
    """Give the office the tickets of years gone by, in bulk: the past is not what is measured."""
    from django.db import connection

    from parvis.offices.models import Line
    from parvis.procedures.models import Procedure

    line = Line.objects.get(office=place.office, code="filing")
    procedure = Procedure.objects.get(code="renewal")
    with connection.cursor() as cursor:
        cursor.execute(
            _OLD,
            [place.office.pk, line.pk, procedure.pk, OLD_TICKETS],
        )
        cursor.execute("ANALYZE")


def inside(place: ground.Place, desks: list[Desk], report: ground.Report) -> None:
    """One caller in the process, one in plain SQL, in turn on the same database."""
    from parvis.common import clock
    from parvis.journal.actions import KIOSK
    from parvis.offices.models import Line
    from parvis.procedures.models import Procedure
    from parvis.reception import actions
    from parvis.reception.rules import Arrival

    procedure = Procedure.objects.get(code="renewal")
    line = Line.objects.get(office=place.office, code="filing")
    plain = PlainOffice(
        os.environ["DATABASE_URL"], office=place.office.pk, line=line.pk, procedure=procedure.pk, now=clock.now()
    )
    office, watch = place.office, Watch()
    for turn in range(INSIDE):
        counter, agent = desks[turn % len(desks)]
        arrival = Arrival(office=office, procedures=(procedure,), holder_name=f"Témoin dedans {turn}")
        watch.time("issue", actions.issue_ticket, arrival, by=KIOSK, key=f"i{turn}")
        watch.time("plain issue", plain.issue)
        ticket = watch.time("call", actions.call_next, counter, by=agent, key=f"c{turn}")
        actions.leave(ticket, by=agent)
        plain.clear(watch.time("plain call", plain.call_next, counter.pk, agent.pk))
    rate = {what: INSIDE / total for what, total in watch.seconds.items()}
    for what, name in (("call", "call next in the process"), ("issue", "issue a ticket in the process")):
        beside = f"plain SQL {rate[f'plain {what}']:.0f}/s"
        report.row(name, rate[what], "1/s", beside=beside, ratio=rate[what] / rate[f"plain {what}"])
    report.target("call next, share of plain SQL", rate["call"] / rate["plain call"], 1 / 3, "", at_most=False)


class Watch:
    """Seconds spent in each of several things."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def time(self, what: str, do: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Do a thing and add the time it took."""
        began = time.perf_counter()
        made = do(*arguments, **named)
        self.seconds[what] += time.perf_counter() - began
        return made


class Presses:
    """How long each button took, by name; the threads of many counters write here."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.refused: dict[str, int] = defaultdict(int)

    def press(self, name: str, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Send one request and note its time; a server error ends the benchmark."""
        began = time.perf_counter()
        try:
            answer = send()
        except httpx.RemoteProtocolError:
            # The server closed an idle connection: as a browser does, send again. The key makes it harmless.
            answer = send()
        self.seconds[name].append(time.perf_counter() - began)
        if answer.status_code >= 500:
            raise RuntimeError(f"{name}: {answer.status_code} {answer.text[:300]}")
        if answer.status_code >= 400:
            self.refused[name] += 1
        return answer


def work_a_counter(place: ground.Place, desk: Desk, presses: Presses, until: float, pause: float) -> None:
    """Call, receive, finish, again and again, one press every ``pause`` seconds; handover counters hand over."""
    counter, agent = desk
    root, turn = f"/guichet/{counter.number}", 0
    with place.browser(agent) as browser:
        while time.perf_counter() < until:
            turn += 1
            key = f"{counter.pk}-{turn}-{time.monotonic_ns()}"
            presses.press("call next", lambda key=key: browser.post(f"{root}/appeler/", data={"key": key}))
            ticket = _current(counter)
            time.sleep(pause)
            if ticket is None:
                continue
            data = {"ticket": str(ticket)}
            presses.press("arrived", lambda data=data: browser.post(f"{root}/arrive/", data=data))
            time.sleep(pause)
            permit = _permit(ticket)
            if permit:
                data |= {"permit": str(permit), "key": f"{key}-done"}
                presses.press("hand over", lambda data=data: browser.post(f"{root}/remettre/", data=data))
            else:
                data |= {"outcome": "done", "key": f"{key}-done"}
                presses.press("finish", lambda data=data: browser.post(f"{root}/terminer/", data=data))
            time.sleep(pause)


def stand_at_the_kiosk(place: ground.Place, presses: Presses, until: float, pause: float, name: str) -> None:
    """Somebody gives their name on the last page of the kiosk, every ``pause`` seconds."""
    from parvis.procedures.models import Procedure
    from parvis.web.kiosk import seal
    from parvis.web.kiosk.answers import Answers

    known = Answers((Procedure.objects.get(code="information"),))
    path = f"/borne/{place.office.code}/identite/?{known.query()}"
    turn = 0
    with httpx.Client(base_url=place.pages, timeout=30) as browser:
        while time.perf_counter() < until:
            turn += 1
            fields = {"name": f"Témoin {name} {turn}", "day": "1", "month": "1", "year": "1990"}
            fields["seal"] = seal.make(place.office, known)
            presses.press("issue a ticket", lambda fields=fields: browser.post(path, data=fields))
            time.sleep(pause)


def over_http(
    place: ground.Place, desks: list[Desk], seconds: float, pause: float, kiosks: int
) -> tuple[Presses, float]:
    """Counters and kiosks at work for a while; the presses and how many there were a second."""
    presses = Presses()
    until = time.perf_counter() + seconds
    jobs = [(work_a_counter, (place, desk, presses, until, pause)) for desk in desks]
    # Whoever stood at a kiosk in an earlier round has their ticket: the names of each round are its own.
    names = [f"borne {n} à {until:.0f}" for n in range(kiosks)]
    jobs += [(stand_at_the_kiosk, (place, presses, until, pause * 0.4, name)) for name in names]
    threads = [threading.Thread(target=_alone, args=(job, *arguments)) for job, arguments in jobs]
    for thread in threads:
        thread.start()
        time.sleep(pause / len(jobs))
    for thread in threads:
        thread.join()
    return presses, sum(len(times) for times in presses.seconds.values()) / seconds


def paced(place: ground.Place, desks: list[Desk], pace: Pace, report: ground.Report) -> None:
    """Thirty counters and two kiosks that press at one pace; every press counts, whatever the button."""
    presses, rate = over_http(place, desks, pace.seconds, pace.pause, 2)
    report.row(f"{pace.name}: presses", rate, "1/s", beside="an office of 800 a day presses 0.2/s")
    for button, times in sorted(presses.seconds.items()):
        p50, p99 = (1000 * ground.percentile(times, share) for share in (0.5, 0.99))
        refused = presses.refused[button]
        report.row(f"{pace.name}: {button}, P50 ({len(times)} presses, {refused} refused)", p50, "ms")
        report.row(f"{pace.name}: {button}, P99", p99, "ms")
    every = [one for times in presses.seconds.values() for one in times]
    report.target(f"P4, {pace.name}", 1000 * ground.percentile(every, 0.99), 50, "ms", at_most=True)


def hello(seconds: float) -> float:
    """Requests a second of a hello-world under the same server, with the same clients."""
    port = str(ground.free_port())
    address = f"http://127.0.0.1:{port}/"
    count = [0] * HANDS
    command = ["--interface", "wsgi", "--workers", "2", *ground.THREADS, "bench.hello:application"]
    with ground.server(command, port, address):
        until = time.perf_counter() + seconds

        def ask(hand: int) -> None:
            with httpx.Client(timeout=30) as browser:
                while time.perf_counter() < until:
                    browser.post(address, data={"key": "1"})
                    count[hand] += 1

        threads = [threading.Thread(target=ask, args=(hand,)) for hand in range(HANDS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return sum(count) / seconds


def main() -> None:
    """Run it and write what was found."""
    report = ground.Report("counters")
    with ground.office() as place:
        age(place)
        handover = place.staff(3, "handover")
        _let_hand_over(handover)
        filing = place.staff(COUNTERS - 3, "filing")
        _stock(place, 400)
        place.people(WAITING, "renewal")
        inside(place, filing[:8], report)
        desks = handover + filing
        place.people(PRESSED, "renewal")
        # An office is at work before its doors open: the first press of a server that has just started reads templates.
        over_http(place, desks, WARM_UP_SECONDS, 1.0, 2)
        for pace in PACES:
            paced(place, desks, pace, report)
        place.people(1500, "renewal")
        flat, rate = over_http(place, filing[:HANDS], FLAT_OUT_SECONDS, 0.0, 0)
        limit = hello(FLAT_OUT_SECONDS)
        report.row("flat out: presses", rate, "1/s", beside=f"hello-world {limit:.0f}/s", ratio=rate / limit)
        every = [one for times in flat.seconds.values() for one in times]
        report.row("flat out: P99", 1000 * ground.percentile(every, 0.99), "ms")
    report.write()


def _stock(place: ground.Place, count: int) -> None:
    """Cards in stock, each with its person holding a ticket for it."""
    from parvis.journal.actions import KIOSK, SYSTEM
    from parvis.people import actions as people
    from parvis.permits import actions as permits
    from parvis.procedures.models import Procedure
    from parvis.reception import actions
    from parvis.reception.rules import Arrival

    asked = (Procedure.objects.get(code="permit_handover"),)
    for number in range(count):
        person = people.register(
            family_name=f"Fictif {number}", given_name="Exemple", foreign_number=f"9900{number:06d}", by=SYSTEM
        )
        permits.receive(
            place.office, number=f"BANC{number:05d}", person=person, kind="temporary", place="A1", by=SYSTEM
        )
        actions.issue_ticket(Arrival(office=place.office, procedures=asked, person=person), by=KIOSK)


def _let_hand_over(desks: list[Desk]) -> None:
    from django.contrib.auth.models import Group

    for _counter, agent in desks:
        agent.user.groups.add(Group.objects.get(name="handover_agent"))


def _current(counter: "Counter") -> int | None:
    from parvis.reception.models import Ticket

    return _first(Ticket.objects.filter(counter=counter, state="called"))


def _permit(ticket: int) -> int | None:
    from parvis.permits.models import Permit

    return _first(Permit.objects.filter(person__tickets=ticket, state="in_stock"))


def _first(rows: "QuerySet[Any]") -> int | None:
    """The first key; the connection goes back at once, for the pool has fewer than there are counters."""
    from django.db import connection

    found = rows.values_list("pk", flat=True).first()
    connection.close()
    return found


def _alone(job: Callable[..., None], *arguments: Any) -> None:
    """Run in a thread with a database connection of its own, given back at the end."""
    from django.db import connection

    try:
        job(*arguments)
    finally:
        connection.close()


if __name__ == "__main__":
    main()
