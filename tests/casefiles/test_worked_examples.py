"""The worked examples of the dated rules, from the catalogue as delivered; then what must hold on every day.

Two of them are booking's: a request made twice (``tests/booking/test_requests.py``) and a seat freed at three in the
morning (``tests/booking/test_draws.py``); the conservation of a day is in ``tests/scenarios``.
"""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.casefiles import rules
from parvis.casefiles.errors import DateImpossible, NoReceiptFor, WorkUnsaid
from parvis.casefiles.states import OPEN, UNDECIDED, Decision, OrderToLeave, State, Work
from parvis.offices import queries as offices
from parvis.offices.models import Office
from parvis.offices.rules import public_holiday
from parvis.procedures import queries
from parvis.procedures.models import ReceiptRule
from parvis.procedures.rules import Amount, Kind, Window, add_months
from tests.procedures.conftest import catalogue

__all__ = ["catalogue"]

JANUARY = date(2018, 1, 20)
days = st.dates(date(2010, 1, 1), date(2060, 12, 31))


def receipt_rule(procedure: str, day: date = JANUARY, case: str = "default") -> ReceiptRule:
    """The rule of a receipt on a day."""
    found = queries.receipt_rule(queries.by_code(procedure), day, case)
    assert found
    return found


def refused_on(procedure: str, complete: date, case: str = "default") -> date:
    """When silence refuses a file complete on a day."""
    rule = queries.silence_rule(queries.by_code(procedure), complete, case)
    assert rule
    return rules.silence_ends(rule, complete)


@pytest.mark.usefixtures("catalogue")
def test_window_2017() -> None:
    renewal, expires = queries.by_code("renewal"), date(2018, 3, 15)
    early = queries.filing_verdict(renewal, expires_on=expires, day=date(2018, 1, 10))
    assert (early.kind, early.opens, early.closes) == (Kind.TOO_EARLY, date(2018, 1, 15), expires)
    late = queries.filing_verdict(renewal, expires_on=expires, day=date(2018, 3, 16))
    assert (late.kind, late.charge_eur) == (Kind.LATE, 180)


@pytest.mark.parametrize(
    ("case", "expires", "opens", "closes"),
    [
        ("online_list", date(2018, 3, 15), date(2017, 11, 15), date(2018, 1, 14)),
        ("online_list", date(2026, 9, 30), date(2026, 6, 2), date(2026, 8, 1)),
        ("not_on_online_list", date(2026, 9, 30), date(2026, 7, 30), date(2026, 9, 30)),
    ],
    ids=["window-2026-online-a", "window-2026-online-b", "window-2026-not-online"],
)
@pytest.mark.usefixtures("catalogue")
def test_window_2026(case: str, expires: date, opens: date, closes: date) -> None:
    renewal = queries.by_code("renewal")
    verdict = queries.filing_verdict(renewal, expires_on=expires, day=date(2026, 1, 1), case=case)
    assert (verdict.opens, verdict.closes) == (opens, closes)


@pytest.mark.usefixtures("catalogue")
def test_window_month_end() -> None:
    verdict = queries.filing_verdict(queries.by_code("renewal"), expires_on=date(2018, 4, 30), day=date(2018, 2, 28))
    assert (verdict.kind, verdict.opens) == (Kind.OK, date(2018, 2, 28))


@pytest.mark.usefixtures("catalogue")
def test_renewal_receipt() -> None:
    """The card ends on 15 March 2018: the receipt holds from 16 March to 15 June."""
    valid = rules.receipt_validity(
        receipt_rule("renewal"),
        rank=1,
        issued_on=date(2018, 2, 20),
        permit_expires_on=date(2018, 3, 15),
        previous_to=None,
    )
    assert valid == (date(2018, 3, 16), date(2018, 6, 15))


@pytest.mark.usefixtures("catalogue")
def test_receipt_of_a_receipt() -> None:
    """Renewed while it runs: from the day after it; renewed too late: from the day of issue. Three months."""
    rule, ends = receipt_rule("renewal"), date(2018, 6, 15)
    given = {"rank": 2, "permit_expires_on": date(2018, 3, 15), "previous_to": ends}
    in_time = rules.receipt_validity(rule, issued_on=date(2018, 6, 1), **given)
    assert in_time == (date(2018, 6, 16), date(2018, 9, 15))
    assert rules.receipt_validity(rule, issued_on=ends, **given) == in_time
    late = rules.receipt_validity(rule, issued_on=date(2018, 6, 20), **given)
    assert late == (date(2018, 6, 20), date(2018, 9, 19))


