"""A program asks for a place that is drawn."""

from typing import Any

import pytest

from parvis.booking.models import AllocationRule, SeatRequest
from tests.api.program import Program, new_key
from tests.booking.house import TODAY, BookingHouse


@pytest.fixture
def asked(house: BookingHouse, program: Program) -> dict[str, Any]:
    """What is sent to ask for a place of a procedure whose places are drawn."""
    slot = house.slot(seats=1)
    renewal = house.house.procedures["renewal"]
    AllocationRule.objects.create(office=house.office, procedure=renewal, allocation="draw", valid_from=TODAY)
    sent = program.booking(slot)
    del sent["slot"]
    person = sent.pop("attendees")[0]
    return {**sent, "attendee": person, "suits": ["1am", "3pm"]}


def test_asked_twice_it_is_one_request(program: Program, asked: dict[str, Any]) -> None:
    key = new_key()
    first = program.post("/requests", asked, key=key)
    assert first.status_code == 201, first.content
    assert program.post("/requests", asked, key=key).json() == first.json()
    assert program.post("/requests", asked, key=new_key()).json()["token"] == first.json()["token"]
    assert SeatRequest.objects.count() == 1
    seen = program.get(f"/requests/{first.json()['token']}").json()
    assert (seen["state"], seen["lost"], seen["appointment"]) == ("waiting", 0, None)
    assert "Exemple" not in first.content.decode()


def test_a_place_that_is_drawn_cannot_be_booked(house: BookingHouse, program: Program, asked: dict[str, Any]) -> None:
    refused = program.book(house.slot(hour="10:00", seats=1))
    assert (refused.status_code, refused.json()["code"]) == (409, "by_draw_only")


def test_taken_back(program: Program, asked: dict[str, Any]) -> None:
    token = program.post("/requests", asked, key=new_key()).json()["token"]
    ended = [program.post(f"/requests/{token}/withdraw").json()["state"] for _ in range(2)]
    assert ended == ["withdrawn", "withdrawn"]


@pytest.mark.parametrize(
    "changes",
    [{"suits": ["8am"]}, {"ground": "king"}, {"proof": "x"}, {"expires_on": "2017-02-29"}, {"office": "x\x00"}],
)
def test_what_cannot_be_asked(program: Program, asked: dict[str, Any], changes: dict[str, Any]) -> None:
    refused = program.post("/requests", asked | changes, key=new_key())
    assert refused.status_code == 422
    assert SeatRequest.objects.count() == 0
    assert program.get("/requests/xxxxxxxxxxxxxxxxxxxxxx").status_code == 404
