"""A ticket on a phone is for somebody who stands at the entrance: the code of the day says so."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from parvis.common import clock
from parvis.offices.models import Office
from parvis.reception import queries
from parvis.reception.models import Ticket
from parvis.reception.rules import WRONG_CODES
from tests.web.door.visitor import Visitor
from tests.web.staff import Staff

WHO = {"name": "Témoin Exemple", "day": 30, "month": 4, "year": 1987}


@pytest.fixture
def phone(nanterre: Office) -> Visitor:
    """Somebody with a phone."""
    return Visitor(door="/porte/nanterre/")


def wrong_code(office: Office) -> str:
    """A code that is not today's."""
    return "2222" if queries.door_code(office) != "2222" else "3333"


def test_the_code_of_the_qr_goes_through_every_step_in_every_language(phone: Visitor, nanterre: Office) -> None:
    code = queries.door_code(nanterre)
    phone.get(f"/porte/nanterre/?j={code}")
    assert phone.text.count(f"/demarche/?lang=ar&j={code}") == 1
    phone.get(f"/porte/nanterre/demarche/?lang=fr&j={code}")
    phone.answer(d=["renewal"])
    phone.answer(c="92050")
    phone.answer(unknown="1")
    phone.answer(p="")
    assert 'name="door_code"' not in phone.text
    phone.answer(**WHO)
    assert Ticket.objects.get().origin == "phone"


def test_without_the_code_it_is_asked_for_and_what_was_typed_is_kept(phone: Visitor, nanterre: Office) -> None:
    phone.open("identite", "d=information")
    assert 'name="door_code"' in phone.text
    assert queries.door_code(nanterre) not in phone.text
    answer = phone.answer(**WHO)
    assert answer.status_code == 422
    assert "Écrivez le code affiché" in phone.text
    assert 'value="Témoin Exemple"' in phone.text
    assert phone.answer(**WHO, door_code=queries.door_code(nanterre).lower()).status_code == 200
    assert Ticket.objects.count() == 1


def test_a_wrong_code_is_said_and_nothing_lost(phone: Visitor, nanterre: Office) -> None:
    phone.open("identite", f"d=information&j={wrong_code(nanterre)}")
    answer = phone.answer(**WHO)
    assert answer.status_code == 422
    assert "n'est pas celui d'aujourd'hui" in phone.text
    assert 'name="door_code"' in phone.text
    assert phone.answer(**WHO, door_code=queries.door_code(nanterre)).status_code == 200
    assert Ticket.objects.count() == 1


def test_yesterdays_code_is_refused(phone: Visitor, nanterre: Office) -> None:
    yesterday = queries.door_code(nanterre)
    clock.hold(clock.now() + timedelta(days=1))
    phone.open("identite", f"d=information&j={yesterday}")
    assert phone.answer(**WHO).status_code == 422
    assert not Ticket.objects.exists()


def test_who_guesses_is_sent_to_the_kiosk(phone: Visitor, nanterre: Office) -> None:
    phone.open("identite", "d=information")
    for _ in range(WRONG_CODES):
        assert phone.answer(**WHO, door_code=wrong_code(nanterre)).status_code == 422
    answer = phone.answer(**WHO, door_code=queries.door_code(nanterre))
    assert answer.status_code == 429
    assert "à la borne" in phone.text
    assert not Ticket.objects.exists()


def test_behind_a_proxy_each_phone_counts_alone(phone: Visitor, nanterre: Office) -> None:
    phone.open("identite", "d=information")
    form, fields = phone.url, {**phone.hidden(), **WHO}
    for _ in range(WRONG_CODES + 1):
        phone.client.post(form, {**fields, "door_code": wrong_code(nanterre)}, headers={"X-Forwarded-For": "192.0.2.1"})
    right = {**fields, "door_code": queries.door_code(nanterre)}
    assert phone.client.post(form, right, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 429
    assert phone.client.post(form, right, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 302


@pytest.mark.parametrize("code", ["", "x" * 10_000, "<b>", "٢٢٢٢", "🎈🎈🎈🎈", "%"])
def test_any_text_in_place_of_the_code_is_only_wrong(phone: Visitor, code: str) -> None:
    phone.open("identite", "d=information")
    assert phone.answer(**WHO, door_code=code).status_code == 422


def test_the_kiosk_stands_at_the_entrance(visitor: Visitor) -> None:
    visitor.open("identite", "d=information&j=2222")
    assert 'name="door_code"' not in visitor.text
    assert visitor.answer(**WHO).status_code == 200


def test_the_code_is_on_the_poster_and_the_poster_for_those_who_greet(staff: Staff) -> None:
    code = queries.door_code(staff.office)
    assert Client().get("/porte/nanterre/affiche/").status_code == 302
    client, _ = staff.signed_in("greeter")
    page = client.get("/porte/nanterre/affiche/").content.decode()
    assert f">{code}<" in page
    assert "lundi 11 décembre 2017" in page
    assert "Monday 11 December 2017" in page


def test_a_screen_at_the_entrance_shows_the_code_and_no_other_screen_does(staff: Staff) -> None:
    client, _ = staff.signed_in("greeter")
    page = client.get("/porte/nanterre/affiche/").content.decode()
    [address] = set(re.findall(r"/affichage/nanterre/\?vue=attente&amp;porte=[\w-]+", page))
    address = address.replace("&amp;", "&")
    code = queries.door_code(staff.office)
    assert f">{code}<" in Client().get(address).content.decode()
    for other in ("/affichage/nanterre/?vue=attente", address[:-1] + "-", "/affichage/nanterre/?porte="):
        assert "data-door" not in Client().get(other).content.decode()
