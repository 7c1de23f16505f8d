"""Procedures and their dated rules for tests."""

from datetime import date

import factory

from parvis.procedures.models import AccessMode, Document, Fee, FilingWindow, Mode, Procedure, SpecialScope
from parvis.procedures.rules import DAYS_BEFORE, LAST_MONTHS
from tests.offices.factories import OfficeFactory, named

LAW_OF_2017 = date(2017, 1, 1)
LAW_OF_2021 = date(2021, 5, 1)


class ProcedureFactory(factory.django.DjangoModelFactory[Procedure]):
    """A procedure of the filing line; ``receipts``, ``handover``, ``licence``, ``information`` put it on another one.

    ``renewal=True`` gives it the window of 2017 (last two months) and the charge for those who come late.
    """

    class Meta:
        model = Procedure
        skip_postgeneration_save = True

    class Params:
        receipts = factory.Trait(line_code="receipts", mean_minutes=5.0, sigma=0.35)
        handover = factory.Trait(line_code="handover", family="handover", mean_minutes=6.0, sigma=0.3)
        licence = factory.Trait(line_code="licence", family="licence", mean_minutes=10.0, sigma=0.35)
        information = factory.Trait(line_code="information", family="information", mean_minutes=3.0, sigma=0.6)
        hidden = factory.Trait(is_public=False)

    code = factory.Sequence(lambda n: f"procedure_{n}")
    family = "residence_permit"
    line_code = "filing"
    names = factory.LazyAttribute(lambda procedure: named(procedure.code))
    short_names = factory.LazyAttribute(lambda procedure: named(f"{procedure.code}, court"))
    audience = factory.LazyAttribute(lambda procedure: named("Toute personne"))
    mean_minutes = 15.0
    sigma = 0.4
    presence = factory.LazyFunction(lambda: {"applicant": True, "others": [], "proxy": "no"})
    position = factory.Sequence(lambda n: n)

    @factory.post_generation
    def renewal(self, create: bool, wanted: bool, **_: object) -> None:
        if create and wanted:
            FilingWindowFactory(procedure=self)
            FeeFactory(procedure=self, late=True)

    @factory.post_generation
    def mode(self, create: bool, mode: str, **_: object) -> None:
        if create and mode:
            AccessModeFactory(procedure=self, mode=mode)


class AccessModeFactory(factory.django.DjangoModelFactory[AccessMode]):
    """Walk-in since 2017, unless told otherwise."""

    class Meta:
        model = AccessMode

    procedure = factory.SubFactory(ProcedureFactory)
    mode = Mode.WALK_IN
    valid_from = LAW_OF_2017


class FilingWindowFactory(factory.django.DjangoModelFactory[FilingWindow]):
    """The last two months before expiry since 2017; ``online`` is D-120 to D-60, ``any_time`` depends on no date."""

    class Meta:
        model = FilingWindow

    class Params:
        online = factory.Trait(kind=DAYS_BEFORE, months=None, from_days=120, to_days=60, valid_from=LAW_OF_2021)
        any_time = factory.Trait(kind="any_time", months=None)

    procedure = factory.SubFactory(ProcedureFactory)
    case = "default"
    kind = LAST_MONTHS
    months = 2
    valid_from = LAW_OF_2017


class FeeFactory(factory.django.DjangoModelFactory[Fee]):
    """The stamp of 19 euros that everybody pays; ``late`` is the charge of 180."""

    class Meta:
        model = Fee

    class Params:
        late = factory.Trait(case="late", component="regularisation_charge", eur=180)

    procedure = factory.SubFactory(ProcedureFactory)
    case = "all"
    component = "stamp"
    eur = 19
    stage = "handover"
    valid_from = LAW_OF_2017


class DocumentFactory(factory.django.DjangoModelFactory[Document]):
    """Something to bring when filing."""

    class Meta:
        model = Document

    procedure = factory.SubFactory(ProcedureFactory)
    code = factory.Sequence(lambda n: f"document_{n}")
    names = factory.LazyAttribute(lambda document: named(document.code))
    form = "original_and_copy"
    stage = "filing"
    position = factory.Sequence(lambda n: n)
    valid_from = LAW_OF_2017


class SpecialScopeFactory(factory.django.DjangoModelFactory[SpecialScope]):
    """One office serves the whole department."""

    class Meta:
        model = SpecialScope

    procedure = factory.SubFactory(ProcedureFactory)
    office = factory.SubFactory(OfficeFactory)
    area = "department"
    valid_from = LAW_OF_2017
