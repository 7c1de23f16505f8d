"""Sixteen hands book and cancel over HTTP, and the same command many times: each answer was possible, once."""

import os
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection

from parvis.booking.actions.contacts import proof_for
from parvis.booking.actions.guards import digest
from parvis.booking.models import Appointment, BookedProcedure, Seat, Slot
from parvis.booking.states import SeatState
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.messages.models import Message
from tests.booking.house import BookingHouse, build
from tests.concurrency.histories import Operation, Seen, is_possible
from tests.concurrency.test_over_http import Pages
from tests.concurrency.threads import together
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
HANDS = 16
# The bar is 100,000; each run of the suite takes a sample.
OPERATIONS = int(os.environ.get("PARVIS_RUSH_OPERATIONS", "1200"))
SLOTS, SEATS = 8, 3


@pytest.fixture
def house(transactional_db: None) -> Iterator[BookingHouse]:
    """The small office, really committed; what is given back is free at once, so that seats come and go."""
    with clock.held(at("10:00")):
        found = build()
        found.policy(release_after_min=0, release_after_max=0)
        yield found


@pytest.fixture
def pages(house: BookingHouse, tmp_path: Path) -> Iterator[Pages]:
    found = Pages(tmp_path)
    try:
        found.start()
        found.wait()
        yield found
    finally:
        found.stop()


class Program:
    """A program with a connection of its own."""

    def __init__(self, pages: Pages, house: BookingHouse) -> None:
        self.client = httpx.Client(base_url=f"{pages.address}/api/v1", timeout=30)
        self.office = house.office.code

    def booking(self, slot: int, number: int) -> dict[str, Any]:
        """Somebody's booking; each number is another person."""
        email = f"rue{number}@exemple.invalid"
        person = {
            "family_name": "Exemple",
            "given_name": f"Témoin {number}",
            "birth_date": "1990-01-01",
            "foreign_number": f"9907{number:06d}",
            "procedure": "renewal",
        }
        proof = proof_for(digest(email))
        return {"office": self.office, "slot": slot, "attendees": [person], "email": email, "proof": proof}

    def book(self, sent: dict[str, Any], key: str) -> httpx.Response:
        """Send it from an address of their own; while the server says that it is busy, again with the same key."""
        while True:
            number = int(sent["attendees"][0]["foreign_number"][4:])
            network = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
            headers = {"Idempotency-Key": key, "X-Forwarded-For": network}
            answer = self.client.post("/appointments", json=sent, headers=headers)
            if answer.status_code != 503:
                return answer


Programs = Callable[[], Program]


@pytest.fixture
def programs(house: BookingHouse, pages: Pages) -> Iterator[Programs]:
    """As many programs as one likes; their connections are closed at the end."""
    with ExitStack() as stack:

        def another() -> Program:
            made = Program(pages, house)
            stack.callback(made.client.close)
            return made

        yield another


