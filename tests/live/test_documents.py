"""The live process keeps the documents up: a change is in the file soon after it was made."""

import time
from typing import Any

from parvis.common import live as notices
from parvis.web.documents import shelf
from parvis.web.documents.shelf import Kind
from tests.live.process import PATIENCE, LiveProcess
from tests.reception.house import House


def until(house: House, people: int) -> dict[str, Any]:
    """The document of the waits once it counts so many people on the filing line."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = shelf.read(Kind.WAITS, house.office.code) or {"lines": []}
        if {"filing": people} == {one["line"]: one["waiting"] for one in found["lines"] if one["line"] == "filing"}:
            return found
        time.sleep(0.05)
    raise AssertionError(f"The document never counted {people}")


def test_a_ticket_is_counted_in_the_document(house: House, live: LiveProcess) -> None:
    notices.changed(f"office:{house.office.pk}")
    until(house, 0)
    house.ticket()
    until(house, 1)
    house.ticket()
    until(house, 2)
