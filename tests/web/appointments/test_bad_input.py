"""What no form of ours sends: a clear page, never a fault."""

import pytest

from tests.booking.house import DAY, BookingHouse
from tests.web.appointments.booker import START, Booker

STEPS = (
    "",
    "demarche/",
    "a-part/",
    "commune/",
    "expiration/",
    "conseil/",
    "documents/",
    "documents.pdf",
    "verification/",
    "verification/code/",
    "jour/",
    "heure/",
    "demande/",
)
QUERIES = (
    "",
    "d=unknown",
    "d=renewal&d=renewal&d=student",
    "d=" + "x" * 3000,
    "d=renewal&c=99999",
    "d=renewal&c=92050&e=2018-02-30",
    "d=renewal&c=92050&e=9999-12-31",
    "d=renewal&c=92050&e=0001-01-01",
    "d=renewal&c=92050&e=2016-02-29",
    f"{START}&n=0",
    f"{START}&n=-1",
    f"{START}&n=٣",
    f"{START}&n=999",
    f"{START}&n=20",
    f"{START}&v=%F0%9F%98%80",
    f"{START}&j=2017-02-30",
    f"{START}&j=9999-12-31",
    f"{START}&a=" + "b" * 2000,
    f"{START}&lang=klingon",
    "d=information&n=6",
)
FIELDS: tuple[dict[str, object], ...] = (
    {},
    {"slot": "1"},
    {"slot": "x" * 100},
    {"slot": "9" * 30},
    {"slot": "-1"},
    {"altcha": "not base64"},
    {"altcha": "e30="},
    {"altcha": "a" * 9000},
    {"contact": "1"},
    {"contact": "1", "email": "a@b", "phone": "x" * 500},
    {"code": "12"},
    {"code": "😀" * 100},
    {"again": "1"},
    {"d": ["renewal"] * 30},
    {"d": "renewal", "n": "x"},
    {"c": "x"},
    {"day": "x", "month": "y", "year": "z"},
    {"suits": ["9am"], "ground": "none", "contact": "1"},
)


@pytest.mark.parametrize("step", STEPS)
def test_no_address_and_no_form_makes_a_fault(booker: Booker, house: BookingHouse, step: str) -> None:
    house.slots()
    for query in QUERIES:
        answer = booker.client.get(f"/rendez-vous/nanterre/{step}?{query}")
        assert answer.status_code < 500, query
        for fields in FIELDS[:2]:
            assert booker.client.post(f"/rendez-vous/nanterre/{step}?{query}", fields).status_code < 500, query


@pytest.mark.parametrize("step", STEPS)
def test_no_form_makes_a_fault_where_the_answers_are_right(booker: Booker, house: BookingHouse, step: str) -> None:
    house.slots()
    booker.prove()
    query = f"{booker.url.partition('?')[2]}&j={DAY.isoformat()}"
    for fields in FIELDS:
        assert booker.client.post(f"/rendez-vous/nanterre/{step}?{query}", fields).status_code < 500, fields


@pytest.mark.parametrize("step", ["identite/", "code/", "deplacer/", "annuler/", ""])
def test_no_form_makes_a_fault_on_the_page_of_a_hold(booker: Booker, house: BookingHouse, step: str) -> None:
    house.slots(seats=30)
    held = booker.hold()
    for query in QUERIES:
        assert booker.client.get(f"/rendez-vous/r/{held.token}/{step}?{query}").status_code < 500, query
    for fields in FIELDS:
        assert booker.client.post(f"/rendez-vous/r/{held.token}/{step}?{START}", fields).status_code < 500, fields


def test_an_office_that_receives_nobody_here_has_no_calendar(booker: Booker) -> None:
    assert booker.get("/rendez-vous/antony/").status_code == 404
    assert booker.get("/rendez-vous/inconnu/jour/").status_code == 404


def test_a_replayed_proof_of_work_is_refused(booker: Booker, house: BookingHouse) -> None:
    import base64
    import json

    import altcha

    challenge = booker.client.get("/rendez-vous/defi/").json()
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    assert solution is not None
    payload = base64.b64encode(json.dumps({"challenge": challenge, "solution": solution.to_dict()}).encode()).decode()
    address = f"/rendez-vous/nanterre/verification/?{START}"
    first = booker.client.post(address, {"altcha": payload})
    assert first.status_code == 302
    assert first["Location"].startswith("/rendez-vous/nanterre/jour/")
    again = booker.client.post(address, {"altcha": payload})
    assert again.status_code == 422
    assert "ne sert qu'une fois" in again.content.decode().replace("&#x27;", "'")
