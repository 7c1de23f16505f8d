"""Announced, reminded, unclaimed, destroyed; found by a scan; counted by counter."""

from datetime import date, timedelta

import pytest

from parvis.booking import actions as booking
from parvis.casefiles import actions as casefiles
from parvis.casefiles.states import Closing, Work
from parvis.casefiles.states import State as FileState
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.permits import actions, links, queries
from parvis.permits.errors import AlreadyHandedOver, NotUnclaimed
from parvis.permits.models import Permit
from parvis.permits.states import Returned
from parvis.procedures.models import Procedure
from tests.casefiles.house import CaseHouse, days_later
from tests.offices.factories import OfficeFactory
from tests.permits.cards import announced, card, everything
from tests.permits.factories import PermitFactory
from tests.procedures.factories import LAW_OF_2017, DocumentFactory


class TestAnnouncing:
    def test_it_fixes_the_amount_and_moves_the_file(self, house: CaseHouse) -> None:
        permit = announced(house)
        assert permit.case_file is not None
        permit.case_file.refresh_from_db()
        assert (permit.stamp_eur, permit.announced_at) == (219, clock.now())
        assert permit.case_file.state == FileState.ANNOUNCED

    def test_once(self, house: CaseHouse) -> None:
        permit = announced(house)
        days_later(1)
        assert actions.announce(permit, by=house.clerk).announced_at == permit.announced_at
        assert Entry.objects.filter(what="permit.announced").count() == 1

    def test_whoever_is_summoned_is_told_the_amount(self, house: CaseHouse) -> None:
        permit = card(house)
        assert booking.summon(permit, by=SYSTEM)
        permit.refresh_from_db()
        assert permit.stamp_eur == 219
        assert booking.summon_due() == 0


class TestReminding:
    def test_after_two_and_after_four_weeks(self, house: CaseHouse) -> None:
        booking.summon(card(house), by=SYSTEM)
        sent = []
        for _day in range(40):
            days_later(1)
            sent.append(booking.remind_of_cards())
        assert [day + 1 for day, told in enumerate(sent) if told] == [15, 30]
        assert Message.objects.filter(kind="booking.summons").count() == 3

    def test_not_once_the_card_has_left(self, house: CaseHouse) -> None:
        permit = announced(house)
        actions.hand_over(permit, by=house.clerk, **everything(permit))
        days_later(20)
        assert booking.remind_of_cards() == 0


class TestUnclaimed:
    def test_listed_after_ninety_days_and_still_given(self, house: CaseHouse) -> None:
        permit = announced(house)
        days_later(89)
        assert actions.mark_unclaimed_due() == 0
        days_later(1)
        assert actions.mark_unclaimed_due() == 1
        assert actions.mark_unclaimed_due() == 0
        assert list(queries.unclaimed(house.office)) == [permit]
        assert permit.case_file is not None
        permit.case_file.refresh_from_db()
        assert permit.case_file.state == FileState.UNCLAIMED
        actions.hand_over(permit, by=house.clerk, **everything(permit))
        assert not queries.unclaimed(house.office).exists()

    def test_destroyed_and_the_file_is_over(self, house: CaseHouse) -> None:
        permit = announced(house)
        days_later(90)
        actions.mark_unclaimed_due()
        actions.send_back([permit], Returned.UNCLAIMED, by=house.clerk)
        assert permit.case_file is not None
        permit.case_file.refresh_from_db()
        assert (permit.case_file.state, permit.case_file.closing) == (FileState.CLOSED, Closing.CARD_DESTROYED)

    def test_all_of_a_list_or_none(self, house: CaseHouse) -> None:
        listed, not_listed = announced(house), announced(house, procedure="student")
        days_later(90)
        actions.mark_unclaimed(listed, by=house.clerk)
        with pytest.raises(NotUnclaimed):
            actions.send_back([listed, not_listed], Returned.UNCLAIMED, by=house.clerk)
        assert queries.in_stock(house.office).count() == 2

    def test_those_that_wait_long(self, house: CaseHouse) -> None:
        card(house)
        assert queries.stock(house.office).over_30_days == 0
        days_later(31)
        assert queries.stock(house.office).over_30_days == 1


