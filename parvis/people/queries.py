"""Find a person."""

from datetime import date

from django.db.models import Q

from parvis.common import text
from parvis.people import rules
from parvis.people.errors import ForeignNumberMalformed, PassportNumberMalformed
from parvis.people.models import NAME_LENGTH, Person

MOST_FOUND = 20


def by_foreign_number(typed: str) -> Person | None:
    """The person known under this number, however it was spaced; None for nobody, or for what is no such number."""
    try:
        number = rules.foreign_number(typed)
    except ForeignNumberMalformed:
        return None
    return Person.objects.filter(foreign_number=number).first() if number else None


def by_passport(typed: str) -> list[Person]:
    """Those known under this passport number, at most twenty: each country numbers its own. No number, nobody."""
    try:
        number = rules.passport_number(typed)
    except PassportNumberMalformed:
        return []
    return list(Person.objects.filter(passport_number=number).order_by("pk")[:MOST_FOUND]) if number else []


def find(*, foreign_number: str = "", name: str = "", birth_date: date | None = None) -> list[Person]:
    """At most twenty persons: the one of a number, else those of a name, of a birth date, or of both.

    Each word of ``name`` begins a word of the family or given name, in any order and whatever its accents.
    Nothing asked, nobody found: there is no list of everybody.
    """
    if foreign_number.strip():
        person = by_foreign_number(foreign_number)
        return [person] if person else []
    words = rules.folded_name(text.clean(name, limit=2 * NAME_LENGTH + 1), "").split()
    if not words and birth_date is None:
        return []
    found = Person.objects.all()
    if birth_date is not None:
        found = found.filter(birth_date=birth_date)
    for word in words:
        found = found.filter(Q(folded_name__startswith=word) | Q(folded_name__contains=f" {word}"))
    return list(found.order_by("folded_name", "pk")[:MOST_FOUND])


def possible_duplicates(
    *,
    family_name: str,
    given_name: str = "",
    birth_date: date | None = None,
    passport_number: str = "",
    foreign_number: str = "",
) -> list[Person]:
    """Those who may be the person that is about to be registered, at most twenty; offered, never merged.

    Whoever has the foreign number, then the passport, then the family name with the same birth date, then the same
    names of whom no birth date is known.
    """
    numbered = by_foreign_number(foreign_number)
    found = [*([numbered] if numbered else []), *by_passport(passport_number)]
    folded = rules.folded_name(family_name, given_name)
    if folded and birth_date is not None:
        found += find(name=family_name, birth_date=birth_date)
        found += Person.objects.filter(birth_date=None, folded_name=folded).order_by("pk")[:MOST_FOUND]
    return list(dict.fromkeys(found))[:MOST_FOUND]
