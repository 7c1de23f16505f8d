"""When the office is open: the worked examples, the clock changes, the closures."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation

from parvis.common import clock
from parvis.offices import queries, rules
from parvis.offices.models import Line, Office
from tests.offices.factories import ClosureFactory, LineFactory, OfficeFactory, OpeningWindowFactory

# Scenarios, reference.calendar: public holidays that fall on a Thursday, when handover is otherwise open.
THURSDAY_HOLIDAYS = [
    date(2018, 5, 10),
    date(2018, 11, 1),
    date(2019, 8, 15),
    date(2021, 11, 11),
    date(2022, 7, 14),
    date(2025, 5, 1),
    date(2025, 12, 25),
    date(2026, 1, 1),
]


def line(office: Office, code: str) -> Line:
    return office.lines.get(code=code)


def shown(office: Office, code: str, day: date) -> list[str]:
    """The hours of a line as the office's clock shows them."""
    return [f"{start:%H:%M}-{end:%H:%M}" for start, end in queries.hours(line(office, code), day)]


class TestWorkedExamples:
    def test_a_thursday_of_december_2017_opens_three_handover_counters_and_nothing_else(self, nanterre: Office) -> None:
        thursday = date(2017, 12, 14)
        open_lines = queries.open_lines(nanterre, clock.at(thursday, "10:00"))
        assert [line.code for line in open_lines] == ["handover"]
        assert [counter.number for counter in queries.counters_serving(open_lines)] == [20, 21, 22]
        for code in ("filing", "receipts", "licence", "information", "digital_point"):
            assert shown(nanterre, code, thursday) == []

    def test_the_day_before_and_the_day_after_are_ordinary(self, nanterre: Office) -> None:
        assert shown(nanterre, "filing", date(2017, 12, 13)) == ["09:00-16:00"]
        assert shown(nanterre, "filing", date(2017, 12, 15)) == ["09:00-15:30"]

    def test_ascension_closes_everything_handover_included(self, nanterre: Office) -> None:
        ascension = date(2018, 5, 10)
        assert queries.hours_by_line(nanterre, ascension) == {}
        assert queries.office_hours(nanterre, ascension) is None
        assert queries.why_closed(line(nanterre, "handover"), ascension) == "Ascension"

    @pytest.mark.parametrize("day", THURSDAY_HOLIDAYS)
    def test_every_thursday_holiday_closes_handover(self, nanterre: Office, day: date) -> None:
        assert day.isoweekday() == 4
        assert rules.public_holiday(day)
        assert shown(nanterre, "handover", day) == []
        assert shown(nanterre, "handover", day + timedelta(days=14)) != []

    @pytest.mark.parametrize("day", [date(2017, 1, 5), date(2017, 6, 22)])
    def test_before_the_end_of_june_2017_thursdays_are_open(self, nanterre: Office, day: date) -> None:
        assert shown(nanterre, "filing", day) == ["09:00-16:00"]

    def test_the_closure_begins_on_the_last_thursday_of_june(self, nanterre: Office) -> None:
        assert shown(nanterre, "filing", date(2017, 6, 29)) == []
        assert shown(nanterre, "handover", date(2017, 6, 29)) == ["09:00-16:00"]

    def test_friday_closes_half_an_hour_early(self, nanterre: Office) -> None:
        friday = date(2017, 12, 15)
        filing = line(nanterre, "filing")
        assert queries.closing_time(filing, friday) == clock.at(friday, "15:30")
        assert queries.opening_time(filing, friday) == clock.at(friday, "09:00")
        assert queries.is_open(filing, clock.at(friday, "15:29"))
        assert not queries.is_open(filing, clock.at(friday, "15:30"))

    def test_metropolitan_france_has_eleven_public_holidays(self) -> None:
        days = [date(2018, 1, 1) + timedelta(days=n) for n in range(365)]
        assert len([day for day in days if rules.public_holiday(day)]) == 11

    def test_asylum_has_no_walk_in_hours(self, nanterre: Office) -> None:
        assert queries.next_open_day(line(nanterre, "asylum"), date(2017, 12, 11)) is None