def test_put_elsewhere(house: CaseHouse) -> None:
    permit = card(house)
    assert actions.move_to(permit, " Coffre  2 ", by=house.clerk).place == "Coffre 2"
    assert queries.places(house.office) == [("Coffre 2", 1)]
    with pytest.raises(AlreadyHandedOver):
        actions.move_to(PermitFactory(gone=True), "Coffre", by=house.clerk)


class TestScanning:
    @pytest.fixture
    def permit(self, house: CaseHouse) -> Permit:
        person = house.person(foreign_number="9900000101")
        file = house.complete(person=person, permit_expires_on=date(2018, 1, 15))
        casefiles.issue_receipt(file, work=Work.NO, by=house.clerk)
        file = casefiles.take(file, by=house.officer)
        casefiles.propose(file, "grant", by=house.officer)
        casefiles.sign(file, by=house.signatory)
        return card(house, file)

    def test_by_whatever_is_at_hand(self, house: CaseHouse, permit: Permit) -> None:
        file = permit.case_file
        assert file is not None
        for scanned in (
            f"https://exemple.invalid/rendez-vous/remise/{links.token_of(permit)}/",
            file.receipts.get().number.lower(),
            f"{file.number[:5]} {file.number[5:]}",
            permit.number,
            "99 0000 0101",
        ):
            assert queries.by_scan(house.office, scanned).permit == permit, scanned
        assert queries.by_scan(house.office, "", person=permit.person).permit == permit

    @pytest.mark.parametrize("typed", ["", "x", "/remise/faux/", "D2222222X", "9900009999", "\u202e" * 9, "9" * 5000])
    def test_nothing(self, house: CaseHouse, permit: Permit, typed: str) -> None:
        assert queries.by_scan(house.office, typed) == queries.Found()

    def test_several_to_choose_from(self, house: CaseHouse, permit: Permit) -> None:
        other = card(house, procedure="student", person=permit.person)
        found = queries.by_scan(house.office, permit.person.foreign_number)
        assert found.permit is None
        assert set(found.choice) == {permit, other}

    def test_a_file_whose_card_has_not_come(self, house: CaseHouse) -> None:
        file = house.granted()
        assert queries.by_scan(house.office, file.number).case_file == file

    def test_a_card_that_waits_in_another_office(self, house: CaseHouse, permit: Permit) -> None:
        found = queries.by_scan(OfficeFactory(), permit.number)
        assert (found.permit, found.elsewhere) == (permit, house.office)


def test_figures_of_a_counter(house: CaseHouse) -> None:
    for _six in range(6):
        clock.hold(clock.now() + timedelta(minutes=6))
        permit = PermitFactory(office=house.office)
        actions.hand_over(permit, by=house.clerk, counter_id=7, seconds=360)
    failing = PermitFactory(office=house.office)
    for reason in ("stamp_missing", "stamp_missing", "identity"):
        actions.fail_handover(failing, reason, by=house.clerk, counter_id=8)
    seven, eight = queries.counter_figures(house.office, clock.today())
    assert (seven.counter_id, seven.cards, seven.per_hour, seven.mean_seconds) == (7, 6, 10.0, 360.0)
    assert (eight.cards, eight.per_hour, dict(eight.failures)) == (0, None, {"stamp_missing": 2, "identity": 1})
    assert queries.counter_figures(OfficeFactory(), clock.today()) == []


def test_the_list_to_bring_is_that_of_this_card(house: CaseHouse) -> None:
    handover = Procedure.objects.get(code="permit_handover")
    for code in ("passport_at_handover", "tax_stamp", "child_present", "old_permit_or_receipt"):
        DocumentFactory(procedure=handover, code=code, stage="handover", valid_from=LAW_OF_2017)
    brought = [one.code for one in queries.to_bring(card(house), clock.today())]
    assert brought == ["passport_at_handover", "tax_stamp"]
    assert len(queries.to_bring(PermitFactory(), clock.today())) == 4
