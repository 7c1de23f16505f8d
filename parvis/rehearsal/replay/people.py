"""Invented persons, many at once."""

from datetime import date, timedelta

from parvis.common import clock
from parvis.people import rules
from parvis.people.models import Person
from parvis.rehearsal.names import family_and_given

LANGUAGES = ("fr", "fr", "fr", "ar", "en", "pt", "es", "zh-hans")
BORN = date(1950, 1, 1)
# From here on, who comes during a replay; before, whose file lay there already.
NEWCOMERS = 50_000


def invent(first: int, many: int) -> list[Person]:
    """Persons the office knows already, from the n-th on, in one statement.

    In the replay whoever comes was received before; a person met for the first time is registered by the real day.
    Their numbers have nine digits, those of a rehearsed day ten: they never meet.
    """
    now = clock.now()
    made = []
    for number in range(first, first + many):
        family, given = family_and_given(number)
        made.append(
            Person(
                foreign_number=f"9900{number:05d}",
                family_name=family,
                given_name=given,
                folded_name=rules.folded_name(family, given),
                birth_date=BORN + timedelta(days=number * 7 % 18000),
                language=LANGUAGES[number % len(LANGUAGES)],
                email=f"personne{number}@exemple.invalid" if number % 3 else "",
                created_at=now,
            )
        )
    return Person.objects.bulk_create(made)