class TestInstants:
    def test_hours_are_those_of_the_office_winter_and_summer(self, nanterre: Office) -> None:
        filing = line(nanterre, "filing")
        assert queries.opening_time(filing, date(2017, 12, 11)) == datetime(2017, 12, 11, 8, tzinfo=UTC)
        assert queries.opening_time(filing, date(2018, 7, 2)) == datetime(2018, 7, 2, 7, tzinfo=UTC)

    def test_the_day_is_that_of_the_office_not_of_the_instant(self, db: None) -> None:
        tuesdays = OpeningWindowFactory(weekday=2, opens=time(0), closes=time(2)).line
        assert queries.is_open(tuesdays, datetime(2017, 12, 11, 23, 30, tzinfo=UTC))

    @pytest.mark.parametrize(("day", "lasts"), [(date(2018, 3, 25), 3), (date(2018, 10, 28), 5)])
    def test_four_hours_by_the_clock_in_the_night_it_changes(self, db: None, day: date, lasts: int) -> None:
        sunday = OpeningWindowFactory(weekday=7, opens=time(1), closes=time(5), valid_from=day, valid_to=day).line
        [(start, end)] = queries.hours(sunday, day)
        assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=lasts)
        instants = [start.astimezone(UTC) + timedelta(minutes=30 * n) for n in range(2 * lasts)]
        assert all(queries.is_open(sunday, instant) for instant in instants)
        assert not queries.is_open(sunday, instants[-1] + timedelta(minutes=30))

    @pytest.mark.parametrize("hour", [time(2), time(2, 30)])
    def test_an_hour_that_the_spring_night_skips_is_still_an_instant(self, hour: time) -> None:
        assert rules.instant(date(2018, 3, 25), hour).astimezone(UTC).hour == 1

    def test_a_day_with_a_pause(self, db: None) -> None:
        morning = OpeningWindowFactory(opens=time(9), closes=time(12))
        OpeningWindowFactory(line=morning.line, opens=time(13, 30), closes=time(16))
        monday = date(2017, 12, 11)
        assert not queries.is_open(morning.line, clock.at(monday, "12:00"))
        assert queries.is_open(morning.line, clock.at(monday, "13:30"))
        assert queries.closing_time(morning.line, monday) == clock.at(monday, "16:00")


