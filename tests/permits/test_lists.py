"""A delivery read from the sender's list."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from parvis.casefiles.models import CaseFile
from parvis.journal.models import Entry
from parvis.people.models import Person
from parvis.permits import actions, queries
from parvis.permits.errors import DeliveryClosed, ListUnreadable
from parvis.permits.models import Permit, SetAside
from tests.casefiles.house import CaseHouse
from tests.permits.cards import delivery
from tests.permits.factories import PermitFactory

HEAD = "Numéro de titre;Dossier;Numéro étranger;Nom;Prénom;Né le;Emplacement"


def test_latin_1_with_broken_lines_loses_nothing_and_doubles_nothing(house: CaseHouse) -> None:
    first, second = house.granted(), house.granted("student")
    PermitFactory(office=house.office, number="CONNU1")
    lines = [
        HEAD,
        f"TEST1;{first.number};;;;;Tiroir é",
        f"TEST2;{second.number};;Exemple;Élise;31/02/1990;",
        f"TEST3;{first.number};;;;;",
        "CONNU1;;;;;;",
        "TEST4;;9900000777;Fictif;;01/01/1990;",
        'TEST5;"guillemet ouvert;;;;;',
        "TEST6;trop;peu",
        ";;;Sans numéro;;;Bac",
        "",
        ";;;;;;",
    ]
    arrived = delivery(house)
    content = "\r\n".join(lines).encode("latin-1")
    report = actions.read_csv(arrived, content, by=house.clerk)
    assert (report.lines, report.taken, report.again) == (8, 2, 0)
    assert [one.code for one in report.set_aside] == [
        "file_has_card",
        "card_known",
        "no_file",
        "line_broken",
        "line_broken",
        "number_malformed",
    ]
    assert Permit.objects.get(number="TEST1").place == "Tiroir é"
    assert report.set_aside[2].birth_date == date(1990, 1, 1)
    assert report.set_aside[4].name == "TEST6;trop;peu"

    again = actions.read_csv(arrived, content, by=house.clerk)
    assert (again.lines, again.taken, again.again) == (8, 0, 2)
    assert SetAside.objects.count() == 6
    assert Permit.objects.count() == 3


def listed(*files: CaseFile, first: int = 1) -> bytes:
    """The list of a sender who knows the number of every file."""
    lines = [f"TEST{first + turn};{file.number};;;;;Tiroir 1" for turn, file in enumerate(files)]
    return "\n".join([HEAD, *lines]).encode()


def test_many_cards_are_taken_in_few_statements_however_many(
    house: CaseHouse, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    files = [house.granted() for _ in range(12)]
    arrived = delivery(house)
    with django_assert_max_num_queries(20):
        assert actions.read_csv(arrived, listed(*files), by=house.clerk).taken == 12
    assert CaseFile.objects.filter(state="received").count() == 12
    card = Permit.objects.get(case_file=files[3])
    alone = actions.scan(arrived, "SEUL1", file_number=house.granted().number, place="Tiroir 1", by=house.clerk)
    assert isinstance(alone, Permit)
    assert (card.number, card.place, card.kind, card.person) == ("TEST4", "Tiroir 1", alone.kind, files[3].person)
    told = [list(Entry.objects.about(one).values_list("what", "agent_id", "origin")) for one in (card, alone)]
    assert told[0] == told[1]


def test_two_lines_for_one_file_and_one_number_for_two(house: CaseHouse) -> None:
    first, second = house.granted(), house.granted()
    lines = [f"TEST1;{first.number}", f"TEST2;{first.number}", f"TEST1;{second.number}"]
    report = actions.read_csv(delivery(house), "\n".join(["Titre;Dossier", *lines]).encode(), by=house.clerk)
    assert (report.taken, report.again, [one.code for one in report.set_aside]) == (1, 1, ["file_has_card"])
    assert Permit.objects.get().case_file == first


def test_a_file_number_with_the_foreign_number_of_another_is_no_match(house: CaseHouse) -> None:
    file = house.granted()
    content = f"Titre;Dossier;Numéro étranger\nTEST1;{file.number};9900000001".encode()
    Person.objects.filter(pk=file.person_id).update(foreign_number="9900000002")
    report = actions.read_csv(delivery(house), content, by=house.clerk)
    assert [one.code for one in report.set_aside] == ["identity_differs"]


def test_a_broken_line_is_settled_with_the_number_on_the_card(house: CaseHouse) -> None:
    report = actions.read_csv(delivery(house), f"{HEAD}\nTEST6;trop".encode(), by=house.clerk)
    permit = actions.settle(report.set_aside[0], house.granted(), number="TEST6", by=house.clerk)
    assert permit.number == "TEST6"
    assert not queries.set_aside(house.office).exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_by_heading_or_by_mapping(house: CaseHouse, delimiter: str) -> None:
    file = house.granted()
    content = f"Ref{delimiter}Affaire\nTEST1{delimiter}{file.number}".encode("utf-8-sig")
    mapping = {"number": "Ref", "file_number": "Affaire"}
    assert actions.read_csv(delivery(house), content, mapping=mapping, by=house.clerk).taken == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"Nom;Emplacement\nFictif;1", b"x" * 900_001])
def test_what_is_no_list_is_refused(house: CaseHouse, content: bytes) -> None:
    with pytest.raises(ListUnreadable):
        actions.read_csv(delivery(house), content, by=house.clerk)


def test_a_closed_delivery_reads_nothing_more(house: CaseHouse) -> None:
    arrived = actions.close_delivery(delivery(house), by=house.clerk)
    for line in ("TEST1;;;;;;", "TEST1"):
        with pytest.raises(DeliveryClosed):
            actions.read_csv(arrived, f"{HEAD}\n{line}".encode(), by=house.clerk)
