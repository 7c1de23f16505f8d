"""The persons of a day: their number, their motives, their hours, and chance that stays in its own stream."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from parvis.common import clock
from parvis.permits.rules import HANDOVER
from parvis.rehearsal.scenarios import Scenario, Shape, UnknownScenario, for_day, load
from parvis.rehearsal.visitors import LICENCE, Crowd, Work, crowd

MONDAY = date(2017, 12, 11)
FRIDAY = date(2017, 12, 15)
EVERY_LINE = frozenset({"filing", "receipts", "handover", "licence"})
LINES = {HANDOVER: "handover", LICENCE: "licence", "receipt_renewal": "receipts"}


def drawn(scenario: Scenario, day: date = MONDAY, *, seed: int = 1, lines: frozenset[str] = EVERY_LINE) -> Crowd:
    codes = [*scenario.mix, LICENCE]
    return crowd(
        scenario,
        day=day,
        seed=seed,
        catalogue={code: Work(LINES.get(code, "filing"), 10.0, 0.4) for code in codes},
        doors=clock.at(day, "08:30"),
        hours=(clock.at(day, "09:00"), clock.at(day, "15:30" if day == FRIDAY else "16:00")),
        open_lines=lines,
    )


def motives(found: Crowd) -> Counter[str]:
    return Counter(visitor.procedures[0] for visitor in found.visitors)


def test_the_reference_monday_has_its_800_persons_the_200_handovers_and_the_licences() -> None:
    count = motives(drawn(load("december-2017")))
    assert count[HANDOVER] == 200
    assert count[LICENCE] == 56
    assert sum(count.values()) == 856


def test_handovers_may_come_on_top_of_the_800() -> None:
    count = motives(drawn(replace(load("december-2017"), handovers_inside=False)))
    assert count[HANDOVER] == 200
    assert sum(count.values()) == 1056


def test_other_days_follow_the_factor_of_their_weekday() -> None:
    scenario = load("december-2017")
    assert [scenario.persons_on(MONDAY + timedelta(days=ahead)) for ahead in (0, 1, 2, 7)] == [800, 784, 752, 864]


def test_on_a_thursday_come_the_handovers_and_a_few_who_did_not_know() -> None:
    count = motives(drawn(load("december-2017"), lines=frozenset({"handover"})))
    assert count[HANDOVER] == 200
    assert count[LICENCE] == 0
    assert 0 < sum(count.values()) - 200 < 30


def test_on_friday_nobody_joins_after_the_earlier_closing() -> None:
    found = drawn(load("december-2017"), FRIDAY)
    walk_ins = [visitor for visitor in found.visitors if not visitor.appointment_at]
    assert max(visitor.joins_at for visitor in walk_ins) <= clock.at(FRIDAY, "15:30")


def test_in_summer_most_are_in_line_before_the_doors_open() -> None:
    found = drawn(load("summer-2017"), date(2017, 7, 19))
    before_seven = sum(visitor.joins_at < clock.at(date(2017, 7, 19), "07:00") for visitor in found.visitors)
    assert 450 < before_seven < 600


def test_the_door_lets_people_in_one_after_the_other_in_the_order_of_the_line() -> None:
    scenario = load("summer-2017")
    found = drawn(scenario, date(2017, 7, 19))
    by_line = sorted(found.visitors, key=lambda one: (one.joins_at, one.number))
    assert list(found.visitors) == by_line
    gaps = [later.enters_at - first.enters_at for first, later in itertools.pairwise(by_line)]
    assert min(gaps) >= timedelta(seconds=scenario.door_seconds)


def test_the_same_seed_draws_the_same_persons_and_another_seed_others() -> None:
    scenario = load("december-2017")
    assert drawn(scenario, seed=3) == drawn(scenario, seed=3)
    assert drawn(scenario, seed=3) != drawn(scenario, seed=4)


def test_drawing_more_for_one_purpose_shifts_no_other() -> None:
    scenario = load("december-2017")
    changed = replace(scenario, patience=Shape(20.0, 1.0), wrong_commune=0.5, incomplete=0.9)
    for before, after in zip(drawn(scenario).visitors, drawn(changed).visitors, strict=True):
        assert (before.joins_at, before.procedures, before.services) == (
            after.joins_at,
            after.procedures,
            after.services,
        )
        assert (before.language, before.priority) == (after.language, after.priority)


def test_nobody_bears_the_name_and_birth_date_of_another() -> None:
    found = drawn(load("summer-2017")).visitors
    assert len({(visitor.name, visitor.born) for visitor in found}) == len(found)


def test_appointments_are_for_students_and_employees_alone() -> None:
    found = drawn(load("december-2017"))
    with_one = [visitor for visitor in found.visitors if visitor.appointment_at]
    assert with_one
    assert {visitor.procedures[0] for visitor in with_one} <= {"student", "employee"}
    assert found.no_shows > 0


def test_a_day_knows_its_scenario() -> None:
    assert for_day(date(2017, 7, 19)).code == "summer-2017"
    assert for_day(MONDAY).code == "december-2017"
    assert for_day(date(2017, 10, 2)).code == "december-2017"
    assert for_day(date(2018, 3, 5)).code == for_day(date(2020, 1, 6)).code == "appointments-2018"
    with pytest.raises(UnknownScenario):
        load("carnival")
