"""A delivery: each card finds the file that awaits it, or is set aside; nothing is lost, nothing is doubled."""

from datetime import date
from typing import Any

import pytest

from parvis.casefiles.states import State as FileState
from parvis.journal.models import Entry
from parvis.permits import actions, queries
from parvis.permits.errors import (
    AlreadySettled,
    DeliveryClosed,
    FileAwaitsNoCard,
    FileHasCard,
    PermitNumberMalformed,
    PermitNumberTaken,
    TextMissing,
)
from parvis.permits.models import Permit, SetAside
from parvis.permits.states import Returned
from tests.casefiles.house import CaseHouse
from tests.permits.cards import card, delivery
from tests.permits.factories import PermitFactory

BORN = date(1990, 1, 1)


class TestMatching:
    def test_by_the_number_of_the_file(self, house: CaseHouse) -> None:
        file = house.granted()
        taken = actions.scan(
            delivery(house), "test 1", file_number=f" {file.number.lower()} ", place="Tiroir 3", by=house.clerk
        )
        file.refresh_from_db()
        assert isinstance(taken, Permit)
        assert (taken.number, taken.person, taken.case_file, taken.place) == ("TEST1", file.person, file, "Tiroir 3")
        assert file.state == FileState.RECEIVED

    def test_by_the_foreign_number_of_whoever_awaits_a_card(self, house: CaseHouse) -> None:
        file = house.granted(person=house.person(foreign_number="9900000101"))
        taken = actions.scan(delivery(house), "TEST1", foreign_number="99 00 00 01 01", by=house.clerk)
        assert isinstance(taken, Permit)
        assert taken.case_file == file

    def test_by_name_and_birth_date_in_any_order_and_script(self, house: CaseHouse) -> None:
        person = house.person(family_name="Exémple", given_name="Test", folded_name="exemple test", birth_date=BORN)
        file = house.granted(person=person)
        taken = actions.scan(delivery(house), "TEST1", name="TEST EXEMPLE", birth_date=BORN, by=house.clerk)
        assert isinstance(taken, Permit)
        assert taken.case_file == file

    @pytest.mark.parametrize(
        ("key", "said"),
        [
            ("file_number", {"birth_date": date(1990, 1, 2)}),
            ("file_number", {"name": "TÉMOIN Fictif"}),
            ("file_number", {"foreign_number": "9900000102"}),
            ("foreign_number", {"birth_date": date(1990, 1, 2)}),
            ("foreign_number", {"name": "TÉMOIN Fictif"}),
        ],
    )
    def test_a_number_of_one_with_the_identity_of_another_is_for_an_agent(
        self, house: CaseHouse, key: str, said: dict[str, Any]
    ) -> None:
        """A figure typed wrong must not put the card of one into the file of another."""
        person = house.person(
            family_name="Exemple", folded_name="exemple test", birth_date=BORN, foreign_number="9900000101"
        )
        file = house.granted(person=person)
        found = {"file_number": file.number, "foreign_number": "9900000101"}[key]
        aside = actions.scan(delivery(house), "TEST1", **{key: found}, **said, by=house.clerk)
        assert isinstance(aside, SetAside)
        assert aside.code == "identity_differs"

    def test_two_people_of_one_name_and_day_are_told_apart_by_an_agent(self, house: CaseHouse) -> None:
        same = {"family_name": "Exemple", "given_name": "", "folded_name": "exemple", "birth_date": BORN}
        files = [house.granted(person=house.person(**same)) for _twice in range(2)]
        aside = actions.scan(delivery(house), "TEST1", name="Exemple", birth_date=BORN, by=house.clerk)
        assert isinstance(aside, SetAside)
        assert aside.code == "several_files"
        assert queries.candidates(house.office, name="Exemple", birth_date=BORN) == files

    def test_a_card_without_a_file(self, house: CaseHouse) -> None:
        aside = actions.scan(
            delivery(house), "TEST1", foreign_number="9900000101", name="Fictif", place="Bac", by=house.clerk
        )
        assert isinstance(aside, SetAside)
        assert (aside.code, aside.name, aside.place) == ("no_file", "Fictif", "Bac")
        assert list(queries.set_aside(house.office)) == [aside]

    def test_two_cards_for_one_file(self, house: CaseHouse) -> None:
        first = card(house)
        assert first.case_file is not None
        aside = actions.scan(delivery(house), "TEST-B", file_number=first.case_file.number, by=house.clerk)
        assert isinstance(aside, SetAside)
        assert aside.code == "file_has_card"
        assert Permit.objects.get() == first

    def test_a_file_that_awaits_none(self, house: CaseHouse) -> None:
        aside = actions.scan(delivery(house), "TEST1", file_number=house.taken().number, by=house.clerk)
        assert isinstance(aside, SetAside)
        assert aside.code == "file_awaits_no_card"

    def test_a_number_whose_person_is_somebody_else(self, house: CaseHouse) -> None:
        file = house.granted(person=house.person(foreign_number="9900000101"))
        aside = actions.scan(
            delivery(house), "TEST1", file_number=file.number, foreign_number="9900000999", by=house.clerk
        )
        assert isinstance(aside, SetAside)
        assert aside.code == "identity_differs"

    def test_a_card_known_from_elsewhere(self, house: CaseHouse) -> None:
        known = PermitFactory(office=house.office, number="TEST1")
        aside = actions.scan(delivery(house), "TEST1", file_number=house.granted().number, by=house.clerk)
        assert isinstance(aside, SetAside)
        assert aside.code == "card_known"
        assert Permit.objects.get() == known

    @pytest.mark.parametrize("typed", ["", "X", "مثال", "1" * 10_000])
    def test_a_scan_that_is_no_number(self, house: CaseHouse, typed: str) -> None:
        with pytest.raises(PermitNumberMalformed):
            actions.scan(delivery(house), typed, by=house.clerk)


