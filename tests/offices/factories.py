"""Offices, lines, counters, agents and hours for tests; every person is invented."""

from datetime import UTC, date, datetime, time
from typing import Any

import factory
from django.contrib.auth import get_user_model

from parvis.offices.actions import sync_roles
from parvis.offices.models import Agent, Closure, Commune, Counter, Line, Office, OpeningWindow, Shift
from parvis.offices.roles import ROLES

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(1, 8)
THURSDAYS_CLOSED_FROM = date(2017, 6, 29)
LETTERS = {
    "filing": "D",
    "receipts": "R",
    "handover": "T",
    "licence": "P",
    "information": "I",
    "digital_point": "N",
    "asylum": "A",
}


def named(name: str) -> dict[str, str]:
    """A name that tells its language."""
    return {"fr": name, "en": f"{name} (en)", "ar": f"{name} (ar)"}


class OfficeFactory(factory.django.DjangoModelFactory[Office]):
    """An office without lines; ``december_2017=True`` gives it those of Nanterre, one counter each, handover three."""

    class Meta:
        model = Office
        skip_postgeneration_save = True

    class Params:
        sub = factory.Trait(kind=Office.Kind.SUB_PREFECTURE)

    code = factory.Sequence(lambda n: f"bureau-{n}")
    kind = Office.Kind.PREFECTURE
    names = factory.LazyAttribute(lambda office: named(f"Bureau {office.code}"))
    address = "1 rue de l'Exemple, 92000 Exemple"

    @factory.post_generation
    def december_2017(self: Any, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if not extracted:
            return
        number = 1
        for code in LETTERS:
            line = LineFactory(office=self, code=code, december_2017=code != "asylum")
            for _ in range(3 if code == "handover" else 1):
                CounterFactory(office=self, number=number, lines=[line])
                number += 1


class CommuneFactory(factory.django.DjangoModelFactory[Commune]):
    class Meta:
        model = Commune

    insee = factory.Sequence(lambda n: f"{99000 + n}")
    name = factory.Sequence(lambda n: f"Exemple-sur-Seine {n}")
    postcodes = factory.LazyAttribute(lambda commune: [commune.insee])
    office = factory.SubFactory(OfficeFactory)


class LineFactory(factory.django.DjangoModelFactory[Line]):
    """A line that never opens; ``december_2017=True`` gives it the hours its code has then at Nanterre."""

    class Meta:
        model = Line
        skip_postgeneration_save = True

    office = factory.SubFactory(OfficeFactory)
    code = "filing"
    letter = factory.LazyAttribute(lambda line: LETTERS[line.code])
    names = factory.LazyAttribute(lambda line: named(line.code))
    position = factory.LazyAttribute(lambda line: list(LETTERS).index(line.code) + 1)

    @factory.post_generation
    def december_2017(self: Any, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if not extracted:
            return
        for weekday in (MONDAY, TUESDAY, WEDNESDAY, FRIDAY):
            OpeningWindowFactory(line=self, weekday=weekday)
        OpeningWindowFactory(line=self, weekday=THURSDAY, until_the_closure=self.code != "handover")


class CounterFactory(factory.django.DjangoModelFactory[Counter]):
    """A counter in use; ``lines=[...]`` says what it serves."""

    class Meta:
        model = Counter
        skip_postgeneration_save = True

    office = factory.SubFactory(OfficeFactory)
    number = factory.Sequence(lambda n: n + 100)

    @factory.post_generation
    def lines(self: Any, create: bool, extracted: list[Line] | None, **kwargs: Any) -> None:
        self.lines.set(extracted or [])


class OpeningWindowFactory(factory.django.DjangoModelFactory[OpeningWindow]):
    """9:00 to 16:00, 15:30 on Friday, since January 2017; ``until_the_closure`` ends it with the Thursday openings."""

    class Meta:
        model = OpeningWindow

    class Params:
        until_the_closure = factory.Trait(
            weekday=THURSDAY,
            valid_to=date(2017, 6, 28),
            ended_because={"fr": "Fermé le jeudi pour instruire.", "en": "Closed on Thursdays to process files."},
        )

    line = factory.SubFactory(LineFactory)
    weekday = MONDAY
    opens = time(9)
    closes = factory.LazyAttribute(lambda window: time(15, 30) if window.weekday == FRIDAY else time(16))
    valid_from = date(2017, 1, 1)
    valid_to = None


class ClosureFactory(factory.django.DjangoModelFactory[Closure]):
    """A closure of the whole office on 12 December 2017; ``lines=[...]`` names those it reaches."""

    class Meta:
        model = Closure
        skip_postgeneration_save = True

    office = factory.SubFactory(OfficeFactory)
    day = date(2017, 12, 12)
    reason = factory.LazyFunction(lambda: {"fr": "Panne de chauffage", "en": "Heating failure"})

    @factory.post_generation
    def lines(self: Any, create: bool, extracted: list[Line] | None, **kwargs: Any) -> None:
        self.lines.set(extracted or [])


class UserFactory(factory.django.DjangoModelFactory[Any]):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"temoin{n}")
    password = factory.django.Password("mot-de-passe-temoin")


class AgentFactory(factory.django.DjangoModelFactory[Agent]):
    """An agent without a role; ``roles=["greeter"]`` gives some, ``lines=[...]`` the skills."""

    class Meta:
        model = Agent
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    name = factory.Sequence(lambda n: f"Témoin Fictif {n}")

    @factory.post_generation
    def roles(self: Any, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        if extracted:
            sync_roles()
            assert set(extracted) <= set(ROLES)
            groups = self.user.groups.model.objects.filter(name__in=extracted)
            self.user.groups.set(groups)

    @factory.post_generation
    def lines(self: Any, create: bool, extracted: list[Line] | None, **kwargs: Any) -> None:
        self.lines.set(extracted or [])


class ShiftFactory(factory.django.DjangoModelFactory[Shift]):
    """The Monday of 11 December 2017, 9:00 to 16:00 at the office's clock, at no counter."""

    class Meta:
        model = Shift

    agent = factory.SubFactory(AgentFactory)
    duty = Shift.Duty.BACK_OFFICE
    starts_at = datetime(2017, 12, 11, 8, tzinfo=UTC)
    ends_at = datetime(2017, 12, 11, 15, tzinfo=UTC)