class TestOffice:
    def test_the_office_opens_with_its_first_line_and_closes_with_its_last(self, db: None) -> None:
        office = OfficeFactory(december_2017=True)
        OpeningWindowFactory(line=office.lines.get(code="asylum"), weekday=1, opens=time(8), closes=time(17))
        monday = date(2017, 12, 11)
        assert queries.office_hours(office, monday) == (clock.at(monday, "08:00"), clock.at(monday, "17:00"))

    def test_all_lines_are_asked_in_one_query(self, nanterre: Office, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert len(queries.hours_by_line(nanterre, date(2017, 12, 11))) == 6

    def test_one_line_is_asked_in_one_query(self, nanterre: Office, django_assert_num_queries: object) -> None:
        filing = line(nanterre, "filing")
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert queries.is_open(filing, clock.at(date(2017, 12, 11), "10:00"))

    def test_the_week_as_it_stands(self, nanterre: Office) -> None:
        week = queries.weekly_hours(line(nanterre, "filing"), date(2017, 12, 11))
        assert week[1] == ((time(9), time(16)),)
        assert week[4] == week[6] == week[7] == ()
        assert week[5] == ((time(9), time(15, 30)),)

    def test_the_next_open_day_leaps_over_thursday_weekend_holiday_and_closure(self, nanterre: Office) -> None:
        filing = line(nanterre, "filing")
        assert queries.next_open_day(filing, date(2017, 12, 13)) == date(2017, 12, 15)
        assert queries.next_open_day(filing, date(2017, 12, 22)) == date(2017, 12, 26)
        ClosureFactory(office=nanterre, day=date(2017, 12, 26), lines=[filing])
        assert queries.next_open_day(filing, date(2017, 12, 22)) == date(2017, 12, 27)
        assert queries.next_open_day(line(nanterre, "handover"), date(2017, 12, 22)) == date(2017, 12, 26)


class TestClosures:
    def test_a_closure_that_names_no_line_closes_the_office_and_no_other(self, db: None) -> None:
        shut, other = LineFactory(december_2017=True), LineFactory(december_2017=True)
        closure = ClosureFactory(office=shut.office)
        assert queries.hours(shut, closure.day) == []
        assert queries.why_closed(shut, closure.day) == "Panne de chauffage"
        assert queries.next_open_day(shut, date(2017, 12, 11)) == date(2017, 12, 13)
        assert len(queries.hours(other, closure.day)) == 1
        assert queries.why_closed(other, closure.day) is None
        assert queries.next_open_day(other, date(2017, 12, 11)) == closure.day

    def test_a_closure_that_names_lines_closes_those_alone(self, db: None) -> None:
        office = OfficeFactory(december_2017=True)
        licence = line(office, "licence")
        closure = ClosureFactory(office=office, lines=[licence, line(office, "asylum")])
        open_lines = queries.open_lines(office, clock.at(closure.day, "10:00"))
        assert [line.code for line in open_lines] == ["filing", "receipts", "handover", "information", "digital_point"]

    def test_two_closures_of_a_day_do_not_double_the_hours_of_the_others(self, db: None) -> None:
        office = OfficeFactory(december_2017=True)
        for code in ("licence", "asylum"):
            ClosureFactory(office=office, lines=[line(office, code)])
        assert len(queries.hours(line(office, "filing"), date(2017, 12, 12))) == 1


class TestWhyClosed:
    def test_an_open_day_has_no_reason(self, nanterre: Office) -> None:
        assert queries.why_closed(line(nanterre, "filing"), date(2017, 12, 11)) is None

    @pytest.mark.parametrize(
        ("language", "words"), [("fr", "instruire davantage"), ("en", "more files are processed"), ("ar", "الخميس")]
    )
    def test_the_thursday_closure_says_what_it_is_for(self, nanterre: Office, language: str, words: str) -> None:
        with translation.override(language):
            assert words in (queries.why_closed(line(nanterre, "filing"), date(2017, 12, 14)) or "")

    def test_a_holiday_has_its_name_in_french(self, nanterre: Office) -> None:
        assert queries.why_closed(line(nanterre, "filing"), date(2017, 12, 25)) == "Noël"

    def test_a_closure_gives_its_reason_in_the_language_spoken(self, nanterre: Office) -> None:
        ClosureFactory(office=nanterre)
        with translation.override("en"):
            assert queries.why_closed(line(nanterre, "filing"), date(2017, 12, 12)) == "Heating failure"

    def test_the_weekend(self, nanterre: Office) -> None:
        assert queries.why_closed(line(nanterre, "filing"), date(2017, 12, 16)) == "Fermé le week-end"

    def test_a_weekday_that_never_opened(self, nanterre: Office) -> None:
        assert queries.why_closed(line(nanterre, "asylum"), date(2017, 12, 13)) == "Fermé au public le mercredi"

    def test_a_window_that_never_began_explains_nothing(self, db: None) -> None:
        withdrawn = OpeningWindowFactory(
            valid_from=date(2017, 11, 1), valid_to=date(2017, 10, 31), ended_because={"fr": "Jamais ouvert"}
        )
        assert queries.hours(withdrawn.line, date(2017, 12, 11)) == []
        assert queries.why_closed(withdrawn.line, date(2017, 12, 11)) == "Fermé au public le lundi"
