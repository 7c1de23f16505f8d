"""P1, P2, P3: the rush. 13,000 people want 650 seats at the same second, and 30 % of the requests are sent twice.

Over HTTP, against the page servers and the live process as they run in an office, on this machine: so the load
generator takes its share too. Each booking carries an identity, the signed proof of a contact and a command key; it is
checked and written in full. Meanwhile everybody asks what is free and how long the wait is, and counters work on.
Then what can be sustained by sixteen clients, beside the same statements in pgbench and a hello-world under the same
server; last, SQL counts what was sold. ``docs/rush.md`` explains the figures.
"""

import json
import random
import threading
import time
from collections import Counter as Tally
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from bench import counters, ground, rush_limits, rush_load, rush_scene
from bench.rush_load import Answer, Orders
from bench.rush_scene import Scene

PEOPLE, SEATS, TWICE = 13_000, 650, 0.3
# As behind a proxy, which keeps the browsers' connections and passes requests on over these.
BOOKING_CONNECTIONS, READING_CONNECTIONS = 256, 64
READING_LASTS, READS_A_SECOND = 12.0, 4_000
COUNTERS, COUNTER_PAUSE = 4, 0.5
CLIENTS, SUSTAINED = 16, 10.0
AHEAD = 2.0  # seconds between the order and the first request
CREATED = 201


def main() -> None:
    """Run it and write what was found."""
    report = ground.Report("rush")
    with ground.office() as place:
        scene = rush_scene.prepare(place)
        with rush_load.workers(3) as pool:
            rush(place, scene, pool, report)
            sustained(scene, pool, report)
            rush_limits.compare(scene, pool, report)
        counted(scene, report)
    report.write()


