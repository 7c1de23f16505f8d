"""Receipts: given once a file is complete, renewed at the right time, announced before they end."""

from datetime import date, timedelta

import pytest

from parvis.casefiles import actions, queries, rules
from parvis.casefiles.actions import card_steps
from parvis.casefiles.errors import DateImpossible, NoReceiptFor, ReceiptTooEarly, WorkUnsaid
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import Decision, ReceiptKind, Work
from parvis.common import clock
from parvis.common.errors import IllegalMove, KeyReused
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.procedures.models import ReceiptRule
from parvis.procedures.models.receipts import TOLERANCE
from tests.casefiles.house import CaseHouse, days_later

EXPIRES = date(2018, 1, 31)


def issued(house: CaseHouse, procedure: str = "renewal", **changes: object) -> Receipt:
    """The first receipt of a complete file."""
    file = house.complete(procedure, permit_expires_on=EXPIRES, **changes)
    return actions.issue_receipt(file, work=None if procedure == "student" else Work.NO, by=house.clerk)


def ends_in(receipt: Receipt, days: int) -> None:
    """Hold the clock so many days before a receipt ends."""
    clock.hold(clock.at(receipt.valid_to - timedelta(days=days), "09:00"))


def test_a_complete_file_gets_a_receipt_that_starts_when_the_permit_ends(house: CaseHouse) -> None:
    receipt = issued(house)
    assert (receipt.rank, receipt.kind, receipt.work) == (1, ReceiptKind.RECEIPT, Work.NO)
    assert (receipt.valid_from, receipt.valid_to) == (date(2018, 2, 1), date(2018, 4, 30))
    assert (receipt.number[0], len(receipt.number)) == ("R", 9)
    assert queries.current_receipt(receipt.case_file) == receipt
    assert queries.receipt_by_number(f" {receipt.number.lower()[:4]}-{receipt.number[4:]} ") == receipt
    entry = Entry.objects.about(receipt.case_file).named("case_file.receipt_issued").get()
    assert entry.facts["valid_to"] == "2018-04-30"
    assert entry.agent_id == house.clerk.pk


def test_nothing_is_given_before_the_file_is_complete_nor_after_a_refusal(house: CaseHouse) -> None:
    for file in (house.deposited(), house.incomplete(), house.refused(), house.granted()):
        with pytest.raises(NoReceiptFor):
            actions.issue_receipt(file, work=Work.NO, by=house.clerk)
    with pytest.raises(NoReceiptFor):
        actions.renew_receipt(house.incomplete("student"), by=house.clerk)
    assert not Receipt.objects.exists()


def test_no_receipt_for_a_procedure_without_a_rule(house: CaseHouse) -> None:
    file = house.complete()
    ReceiptRule.objects.all().delete()
    with pytest.raises(NoReceiptFor):
        actions.issue_receipt(file, work=Work.NO, by=house.clerk)


def test_the_same_press_gives_the_same_receipt(house: CaseHouse) -> None:
    file = house.complete()
    first = actions.issue_receipt(file, work=Work.NO, by=house.clerk, key="k1")
    assert actions.issue_receipt(file, work=Work.NO, by=house.clerk, key="k1") == first
    with pytest.raises(KeyReused):
        actions.issue_receipt(file, work=Work.NO, by=house.clerk, months=2, key="k1")
    with pytest.raises(ReceiptTooEarly):
        actions.issue_receipt(file, work=Work.NO, by=house.clerk, key="k2")
    ends_in(first, 10)
    again = actions.renew_receipt(file, by=house.clerk, key="k1")
    assert actions.renew_receipt(file, by=house.clerk, key="k1") == again
    assert list(file.receipts.order_by("rank")) == [first, again]


def test_the_agent_chooses_within_the_rule(house: CaseHouse) -> None:
    file = house.complete()
    for months in (0, 4):
        with pytest.raises(DateImpossible):
            actions.issue_receipt(file, work=Work.NO, by=house.clerk, months=months)
    receipt = actions.issue_receipt(file, by=house.clerk, months=2, work=Work.YES)
    assert (receipt.valid_from, receipt.valid_to, receipt.work) == (date(2017, 12, 11), date(2018, 2, 10), Work.YES)


def test_the_right_to_work_is_said_where_it_depends_on_the_permit(house: CaseHouse) -> None:
    file = house.complete()
    for act in (actions.issue_receipt, actions.renew_receipt):
        with pytest.raises(WorkUnsaid):
            act(file, by=house.clerk)
    assert not Receipt.objects.exists()
    first = actions.issue_receipt(file, work=Work.YES, by=house.clerk)
    ends_in(first, 10)
    assert actions.renew_receipt(file, by=house.clerk).work == Work.YES