@pytest.mark.usefixtures("catalogue")
def test_receipt_of_a_first_request() -> None:
    """Four months or six from the day the file is complete, three more at most; its renewal, three months."""
    rule = receipt_rule("first_request")

    def valid(rank: int = 1, months: int | None = None) -> tuple[date, date]:
        return rules.receipt_validity(
            rule, rank=rank, issued_on=JANUARY, permit_expires_on=None, previous_to=None, months=months
        )

    assert valid() == (JANUARY, date(2018, 5, 19))
    assert valid(months=6) == (JANUARY, date(2018, 7, 19))
    assert valid(months=9) == (JANUARY, date(2018, 10, 19))
    assert valid(rank=2) == (JANUARY, date(2018, 4, 19))
    for impossible in (0, 10):
        with pytest.raises(DateImpossible):
            valid(months=impossible)


@pytest.mark.usefixtures("catalogue")
def test_no_receipt_is_antedated() -> None:
    """A file completed after the card expired: the receipt starts the day it is given."""
    valid = rules.receipt_validity(
        receipt_rule("renewal"),
        rank=1,
        issued_on=date(2018, 4, 3),
        permit_expires_on=date(2018, 3, 15),
        previous_to=None,
    )
    assert valid == (date(2018, 4, 3), date(2018, 7, 2))


@pytest.mark.usefixtures("catalogue")
def test_no_receipt_where_the_law_gives_none() -> None:
    assert queries.receipt_rule(queries.by_code("minor_travel_document"), JANUARY) is None
    with pytest.raises(NoReceiptFor):  # the paper of another authority, whose length the catalogue does not know
        rules.usual_months(receipt_rule("family_reunification"), 1)


@pytest.mark.parametrize(
    ("procedure", "refused"),
    [
        ("first_request", date(2018, 5, 20)),
        ("renewal", date(2018, 5, 20)),
        ("student", date(2018, 5, 20)),
        ("minor_travel_document", date(2018, 3, 20)),
        ("family_reunification", date(2018, 7, 20)),
    ],
)
@pytest.mark.usefixtures("catalogue")
def test_implicit_refusal(procedure: str, refused: date) -> None:
    assert refused_on(procedure, JANUARY) == refused


def test_implicit_refusal_is_warned_of_a_month_before() -> None:
    assert rules.warn_from(date(2018, 5, 20)) == date(2018, 4, 20)
    assert rules.warn_from(date(2018, 3, 31)) == date(2018, 2, 28)


@pytest.mark.usefixtures("catalogue")
def test_implicit_refusal_of_a_student_later() -> None:
    """Ninety days for a student's card since 2019, four months before."""
    assert refused_on("student", date(2026, 1, 20)) == date(2026, 4, 20)
    assert refused_on("student", date(2026, 1, 20), "student_card") == date(2026, 4, 20)
    assert refused_on("student", date(2019, 6, 3)) == date(2019, 9, 1)
    assert refused_on("student", date(2019, 2, 28)) == date(2019, 6, 28)


@pytest.mark.usefixtures("catalogue")
def test_no_date_where_the_catalogue_knows_no_silence() -> None:
    assert queries.silence_rule(queries.by_code("refugee_card"), JANUARY) is None


def test_silence_is_nobodys_decision() -> None:
    """It shows on undecided files alone, from its day on; the file can still be granted."""
    ends = date(2018, 5, 20)
    for state in State:
        file = SimpleNamespace(state=state, decide_by=ends)
        assert rules.is_silent(file, ends) == (state in UNDECIDED)
        assert not rules.is_silent(file, ends - timedelta(days=1))
        assert rules.is_near_silence(file, date(2018, 4, 20)) == (state in UNDECIDED)
        assert not rules.is_near_silence(file, date(2018, 4, 19))
        assert not rules.is_near_silence(file, ends)
    assert not rules.is_silent(SimpleNamespace(state=State.DEPOSITED, decide_by=None), date(2030, 1, 1))
    assert not any("refus" in state and "implicit" in state for state in State.values)
    assert UNDECIDED < OPEN


@pytest.mark.usefixtures("catalogue")
def test_resident_card_tolerance() -> None:
    """A ten-year card that expired on 1 February 2018 still proves lawful stay until 1 May."""
    rule = queries.tolerance_rule(queries.by_code("resident_card"), JANUARY)
    assert rule
    assert rules.proves_stay_until(date(2018, 2, 1), rule) == date(2018, 5, 1)
    assert rule.work == "yes"
    assert queries.tolerance_rule(queries.by_code("renewal"), JANUARY, permit_months=48) is None


@pytest.mark.usefixtures("catalogue")
def test_tolerance_of_every_long_permit_today() -> None:
    day, renewal = date(2026, 4, 1), queries.by_code("renewal")
    rule = queries.tolerance_rule(renewal, day, permit_months=24)
    assert rule
    assert rules.proves_stay_until(date(2026, 3, 31), rule) == date(2026, 6, 30)
    assert queries.tolerance_rule(renewal, day, permit_months=12) is None
    assert queries.tolerance_rule(renewal, day) is None


