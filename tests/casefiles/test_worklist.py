"""What an officer has before them: the law's deadline first, page after page, and any file at a glance."""

from datetime import date, timedelta

import pytest

from parvis.casefiles import actions, queries
from parvis.casefiles.models import CaseFile, Skill
from parvis.casefiles.states import State, Work
from parvis.common import clock
from tests.casefiles.house import CaseHouse, days_later
from tests.offices.factories import AgentFactory, OfficeFactory

pytestmark = pytest.mark.django_db


def numbers(files: list[CaseFile]) -> list[int]:
    return [file.pk for file in files]


def test_the_nearest_deadline_first_then_the_oldest_deposit(house: CaseHouse) -> None:
    days_later(-20)
    old = house.deposited()
    days_later(10)
    early = house.complete()
    days_later(5)
    late, later = house.complete(), house.complete()
    young = house.deposited()
    days_later(5)
    expected = [early, late, later, old, young]
    assert queries.worklist(house.office) == expected
    assert early.decide_by is not None
    assert late.decide_by is not None
    assert early.decide_by < late.decide_by


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_any_size_show_every_file_once_in_order(house: CaseHouse, size: int) -> None:
    for _turn in range(3):
        house.complete()
        house.deposited()
        house.incomplete()
        days_later(1)
    whole = numbers(queries.worklist(house.office, limit=100))
    assert len(whole) == 9
    seen: list[int] = []
    after = None
    while page := queries.worklist(house.office, after=after, limit=size):
        seen += numbers(page)
        after = queries.place(page[-1])
    assert seen == whole


@pytest.mark.parametrize("place", ["", "x", "2018-01-01", "..", "2018-13-01.2017-01-01.1", ".2017-01-01." + "9" * 40])
def test_a_place_that_was_tampered_with_breaks_nothing(house: CaseHouse, place: str) -> None:
    file = house.deposited()
    assert queries.worklist(house.office, after=place) == [file]


def test_mine_and_free_share_nothing(house: CaseHouse) -> None:
    mine, free = house.taken(), house.complete()
    house.incomplete()
    assert queries.worklist(house.office, officer=house.officer) == [mine]
    assert queries.worklist(house.office, officer=house.officer, free=True) == [free]
    assert queries.worklist(house.office, officer=house.signatory) == []


def test_an_officer_is_offered_the_procedures_they_review(house: CaseHouse) -> None:
    renewal, student = house.complete("renewal"), house.complete("student")
    Skill.objects.create(agent=house.officer, procedure=student.procedure)
    assert queries.worklist(house.office, officer=house.officer, free=True) == [student]
    assert set(queries.worklist(house.office, officer=house.signatory, free=True)) == {renewal, student}


def test_procedures_and_states_keep_what_they_name(house: CaseHouse) -> None:
    house.complete("renewal")
    student = house.complete("student")
    waiting = house.incomplete("student")
    assert queries.worklist(house.office, procedures=["student"]) == [student, waiting]
    assert queries.worklist(house.office, states=[State.INCOMPLETE]) == [waiting]


def test_decided_files_and_those_of_another_office_are_on_no_list(house: CaseHouse) -> None:
    house.granted()
    house.deposited()
    assert len(queries.worklist(house.office)) == 1
    assert queries.worklist(OfficeFactory()) == []


def test_counts_agree_with_the_lists(house: CaseHouse) -> None:
    house.taken()
    house.complete()
    days_later(95)
    held = house.taken()
    actions.hold(held, clock.today() + timedelta(days=5), "Attente d'un acte", by=house.officer)
    told = queries.counts(house.officer)
    assert (told.mine, told.held, told.free, told.near, told.passed) == (2, 1, 1, 1, 0)
    days_later(40)
    assert queries.counts(house.officer).passed == 1


def test_silence_is_a_list_and_never_a_state(house: CaseHouse) -> None:
    file = house.complete()
    assert file.decide_by == date(2018, 4, 11)
    days_later(90)
    assert (list(queries.near_silence(house.office)), list(queries.silent(house.office))) == ([file], [])
    days_later(40)
    assert (list(queries.near_silence(house.office)), list(queries.silent(house.office))) == ([], [file])
    file.refresh_from_db()
    assert file.state == State.UNDER_REVIEW


def test_a_file_is_found_by_everything_that_is_on_its_papers(house: CaseHouse) -> None:
    person = house.person(
        foreign_number="9900123456",
        passport_number="XX12345",
        family_name="Exemple",
        given_name="Témoin",
        folded_name="exemple temoin",
        birth_date=date(1985, 3, 12),
    )
    house.complete()
    file = house.complete(person=person, permit_expires_on=date(2018, 1, 15))
    receipt = actions.issue_receipt(file, work=Work.NO, by=house.clerk)
    for typed in (
        file.number,
        f" {file.number[:3].lower()} {file.number[3:]}",
        receipt.number,
        "99 00 12 34 56",
        "xx12345",
        "Exemple 12/03/1985",
        "témoin exemple 1985-03-12",
    ):
        assert queries.search(house.office, typed) == [file], typed
    assert queries.search(house.office, "Exemple", birth_date=date(1985, 3, 12)) == [file]
    assert queries.search(house.office, "Exemple 13/03/1985") == []
    assert queries.search(house.office, "Exemple 31/02/1985") == []


@pytest.mark.parametrize(
    "typed", ["", "   ", "D23456789", "R23456789", "0", "%", "'", "\x00", "٠١٢٣٤٥٦٧٨", "x" * 5_000]
)
def test_what_nobody_has_finds_nobody(house: CaseHouse, typed: str) -> None:
    house.complete()
    assert queries.search(house.office, typed) == []


def test_open_files_come_before_closed_ones_and_no_other_office_sees_them(house: CaseHouse) -> None:
    person = house.person(foreign_number="9900123456")
    closed = actions.close(house.deposited(person=person), "withdrawn", by=house.clerk)
    still = house.deposited("student", person=person)
    assert queries.search(house.office, "9900123456") == [still, closed]
    assert queries.search(OfficeFactory(), "9900123456") == []


def test_a_former_number_is_searched_as_it_was_written(house: CaseHouse) -> None:
    file = house.deposited()
    CaseFile.objects.filter(pk=file.pk).update(former_number="92/2017-0042 b")
    assert queries.search(house.office, " 92/2017-0042  b") == [file]
    assert queries.search(house.office, "92/2017-0042 c") == []


def test_a_page_is_read_in_three_statements_however_long(house: CaseHouse, django_assert_num_queries: object) -> None:
    for _turn in range(6):
        house.complete()
    nobody = AgentFactory(office=house.office)
    with django_assert_num_queries(2):  # type: ignore[operator]
        for file in queries.worklist(house.office, officer=nobody):
            assert file.person.family_name
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert [file.procedure.code for file in queries.worklist(house.office)] == ["renewal"] * 6