def test_what_may_be_chosen_of_a_first_receipt(house: CaseHouse) -> None:
    file, today = house.complete(), clock.today()
    offer = queries.first_receipt(file, today)
    assert offer == queries.FirstReceipt(range(1, 4), 3, None, is_fixed=False)
    ReceiptRule.objects.update(months=4, max_months=6, extension_max_months=3, work="yes")
    assert queries.first_receipt(file, today) == queries.FirstReceipt(range(1, 10), 4, Work.YES, is_fixed=True)
    ReceiptRule.objects.update(kind="asylum_request_certificate")
    assert queries.first_receipt(file, today) is None


def test_a_student_works_beside_the_studies(house: CaseHouse) -> None:
    assert issued(house, "student").work == Work.STUDENT


def test_renewed_from_a_month_before_its_end_on_the_day_after_it(house: CaseHouse) -> None:
    first = issued(house, "student")
    clock.hold(clock.at(date(2018, 3, 29), "16:00"))
    with pytest.raises(ReceiptTooEarly) as early:
        actions.renew_receipt(first.case_file, by=house.clerk)
    assert "30/03/2018" in str(early.value)
    clock.hold(clock.at(date(2018, 3, 30), "09:00"))
    second = actions.renew_receipt(first.case_file, by=house.clerk)
    assert (second.rank, second.work) == (2, Work.STUDENT)
    assert (second.valid_from, second.valid_to) == (date(2018, 5, 1), date(2018, 7, 31))


def test_renewed_after_its_end_it_starts_on_the_day_of_issue(house: CaseHouse) -> None:
    first = issued(house)
    clock.hold(clock.at(date(2018, 5, 15), "09:00"))
    second = actions.renew_receipt(first.case_file, by=house.clerk)
    assert (second.valid_from, second.valid_to) == (date(2018, 5, 15), date(2018, 8, 14))


def test_a_file_from_elsewhere_gets_its_first_receipt_here(house: CaseHouse) -> None:
    assert actions.renew_receipt(house.complete(), work=Work.NO, by=house.clerk).rank == 1


def test_what_the_receipt_of_elsewhere_says_of_work_is_not_lost(house: CaseHouse) -> None:
    file = house.complete()
    first = actions.renew_receipt(file, work=Work.YES, by=house.clerk)
    assert (first.rank, first.work) == (1, Work.YES)
    ends_in(first, 3)
    assert actions.renew_receipt(file, by=house.clerk).work == Work.YES


def test_a_paper_that_lets_nobody_stay_is_no_receipt(house: CaseHouse) -> None:
    file = house.complete()
    ReceiptRule.objects.filter(procedure=file.procedure).update(kind="asylum_request_certificate")
    with pytest.raises(NoReceiptFor):
        actions.issue_receipt(file, work=Work.NO, by=house.clerk)


def test_granted_but_the_card_is_not_here_yet(house: CaseHouse) -> None:
    """Whoever holds a receipt goes on holding one until the card can be had."""
    first = issued(house)
    file = actions.take(first.case_file, by=house.officer)
    file = actions.propose(file, Decision.GRANT, by=house.officer)
    file = actions.sign(file, by=house.signatory)
    ends_in(first, 3)
    assert actions.renew_receipt(file, by=house.clerk).rank == 2
    card_steps.cards_received([file], by=house.clerk, now=clock.now())
    clock.hold(clock.at(date(2018, 7, 25), "09:00"))
    with pytest.raises(NoReceiptFor):
        actions.renew_receipt(file, by=house.clerk)


def test_the_committee_makes_it_provisional(house: CaseHouse) -> None:
    today = clock.today()
    file = actions.refer_to_committee(
        house.taken(),
        summoned_on=today,
        meets_on=today + timedelta(days=30),
        by=house.officer,
    )
    file = file if isinstance(file, CaseFile) else file.case_file
    assert actions.issue_receipt(file, work=Work.NO, by=house.clerk).kind == ReceiptKind.PROVISIONAL


