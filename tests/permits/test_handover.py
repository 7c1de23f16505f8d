"""The handover: what this card asks, what its stamp costs, and why somebody left without it."""

from datetime import date

import pytest

from parvis.casefiles import actions as casefiles
from parvis.casefiles.states import Closing, Work
from parvis.casefiles.states import State as FileState
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.permits import actions, queries
from parvis.permits.errors import (
    AlreadyHandedOver,
    CardReturned,
    ChecksMissing,
    SignatureMalformed,
    StampAmountWrong,
    StampMalformed,
    StampUsed,
    TextMissing,
)
from parvis.permits.models import FailedHandover, Handover, Stamp
from parvis.permits.states import Failure, Returned
from parvis.procedures.models import Fee
from tests.casefiles.house import CaseHouse
from tests.permits.cards import announced, card, everything, stamp
from tests.permits.factories import PermitFactory
from tests.procedures.factories import LAW_OF_2017, DocumentFactory

EXPIRES = date(2018, 1, 15)


def codes(permit: object) -> list[str]:
    return [check.code for check in queries.checklist(permit, clock.today())]


class TestChecklist:
    def test_of_a_first_card_with_a_medical_certificate(self, house: CaseHouse) -> None:
        DocumentFactory(
            procedure=house.procedures["renewal"],
            code="medical_certificate",
            condition="if_first_permit",
            stage="handover",
            valid_from=LAW_OF_2017,
        )
        first = card(house, fee_case="first")
        assert codes(first) == ["identity", "tax_stamp", "medical_certificate", "notice", "chip_data"]

    def test_of_a_renewal(self, house: CaseHouse) -> None:
        assert codes(card(house, fee_case="renewal", permit_expires_on=EXPIRES)) == [
            "identity",
            "tax_stamp",
            "old_permit_or_receipt",
            "notice",
            "chip_data",
        ]

    @pytest.mark.parametrize("code", ["final_enrolment", "child_present"])
    def test_what_the_procedure_asks_at_the_handover(self, house: CaseHouse, code: str) -> None:
        DocumentFactory(procedure=house.procedures["student"], code=code, stage="handover", valid_from=LAW_OF_2017)
        assert code in codes(card(house, procedure="student"))
        assert code not in codes(card(house))

    def test_each_line_says_why_and_what_then(self, house: CaseHouse) -> None:
        for check in queries.checklist(card(house, permit_expires_on=EXPIRES), clock.today()):
            assert all(str(said) for said in (check.label, check.why, check.remedy)), check.code
            assert check.failure in Failure.values

    def test_no_stamp_where_nothing_is_due(self, house: CaseHouse) -> None:
        Fee.objects.filter(procedure=house.procedures["renewal"]).update(eur=0)
        assert "tax_stamp" not in codes(card(house))

    def test_a_card_without_a_file_is_advised_and_refuses_nothing(self, house: CaseHouse) -> None:
        permit = PermitFactory(office=house.office)
        assert not any(check.is_obligatory for check in queries.checklist(permit, clock.today()))
        assert actions.hand_over(permit, by=house.clerk).checks == []


class TestHandingOver:
    def test_the_card_leaves_its_receipts_come_back_and_the_file_is_over(self, house: CaseHouse) -> None:
        file = house.complete(permit_expires_on=EXPIRES)
        receipt = casefiles.issue_receipt(file, work=Work.NO, by=house.clerk)
        file = casefiles.take(file, by=house.officer)
        casefiles.propose(file, "grant", by=house.officer)
        casefiles.sign(file, by=house.signatory)
        permit = card(house, file)
        handover = actions.hand_over(
            permit, by=house.clerk, ticket="T042", counter_id=7, seconds=320.5, **everything(permit)
        )
        file.refresh_from_db()
        receipt.refresh_from_db()
        assert (file.state, file.closing) == (FileState.CLOSED, Closing.HANDED_OVER)
        assert receipt.returned_at == clock.now()
        assert handover.stamps.get().eur == 219
        assert (handover.counter_id, handover.seconds, handover.notice) == (7, 320.5, "paper")
        fact = Entry.objects.about(permit).filter(what="permit.handed_over").get()
        assert (fact.facts["stamps_eur"], fact.facts["counter"]) == (219, 7)

    @pytest.mark.parametrize("left_out", ["identity", "old_permit_or_receipt", "chip_data"])
    def test_anything_missing_is_named_and_the_card_stays(self, house: CaseHouse, left_out: str) -> None:
        permit = card(house, permit_expires_on=EXPIRES)
        given = everything(permit)
        given["checks"] = [code for code in given["checks"] if code != left_out]
        with pytest.raises(ChecksMissing) as refused:
            actions.hand_over(permit, by=house.clerk, **given)
        assert [check.code for check in refused.value.checks] == [left_out]
        assert not Handover.objects.exists()

    def test_a_tick_is_neither_a_stamp_nor_a_signature(self, house: CaseHouse) -> None:
        permit = card(house)
        with pytest.raises(ChecksMissing) as refused:
            actions.hand_over(permit, by=house.clerk, checks=codes(permit))
        assert [check.code for check in refused.value.checks] == ["tax_stamp", "notice"]

    def test_signed_on_screen(self, house: CaseHouse) -> None:
        permit = card(house)
        strokes = "M10 10 L20 20 L30.5 12"
        given = everything(permit) | {"notice": "screen", "signature": strokes}
        assert actions.hand_over(permit, by=house.clerk, **given).signature == strokes

    @pytest.mark.parametrize("strokes", ["", "M1", "<svg onload=alert(1)>", "M" + "1 " * 10_001])
    def test_what_is_no_signature(self, house: CaseHouse, strokes: str) -> None:
        permit = card(house)
        with pytest.raises(SignatureMalformed):
            actions.hand_over(
                permit, by=house.clerk, **(everything(permit) | {"notice": "screen", "signature": strokes})
            )

    def test_sent_twice_it_is_one(self, house: CaseHouse) -> None:
        permit = card(house)
        given = everything(permit)
        first = actions.hand_over(permit, by=house.clerk, key="k", **given)
        assert actions.hand_over(permit, by=house.clerk, key="k", **given) == first
        with pytest.raises(AlreadyHandedOver):
            actions.hand_over(permit, by=house.clerk, **given)

    def test_a_card_sent_back_is_not_handed_over(self, house: CaseHouse) -> None:
        permit = card(house)
        actions.send_back([permit], Returned.FAULTY, by=house.clerk)
        with pytest.raises(CardReturned):
            actions.hand_over(permit, by=house.clerk, **everything(permit))


