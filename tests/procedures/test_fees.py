"""The fee case of a request: what the permit in hand says, what the agent says, the charge on top."""

from datetime import date

import pytest

from parvis.procedures import rules
from tests.procedures.factories import FeeFactory

DAY, BEFORE = date(2020, 3, 20), date(2020, 3, 15)
STAMP, LATE = FeeFactory.build(), FeeFactory.build(late=True)
FIRST = FeeFactory.build(case="first", component="tax", eur=200)
RENEWAL = FeeFactory.build(case="renewal", component="tax", eur=200)
OTHER = FeeFactory.build(case="ten_years", component="total", eur=0)
IRREGULAR = FeeFactory.build(case="irregular_entry", component=rules.CHARGE, eur=200, due_at_filing_eur=50)


@pytest.mark.parametrize(
    ("lines", "said", "found"),
    [
        ([STAMP, FIRST, RENEWAL, LATE], {}, "first"),
        ([STAMP, FIRST, RENEWAL, LATE], {"expires_on": DAY}, "renewal"),
        ([STAMP, FIRST, RENEWAL, LATE], {"expires_on": BEFORE}, "renewal+late"),
        ([STAMP, FIRST, RENEWAL], {"expires_on": BEFORE}, "renewal"),
        ([STAMP, FIRST, RENEWAL, LATE], {"expires_on": BEFORE, "charge": ""}, "renewal"),
        ([STAMP, FIRST, RENEWAL, LATE], {"expires_on": BEFORE, "own": "first"}, "first+late"),
        ([STAMP, FIRST, LATE, IRREGULAR], {"charge": "irregular_entry"}, "first+irregular_entry"),
        ([LATE, STAMP, OTHER], {}, "ten_years"),
        ([], {"expires_on": BEFORE}, "first"),
    ],
)
def test_the_fee_case(lines: list[rules.FeeLine], said: dict[str, object], found: str) -> None:
    assert rules.fee_case_of(lines, day=DAY, **said) == found


def test_what_is_paid_at_the_deposit_is_taken_off_the_stamp() -> None:
    lines = [STAMP, FIRST, IRREGULAR]
    assert rules.due_at_filing(lines, "first+irregular_entry") == 50
    assert rules.amount_due(lines, "first+irregular_entry").eur == 19 + 200 + 150
    assert rules.due_at_filing(lines, "first") == 0
