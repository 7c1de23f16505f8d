"""Find somebody who stands at the counter."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.people import queries
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_by_number_however_it_is_typed() -> None:
    person = PersonFactory(foreign_number="9900123456")
    PersonFactory()
    for typed in ("9900123456", " 9900 123 456", "9900.123.456", "٩٩٠٠١٢٣٤٥٦"):
        assert queries.by_foreign_number(typed) == person
        assert queries.find(foreign_number=typed) == [person]


@pytest.mark.parametrize("typed", ["9900999999", "abc", "9" * 10_000, "%", "\x00"])
def test_a_number_nobody_has_finds_nobody(typed: str) -> None:
    PersonFactory(unnumbered=True)
    assert queries.by_foreign_number(typed) is None
    assert queries.find(foreign_number=typed, name="Exemple") == []


@pytest.mark.parametrize("typed", ["", "  "])
def test_no_number_is_nobody_s_number(typed: str) -> None:
    PersonFactory(unnumbered=True)
    assert queries.by_foreign_number(typed) is None


@pytest.mark.parametrize(
    "typed", ["Exemplé", "EXEMPLE", "temoin exemple", "Exemple, Témoin", "exem tém", "l'exemple temoin"]
)
def test_by_name_whatever_the_accents_the_case_and_the_order(typed: str) -> None:
    person = PersonFactory(family_name="de l'Exemple", given_name="Témoin")
    PersonFactory(family_name="Fictif", given_name="Autre")
    assert queries.find(name=typed) == [person]


def test_a_word_is_found_by_its_beginning_only() -> None:
    PersonFactory(family_name="Exemple")
    assert queries.find(name="emple") == []
    assert queries.find(name="%") == []
    assert queries.find(name="_xemple") == []


def test_by_birth_date_alone_or_with_a_name() -> None:
    first = PersonFactory(family_name="Exemple", birth_date=date(1990, 2, 28))
    second = PersonFactory(family_name="Fictif", birth_date=date(1990, 2, 28))
    PersonFactory(family_name="Exemple", birth_date=date(1991, 2, 28))
    assert queries.find(birth_date=date(1990, 2, 28)) == [first, second]
    assert queries.find(name="exemple", birth_date=date(1990, 2, 28)) == [first]


def test_arabic_is_found_as_it_is_written() -> None:
    person = PersonFactory(arabic=True)
    assert queries.find(name="شاهد مثال") == [person]


def test_nothing_asked_gives_no_list_of_everybody() -> None:
    PersonFactory.create_batch(25, family_name="Exemple")
    assert queries.find() == []
    assert queries.find(name="  🙂 ") == []
    assert len(queries.find(name="exemple")) == queries.MOST_FOUND
    assert queries.find(name="x" * 10_000) == []


def test_whoever_may_be_the_same_person_is_offered_and_nobody_is_merged() -> None:
    numbered = PersonFactory(foreign_number="9900123456", family_name="Fictif")
    passport = PersonFactory(passport_number="99XX00001")
    named = PersonFactory(family_name="Exémple", given_name="Témoin", birth_date=date(1990, 2, 28))
    PersonFactory(family_name="Exemple", given_name="Témoin", birth_date=date(1991, 2, 28))
    offered = queries.possible_duplicates(
        family_name="EXEMPLE",
        given_name="temoin",
        birth_date=date(1990, 2, 28),
        passport_number="99 xx 00001",
        foreign_number="9900 123 456",
    )
    assert offered == [numbered, passport, named]
    assert queries.possible_duplicates(family_name="Inconnu", birth_date=date(1990, 2, 28)) == []


def test_a_name_alone_is_found_by_an_index_of_words() -> None:
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        cursor.execute("SET LOCAL enable_seqscan = off")
        queries.find(name="élodie TÉM")
        cursor.execute(f"EXPLAIN {asked[-1]['sql']}")
        assert "person_name_words" in "".join(line for (line,) in cursor.fetchall())
