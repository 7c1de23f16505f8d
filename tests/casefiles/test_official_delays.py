"""The stock beside the official delays: 90 days, 35 for a renewal, fifty days of work (circular of 4 December 2012)."""

from datetime import timedelta
from math import inf

import pytest

from parvis.casefiles import queries
from parvis.casefiles.models import StockDay
from parvis.casefiles.queries import Delay
from tests.casefiles.house import CaseHouse
from tests.reception.house import MONDAY

pytestmark = pytest.mark.django_db


def aged(house: CaseHouse, procedure: str, *days: int) -> None:
    """A file of each of these ages, deposited so many days ago."""
    for age in days:
        house.deposited(procedure, deposited_on=MONDAY - timedelta(days=age))


def decided(house: CaseHouse, procedure: str, *weeks: int) -> None:
    """So many decisions in each of the last complete weeks, the latest last, all on the Monday; every day is kept."""
    for back, count in enumerate(reversed(weeks), start=1):
        for day in range(7):
            StockDay.objects.create(
                office=house.office, procedure=house.procedures[procedure], stock=0, opened=0,
                day=MONDAY - timedelta(weeks=back) + timedelta(days=day), decided=count if day == 0 else 0,
            )  # fmt: skip


def test_a_renewal_is_over_its_delay_from_the_36th_day_a_first_request_from_the_91st(house: CaseHouse) -> None:
    aged(house, "renewal", 35, 36, 90)
    aged(house, "student", 36, 90, 91)
    found = {one.procedure: (one.longest, one.files, one.over) for one in queries.official_delays(house.office)}
    assert found == {"renewal": (35, 3, 2), "student": (90, 3, 1), "": (0, 6, 3)}


def test_what_is_decided_is_no_longer_late(house: CaseHouse) -> None:
    aged(house, "renewal", 40)
    house.granted(deposited_on=MONDAY - timedelta(days=200))
    assert [(one.files, one.over) for one in queries.official_delays(house.office)] == [(1, 1), (1, 1)]


def test_the_alarm_of_the_delay_rings_when_more_than_half_of_the_files_are_over_it(house: CaseHouse) -> None:
    aged(house, "renewal", 1, 40)
    assert [one.is_late for one in queries.official_delays(house.office)] == [False, False]
    aged(house, "renewal", 41)
    assert [(one.is_late, round(one.share, 2)) for one in queries.official_delays(house.office)] == [(True, 0.67)] * 2


def test_the_stock_in_days_of_work_is_what_the_last_weeks_decide_a_working_day(house: CaseHouse) -> None:
    aged(house, "renewal", *[1] * 6)
    decided(house, "renewal", 2, 4)
    (renewal, whole) = queries.official_delays(house.office)
    assert renewal.days_of_work == whole.days_of_work == 10, "six decisions in ten working days, six files wait"
    assert not renewal.is_too_much


def test_the_week_under_way_and_those_long_past_say_nothing_of_the_pace(house: CaseHouse) -> None:
    aged(house, "renewal", 1)
    office, procedure = house.office, house.procedures["renewal"]
    for day in (MONDAY, MONDAY - timedelta(weeks=12, days=1)):
        StockDay.objects.create(office=office, procedure=procedure, day=day, stock=0, opened=0, decided=9)
    assert [one.days_of_work for one in queries.official_delays(house.office)] == [None, None]


@pytest.mark.parametrize(("days", "rings"), [(50.0, False), (50.1, True), (inf, True), (None, False)])
def test_the_alarm_of_the_stock_rings_beyond_fifty_days_of_work(days: float | None, rings: bool) -> None:
    assert Delay("renewal", 35, 4, 0, days).is_too_much is rings


def test_an_empty_office_has_no_delay(house: CaseHouse) -> None:
    assert queries.official_delays(house.office) == []


def test_files_of_which_none_was_decided_take_for_ever(house: CaseHouse) -> None:
    aged(house, "renewal", 1)
    decided(house, "renewal", 0)
    assert [(one.is_endless, one.is_too_much) for one in queries.official_delays(house.office)] == [(True, True)] * 2
