"""The code posted at the entrance: one a day and office, and few guesses."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.common import clock
from parvis.reception import actions, queries, rules
from parvis.reception.errors import TooManyDoorCodes
from parvis.reception.models import DoorGuesses
from tests.reception.house import House

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def wrong_code(house: House) -> str:
    """A code that is not today's."""
    return "2222" if queries.door_code(house.office) != "2222" else "3333"


@given(st.text(min_size=1), st.dates())
def test_a_code_is_four_readable_characters(secret: str, day: date) -> None:
    code = rules.door_code(secret, "nanterre", day)
    assert len(code) == 4
    assert set(code) <= set(rules.READABLE)


def test_each_day_office_and_secret_has_its_own() -> None:
    day = date(2017, 12, 11)
    known = {rules.door_code("secret", "nanterre", day + timedelta(days=n)) for n in range(300)}
    assert len(known) > 295
    assert rules.door_code("secret", "antony", day) != rules.door_code("secret", "nanterre", day)
    assert rules.door_code("autre", "nanterre", day) != rules.door_code("secret", "nanterre", day)


@pytest.mark.parametrize("typed", ["K7M2", "k7m2", " k7 m2 ", "K٧M٢", "K７M２"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert rules.door_code_read(typed) == "K7M2"


def test_the_right_code_leaves_no_trace_of_the_address(house: House) -> None:
    assert actions.try_door_code(house.office, queries.door_code(house.office), address=HERE)
    assert not DoorGuesses.objects.exists()


def test_yesterdays_code_is_wrong_today(house: House) -> None:
    yesterday = queries.door_code(house.office)
    clock.hold(clock.now() + timedelta(days=1))
    assert not actions.try_door_code(house.office, yesterday, address=HERE)


def test_the_address_is_not_kept_in_clear(house: House) -> None:
    actions.try_door_code(house.office, wrong_code(house), address=HERE)
    assert HERE not in DoorGuesses.objects.get().address


def test_after_ten_wrong_codes_even_the_right_one_waits(house: House) -> None:
    for _ in range(rules.WRONG_CODES):
        assert not actions.try_door_code(house.office, wrong_code(house), address=HERE)
    right = queries.door_code(house.office)
    with pytest.raises(TooManyDoorCodes):
        actions.try_door_code(house.office, right, address=HERE)
    assert actions.try_door_code(house.office, right, address=ELSEWHERE)
    clock.hold(clock.now() + rules.GUESSING_PAUSE)
    assert actions.try_door_code(house.office, right, address=HERE)


def test_right_codes_between_do_not_wipe_the_wrong_ones(house: House) -> None:
    for _ in range(rules.WRONG_CODES):
        actions.try_door_code(house.office, wrong_code(house), address=HERE)
        if DoorGuesses.objects.get().wrong < rules.WRONG_CODES:
            assert actions.try_door_code(house.office, queries.door_code(house.office), address=HERE)
    with pytest.raises(TooManyDoorCodes):
        actions.try_door_code(house.office, wrong_code(house), address=HERE)


def test_old_counts_are_erased(house: House) -> None:
    actions.try_door_code(house.office, wrong_code(house), address=HERE)
    assert actions.forget_guesses() == 0
    clock.hold(clock.now() + rules.GUESSING_PAUSE)
    assert actions.forget_guesses() == 1