class TestStamps:
    @pytest.mark.parametrize("eur", [218, 220, 19])
    def test_the_exact_amount(self, house: CaseHouse, eur: int) -> None:
        permit = card(house)
        with pytest.raises(StampAmountWrong, match="219 euros"):
            actions.hand_over(permit, by=house.clerk, **(everything(permit) | {"stamps": [stamp(eur)]}))

    def test_several_make_the_sum(self, house: CaseHouse) -> None:
        permit = card(house)
        actions.hand_over(permit, by=house.clerk, **(everything(permit) | {"stamps": [stamp(200), stamp(19)]}))
        assert Stamp.objects.count() == 2

    def test_one_stamp_serves_once_however_it_is_typed(self, house: CaseHouse) -> None:
        first, second = card(house), card(house, procedure="student")
        actions.hand_over(first, by=house.clerk, **(everything(first) | {"stamps": [("1234 5678 9012 3456", 219)]}))
        with pytest.raises(StampUsed):
            actions.hand_over(second, by=house.clerk, **(everything(second) | {"stamps": [("1234567890123456", 219)]}))
        second.refresh_from_db()
        assert second.state == "in_stock"
        assert Entry.objects.about(second).filter(what="permit.handed_over").count() == 0

    def test_one_number_twice_in_one_handover(self, house: CaseHouse) -> None:
        permit = card(house)
        twice = {"stamps": [("1234567890123456", 200), ("1234567890123456", 19)]}
        with pytest.raises(StampUsed):
            actions.hand_over(permit, by=house.clerk, **(everything(permit) | twice))

    @pytest.mark.parametrize("given", [("", 219), ("12", 219), ("É" * 10, 219), ("123456", 0), ("123456", -1)])
    def test_what_is_no_stamp(self, house: CaseHouse, given: tuple[str, int]) -> None:
        permit = card(house)
        with pytest.raises(StampMalformed):
            actions.hand_over(permit, by=house.clerk, **(everything(permit) | {"stamps": [given]}))

    @pytest.mark.parametrize(("eur", "is_taken"), [(73, False), (74, True), (269, True), (270, False)])
    def test_within_the_range_when_the_law_alone_is_known(self, house: CaseHouse, eur: int, is_taken: bool) -> None:
        tax = Fee.objects.filter(procedure=house.procedures["renewal"], component="tax")
        tax.update(eur=None, eur_min=55, eur_max=250)
        permit = announced(house)
        assert permit.stamp_eur is None
        given = everything(permit) | {"stamps": [stamp(eur)]}
        if is_taken:
            assert actions.hand_over(permit, by=house.clerk, **given).stamps.get().eur == eur
        else:
            with pytest.raises(StampAmountWrong, match="de 74 à 269 euros"):
                actions.hand_over(permit, by=house.clerk, **given)

    def test_the_amount_that_was_announced_holds(self, house: CaseHouse) -> None:
        permit = announced(house)
        Fee.objects.filter(component="tax").update(eur=300)
        assert queries.amount_due(permit, clock.today()).eur == 219
        actions.hand_over(permit, by=house.clerk, **everything(permit))


class TestFailing:
    def test_why_is_recorded_and_the_card_waits(self, house: CaseHouse) -> None:
        permit = card(house)
        failed = actions.fail_handover(permit, "stamp_missing", by=house.clerk, ticket="T001", counter_id=7)
        permit.refresh_from_db()
        assert (failed.reason, permit.state) == (Failure.STAMP_MISSING, "in_stock")
        assert list(queries.failures_of(permit)) == [failed]
        assert Entry.objects.about(permit).filter(what="permit.not_handed_over").get().facts["counter"] == 7

    def test_another_reason_is_told_in_words(self, house: CaseHouse) -> None:
        with pytest.raises(TextMissing):
            actions.fail_handover(card(house), "other", by=house.clerk)

    def test_not_of_a_card_that_left(self, house: CaseHouse) -> None:
        with pytest.raises(AlreadyHandedOver):
            actions.fail_handover(PermitFactory(gone=True), "identity", by=house.clerk)
        assert not FailedHandover.objects.exists()