@pytest.mark.usefixtures("catalogue")
def test_refugee_receipt() -> None:
    """Asked on Monday 8 January 2018: due by 16 January, six months, with its mention, and work."""
    procedure, asked = queries.by_code("refugee_card"), date(2018, 1, 8)
    rule = receipt_rule("refugee_card", asked)
    assert rule.due_within_days
    assert rules.refugee_receipt_due(asked, rule.due_within_days) == date(2018, 1, 16)
    assert rules.refugee_receipt_due(asked) == date(2018, 1, 16)
    given = {"permit_expires_on": None, "previous_to": None}
    assert rules.receipt_validity(rule, rank=1, issued_on=date(2018, 1, 16), **given)[1] == date(2018, 7, 15)
    assert rules.usual_months(rule, 2) == 6
    assert rule.mention == "reconnu réfugié"
    assert rules.work_right(rule, procedure, None, Work.NO) == Work.YES
    assert receipt_rule("refugee_card", asked, "subsidiary_protection").mention == ""


@pytest.mark.parametrize(
    ("procedure", "work"),
    [
        ("employee", Work.YES),
        ("talent_passport", Work.YES),
        ("private_family_life", Work.YES),
        ("resident_card", Work.YES),
        ("student", Work.STUDENT),
        ("first_request", None),
        ("renewal", None),
        ("status_change", None),
        ("algerian_certificate", None),
    ],
)
@pytest.mark.usefixtures("catalogue")
def test_work_by_the_permit_asked(procedure: str, work: Work | None) -> None:
    """By the permit asked when nobody says otherwise; the agent may say; a renewed receipt says what it said.

    Where the procedure does not name the permit the agent must say.
    """
    rule, asked = receipt_rule(procedure), queries.by_code(procedure)
    assert rules.usual_work(rule, asked) == work
    if work:
        assert rules.work_right(rule, asked, None, None) == work
    else:
        with pytest.raises(WorkUnsaid):
            rules.work_right(rule, asked, None, None)
    assert rules.work_right(rule, asked, None, Work.NO) == Work.NO
    assert rules.work_right(rule, asked, Work.YES, None) == Work.YES


def test_a_receipt_is_renewed_from_a_month_before_its_end() -> None:
    receipt = SimpleNamespace(valid_to=date(2018, 6, 15))
    assert not rules.may_renew_receipt(receipt, date(2018, 5, 14))
    assert rules.may_renew_receipt(receipt, date(2018, 5, 15))
    assert rules.may_renew_receipt(receipt, date(2019, 1, 1))


def test_asylum_three_working_days() -> None:
    """Presented on Wednesday 9 May 2018: Thursday is Ascension, so three working days end on Tuesday 15."""
    holidays = [day for day in (date(2018, 5, 1) + timedelta(days=n) for n in range(60)) if public_holiday(day)]
    assert rules.asylum_due(date(2018, 5, 9), holidays) == date(2018, 5, 15)
    assert rules.asylum_due(date(2018, 5, 9), holidays, mass_arrivals=True) == date(2018, 5, 25)
    assert rules.asylum_due(date(2018, 6, 8), holidays) == date(2018, 6, 13)


def test_committee_sits_fifteen_days_after_the_summons_and_within_three_months() -> None:
    window = rules.committee_window(date(2018, 1, 10), date(2018, 1, 15))
    assert window == Window(date(2018, 1, 30), date(2018, 4, 10))
    assert date(2018, 1, 29) not in window
    assert date(2018, 4, 11) not in window
    too_late = rules.committee_window(date(2018, 1, 10), date(2018, 4, 1))
    assert too_late.opens > too_late.closes


@pytest.mark.parametrize(
    ("order", "hours", "length", "closes"),
    [
        ("", 0, 0, date(2018, 3, 31)),
        (OrderToLeave.WITHIN_THIRTY_DAYS, 0, 30, date(2018, 3, 2)),
        (OrderToLeave.OTHER_GROUNDS, 0, 15, date(2018, 2, 15)),
        (OrderToLeave.WITHOUT_DELAY, 48, 0, None),
    ],
)
def test_ways_of_appeal(order: str, hours: int, length: int, closes: date | None) -> None:
    """Two months; in court thirty days, fifteen or forty-eight hours with an order to leave."""
    *amicable, court = rules.appeal_delays(Decision.REFUSE, order=order)
    assert (court.hours, court.days, court.closes(date(2018, 1, 31))) == (hours, length, closes)
    assert [one.closes(date(2018, 1, 31)) for one in amicable] == [date(2018, 3, 31)] * 2


