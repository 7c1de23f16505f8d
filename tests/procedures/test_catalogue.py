"""The catalogue as delivered, and what the database refuses."""

import io
import itertools
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.errors import UnknownCommune
from parvis.procedures import actions, catalogue, queries
from parvis.procedures.errors import OfficesMissing, UnknownProcedure
from parvis.procedures.models import Document, Epoch, Fee, Mode, Procedure
from tests.offices.factories import OfficeFactory
from tests.procedures.factories import FeeFactory, FilingWindowFactory, ProcedureFactory, SpecialScopeFactory

DECEMBER = date(2017, 12, 11)
LANGUAGES = {code for code, _name in settings.LANGUAGES}
# A text of these languages is written in these letters; the others share the Latin ones.
SCRIPTS = {
    "ar": ("\u0600", "\u06ff"),
    "zh-hans": ("\u4e00", "\u9fff"),
    "uk": ("\u0400", "\u04ff"),
    "ta": ("\u0b80", "\u0bff"),
}
# Minimum list of the press release (R10), and the motives whose shares make the 800 persons of a day.
NEEDED = {
    "permit_handover",
    "receipt_renewal",
    "renewal",
    "first_request",
    "private_family_life",
    "student",
    "employee",
    "algerian_certificate",
    "resident_card",
    "minor_travel_document",
    "address_change",
    "duplicate",
    "file_deposit",
    "other_permit_step",
    "licence_exchange",
    "information",
}


@pytest.mark.usefixtures("catalogue")
def test_the_door_shows_every_motive_of_the_press_release() -> None:
    public = [procedure.code for procedure in queries.public_procedures(DECEMBER)]
    assert set(public) >= NEEDED
    assert len(public) == 24
    assert public[:3] == ["receipt_renewal", "permit_handover", "renewal"]
    assert Procedure.objects.count() == 25


@pytest.mark.usefixtures("catalogue")
def test_everything_read_at_the_door_exists_in_every_language() -> None:
    texts = [
        text
        for procedure in Procedure.objects.all()
        for text in (procedure.names, procedure.short_names, procedure.audience, procedure.presence.get("note"))
        if text is not None
    ]
    texts += [text for document in Document.objects.all() for text in (document.names, document.condition_names)]
    assert [text for text in texts if set(text) != LANGUAGES or not all(text.values())] == []
    for language, (first, last) in SCRIPTS.items():
        own = [text[language] for text in texts]
        assert [text for text in own if not any(first <= character <= last for character in text)] == []
    assert max(len(text) for p in Procedure.objects.all() for text in p.short_names.values()) <= 32


@pytest.mark.usefixtures("catalogue")
def test_a_name_is_in_the_language_spoken() -> None:
    handover = queries.by_code("permit_handover")
    with translation.override("ar"):
        assert (handover.name, handover.label) == ("استلام بطاقة الإقامة", "استلام بطاقتي")
    with translation.override("de"):
        assert (handover.name, handover.label) == ("Remise de titre", "Retirer ma carte")


@pytest.mark.usefixtures("catalogue")
def test_every_procedure_is_served_by_a_line_of_nanterre() -> None:
    from parvis.offices.models import Line

    lines = set(Line.objects.filter(office__code="nanterre").values_list("code", flat=True))
    assert set(Procedure.objects.values_list("line_code", flat=True)) <= lines


@pytest.mark.usefixtures("catalogue")
def test_every_line_with_hours_has_something_to_choose() -> None:
    """A line nobody can choose keeps its counters open and calls nobody."""
    from parvis.offices.models import Line, OpeningWindow

    opened = OpeningWindow.objects.in_force(DECEMBER).values_list("line", flat=True)
    lines = set(Line.objects.filter(pk__in=opened, office__code="nanterre").values_list("code", flat=True))
    chosen = {
        one.line_code
        for one in queries.public_procedures(DECEMBER)
        if queries.access_mode(one, DECEMBER) in {Mode.WALK_IN, Mode.MIXED}
    }
    assert "digital_point" in lines
    assert lines <= chosen


