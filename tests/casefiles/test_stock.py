"""The stock: counted, kept day by day, and where it goes."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from parvis.casefiles import actions, queries
from parvis.casefiles.actions.importing import check_import, run_import
from parvis.casefiles.actions.stock import keep_day, keep_days
from parvis.casefiles.models import CaseFile, StockDay
from parvis.casefiles.queries.projection import _day_of
from parvis.casefiles.queries.stock import Band, moves_by_day, stock_on
from parvis.casefiles.states import Closing, State
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Shift
from tests.casefiles.house import CaseHouse, days_later
from tests.casefiles.register import register
from tests.reception.house import MONDAY, at

pytestmark = pytest.mark.django_db


def test_the_stock_by_procedure_state_and_age(house: CaseHouse) -> None:
    for days in (0, 29, 30, 59, 60, 119, 120, 179, 180, 364, 365):
        house.deposited(deposited_on=MONDAY - timedelta(days=days))
    house.complete("student")
    house.granted()
    rows = queries.stock(house.office)
    renewal = {row.band: row.files for row in rows if row.procedure == "renewal"}
    assert renewal == {
        Band.MONTH: 2,
        Band.TWO_MONTHS: 2,
        Band.FOUR_MONTHS: 2,
        Band.HALF_YEAR: 2,
        Band.YEAR: 2,
        Band.LONGER: 1,
    }
    assert [(row.state, row.files) for row in rows if row.procedure == "student"] == [(State.UNDER_REVIEW, 1)]
    assert sum(row.files for row in rows) == queries.waiting_now(house.office) == 12


def test_the_stock_of_a_past_day_counts_what_was_undecided_then(house: CaseHouse) -> None:
    first = house.proposed()
    house.deposited()
    days_later(1)
    actions.sign(first, by=house.signatory)
    actions.close(house.deposited(), "withdrawn", by=house.clerk)
    days_later(1)
    house.deposited()
    days = [MONDAY + timedelta(days=n) for n in range(3)]
    assert [stock_on(house.office, day) for day in days] == [2, 1, 2]
    assert [queries.stock_on(house.office, day) for day in days] == [2, 1, 2]


def week(house: CaseHouse, *, opened: int, decided: int) -> None:
    """A week of deposits and decisions; the clock ends on the next Monday."""
    waiting = list(CaseFile.objects.filter(state=State.DEPOSITED).order_by("pk")[:decided])
    for file in waiting:
        actions.close(file, "withdrawn", by=house.clerk)
    for _file in range(opened):
        house.deposited()
    days_later(7)


def test_flows_conserve_the_stock_whether_days_are_kept_or_not(house: CaseHouse) -> None:
    for opened, decided in ((6, 0), (2, 3), (1, 4)):
        week(house, opened=opened, decided=decided)
    from_journal = queries.flows(house.office, 4)
    assert [(one.opened, one.decided, one.stock) for one in from_journal] == [
        (6, 0, 6),
        (2, 3, 5),
        (1, 4, 2),
        (0, 0, 2),
    ]
    assert [one.is_complete for one in from_journal] == [True, True, True, False]
    keep_day(house.office, MONDAY)
    assert keep_days(house.office) == 20
    assert queries.flows(house.office, 4) == from_journal
    for before, after in pairwise(from_journal):
        assert before.stock + after.opened - after.decided == after.stock


def test_a_day_kept_late_or_twice_says_what_it_was(house: CaseHouse) -> None:
    first, _second = house.proposed(), house.deposited()
    keep_day(house.office, MONDAY)
    kept = StockDay.objects.values_list("stock", "opened", "decided").get()
    days_later(1)
    actions.sign(first, by=house.signatory)
    house.deposited("student")
    keep_day(house.office, MONDAY)
    assert (
        StockDay.objects.values_list("stock", "opened", "decided").get(procedure__code="renewal") == kept == (2, 2, 0)
    )
    keep_day(house.office, MONDAY + timedelta(days=1))
    tuesday = StockDay.objects.filter(day=MONDAY + timedelta(days=1)).order_by("procedure__code")
    assert list(tuesday.values_list("procedure__code", "stock", "opened", "decided")) == [
        ("renewal", 1, 0, 1),
        ("student", 1, 1, 0),
    ]


def test_a_file_opened_again_comes_back_into_the_stock(house: CaseHouse) -> None:
    refused = house.refused()
    days_later(1)
    actions.reopen(refused, "Recours accueilli", by=house.signatory)
    moved = moves_by_day(house.office, MONDAY, MONDAY + timedelta(days=1))
    assert [(day.opened, day.decided) for _day, day in sorted(moved.items())] == [(1, 1), (1, 0)]


def test_a_register_taken_over_is_no_flood_of_deposits(house: CaseHouse) -> None:
    week(house, opened=2, decided=0)
    content = register(5).encode()
    run_import(check_import(house.office, content, name="registre.csv", by=SYSTEM), content, by=SYSTEM)
    days_later(7)
    expected = [(2, 0, 2), (0, 0, 7), (0, 0, 7)]
    assert [(one.opened, one.decided, one.stock) for one in queries.flows(house.office, 3)] == expected
    assert keep_days(house.office) == 1
    keep_day(house.office, MONDAY + timedelta(days=6))
    assert [(one.opened, one.decided, one.stock) for one in queries.flows(house.office, 3)] == expected
    keep_day(house.office, MONDAY + timedelta(days=7))
    assert [(one.opened, one.decided, one.stock) for one in queries.flows(house.office, 3)] == expected


def test_the_stock_before_the_day_of_a_takeover_is_that_of_then(house: CaseHouse) -> None:
    content = register(5).encode()
    run_import(check_import(house.office, content, name="registre.csv", by=SYSTEM), content, by=SYSTEM)
    days_later(1)
    keep_days(house.office)
    assert [stock_on(house.office, MONDAY - timedelta(days=1)), stock_on(house.office, MONDAY)] == [0, 5]


def test_the_projection_halves_a_falling_stock_within_its_range(house: CaseHouse) -> None:
    for opened, decided in ((40, 0), (1, 4), (1, 5), (1, 6)):
        week(house, opened=opened, decided=decided)
    told = queries.projection(house.office, weeks=3)
    # Falls of 3, 4 and 5 a week: the mean 4, and half of the t interval 4.303 x 1 / sqrt(3) = 2.48.
    assert told.pace == pytest.approx(4.0)
    assert (told.low, told.high) == (pytest.approx(1.516, abs=0.001), pytest.approx(6.484, abs=0.001))
    assert told.stock == told.baseline == 28
    # 14 files to go at 4 a week: three weeks and a half.
    assert told.halved_on == clock.today() + timedelta(days=25)
    assert told.halved_low is not None
    assert told.halved_high is not None
    assert told.halved_low < told.halved_on < told.halved_high


def test_the_projection_counts_from_a_baseline(house: CaseHouse) -> None:
    for opened, decided in ((40, 0), (0, 10), (0, 10), (0, 5)):
        week(house, opened=opened, decided=decided)
    told = queries.projection(house.office, weeks=3, since=MONDAY + timedelta(days=6))
    assert (told.baseline, told.stock) == (40, 15)
    assert told.halved_on == clock.today()


def test_a_growing_stock_has_no_date(house: CaseHouse) -> None:
    for opened, decided in ((10, 0), (5, 1), (6, 2)):
        week(house, opened=opened, decided=decided)
    told = queries.projection(house.office)
    assert told.pace is not None
    assert told.pace < 0
    assert (told.halved_on, told.halved_high) == (None, None)


def test_too_few_weeks_have_no_range_and_none_no_pace(house: CaseHouse) -> None:
    empty = queries.projection(house.office)
    assert (empty.weeks, empty.pace, empty.low, empty.stock) == (0, None, None, 0)
    house.deposited()
    days_later(7)
    one = queries.projection(house.office)
    assert (one.weeks, one.pace, one.low, one.halved_on) == (1, -1.0, None, None)


def test_a_pace_that_needs_more_than_fifty_years_has_no_date() -> None:
    assert _day_of(0, 10_000, 0.001, MONDAY) is None


THURSDAY = date(2017, 12, 14)


def test_the_board_of_a_thursday(house: CaseHouse) -> None:
    clock.hold(at("16:00", THURSDAY - timedelta(days=1)))
    files = [house.taken() for _file in range(4)]
    idle = house.house.desk("filing")[1]
    Shift.objects.create(
        agent=idle,
        duty=Shift.Duty.BACK_OFFICE,
        starts_at=at("09:00", THURSDAY),
        ends_at=at("16:00", THURSDAY),
    )
    for hour, file in zip(("09:00", "09:30", "11:00"), files, strict=False):
        clock.hold(at(hour, THURSDAY))
        actions.propose(file, "grant", by=house.officer)
    clock.hold(at("11:20", THURSDAY))
    actions.sign(files[0], by=house.signatory)
    board = queries.thursday(house.office, THURSDAY)
    assert (board.stock_start, board.stock_end, board.decided) == (4, 3, 1)
    assert [(hour.at, hour.proposed, hour.decided, hour.stock) for hour in board.hours] == [
        (at("08:00", THURSDAY), 0, 0, 4),
        (at("09:00", THURSDAY), 2, 0, 4),
        (at("10:00", THURSDAY), 0, 0, 4),
        (at("11:00", THURSDAY), 1, 1, 3),
    ]
    by_agent = {officer.agent: officer for officer in board.officers}
    assert set(by_agent) == {house.officer, house.signatory, idle}
    assert (by_agent[idle].on_shift, by_agent[idle].per_hour) == (True, None)
    reviewing = by_agent[house.officer]
    assert (reviewing.proposed, reviewing.in_hand, reviewing.on_shift) == (3, 3, False)
    assert reviewing.per_hour == pytest.approx(1.5)
    assert reviewing.procedures == {"renewal": 3}
    assert by_agent[house.signatory].signed == 1
    actions.close(house.taken(), Closing.WITHDRAWN, by=house.signatory)
    again = {officer.agent: officer for officer in queries.thursday(house.office, THURSDAY).officers}
    assert again[house.signatory].signed == 1


def test_a_thursday_that_is_over_keeps_its_own_curve(house: CaseHouse) -> None:
    clock.hold(at("10:00", THURSDAY))
    first = house.proposed()
    clock.hold(at("14:00", THURSDAY))
    actions.sign(first, by=house.signatory)
    days_later(1)
    house.deposited()
    board = queries.thursday(house.office, THURSDAY)
    assert (board.stock_start, board.stock_end) == (0, 0)
    assert [hour.stock for hour in board.hours] == [0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0]
