"""When a request may be filed: the worked examples by name, then what must hold for every date."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.procedures import queries, rules
from parvis.procedures.rules import Kind, Verdict, Window, add_days, add_months, filing_window

LAST_TWO_MONTHS = SimpleNamespace(kind=rules.LAST_MONTHS, case="default", months=2, from_days=None, to_days=None)
ONLINE_LIST = SimpleNamespace(kind=rules.DAYS_BEFORE, case="online_list", months=None, from_days=120, to_days=60)
ANY_TIME = SimpleNamespace(kind="any_time", case="default", months=None, from_days=None, to_days=None)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
all_days = st.dates()


# The worked examples of the dated rules, from the catalogue as delivered.
EXAMPLES = [
    ("window-2017", date(2017, 12, 11), "default", date(2018, 3, 15), date(2018, 1, 15), date(2018, 3, 15)),
    ("window-2026-online-a", date(2026, 1, 1), "online_list", date(2018, 3, 15), date(2017, 11, 15), date(2018, 1, 14)),
    ("window-2026-online-b", date(2026, 1, 1), "online_list", date(2026, 9, 30), date(2026, 6, 2), date(2026, 8, 1)),
    (
        "window-2026-not-online",
        date(2026, 1, 1),
        "not_on_online_list",
        date(2026, 9, 30),
        date(2026, 7, 30),
        date(2026, 9, 30),
    ),
    ("window-month-end", date(2017, 12, 11), "default", date(2018, 4, 30), date(2018, 2, 28), date(2018, 4, 30)),
]


@pytest.mark.parametrize(
    ("law_of", "case", "expires", "opens", "closes"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES]
)
@pytest.mark.usefixtures("catalogue")
def test_worked_example(law_of: date, case: str, expires: date, opens: date, closes: date) -> None:
    (rule,) = rules.applicable(queries.filing_rules(queries.by_code("renewal"), law_of), case)
    assert filing_window(rule, expires) == Window(opens, closes)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2018, 1, 10), Verdict(Kind.TOO_EARLY, date(2018, 1, 15), date(2018, 3, 15))),
        (date(2018, 1, 14), Verdict(Kind.TOO_EARLY, date(2018, 1, 15), date(2018, 3, 15))),
        (date(2018, 1, 15), Verdict(Kind.OK, date(2018, 1, 15), date(2018, 3, 15))),
        (date(2018, 3, 15), Verdict(Kind.OK, date(2018, 1, 15), date(2018, 3, 15))),
        (date(2018, 3, 16), Verdict(Kind.LATE, date(2018, 1, 15), date(2018, 3, 15), charge_eur=180)),
    ],
    ids=["too-early-on-10-January", "the-day-before", "first-day", "last-day", "late-on-16-March"],
)
@pytest.mark.usefixtures("catalogue")
def test_window_2017_at_the_door(day: date, expected: Verdict) -> None:
    renewal = queries.by_code("renewal")
    assert queries.filing_verdict(renewal, expires_on=date(2018, 3, 15), day=day) == expected


@pytest.mark.usefixtures("catalogue")
def test_of_two_rules_that_may_be_theirs_the_person_gets_the_kinder() -> None:
    """In 2026 nobody at the door knows which titles are on the online list."""
    renewal, expires = queries.by_code("renewal"), date(2026, 9, 30)
    told = {
        day: queries.filing_verdict(renewal, expires_on=expires, day=day).kind
        for day in (date(2026, 6, 1), date(2026, 6, 2), date(2026, 8, 15), date(2026, 9, 30), date(2026, 10, 1))
    }
    assert list(told.values()) == [Kind.TOO_EARLY, Kind.OK, Kind.OK, Kind.OK, Kind.LATE]
    assert queries.filing_verdict(renewal, expires_on=expires, day=date(2026, 6, 1)).opens == date(2026, 6, 2)


@pytest.mark.usefixtures("catalogue")
def test_late_for_the_online_list_costs_nothing_before_expiry() -> None:
    renewal, expires = queries.by_code("renewal"), date(2026, 9, 30)
    late = queries.filing_verdict(renewal, expires_on=expires, day=date(2026, 8, 2), case="online_list")
    assert (late.kind, late.charge_eur) == (Kind.LATE, None)
    expired = queries.filing_verdict(renewal, expires_on=expires, day=date(2026, 10, 1), case="online_list")
    assert (expired.kind, expired.charge_eur) == (Kind.LATE, 180)


@pytest.mark.usefixtures("catalogue")
def test_the_charge_is_unknown_where_the_catalogue_gives_none() -> None:
    talent = queries.by_code("talent_passport")
    late = queries.filing_verdict(talent, expires_on=date(2017, 12, 1), day=date(2017, 12, 11))
    assert (late.kind, late.charge_eur) == (Kind.LATE, None)


@pytest.mark.usefixtures("catalogue")
def test_which_procedures_ask_the_expiry_date() -> None:
    def asking(day: date) -> set[str]:
        return {p.code for p in queries.procedures_on(day) if queries.needs_expiry_date(p, day)}

    always = {
        "renewal",
        "status_change",
        "student",
        "employee",
        "talent_passport",
        "resident_card",
        "algerian_certificate",
    }
    assert asking(date(2017, 12, 11)) == always
    # In 2026 the catalogue knows the first requests of visa holders alone, and no private life without a date.
    assert asking(date(2026, 1, 15)) == always | {"first_request", "private_family_life"}


@pytest.mark.usefixtures("catalogue")
def test_nobody_is_sent_home_where_one_rule_that_may_be_theirs_asks_no_date() -> None:
    """Parents of a French child and sick people file at any time, whatever the permit they hold says."""
    monday, next_autumn = date(2017, 12, 11), date(2018, 10, 1)
    for code, timed in (("private_family_life", "holder_of_visa_or_permit"), ("medical_permit", "renewal")):
        procedure = queries.by_code(code)
        told = queries.filing_verdict(procedure, expires_on=next_autumn, day=monday)
        assert told == Verdict(Kind.NOT_APPLICABLE)
        known = queries.filing_verdict(procedure, expires_on=next_autumn, day=monday, case=timed)
        assert (known.kind, known.opens) == (Kind.TOO_EARLY, date(2018, 8, 1))


@pytest.mark.parametrize("code", ["receipt_renewal", "permit_handover", "information", "duplicate", "file_deposit"])
@pytest.mark.usefixtures("catalogue")
def test_nothing_applies_where_no_window_depends_on_the_date(code: str) -> None:
    verdict = queries.filing_verdict(queries.by_code(code), expires_on=date(2018, 3, 15), day=date(2017, 12, 11))
    assert verdict == Verdict(Kind.NOT_APPLICABLE)


def test_nothing_applies_without_a_date() -> None:
    assert rules.verdict([LAST_TWO_MONTHS], expires_on=None, day=date(2017, 12, 11)) == Verdict(Kind.NOT_APPLICABLE)


def test_a_window_that_depends_on_no_date_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="any_time"):
        filing_window(ANY_TIME, date(2018, 3, 15))


def test_the_usual_case_decides_whether_the_date_is_asked() -> None:
    def of(rule: SimpleNamespace, **changes: str) -> SimpleNamespace:
        return SimpleNamespace(**{**vars(rule), **changes})

    visa_holder, parent = of(LAST_TWO_MONTHS, case="visa"), of(ANY_TIME, case="parent")
    assert rules.asks_expiry_date([LAST_TWO_MONTHS, parent])
    assert not rules.asks_expiry_date([ANY_TIME, visa_holder])
    assert not rules.asks_expiry_date([visa_holder, parent])
    assert rules.asks_expiry_date([visa_holder])
    assert rules.asks_expiry_date([visa_holder, of(ANY_TIME, case="late", kind=rules.AFTER_EXPIRY)])
    assert not rules.asks_expiry_date([])


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2018, 4, 30), -2, date(2018, 2, 28)),
        (date(2020, 4, 30), -2, date(2020, 2, 29)),
        (date(2020, 2, 29), -12, date(2019, 2, 28)),
        (date(2020, 2, 29), 48, date(2024, 2, 29)),
        (date(2018, 1, 31), 1, date(2018, 2, 28)),
        (date(2018, 1, 15), -1, date(2017, 12, 15)),
        (date(2017, 12, 31), 2, date(2018, 2, 28)),
        (date.min, -1, date.min),
        (date.max, 1, date.max),
    ],
)
def test_a_missing_day_is_the_last_one_of_its_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(day=days, months=st.integers(-60, 60))
def test_months_keep_the_day_or_stop_at_the_end_of_the_month(day: date, months: int) -> None:
    there = add_months(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there.day < day.day and (there + timedelta(days=1)).day == 1)


@given(day=all_days, number=st.integers(-100_000, 100_000))
def test_no_date_is_out_of_reach(day: date, number: int) -> None:
    assert date.min <= add_months(day, number) <= date.max
    assert date.min <= add_days(day, number) <= date.max


@given(expires=all_days, months=st.integers(0, 24), from_days=st.integers(0, 400), length=st.integers(0, 400))
def test_a_window_opens_before_it_closes_and_holds_its_bounds(
    expires: date, months: int, from_days: int, length: int
) -> None:
    rule_of_months = SimpleNamespace(kind=rules.LAST_MONTHS, case="x", months=months, from_days=None, to_days=None)
    rule_of_days = SimpleNamespace(
        kind=rules.DAYS_BEFORE, case="x", months=None, from_days=from_days + length, to_days=from_days
    )
    for window in (filing_window(rule_of_months, expires), filing_window(rule_of_days, expires)):
        assert window.opens <= window.closes <= expires
        assert window.opens in window
        assert window.closes in window
        assert window.opens == date.min or window.opens - timedelta(days=1) not in window
        assert window.closes == date.max or window.closes + timedelta(days=1) not in window


@given(expires=days, day=days)
def test_a_verdict_is_true_of_its_day(expires: date, day: date) -> None:
    verdict = rules.verdict([LAST_TWO_MONTHS, ONLINE_LIST], expires_on=expires, day=day, late_charge_eur=180)
    assert verdict.opens is not None
    assert verdict.closes is not None
    if verdict.kind is Kind.OK:
        assert verdict.opens <= day <= verdict.closes
    elif verdict.kind is Kind.TOO_EARLY:
        assert day < verdict.opens
        assert rules.verdict([LAST_TWO_MONTHS, ONLINE_LIST], expires_on=expires, day=verdict.opens).kind is Kind.OK, (
            "somebody who comes back on the day they were given is received"
        )
    else:
        assert verdict.kind is Kind.LATE
        assert day > verdict.closes
    assert (verdict.charge_eur == 180) == (day > expires)