@pytest.mark.usefixtures("catalogue")
def test_a_procedure_added_to_the_catalogue_reaches_an_office_that_runs() -> None:
    Procedure.objects.filter(code="digital_help").delete()
    Procedure.objects.filter(code="asylum_registration").update(position=24)
    kept = list(Document.objects.order_by("pk").values_list("pk", flat=True))
    assert set(actions.load(catalogue.read(), by=SYSTEM)) == {"digital_help", "asylum_registration"}
    assert queries.by_code("digital_help").line_code == "digital_point"
    assert list(Document.objects.order_by("pk").values_list("pk", flat=True)) == kept


@pytest.mark.usefixtures("catalogue")
def test_loading_twice_changes_nothing() -> None:
    kept = list(Document.objects.order_by("pk").values_list("pk", flat=True))
    facts = Entry.objects.count()
    assert actions.load(catalogue.read(), by=SYSTEM) == []
    assert list(Document.objects.order_by("pk").values_list("pk", flat=True)) == kept
    assert Entry.objects.count() == facts


@pytest.mark.usefixtures("catalogue")
def test_loading_repairs_rules_and_leaves_what_the_office_decided() -> None:
    renewal = queries.by_code("renewal")
    renewal.fees.filter(case="late").delete()
    renewal.access_modes.filter(valid_from=date(2018, 7, 1)).update(mode=Mode.MIXED)
    assert actions.load(catalogue.read(), by=SYSTEM) == ["renewal"]
    assert queries.late_charge(renewal, DECEMBER) == 180
    assert queries.access_mode(renewal, date(2018, 7, 2)) == Mode.MIXED
    revised = Entry.objects.about(renewal).named("procedure.revised").get()
    assert revised.facts == {"code": "renewal", "parts": ["fees"]}


@pytest.mark.django_db
def test_procedures_come_after_the_offices() -> None:
    with pytest.raises(OfficesMissing):
        actions.load(catalogue.read(), by=SYSTEM)
    with pytest.raises(CommandError, match="load_office"):
        call_command("load_procedures", stdout=io.StringIO())
    assert Procedure.objects.count() == 0


@pytest.mark.usefixtures("catalogue")
def test_rules_and_fees_did_not_change_on_the_same_days() -> None:
    told = {
        day: (queries.rule_set_on(day).rules, queries.rule_set_on(day).fees)
        for day in (
            date(2016, 12, 31),
            DECEMBER,
            date(2018, 12, 31),
            date(2019, 1, 1),
            date(2021, 4, 30),
            date(2021, 5, 1),
            date(2026, 2, 28),
            date(2026, 3, 1),
        )
    }
    assert list(told.values()) == [
        ("", ""),
        ("2017", "2017"),
        ("2017", "2017"),
        ("2017", "2020"),
        ("2017", "2020"),
        ("2026", "2020"),
        ("2026", "2020"),
        ("2026", "2026"),
    ]


@pytest.mark.usefixtures("catalogue")
def test_between_two_epochs_no_day_is_without_law() -> None:
    for start, end in (("rules_from", "rules_to"), ("fees_from", "fees_to")):
        spans = sorted(Epoch.objects.filter(**{f"{start}__isnull": False}).values_list(start, end))
        assert [after[0] - before[1] for before, after in itertools.pairwise(spans)] == [
            timedelta(days=1) for _ in spans[1:]
        ]
        assert spans[-1][1] is None


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("code", "case", "day", "expected"),
    [
        ("renewal", "renewal", DECEMBER, {("tax", None, 55, 250), ("stamp", 19, None, None)}),
        ("status_change", "change", date(2018, 12, 31), {("stamp", 19, None, None)}),
        ("status_change", "change", date(2019, 1, 1), {("tax", 200, None, None), ("stamp", 25, None, None)}),
        ("renewal", "renewal", date(2020, 6, 1), {("tax", 200, None, None), ("stamp", 25, None, None)}),
        ("first_request", "first", date(2026, 6, 1), {("tax", 300, None, None), ("stamp", 50, None, None)}),
        ("student", "first", date(2026, 6, 1), {("tax", 100, None, None), ("stamp", 50, None, None)}),
        ("minor_travel_document", "all", DECEMBER, {("tax", 45, None, None)}),
        (
            "first_request",
            "no_visa_or_irregular_entry",
            DECEMBER,
            {("regularisation_charge", 340, None, None), ("stamp", 19, None, None)},
        ),
        ("receipt_renewal", "all", DECEMBER, set()),
    ],
)
def test_fees_of_the_day(code: str, case: str, day: date, expected: set[tuple[str, int | None]]) -> None:
    found = queries.fees(queries.by_code(code), day, case)
    assert {(fee.component, fee.eur, fee.eur_min, fee.eur_max) for fee in found} == expected


