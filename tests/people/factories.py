"""Invented persons: plainly false names, foreign numbers that start with 9900."""

from datetime import UTC, date, datetime

import factory

from parvis.people import rules
from parvis.people.models import Person


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """Somebody with a number; ``unnumbered`` has none, ``arabic`` writes from the right, ``mononym`` has one name."""

    class Meta:
        model = Person

    class Params:
        unnumbered = factory.Trait(foreign_number="")
        arabic = factory.Trait(family_name="مثال", given_name="شاهد", language="ar")
        mononym = factory.Trait(given_name="")

    foreign_number = factory.Sequence(lambda n: f"9900{n:06}")
    family_name = factory.Sequence(lambda n: f"Exemple-{n}")
    given_name = "Témoin"
    folded_name = factory.LazyAttribute(lambda person: rules.folded_name(person.family_name, person.given_name))
    birth_date = date(1985, 5, 17)
    created_at = datetime(2017, 12, 11, 8, 0, tzinfo=UTC)
