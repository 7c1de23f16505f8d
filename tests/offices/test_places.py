"""The office as delivered: territory, counters, loading twice; and what the database itself refuses."""

import io
from collections import Counter as Tally
from datetime import date, time
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from parvis.common import clock
from parvis.journal import queries as journal
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices import actions, queries
from parvis.offices.errors import AnotherOffice, UnknownCommune
from parvis.offices.models import Commune, Counter, Line, Office, OpeningWindow
from tests.offices.factories import CounterFactory, LineFactory, OpeningWindowFactory

# Named by the office itself (FAQ92).
SEVENTEEN = {
    "Asnières-sur-Seine",
    "Bois-Colombes",
    "Clichy",
    "Colombes",
    "Courbevoie",
    "Garches",
    "Gennevilliers",
    "La Garenne-Colombes",
    "Levallois-Perret",
    "Nanterre",
    "Neuilly-sur-Seine",
    "Puteaux",
    "Rueil-Malmaison",
    "Saint-Cloud",
    "Suresnes",
    "Vaucresson",
    "Villeneuve-la-Garenne",
}


def load() -> None:
    call_command("load_office", stdout=io.StringIO(), stderr=io.StringIO())


class TestTerritory:
    def test_somebody_of_antony_goes_to_antony(self, nanterre: Office) -> None:
        assert queries.office_for_commune("92002").code == "antony"

    def test_nanterre_serves_its_seventeen_communes(self, nanterre: Office) -> None:
        assert {commune.name for commune in nanterre.communes.all()} == SEVENTEEN

    def test_every_commune_of_the_department_has_an_office(self, nanterre: Office) -> None:
        tally = Tally(commune.office.code for commune in queries.communes())
        assert tally == {"nanterre": 17, "antony": 11, "boulogne-billancourt": 8}

    @pytest.mark.parametrize("insee", ["75056", "", "92002'; --", "9" * 10_000])
    def test_another_department_is_said_to_be_one(self, nanterre: Office, insee: str) -> None:
        with pytest.raises(UnknownCommune) as refusal:
            queries.office_for_commune(insee)
        assert "préfecture de votre domicile" in str(refusal.value)

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("asnieres", ["Asnières-sur-Seine"]),
            ("92360", ["Meudon"]),
            ("SAINT CLOUD", ["Saint-Cloud"]),
            ("", []),
            ("zz", []),
        ],
    )
    def test_a_commune_is_found_as_people_type_it(self, nanterre: Office, typed: str, found: list[str]) -> None:
        assert [commune.name for commune in queries.find_communes(typed)] == found

    def test_every_office_has_an_address_and_a_name_in_each_language(self, nanterre: Office) -> None:
        for thing in [*Office.objects.order_by("pk"), *queries.lines(nanterre)]:
            assert set(thing.names) == {code for code, _name in settings.LANGUAGES}
            assert all(thing.names.values())
        reasons = [one.ended_because for one in OpeningWindow.objects.exclude(ended_because={})]
        assert reasons
        assert all(set(one) == {code for code, _name in settings.LANGUAGES} for one in reasons)
        assert all(office.address for office in Office.objects.order_by("pk"))
        with translation.override("ar"):
            assert nanterre.name == nanterre.names["ar"]


