"""Invented persons, many at once."""

from datetime import date, timedelta

from parvis.common import clock
from parvis.people import rules
from parvis.people.models import Person
from parvis.rehearsal.names import family_and_given

LANGUAGES = ("fr", "fr", "fr", "ar", "en", "pt", "es", "zh-hans")
BORN = date(1950, 1, 1)


def invent(first: int, many: int, *, prefix: str = "99001") -> list[Person]:
    """Persons the office knows already, from the n-th on, in one statement.

    In the replay whoever comes was received before; a person met for the first time is registered by the real day.
    """
    now = clock.now()
    made = []
    for number in range(first, first + many):
        family, given = family_and_given(number)
        made.append(
            Person(
                foreign_number=f"{prefix}{number:0{10 - len(prefix)}d}",
                family_name=family,
                given_name=given,
                folded_name=rules.folded_name(family, given),
                birth_date=BORN + timedelta(days=number * 7 % 18000),
                language=LANGUAGES[number % len(LANGUAGES)],
                email=f"personne{prefix}{number}@exemple.invalid" if number % 3 else "",
                created_at=now,
            )
        )
    return Person.objects.bulk_create(made)