def test_silence_is_appealed_within_two_months_and_a_grant_never() -> None:
    assert {one.months for one in rules.appeal_delays("")} == {2}
    assert rules.appeal_delays(Decision.GRANT) == ()


@pytest.mark.usefixtures("catalogue")
def test_thursday() -> None:
    """On Thursday 14 December 2017 nothing is filed, three counters hand cards over, information is given."""
    day, office = date(2017, 12, 14), Office.objects.get(code="nanterre")
    hours = {line.code: offices.hours(line, day) for line in offices.lines(office)}
    assert (hours["filing"], hours["receipts"], hours["licence"]) == ([], [], [])
    assert hours["handover"] != []
    handover = [line for line in offices.lines(office) if line.code == "handover"]
    assert offices.counters_serving(handover).count() == 3


@pytest.mark.usefixtures("catalogue")
def test_territory() -> None:
    """Somebody of Antony files at Antony; whoever asks for asylum comes to Nanterre from the whole department."""
    renewal = queries.by_code("renewal")
    assert queries.office_for(renewal, "92002", date(2017, 12, 11)).code == "antony"
    assert queries.office_for(queries.by_code("asylum_registration"), "92002", date(2018, 5, 9)).code == "nanterre"


@pytest.mark.parametrize(
    ("procedure", "fee_case", "day", "amount"),
    [
        ("renewal", "renewal", date(2019, 6, 1), Amount(225, 225, 225)),
        ("renewal", "renewal+late", date(2019, 6, 1), Amount(405, 405, 405)),
        ("first_request", "first", date(2017, 12, 11), Amount(None, 169, 299)),
        ("student", "first", date(2020, 6, 1), Amount(75, 75, 75)),
        ("student", "renewal", date(2026, 4, 1), Amount(100, 100, 100)),
        ("minor_travel_document", "", date(2017, 12, 11), Amount(45, 45, 45)),
        ("refugee_card", "first", date(2020, 6, 1), Amount(25, 25, 25)),
        ("refugee_card", "first", date(2017, 12, 11), Amount(19, 19, 19)),
        ("address_change", "new_card", date(2020, 6, 1), Amount(25, 25, 25)),
        ("first_request", "first+no_visa_or_irregular_entry", date(2020, 6, 1), Amount(375, 375, 375)),
        ("status_change", "change", date(2017, 12, 11), Amount(None)),
        ("renewal", "unheard_of", date(2020, 6, 1), Amount(None)),
        ("duplicate", "standard", date(2020, 6, 1), Amount(225, 225, 225)),
    ],
)
@pytest.mark.usefixtures("catalogue")
def test_what_is_due_at_the_handover(procedure: str, fee_case: str, day: date, amount: Amount) -> None:
    """Tax and stamp of the day; what was paid at filing is taken off; what is not known is not said."""
    due = queries.stamp(queries.by_code(procedure), day, fee_case)
    assert (due.eur, due.eur_min, due.eur_max) == (amount.eur, amount.eur_min, amount.eur_max)


@pytest.mark.usefixtures("catalogue")
def test_a_reduced_tax_where_there_is_one() -> None:
    duplicate = queries.by_code("duplicate")
    assert queries.stamp(duplicate, date(2020, 6, 1), "standard", reduced=True).eur == 75
    due = queries.stamp(queries.by_code("student"), date(2020, 6, 1), "first", reduced=True)
    assert (due.eur, dict(due.parts)) == (75, {"tax": 50, "stamp": 25})


RENEWAL = SimpleNamespace(
    min_months=1,
    months=3,
    max_months=3,
    extension_max_months=0,
    renewal_months=None,
    starts="day_after_expiry",
    work="",
    is_renewable=True,
)


@given(issued=days, expires=st.none() | days, months=st.integers(1, 3))
def test_a_receipt_never_starts_before_its_issue_nor_leaves_a_day_uncovered(
    issued: date, expires: date | None, months: int
) -> None:
    starts, ends = rules.receipt_validity(
        RENEWAL, rank=1, issued_on=issued, permit_expires_on=expires, previous_to=None, months=months
    )
    assert starts >= issued
    assert starts == issued or (expires is not None and starts == expires + timedelta(days=1))
    assert add_months(starts, months) - timedelta(days=1) <= ends <= add_months(starts, months)
    assert ends > starts


@given(complete=days, months=st.integers(1, 12))
def test_silence_ends_after_its_warning_and_after_the_file_is_complete(complete: date, months: int) -> None:
    ends = rules.silence_ends(SimpleNamespace(months=months, days=None), complete)
    assert rules.warn_from(ends) < ends
    assert complete < ends
    assert ends == add_months(complete, months)