def a_hand(
    number: int, program: Program, slots: list[int], histories: dict[int, list[Operation]], lock: threading.Lock
) -> None:
    """Book, or cancel what one has, at random; everything is noted."""
    dice, held = random.Random(number), []
    for turn in range(OPERATIONS // HANDS):
        slot = dice.choice(slots)
        called = time.monotonic()
        if held and dice.random() < 0.4:
            slot, token = held.pop(dice.randrange(len(held)))
            assert program.client.post(f"/appointments/{token}/cancel").status_code == 200
            seen = Seen.CANCELLED
        else:
            person = number * 100_000 // 10 + turn
            answer = program.book(program.booking(slot, person), f"hand-{number:04d}-{turn:08d}")
            assert answer.status_code in {201, 409}, answer.text
            if answer.status_code == 201:
                held.append((slot, answer.json()["token"]))
            else:
                assert answer.json()["code"] == "slot_full"
            seen = Seen.BOOKED if answer.status_code == 201 else Seen.FULL
        answered = time.monotonic()
        with lock:
            histories[slot].append(Operation(called, answered, seen))


def test_every_answer_was_possible_one_after_the_other(house: BookingHouse, programs: Programs) -> None:
    slots = [slot.pk for slot in house.slots(seats=SEATS, hours=("09:00", "11:00"))]
    assert len(slots) == SLOTS
    histories: dict[int, list[Operation]] = defaultdict(list)
    lock = threading.Lock()
    jobs = [partial(a_hand, number, programs(), slots, histories, lock) for number in range(HANDS)]
    assert [one for one in together(jobs) if isinstance(one, BaseException)] == []
    seen = {one.seen for history in histories.values() for one in history}
    assert seen == set(Seen)
    for slot in slots:
        assert is_possible(histories[slot], SEATS), f"slot {slot}"
    assert_sound()


def assert_sound() -> None:
    """What the database says of seats, people, facts and messages."""
    booked = Seat.objects.filter(state=SeatState.BOOKED)
    live = Appointment.objects.live()
    assert booked.count() == live.count() == booked.values("appointment").distinct().count()
    people = list(BookedProcedure.objects.filter(is_live=True).values_list("identity", flat=True).order_by("identity"))
    assert len(people) == len(set(people))
    made = Appointment.objects.count()
    assert Entry.objects.filter(what="appointment.confirmed").count() == made
    assert Message.objects.filter(kind="booking.confirmed").count() == made


def test_a_careless_booking_is_found_out(house: BookingHouse) -> None:
    """The control: look for a free seat, then take it, with nothing in between that keeps others out."""
    slot = house.slot(seats=SEATS)
    history: list[Operation] = []
    read_together = threading.Barrier(HANDS)

    def careless() -> None:
        called = time.monotonic()
        seat = Seat.objects.filter(slot=slot, state=SeatState.FREE).order_by("number").first()
        connection.close()  # sixteen hands share eight connections
        read_together.wait(30)
        if seat:
            Seat.objects.filter(pk=seat.pk).update(state=SeatState.WITHHELD)
        seen = Seen.BOOKED if seat else Seen.FULL
        history.append(Operation(called, time.monotonic(), seen))

    assert [one for one in together([careless] * HANDS) if isinstance(one, BaseException)] == []
    assert not is_possible(history, SEATS)


@pytest.mark.parametrize(
    ("history", "possible"),
    [
        ([(0, 1, "booked"), (2, 3, "full")], True),
        ([(0, 1, "full"), (2, 3, "booked")], False),
        ([(0, 3, "full"), (1, 2, "booked")], True),
        ([(0, 1, "booked"), (2, 3, "booked")], False),
        ([(0, 1, "booked"), (2, 5, "cancelled"), (3, 4, "booked")], True),
        ([(0, 1, "booked"), (2, 3, "cancelled"), (4, 5, "full")], False),
        ([(0, 9, "booked"), (1, 2, "booked"), (3, 4, "cancelled")], True),
    ],
)
def test_the_check_itself(history: list[tuple[float, float, str]], possible: bool) -> None:
    assert is_possible([Operation(start, end, Seen(seen)) for start, end, seen in history], 1) is possible


def test_one_command_fifty_times_has_one_effect(house: BookingHouse, pages: Pages, programs: Programs) -> None:
    slot, key = house.slot(seats=5), "the-same-command-fifty-times"
    program = programs()
    sent = program.booking(slot.pk, 1)
    answers = together([partial(programs().book, sent, key) for _ in range(50)])
    assert {getattr(one, "status_code", one) for one in answers} == {201}
    assert len({one.json()["token"] for one in answers}) == 1
    assert (Appointment.objects.count(), seats_taken(slot)) == (1, 1)

    other = program.book(program.booking(slot.pk, 2), key)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Appointment.objects.count() == 1

    pages.stop()
    pages.killed += 1
    pages.start()
    pages.wait()
    again = program.book(sent, key)
    assert again.json()["token"] == answers[0].json()["token"]
    assert program.book(program.booking(slot.pk, 2), key).json()["code"] == "key_reused"
    assert (Appointment.objects.count(), seats_taken(slot)) == (1, 1)
    connection.close()


def seats_taken(slot: Slot) -> int:
    """The seats of a slot that somebody has."""
    return Seat.objects.filter(slot=slot, state=SeatState.BOOKED).count()