class TestDelivered:
    def test_the_lines_and_their_letters(self, nanterre: Office) -> None:
        assert [(line.code, line.letter) for line in queries.lines(nanterre)] == [
            ("filing", "D"),
            ("receipts", "R"),
            ("handover", "T"),
            ("licence", "P"),
            ("information", "I"),
            ("digital_point", "N"),
            ("asylum", "A"),
        ]

    def test_what_each_counter_serves(self, nanterre: Office) -> None:
        served = {
            line.code: [counter.number for counter in queries.counters_serving([line])]
            for line in queries.lines(nanterre)
        }
        assert served == {
            "filing": list(range(1, 16)),
            "receipts": [16, 17, 18, 19],
            "handover": [20, 21, 22],
            "licence": [23, 24],
            "information": [25, 26],
            "digital_point": [27, 28],
            "asylum": [29, 30, 31],
        }

    def test_loading_again_adds_nothing(self, nanterre: Office) -> None:
        models: list[Any] = [Office, Commune, Line, Counter, OpeningWindow, Entry]
        before = [model.objects.count() for model in models]
        load()
        assert [model.objects.count() for model in models] == before

    def test_loading_again_keeps_what_the_office_decided(self, nanterre: Office) -> None:
        filing, receipts = (nanterre.lines.get(code=code) for code in ("filing", "receipts"))
        counter = nanterre.counters.get(number=1)
        actions.set_counter_lines(counter, lines=[filing, receipts], by=SYSTEM)
        with clock.held(clock.at(date(2017, 12, 11), "08:00")):
            change: dict[str, Any] = {"weekday": 4, "hours": [(time(9), time(12))], "valid_from": date(2018, 1, 1)}
            actions.change_opening(filing, by=SYSTEM, **change)
        load()
        assert set(counter.lines.all()) == {filing, receipts}
        assert queries.weekly_hours(filing, date(2018, 1, 4))[4] == ((time(9), time(12)),)

    def test_a_name_corrected_in_the_data_is_taken_over(self, nanterre: Office) -> None:
        Office.objects.filter(pk=nanterre.pk).update(names={"fr": "Ancien nom"})
        load()
        nanterre.refresh_from_db()
        assert nanterre.name.startswith("Préfecture")


@pytest.mark.django_db
class TestCounters:
    def test_what_a_counter_serves_is_changed_once_and_journaled(self) -> None:
        old = LineFactory()
        new = LineFactory(office=old.office, code="receipts")
        counter = CounterFactory(office=old.office, lines=[old])
        for _ in range(2):
            actions.set_counter_lines(counter, lines=[new], by=SYSTEM)
        assert list(counter.lines.all()) == [new]
        [entry] = journal.about(counter)
        assert entry.facts == {"before": [old.pk], "after": [new.pk]}

    def test_a_line_of_another_office_is_refused(self) -> None:
        with pytest.raises(AnotherOffice):
            actions.set_counter_lines(CounterFactory(), lines=[LineFactory()], by=SYSTEM)

    def test_a_counter_that_serves_two_lines_is_listed_once(self) -> None:
        line = LineFactory()
        other = LineFactory(office=line.office, code="receipts")
        counter = CounterFactory(office=line.office, lines=[line, other])
        CounterFactory(office=line.office, lines=[line], is_active=False)
        assert list(queries.counters_serving([line, other])) == [counter]
        assert list(queries.counters(line.office)) == [counter]


@pytest.mark.django_db
class TestDatabaseItself:
    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({"opens": time(15), "closes": time(17)}, "opening_windows_apart"),
            ({"valid_from": date(2018, 1, 1)}, "opening_windows_apart"),
            ({"weekday": 8}, "opening_weekday_exists"),
            ({"weekday": 2, "opens": time(16), "closes": time(9)}, "opening_closes_after_it_opens"),
        ],
    )
    def test_windows_that_make_no_sense_are_refused(self, fields: dict[str, Any], constraint: str) -> None:
        line = OpeningWindowFactory().line
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            OpeningWindow.objects.create(
                **{"line": line, "weekday": 1, "opens": time(9), "closes": time(16), "valid_from": date(2017, 2, 1)}
                | fields
            )

    def test_windows_that_touch_in_hours_or_days_are_fine(self) -> None:
        first = OpeningWindowFactory(valid_to=date(2017, 12, 31))
        OpeningWindowFactory(line=first.line, opens=time(16), closes=time(17))
        OpeningWindowFactory(line=first.line, valid_from=date(2018, 1, 1))
        assert first.line.opening_windows.count() == 3

    def test_two_lines_of_an_office_never_share_a_letter(self) -> None:
        line = LineFactory()
        with pytest.raises(IntegrityError, match="line_letter_once"), transaction.atomic():
            Line.objects.create(office=line.office, code="receipts", letter=line.letter)