@pytest.mark.usefixtures("catalogue")
def test_the_part_due_at_filing_is_known() -> None:
    charge = queries.fees(queries.by_code("first_request"), DECEMBER, "no_visa_or_irregular_entry")
    assert [fee.due_at_filing_eur for fee in charge if fee.component == "regularisation_charge"] == [50]


@pytest.mark.usefixtures("catalogue")
def test_documents_of_the_day_and_the_stage() -> None:
    renewal = queries.by_code("renewal")
    december = {document.code: document for document in queries.documents_to_bring(renewal, DECEMBER)}
    today = {document.code: document for document in queries.documents_to_bring(renewal, date(2026, 6, 1))}
    assert "photo_code" not in december
    assert "photo_code" in today
    assert (december["address_own"].max_age_months, today["address_own"].max_age_months) == (3, 6)
    at_handover = queries.documents_to_bring(renewal, DECEMBER, stage="handover")
    assert [document.code for document in at_handover] == ["tax_stamp"]
    assert december["photos_3"].copies == 3
    assert december["current_permit"].only_if == ""
    assert december["marriage_certificate"].only_if == "Si vous êtes marié"


@pytest.mark.usefixtures("catalogue")
def test_the_counter_took_foreign_licences_until_the_online_service() -> None:
    def served(day: date) -> bool:
        return queries.procedures_on(day).filter(code="licence_exchange").exists()

    assert served(date(2020, 8, 3))
    assert not served(date(2020, 8, 4))


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("code", "insee", "day", "office"),
    [
        ("renewal", "92002", DECEMBER, "antony"),
        ("renewal", "92050", DECEMBER, "nanterre"),
        ("renewal", "92012", DECEMBER, "boulogne-billancourt"),
        ("asylum_registration", "92002", DECEMBER, "nanterre"),
        ("asylum_registration", "92012", DECEMBER, "nanterre"),
        ("medical_permit", "92050", date(2017, 12, 31), "nanterre"),
        ("medical_permit", "92050", date(2018, 1, 1), "antony"),
        ("licence_exchange", "92002", DECEMBER, "antony"),
    ],
)
def test_territory(code: str, insee: str, day: date, office: str) -> None:
    assert queries.office_for(queries.by_code(code), insee, day).code == office


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("code", ["renewal", "asylum_registration"])
def test_another_department_has_its_own_offices(code: str) -> None:
    with pytest.raises(UnknownCommune):
        queries.office_for(queries.by_code(code), "75056", DECEMBER)


@pytest.mark.django_db
def test_an_unknown_procedure_is_said_so() -> None:
    for code in ("nothing", "", "x" * 10_000, "';--", "مرحبا", "\u202e"):
        with pytest.raises(UnknownProcedure, match="n'existe pas"):
            queries.by_code(code)


@pytest.mark.django_db
def test_two_rules_never_hold_on_one_day() -> None:
    procedure, office = ProcedureFactory(), OfficeFactory()
    FeeFactory(procedure=procedure, valid_to=date(2018, 12, 31))
    FeeFactory(procedure=procedure, valid_from=date(2019, 1, 1), eur=25)
    FilingWindowFactory(procedure=procedure)
    SpecialScopeFactory(procedure=procedure, office=office)
    for name, again in {
        "fee_one_rule_a_day": lambda: FeeFactory(procedure=procedure, valid_from=date(2018, 12, 31)),
        "filing_window_one_rule_a_day": lambda: FilingWindowFactory(procedure=procedure, any_time=True),
        "special_scope_one_office_a_day": lambda: SpecialScopeFactory(procedure=procedure),
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            again()
    assert Fee.objects.count() == 2


@pytest.mark.django_db
def test_a_rule_has_what_it_needs() -> None:
    procedure = ProcedureFactory()
    for name, broken in {
        "filing_window_days_in_order": lambda: FilingWindowFactory(procedure=procedure, online=True, to_days=121),
        "filing_window_months_given": lambda: FilingWindowFactory(procedure=procedure, months=None),
        "fee_amount_or_range": lambda: FeeFactory(procedure=procedure, eur=None),
        "procedure_mean_positive": lambda: ProcedureFactory(mean_minutes=0),
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            broken()