def test_two_receipts_of_one_rank_are_refused_by_the_database(
    house: CaseHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The constraint speaks when somebody forgets to look."""
    first = issued(house)
    monkeypatch.setattr(queries, "current_receipt", lambda file: None)
    with pytest.raises(IllegalMove):
        actions.issue_receipt(first.case_file, work=Work.NO, by=house.clerk)


def test_those_that_end_are_listed_first_to_end_first(house: CaseHouse) -> None:
    soon, later = issued(house), actions.issue_receipt(house.complete(), work=Work.NO, by=house.clerk)
    ends_in(later, 5)
    assert list(queries.ending(house.office, 5)) == [later]
    assert list(queries.ending(house.office, 4)) == []
    ends_in(soon, 20)
    assert list(queries.ended(house.office, 60)) == [later]
    assert list(queries.ending(house.office, 20)) == [soon]
    ends_in(soon, 0)
    assert list(queries.ending(house.office, 0)) == [soon]
    actions.renew_receipt(soon.case_file, by=house.clerk)
    assert list(queries.ending(house.office, 20)) == []


def test_a_decided_file_is_not_among_those_that_end(house: CaseHouse) -> None:
    first = issued(house)
    file = actions.take(first.case_file, by=house.officer)
    actions.sign(actions.propose(file, Decision.GRANT, by=house.officer), by=house.signatory)
    ends_in(first, 3)
    assert list(queries.ending(house.office, 21)) == []
    assert actions.tell_ending() == 0


def test_each_is_told_once(house: CaseHouse) -> None:
    receipts = [issued(house) for _ in range(3)]
    unreachable = issued(house, person=house.person(email="", phone=""))
    ends_in(receipts[0], 22)
    assert actions.tell_ending() == 0
    ends_in(receipts[0], 21)
    assert actions.tell_ending() == 4
    assert actions.tell_ending() == 0
    told = Message.objects.filter(kind="casefiles.receipt_ending")
    assert {message.facts["receipt"] for message in told} == {one.pk for one in [*receipts, unreachable]}
    letter = told.get(about=f"casefiles.casefile:{unreachable.case_file_id}")
    assert (letter.channel, letter.recipient) == ("letter", unreachable.case_file.number)
    receipts[0].refresh_from_db()
    assert receipts[0].told_at == clock.now()
    entry = Entry.objects.about(receipts[0].case_file).named("case_file.receipt_end_told").get()
    assert (entry.origin, entry.facts["valid_to"]) == ("system", "2018-04-30")


def test_the_next_receipt_is_told_again(house: CaseHouse) -> None:
    first = issued(house)
    ends_in(first, 10)
    assert actions.tell_ending() == 1
    second = actions.renew_receipt(first.case_file, by=house.clerk)
    ends_in(second, 10)
    assert actions.tell_ending() == 1


def test_renewed_more_than_once_is_a_figure(house: CaseHouse) -> None:
    first, _other = issued(house), issued(house)
    assert queries.renewed_more_than_once(house.office) == 0
    receipt = first
    for expected in (0, 1, 1):
        ends_in(receipt, 5)
        receipt = actions.renew_receipt(first.case_file, by=house.clerk)
        assert queries.renewed_more_than_once(house.office) == expected
    file = actions.take(first.case_file, by=house.officer)
    actions.sign(actions.propose(file, Decision.GRANT, by=house.officer), by=house.signatory)
    assert queries.renewed_more_than_once(house.office) == 0


def test_renewing_is_quick_for_the_database(
    house: CaseHouse, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    """Scan, check, print: few statements."""
    first = issued(house)
    days_later(120)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        found = queries.receipt_by_number(first.number)
        assert found
        actions.renew_receipt(found.case_file, by=house.clerk)


def test_a_refugee_has_the_receipt_within_eight_days(house: CaseHouse) -> None:
    ReceiptRule.objects.update(due_within_days=8)
    file = house.complete()
    assert queries.receipt_due(file) == clock.today() + timedelta(days=8)
    actions.issue_receipt(file, work=Work.NO, by=house.clerk)
    assert queries.receipt_due(file) is None
    assert queries.receipt_due(house.granted()) is None


def test_where_the_law_fixes_no_day_none_is_said(house: CaseHouse) -> None:
    assert queries.receipt_due(house.complete()) is None
    ReceiptRule.objects.all().delete()
    assert queries.receipt_due(house.complete("student")) is None


def test_an_expired_resident_card_proves_lawful_stay_for_three_months(house: CaseHouse) -> None:
    tolerance = {"kind": TOLERANCE, "months": 3, "max_months": 3, "work": "yes", "valid_from": date(2017, 1, 1)}
    ReceiptRule.objects.create(procedure=house.procedures["renewal"], **tolerance)
    today = clock.today()
    in_time = house.complete(permit_expires_on=today)
    assert queries.proves_stay_until(in_time) == rules.proves_stay_until(today, ReceiptRule(months=3))
    assert queries.proves_stay_until(house.complete(permit_expires_on=today - timedelta(days=1))) is None
    assert queries.proves_stay_until(house.complete(permit_expires_on=None)) is None
    assert queries.proves_stay_until(house.complete("student", permit_expires_on=today)) is None
