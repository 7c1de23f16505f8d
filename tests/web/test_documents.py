"""The documents: what they say, who makes them, and how they are served before Django is reached."""

import gzip
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from parvis.booking import actions as booking
from parvis.booking.models import AllocationRule
from parvis.common import clock
from parvis.web.documents import content, shelf
from parvis.web.documents.serving import Documents
from parvis.web.documents.shelf import Kind
from tests.booking.house import DAY, TODAY, WEB, BookingHouse, build
from tests.reception.house import at

FREE, WAITS = "/libre/essai.json", "/attente/essai.json"


@pytest.fixture
def house(db: None, settings: Any, tmp_path: Path) -> Iterator[BookingHouse]:
    """The small office, with a shelf of its own."""
    settings.VAR_DIR = tmp_path
    with clock.held(at("10:00")):
        yield build()


class Asked:
    """One request to the pages' server."""

    def __init__(self, application: Documents, path: str, method: str = "GET", **headers: str) -> None:
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        self.body = b"".join(application(environ, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]], *_: object) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)


def behind(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """What stands for Django."""
    start_response("200 OK", [])
    return [b"django"]


def seats(document: bytes, procedure: str = "renewal") -> dict[str, Any]:
    """What a document says of a procedure."""
    return next(one for one in json.loads(document)["procedures"] if one["procedure"] == procedure)


def test_what_is_free(house: BookingHouse) -> None:
    slot = house.slot(seats=3)
    house.booked(slot)
    said = seats(content.make(Kind.FREE, house.office))
    day = DAY.isoformat()
    assert said == {
        "procedure": "renewal",
        "given": "immediate",
        "seats": 2,
        "first": day,
        "days": [{"day": day, "seats": 2}],
    }


def test_seats_given_by_draw_are_not_announced_as_free(house: BookingHouse) -> None:
    house.slot(seats=3)
    renewal = house.house.procedures["renewal"]
    AllocationRule.objects.create(office=house.office, procedure=renewal, allocation="draw", valid_from=TODAY)
    said = seats(content.make(Kind.FREE, house.office))
    assert (said["given"], said["seats"], said["first"]) == ("draw", 0, None)


def test_the_waits_of_each_line(house: BookingHouse) -> None:
    house.house.desk("filing")
    for _ in range(4):
        house.house.ticket()
    lines = {one["line"]: one for one in json.loads(content.make(Kind.WAITS, house.office))["lines"]}
    assert (lines["filing"]["waiting"], lines["filing"]["counters"]) == (4, 1)
    assert lines["filing"]["wait"]["low"] < lines["filing"]["wait"]["high"]
    assert lines["handover"]["wait"] is None


def test_made_again_without_a_change_it_is_the_same_document(house: BookingHouse) -> None:
    house.slot(seats=3)
    first = content.make(Kind.FREE, house.office)
    with clock.held(at("10:05")):
        assert content.make(Kind.FREE, house.office) == first
        booking.hold(house.wish(), house.slot(hour="10:00").pk, by=WEB)
        assert json.loads(content.make(Kind.FREE, house.office))["changed_at"] == "2017-12-11T10:05:00+01:00"


def test_a_document_that_is_kept_up_never_reaches_django(house: BookingHouse) -> None:
    made = content.make(Kind.FREE, house.office)
    application = Documents(behind)
    answer = Asked(application, FREE)
    assert (answer.status, answer.body) == (200, made)
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert answer.headers["Content-Length"] == str(len(made))
    packed = Asked(application, FREE, accept_encoding="br, gzip")
    assert gzip.decompress(packed.body) == made
    for known in (answer.headers["ETag"], packed.headers["ETag"], f"W/{answer.headers['ETag']}"):
        unchanged = Asked(application, FREE, if_none_match=known)
        assert (unchanged.status, unchanged.body) == (304, b"")
    assert Asked(application, FREE, "HEAD").body == b""


def test_a_change_is_served_at_once(house: BookingHouse) -> None:
    slot = house.slot(seats=3)
    content.make(Kind.FREE, house.office)
    application = Documents(behind)
    before = Asked(application, FREE)
    house.booked(slot)
    content.make(Kind.FREE, house.office)
    after = Asked(application, FREE, if_none_match=before.headers["ETag"])
    assert (after.status, seats(after.body)["seats"]) == (200, 2)


@pytest.mark.parametrize(
    "path",
    [
        "/libre/autre.json",
        "/libre/essai.txt",
        "/libre/../essai.json",
        "/libre/",
        "/libre/a/b.json",
        "/",
        "/libre/é.json",
    ],
)
def test_anything_else_is_djangos(house: BookingHouse, path: str) -> None:
    content.make(Kind.FREE, house.office)
    assert Asked(Documents(behind), path).body == b"django"
    assert Asked(Documents(behind), FREE, "POST").body == b"django"


def test_an_old_document_is_made_again_by_whoever_is_asked(house: BookingHouse) -> None:
    slot = house.slot(seats=3)
    content.make(Kind.FREE, house.office)
    file = shelf.path_of(Kind.FREE, "essai")
    house.booked(slot)
    assert seats(Client().get(FREE).content)["seats"] == 3
    os.utime(file, (time.time() - 60,) * 2)
    assert Asked(Documents(behind), FREE).body == b"django"
    assert seats(Client().get(FREE).content)["seats"] == 2
    assert Asked(Documents(behind), FREE).status == 200


def test_a_lost_shelf_is_filled_again(house: BookingHouse) -> None:
    answer = Client().get(WAITS)
    assert answer.headers["Content-Type"] == "application/json"
    assert shelf.read(Kind.WAITS, "essai") == answer.json()
    shelf.path_of(Kind.WAITS, "essai").write_text("{")
    assert Client().get(WAITS).json() == answer.json()
    assert Client().get("/libre/nulle-part.json").status_code == 404


def test_in_clear_where_encryption_is_due_django_redirects(house: BookingHouse, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 60
    content.make(Kind.FREE, house.office)
    application = Documents(behind)
    assert Asked(application, FREE).body == b"django"
    assert Asked(application, FREE, x_forwarded_proto="https").headers["Strict-Transport-Security"] == "max-age=60"


def test_while_django_is_full_documents_are_still_served(house: BookingHouse) -> None:
    content.make(Kind.FREE, house.office)
    inside, leave, together = threading.Semaphore(0), threading.Event(), []

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        together.append(1)
        inside.release()
        leave.wait(10)
        together.pop()
        return behind(environ, start_response)

    application = Documents(slow, at_once=2)
    threads = [threading.Thread(target=Asked, args=(application, "/")) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert inside.acquire(timeout=10)
    assert inside.acquire(timeout=10)
    assert Asked(application, FREE).status == 200
    assert not inside.acquire(timeout=0.2)
    assert len(together) == 2
    leave.set()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


def test_while_a_crowd_books_the_office_works_on(house: BookingHouse) -> None:
    inside, leave = threading.Semaphore(0), threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"].startswith("/api/"):
            inside.release()
            leave.wait(10)
        return behind(environ, start_response)

    application = Documents(slow, at_once=3, of_crowd=2)
    threads = [threading.Thread(target=Asked, args=(application, "/api/v1/appointments")) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert inside.acquire(timeout=10)
    assert inside.acquire(timeout=10)
    assert not inside.acquire(timeout=0.2)
    assert Asked(application, "/guichet/1/").body == b"django"
    leave.set()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
