"""A wait in words."""

from datetime import timedelta

import pytest
from django.utils import translation

from parvis.reception.rules import WaitRange
from parvis.web import words


def wait(low: float, high: float) -> WaitRange:
    """A range in minutes."""
    return WaitRange(timedelta(minutes=low), timedelta(minutes=high), past_closing=False)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 1, "moins de 5 minutes"),
        (2, 4.9, "moins de 5 minutes"),
        (3, 12, "moins de 15 minutes"),
        (22, 33, "entre 20 et 35 minutes"),
        (40, 40, "entre 40 et 45 minutes"),
        (55, 60, "entre 55 et 60 minutes"),
        (58, 75, "entre 50 minutes et 1 h 20"),
        (90, 118, "entre 1 h 30 et 2 h"),
    ],
)
def test_a_range_is_rounded_outwards_to_five_minutes(low: float, high: float, said: str) -> None:
    with translation.override("fr"):
        assert words.wait_in_words(wait(low, high)) == said


def test_nothing_is_said_when_nothing_is_known() -> None:
    assert words.wait_in_words(None) == ""


@pytest.mark.parametrize("low", range(0, 200, 7))
@pytest.mark.parametrize("spread", [0, 1, 9, 44])
def test_the_range_told_always_holds_the_range_meant(low: int, spread: int) -> None:
    bottom, top = words.rounded(wait(low, low + spread))
    assert bottom <= low
    assert low + spread <= top
    assert bottom < top


@pytest.mark.parametrize(
    ("position", "said"),
    [
        (1, "أنتم التاليون"),
        (2, "شخص واحد قبلكم"),
        (3, "شخصان قبلكم"),
        (4, "3 أشخاص قبلكم"),
        (11, "10 أشخاص قبلكم"),
        (12, "11 شخصًا قبلكم"),
        (100, "99 شخصًا قبلكم"),
        (101, "100 شخص قبلكم"),
        (103, "102 شخص قبلكم"),
        (104, "103 أشخاص قبلكم"),
    ],
)
def test_arabic_counts_people_in_its_six_ways(position: int, said: str) -> None:
    with translation.override("ar"):
        assert words.people_ahead_in_words(position) == said


def test_english_and_french_count_people() -> None:
    with translation.override("en"):
        assert [words.people_ahead_in_words(n) for n in (1, 2, 3)] == [
            "You are next",
            "1 person before you",
            "2 people before you",
        ]
    with translation.override("fr"):
        assert words.people_ahead_in_words(2) == "1 personne avant vous"