def rush(place: ground.Place, scene: Scene, pool: ProcessPoolExecutor, report: ground.Report) -> None:
    """The release: everybody at once, readers and counters beside."""
    slots = scene.slots(seats=25, count=SEATS // 25)
    wanted = [scene.booking(random.choice(slots)) for _ in range(PEOPLE)]
    sent = wanted + random.sample(wanted, int(PEOPLE * TWICE))
    random.shuffle(sent)
    due = sorted(random.random() for _ in sent)
    reads = [scene.read(f"/libre/{ground.OFFICE}.json"), scene.read(f"/attente/{ground.OFFICE}.json")]
    paced = [number / READS_A_SECOND for number in range(int(READING_LASTS * READS_A_SECOND))]
    desks = place.staff(COUNTERS, "filing")
    place.people(COUNTERS * 40, "renewal")
    start = time.time() + AHEAD
    booking = pool.submit(rush_load.play, *scene.door, Orders(sent, BOOKING_CONNECTIONS, start, due=due))
    reading = pool.submit(
        rush_load.play,
        *scene.door,
        Orders(reads, READING_CONNECTIONS, start, due=paced, lasts=READING_LASTS, loops=True, keeps_bodies=False),
    )
    presses = at_the_counters(place, desks)
    booked, read = booking.result(), reading.result()
    over = max(one.done for one in booked)
    tell_rush(booked, start, report)
    until = min(over, start + READING_LASTS)
    tell_reads([one for one in read if one.done <= until], until - start, report)
    slow = [seconds for times in presses().values() for seconds in times]
    report.row(f"rush: counters, P50 ({len(slow)} presses)", 1000 * ground.percentile(slow, 0.5), "ms")
    report.target("P3: counters during the rush, P99", 1000 * ground.percentile(slow, 0.99), 300, "ms", at_most=True)
    check_answers(sent, booked)


def at_the_counters(place: ground.Place, desks: list[counters.Desk]) -> "counters.Callable[[], dict[str, list[float]]]":
    """Agents who work during the rush; the answer waits for them and gives the seconds of each press."""
    presses = counters.Presses()
    until = time.perf_counter() + AHEAD + READING_LASTS
    threads = [
        threading.Thread(
            target=counters._alone, args=(counters.work_a_counter, place, desk, presses, until, COUNTER_PAUSE)
        )
        for desk in desks
    ]
    for thread in threads:
        thread.start()

    def wait() -> dict[str, list[float]]:
        for thread in threads:
            thread.join()
        return presses.seconds

    return wait


def tell_rush(booked: Sequence[Answer], start: float, report: ground.Report) -> None:
    """What became of the requests."""
    had = [one for one in booked if one.status == CREATED]
    refused = Tally(one.status for one in booked if one.status != CREATED)
    # A request sent twice is answered twice: the seat was had at the first answer.
    first: dict[str, float] = {}
    for one in sorted(had, key=lambda one: one.done):
        first.setdefault(json.loads(one.body)["token"], one.done)
    last = max(first.values()) - start
    over = max(one.done for one in booked) - start
    sold = len(first)
    report.row(f"rush: requests ({len(booked)}), all answered after", over, "s")
    report.row("rush: requests answered a second", len(booked) / over, "1/s")
    report.row("rush: seats had", sold, "")
    report.row("rush: refused cleanly (409)", refused.pop(409, 0), "")
    report.row("rush: anything else", sum(refused.values()), "")
    for share in (0.5, 0.99):
        report.row(f"rush: from wanting to the answer, P{100 * share:g}", _ms(booked, share), "ms")
    service = [one.done - one.sent for one in booked]
    report.row("rush: from sending to the answer, P99", 1000 * ground.percentile(service, 0.99), "ms")
    report.row("rush: bookings a second until the last seat", sold / last, "1/s")
    report.target("P2: the last seat is gone after", last, 3.2, "s", at_most=True)


def tell_reads(read: Sequence[Answer], seconds: float, report: ground.Report) -> None:
    """What readers got while the bookings ran."""
    wrong = sum(one.status != 200 for one in read)
    report.row(f"rush: reads that failed, of {len(read)}", wrong, "")
    report.row("rush: reads of what is free and of the waits, P50", _ms(read, 0.5), "ms")
    report.target("P3: reads a second during the rush", len(read) / seconds, 3500, "1/s", at_most=False)
    report.target("P3: reads, P99", _ms(read, 0.99), 200, "ms", at_most=True)


def check_answers(sent: Sequence[bytes], booked: Sequence[Answer]) -> None:
    """The same request sent twice got the same place."""
    by_request: dict[bytes, set[str]] = {}
    for one in booked:
        if one.status == CREATED:
            by_request.setdefault(sent[one.number], set()).add(json.loads(one.body)["token"])
    assert all(len(tokens) == 1 for tokens in by_request.values()), "a repeated request was given another place"


def sustained(scene: Scene, pool: ProcessPoolExecutor, report: ground.Report) -> None:
    """Sixteen clients that book one after the other: in many slots, then all in the same one at a time."""
    rates = {}
    for name in ("spread", "hot"):
        slots = scene.slots(seats=200, count=60)
        count = 200 * len(slots)
        order = [slots[number // 200] for number in range(count)]
        if name == "spread":
            random.shuffle(order)
        requests = [scene.booking(slot) for slot in order]
        orders = Orders(requests, CLIENTS, time.time() + 0.5, lasts=SUSTAINED, keeps_bodies=False)
        answers = pool.submit(rush_load.play, *scene.door, orders).result()
        had = [one for one in answers if one.status == CREATED]
        rates[name] = len(had) / SUSTAINED
        report.row(f"sustained, {name}: bookings a second ({len(answers) - len(had)} refused)", rates[name], "1/s")
        report.row(f"sustained, {name}: P50", _ms(had, 0.5), "ms")
        report.row(f"sustained, {name}: P99", _ms(had, 0.99), "ms")
        if name == "spread":
            report.target("P1: confirmed bookings", rates[name], 400, "1/s", at_most=False)
            report.target("P1: P99 at 16 clients", _ms(had, 0.99), 150, "ms", at_most=True)
    report.target("P1: hot slot, share of spread", rates["hot"] / rates["spread"], 0.8, "", at_most=False)
    scene.rate = rates["spread"]


def counted(scene: Scene, report: ground.Report) -> None:
    """What the database says afterwards."""
    for what, found in scene.counts().items():
        report.row(f"SQL: {what}", found, "")
        if what.startswith(("sold", "persons")):
            report.target(f"P2: {what}", found, 0, "", at_most=True)


def _ms(answers: Sequence[Answer], share: float) -> float:
    return 1000 * ground.percentile([one.seconds for one in answers], share)


if __name__ == "__main__":
    main()
