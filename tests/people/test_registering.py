"""What the office keeps about a person, and what it refuses, whatever is typed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.common import clock
from parvis.common.errors import KeyReused
from parvis.journal.actions import Device
from parvis.journal.models import Entry
from parvis.people import actions, queries
from parvis.people.errors import (
    BirthDateImpossible,
    EmailMalformed,
    FieldRefused,
    ForeignNumberMalformed,
    ForeignNumberTaken,
    NameMissing,
    PassportNumberMalformed,
    PhoneMalformed,
)
from parvis.people.models import NAME_LENGTH, Person
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db
AGENT = Device("agent", agent_id=4)
MONDAY = date(2017, 12, 11)


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with clock.held(clock.at(MONDAY, "09:00")):
        yield


NAMES = {
    "one-letter": ("O", "O"),
    "arabic": ("مثال", "مثال"),
    "chinese": ("例子", "例子"),
    "tamil": ("உதாரணம்", "உதாரணம்"),
    "ukrainian-apostrophe": ("Прикладˈєв", "Прикладˈєв"),
    "decomposed-accents": ("Te\u0301moin", "Témoin"),
    "emoji-beside-letters": ("Exemple 🙂", "Exemple 🙂"),
    "turned-around": ("Exemple\u202enioméT", "ExemplenioméT"),
    "nul-and-new-lines": ("Exem\x00ple\r\nFictif\t", "Exem ple Fictif"),
    "many-spaces": ("   de   l'Exemple  ", "de l'Exemple"),
    "ten-thousand": ("E" * 10_000, "E" * NAME_LENGTH),
    "markup": ("<b>Exemple</b>", "<b>Exemple</b>"),
}


@pytest.mark.parametrize(("typed", "kept"), NAMES.values(), ids=NAMES)
def test_a_name_is_kept_as_its_person_writes_it(typed: str, kept: str) -> None:
    person = actions.register(family_name=typed, given_name=typed, by=AGENT)
    person.refresh_from_db()
    assert (person.family_name, person.given_name) == (kept, kept)


@pytest.mark.parametrize("typed", ["", "   ", "🙂🙂", "...", "\u202e\u200f", "\x00", "12", "\ud83d"])
def test_a_name_without_a_letter_is_refused_clearly(typed: str) -> None:
    with pytest.raises(NameMissing, match="au moins une lettre") as refused:
        actions.register(family_name=typed, by=AGENT)
    assert (refused.value.field, refused.value.status) == ("family_name", 422)
    assert Person.objects.count() == 0


@settings(max_examples=80, deadline=None)
@given(family=st.text(st.characters(), max_size=300), given_name=st.text(st.characters(), max_size=300))
def test_any_name_is_kept_and_found_again_or_refused(family: str, given_name: str) -> None:
    try:
        person = actions.register(family_name=family, given_name=given_name, birth_date=date(1985, 5, 17), by=AGENT)
    except FieldRefused:
        return
    person.refresh_from_db()
    assert 0 < len(person.family_name) <= NAME_LENGTH
    same_day = Person.objects.exclude(pk=person.pk).filter(birth_date=person.birth_date)
    same_day.update(birth_date=None)
    assert queries.find(name=person.full_name, birth_date=person.birth_date) == [person]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("9900 123 456", "9900123456"), ("990012345", "990012345"), ("٩٩٠٠١٢٣٤٥٦", "9900123456"), ("  ", ""), ("", "")],
)
def test_a_foreign_number_is_digits(typed: str, kept: str) -> None:
    assert actions.register(family_name="Exemple", foreign_number=typed, by=AGENT).foreign_number == kept


@pytest.mark.parametrize("typed", ["99001234", "99001234567", "9900-12345A", "9" * 10_000, "²²²²²²²²²", "-", "🙂"])
def test_what_is_no_foreign_number_is_refused(typed: str) -> None:
    if typed == "-":
        assert actions.register(family_name="Exemple", foreign_number=typed, by=AGENT).foreign_number == ""
        return
    with pytest.raises(ForeignNumberMalformed) as refused:
        actions.register(family_name="Exemple", foreign_number=typed, by=AGENT)
    assert refused.value.field == "foreign_number"


@pytest.mark.parametrize(("typed", "kept"), [("99 fi 00.123", "99FI00123"), (" ", ""), ("99-exemple", "99EXEMPLE")])
def test_a_passport_number_is_letters_and_digits_and_finds_its_people(typed: str, kept: str) -> None:
    people = [actions.register(family_name="Exemple", passport_number=typed, by=AGENT) for _twice in range(2)]
    assert {person.passport_number for person in people} == {kept}
    assert queries.by_passport(typed) == (people if kept else [])


@pytest.mark.parametrize("typed", ["9900", "9" * 21, "99É00123", "🙂🙂🙂🙂🙂"])
def test_what_is_no_passport_number_is_refused_and_finds_nobody(typed: str) -> None:
    with pytest.raises(PassportNumberMalformed) as refused:
        actions.register(family_name="Exemple", passport_number=typed, by=AGENT)
    assert refused.value.field == "passport_number"
    assert queries.by_passport(typed) == []


def test_a_foreign_number_belongs_to_one_person() -> None:
    actions.register(family_name="Exemple", foreign_number="9900123456", by=AGENT)
    with pytest.raises(ForeignNumberTaken) as refused:
        actions.register(family_name="Témoin", foreign_number="9900 123 456", by=AGENT)
    assert (refused.value.field, refused.value.status) == ("foreign_number", 409)
    other = actions.register(family_name="Fictif", by=AGENT)
    with pytest.raises(ForeignNumberTaken):
        actions.correct(other, foreign_number="9900123456", by=AGENT)
    actions.register(family_name="Sans numéro", by=AGENT)
    assert Person.objects.count() == 3


REFUSED: list[tuple[dict[str, Any], type[FieldRefused], str]] = [
    ({"birth_date": date(2017, 12, 12)}, BirthDateImpossible, "birth_date"),
    ({"birth_date": date(1886, 12, 31)}, BirthDateImpossible, "birth_date"),
    ({"birth_date": date.min}, BirthDateImpossible, "birth_date"),
    ({"birth_date": date.max}, BirthDateImpossible, "birth_date"),
    ({"phone": "12"}, PhoneMalformed, "phone"),
    ({"phone": "appelez-moi"}, PhoneMalformed, "phone"),
    ({"phone": "1" * 10_000}, PhoneMalformed, "phone"),
    ({"email": "exemple"}, EmailMalformed, "email"),
    ({"email": "a" * 10_000 + "@exemple.invalid"}, EmailMalformed, "email"),
]


@pytest.mark.parametrize(("given", "error", "field"), REFUSED)
def test_what_else_is_refused_names_its_field(given: dict[str, Any], error: type[FieldRefused], field: str) -> None:
    with pytest.raises(error) as refused:
        actions.register(family_name="Exemple", by=AGENT, **given)
    assert refused.value.field == field
    person = actions.register(family_name="Exemple", by=AGENT)
    with pytest.raises(error):
        actions.correct(person, by=AGENT, **given)


def test_contact_is_kept_in_one_form() -> None:
    person = actions.register(
        family_name="Exemple",
        birth_date=MONDAY,
        language="klingon",
        phone="+33 (6) 39.98.12.34",
        email=" temoin@exemple.invalid ",
        by=AGENT,
    )
    assert (person.phone, person.email, person.language) == ("+33639981234", "temoin@exemple.invalid", "fr")
    assert person.birth_date == MONDAY
    assert person.created_at == clock.at(MONDAY, "09:00")


def test_the_same_form_sent_twice_registers_one_person() -> None:
    first = actions.register(family_name="Exemple", birth_date=date(1985, 5, 17), by=AGENT, key="formulaire-1")
    again = actions.register(family_name="Exemple", birth_date=date(1985, 5, 17), by=AGENT, key="formulaire-1")
    assert again == first
    with pytest.raises(KeyReused):
        actions.register(family_name="Fictif", birth_date=date(1985, 5, 17), by=AGENT, key="formulaire-1")
    assert Person.objects.count() == 1
    assert Entry.objects.named("person.registered").count() == 1


def test_a_correction_changes_what_is_given_and_nothing_else() -> None:
    person = actions.register(family_name="Exemple", given_name="Témoin", phone="0639981234", by=AGENT)
    corrected = actions.correct(person, family_name="Fictif", phone="", by=AGENT)
    corrected.refresh_from_db()
    assert (corrected.family_name, corrected.given_name, corrected.phone) == ("Fictif", "Témoin", "")
    assert queries.find(name="fictif temoin") == [person]
    assert queries.find(name="exemple") == []
    actions.correct(person, family_name="Fictif", by=AGENT)
    assert [fact.facts for fact in Entry.objects.about(person).named("person.corrected")] == [
        {"fields": ["family_name", "phone"]}
    ]


def test_the_journal_says_what_was_done_and_names_nobody() -> None:
    person = actions.register(
        family_name="Exemple", foreign_number="9900123456", phone="0639981234", email="temoin@exemple.invalid", by=AGENT
    )
    actions.correct(person, given_name="Témoin", birth_date=date(1985, 5, 17), by=AGENT)
    given_back = actions.export(person, by=AGENT)
    assert given_back["foreign_number"] == "9900123456"
    assert given_back["birth_date"] == "1985-05-17"
    facts = list(Entry.objects.about(person))
    assert [fact.what for fact in facts] == ["person.registered", "person.corrected", "person.exported"]
    assert {fact.agent_id for fact in facts} == {4}
    written = str([fact.facts for fact in facts])
    assert not [secret for secret in ("Exemple", "Témoin", "9900", "0612", "@", "1985") if secret in written]


def test_the_database_refuses_what_somebody_forgot_to_check() -> None:
    PersonFactory(foreign_number="9900123456")
    for name, broken in {
        "person_foreign_number": {"foreign_number": "9900123456"},
        "person_foreign_number_digits": {"foreign_number": "12"},
        "person_named": {"family_name": ""},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PersonFactory(**broken)
    assert str(PersonFactory(mononym=True, family_name="Fictif")).startswith("person ")
