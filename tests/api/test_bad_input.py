"""Whatever a program sends: a clear no, nothing stored, never a fault."""

from typing import Any

import pytest

from parvis.booking.models import Appointment
from tests.api.program import Program, new_key
from tests.booking.house import BookingHouse

BODIES = [b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b'{"slot": 1e999}', b'{"a":' * 2000]
FIELDS: list[dict[str, Any]] = [
    {"slot": 0},
    {"slot": -1},
    {"slot": 2**63},
    {"slot": "x"},
    {"slot": True},
    {"office": "a\x00b"},
    {"office": "nulle-part"},
    {"attendees": []},
    {"attendees": None},
    {"email": "a\x00@exemple.invalid"},
    {"email": "x" * 5000},
    {"email": "pas une adresse"},
    {"email": "", "phone": "12"},
    {"language": "klingon\x00"},
    {"proof": "\ud800"},
    {"proof": "x" * 5000},
    {"unknown": 1},
    {"booker": {"kind": "king"}},
    {"booker": {"kind": "association"}},
]
PERSONS: list[dict[str, Any]] = [
    {"birth_date": "1990-02-30"},
    {"birth_date": "2091-01-01"},
    {"birth_date": "0001-01-01"},
    {"birth_date": None},
    {"foreign_number": "12"},
    {"foreign_number": "", "passport_number": ""},
    {"passport_number": "!!", "foreign_number": ""},
    {"family_name": ""},
    {"family_name": "\u202e\u200f"},
    {"family_name": "\ud83d"},
    {"procedure": "nothing"},
    {"procedure": "x\x00"},
    {"procedure": "permit_handover"},
]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_booking(program: Program, body: bytes) -> None:
    answer = program.post("/appointments", body, key=new_key())
    assert answer.status_code in {400, 422}
    assert answer.json()["message"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="slot"\r\n\r\n1\r\n--x--'),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"slot=1"),
        ("text/plain; charset=\xff", b"\xff"),
    ],
)
def test_a_body_of_another_kind(program: Program, kind: str, body: bytes) -> None:
    headers = {"Idempotency-Key": new_key(), "origin": "https://ailleurs.invalid"}
    for path in ("/appointments", "/requests", "/contacts", f"/appointments/{'x' * 22}/move"):
        answer = program.client.generic("POST", f"/api/v1{path}", body, content_type=kind, headers=headers)
        assert answer.status_code in {400, 404, 415, 422}, (path, answer.status_code)


def refused(program: Program, sent: dict[str, Any]) -> None:
    answer = program.post("/appointments", sent, key=new_key())
    assert 400 <= answer.status_code < 500, answer.content
    assert answer.json()["code"]
    assert Appointment.objects.count() == 0


@pytest.mark.parametrize("changes", FIELDS, ids=[str(list(one.items()))[:40] for one in FIELDS])
def test_a_field_that_cannot_be(house: BookingHouse, program: Program, changes: dict[str, Any]) -> None:
    refused(program, program.booking(house.slot(seats=1)) | changes)


@pytest.mark.parametrize("changes", PERSONS, ids=[str(list(one.items()))[:40] for one in PERSONS])
def test_a_person_who_cannot_be(house: BookingHouse, program: Program, changes: dict[str, Any]) -> None:
    sent = program.booking(house.slot(seats=1))
    refused(program, sent | {"attendees": [sent["attendees"][0] | changes]})


@pytest.mark.parametrize("key", ["x", "a b c d e f g h i j", "é" * 20, "x" * 65])
def test_a_key_that_is_none(house: BookingHouse, program: Program, key: str) -> None:
    answer = program.post("/appointments", program.booking(house.slot(seats=1)), key=key)
    assert answer.status_code == 422


@pytest.mark.parametrize("token", ["x", "x" * 22, "x" * 300, "%00", "é", "..%2f.."])
def test_nobodys_appointment(program: Program, token: str) -> None:
    assert program.get(f"/appointments/{token}").status_code in {400, 404, 422}
    assert program.post(f"/appointments/{token}/cancel").status_code in {400, 404, 422}


@pytest.mark.parametrize("asked", [{}, {"procedure": "nothing"}, {"procedure": "renewal", "people": 0}])
def test_a_wish_that_cannot_be(house: BookingHouse, program: Program, asked: dict[str, Any]) -> None:
    assert program.get(f"/offices/{house.office.code}/days", **asked).status_code in {404, 422}
    assert program.get("/offices/nowhere/days", procedure="renewal").status_code == 404


def test_no_answer_repeats_what_was_sent(house: BookingHouse, program: Program) -> None:
    sent = program.booking(house.slot(seats=1), office="<script>secret")
    assert b"secret" not in program.post("/appointments", sent, key=new_key()).content


def test_other_methods_are_refused(program: Program) -> None:
    assert program.client.put("/api/v1/appointments").status_code == 405
    assert program.client.get("/api/v1/nothing").status_code == 404
