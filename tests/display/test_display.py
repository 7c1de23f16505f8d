"""The call display as a page: what it shows, in which layout and language, and what it never shows."""

import pytest
from django.test import Client
from django.urls import reverse

from parvis.reception import actions
from parvis.web.display.variants import Variant, View
from tests.reception.house import House


def _page(client: Client, house: House, query: str = "") -> str:
    answer = client.get(reverse("display:page", args=[house.office.code]) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _called(house: House, *lines: str, people: int = 1, **person: object) -> list[str]:
    numbers = []
    procedure = "permit_handover" if "handover" in lines else "renewal"
    for number in range(people):
        ticket = house.ticket(procedure, holder_name=f"Exemple Témoin {len(lines)} {number}", **person)
        counter, agent = house.desk(*lines)
        assert actions.call_next(counter, by=agent) == ticket
        numbers.append(str(ticket))
    return numbers


def test_an_empty_board_says_so(client: Client, house: House) -> None:
    assert "Aucun appel pour le moment" in _page(client, house)


def test_the_last_six_calls_newest_first_without_names(client: Client, house: House) -> None:
    numbers = _called(house, people=8)[::-1]
    page = _page(client, house)
    shown = [number for number in numbers if f">{number}<" in page]
    assert shown == numbers[:6]
    assert page.index(numbers[0]) < page.index(numbers[1])
    assert "Exemple" not in page


def test_the_call_is_spoken_in_the_persons_language_and_in_french(client: Client, house: House) -> None:
    _called(house, language="en")
    page = _page(client, house)
    assert 'data-say="Number D 1, counter 1"' in page
    assert 'data-say-french="Numéro D 1, guichet 1"' in page
    assert 'data-language="en"' in page


def test_waits_by_line_are_part_of_one_layout(client: Client, house: House) -> None:
    house.ticket("renewal")
    assert "board-waits" not in _page(client, house)
    page = _page(client, house, "?vue=attente")
    assert "board-waits" in page
    assert "Aucun guichet ouvert" in page


def test_one_line_alone(client: Client, house: House) -> None:
    [filing], [handover] = _called(house), _called(house, "handover")
    page = _page(client, house, "?vue=ligne&ligne=handover")
    assert handover in page
    assert filing not in page


@pytest.mark.parametrize("query", ["?vue=rien", "?vue=ligne", "?vue=ligne&ligne=inconnue", "?ligne=handover"])
def test_a_layout_that_makes_no_sense_is_not_found(client: Client, house: House, query: str) -> None:
    assert client.get(reverse("display:page", args=[house.office.code]) + query).status_code == 404
    assert client.get(reverse("display:board", args=[house.office.code]) + query).status_code == 404


def test_an_unknown_office_is_not_found(client: Client, house: House) -> None:
    assert client.get("/affichage/nulle-part/").status_code == 404


def test_the_page_works_without_javascript_and_has_no_inline_code(client: Client, house: House) -> None:
    page = _page(client, house)
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count("<script src=")


def test_the_content_alone_is_what_the_page_holds(client: Client, house: House) -> None:
    [number] = _called(house)
    answer = client.get(reverse("display:board", args=[house.office.code]))
    assert answer.headers["cache-control"] == "no-store"
    assert number in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_code_opens_the_display_on_a_phone(client: Client, house: House) -> None:
    answer = client.get(reverse("display:qr", args=[house.office.code]))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.content.startswith(b"<?xml")


def test_the_address_of_the_stream_asks_for_the_same_content(house: House) -> None:
    variant = Variant(house.office.pk, View.LINE, "handover", "ar")
    assert variant.query == "vue=ligne&ligne=handover&lang=ar"
    fields = dict(part.split("=") for part in variant.query.split("&"))
    assert Variant.read(house.office.pk, fields) == variant


@pytest.mark.parametrize("line", ["x" * 31, "a b", "a'b", "é/"])
def test_the_code_of_a_line_is_not_anything(line: str) -> None:
    assert Variant.read(1, {"vue": "ligne", "ligne": line}) is None