class TestTwice:
    def test_one_card_scanned_twice_is_one(self, house: CaseHouse) -> None:
        arrived, file = delivery(house), house.granted()
        first = actions.scan(arrived, "TEST1", file_number=file.number, by=house.clerk)
        assert actions.scan(arrived, "TEST1", by=house.officer) == first
        assert Entry.objects.filter(what="permit.received").count() == 1

    def test_one_card_set_aside_twice_is_one(self, house: CaseHouse) -> None:
        arrived = delivery(house)
        first = actions.scan(arrived, "TEST1", by=house.clerk)
        assert actions.scan(arrived, "TEST1", by=house.clerk) == first
        assert Entry.objects.filter(what="permit.set_aside").count() == 1

    def test_scanned_again_with_its_file_it_is_settled(self, house: CaseHouse) -> None:
        arrived = delivery(house)
        aside = actions.scan(arrived, "TEST1", by=house.clerk)
        taken = actions.scan(arrived, "TEST1", file_number=house.granted().number, by=house.clerk)
        aside.refresh_from_db()
        assert isinstance(aside, SetAside)
        assert aside.permit == taken
        assert not queries.set_aside(house.office).exists()

    def test_a_closed_delivery_takes_nothing_more(self, house: CaseHouse) -> None:
        arrived, file = delivery(house), house.granted()
        taken = actions.scan(arrived, "TEST1", file_number=file.number, by=house.clerk)
        closed = actions.close_delivery(arrived, by=house.clerk)
        assert actions.close_delivery(arrived, by=house.officer).closed_at == closed.closed_at
        assert actions.scan(arrived, "TEST1", by=house.clerk) == taken
        with pytest.raises(DeliveryClosed):
            actions.scan(arrived, "TEST2", by=house.clerk)
        (listed,) = queries.deliveries(house.office)
        assert (listed.cards, listed.waiting) == (1, 0)


class TestSettling:
    @pytest.fixture
    def aside(self, house: CaseHouse) -> SetAside:
        aside = actions.scan(delivery(house), "TEST1", place="Bac", by=house.clerk)
        assert isinstance(aside, SetAside)
        return aside

    def test_an_agent_says_whose_card_it_is(self, house: CaseHouse, aside: SetAside) -> None:
        file = house.granted()
        permit = actions.settle(aside, file, by=house.clerk)
        assert Entry.objects.filter(what="permit.settled").count() == 1
        file.refresh_from_db()
        assert (permit.case_file, permit.place, file.state) == (file, "Bac", FileState.RECEIVED)
        with pytest.raises(AlreadySettled):
            actions.settle(aside, house.granted("student"), by=house.clerk)

    def test_only_to_a_file_that_awaits_a_card(self, house: CaseHouse, aside: SetAside) -> None:
        with pytest.raises(FileAwaitsNoCard):
            actions.settle(aside, house.taken(), by=house.clerk)
        taken = card(house)
        assert taken.case_file is not None
        with pytest.raises(FileHasCard):
            actions.settle(aside, taken.case_file, by=house.clerk)
        with pytest.raises(PermitNumberTaken):
            actions.settle(aside, house.granted("student"), number=taken.number, by=house.clerk)

    def test_what_no_file_here_will_have_is_dismissed_with_a_reason(self, house: CaseHouse, aside: SetAside) -> None:
        with pytest.raises(TextMissing):
            actions.dismiss(aside, " ", by=house.clerk)
        actions.dismiss(aside, "Envoyé à la sous-préfecture", by=house.clerk)
        aside.refresh_from_db()
        assert aside.dismissed_because == "Envoyé à la sous-préfecture"
        assert not queries.set_aside(house.office).exists()
        with pytest.raises(AlreadySettled):
            actions.dismiss(aside, "Encore", by=house.clerk)


def test_a_faulty_card_goes_back_and_another_may_come(house: CaseHouse) -> None:
    faulty = card(house)
    file = faulty.case_file
    assert file is not None
    actions.send_back([faulty], Returned.FAULTY, by=house.clerk)
    file.refresh_from_db()
    assert file.state == FileState.IN_PRODUCTION
    assert list(queries.faulty(house.office)) == [faulty]
    again = card(house, file)
    assert again.case_file == file
