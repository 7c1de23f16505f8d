"""Percentiles and overtaking, against a slow and obvious way to count them."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from parvis.indicators.rules import Overtaking, percentile
from tests.indicators.journals import at


def test_a_percentile_of_nothing_is_zero_and_of_one_value_is_that_value() -> None:
    assert percentile([], 0.9) == 0.0
    assert percentile([7.0], 0.9) == 7.0


def test_percentiles_are_interpolated() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert percentile([0.0, 10.0], 0.9) == 9.0


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=40), st.randoms())
def test_the_longest_overtaking_is_what_all_pairs_say(people: list[tuple[int, int]], dice: object) -> None:
    """Each person joins at a minute with a reference time; then all are called in some order."""
    start = at("09:00")
    references = {ticket: start + timedelta(minutes=reference) for ticket, (_join, reference) in enumerate(people)}
    order = list(references)
    dice.shuffle(order)  # type: ignore[attr-defined]
    followed = Overtaking()
    for ticket, reference in references.items():
        followed.joins(ticket, reference)
    for ticket in order:
        followed.called(ticket)
    pairs = [
        (references[first] - references[later]).total_seconds() / 60
        for place, first in enumerate(order)
        for later in order[place + 1 :]
    ]
    assert followed.longest == max([0.0, *pairs])
