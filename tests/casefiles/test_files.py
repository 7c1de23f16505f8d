"""A file begins, its documents are looked at, its delay runs."""

from datetime import date

import pytest

from parvis.casefiles import actions, queries
from parvis.casefiles.errors import (
    DateImpossible,
    FileAlreadyOpen,
    FileChanged,
    NothingMissing,
    ReasonMissing,
    UnknownDocument,
)
from parvis.casefiles.models import CaseFile, DocumentCheck, MissingSlip
from parvis.casefiles.states import Channel, DocumentState, State
from parvis.common.errors import IllegalMove, KeyReused
from parvis.journal.models import Entry
from tests.casefiles.house import CaseHouse

SEEN = (DocumentState.SEEN, "")


def test_a_deposit_opens_a_file_with_a_number_of_its_own(house: CaseHouse) -> None:
    file = house.deposited(permit_expires_on=date(2018, 1, 15))
    assert (file.state, file.deposited_on, file.fee_case) == (State.DEPOSITED, date(2017, 12, 11), "renewal")
    assert len(file.number) == 9
    assert file.number.startswith("D")
    assert queries.by_number(f" {file.number[:4].lower()} {file.number[4:]}") == file
    entry = Entry.objects.about(file).get()
    assert (entry.what, entry.agent_id) == ("case_file.deposited", house.clerk.pk)
    assert entry.facts["to"] == State.DEPOSITED


def test_the_same_request_by_another_channel_is_told_which_file_is_open(house: CaseHouse) -> None:
    file = house.deposited()
    with pytest.raises(FileAlreadyOpen) as told:
        house.deposited(person=file.person, channel=Channel.POST)
    assert told.value.file == file
    assert house.deposited("student", person=file.person).pk != file.pk
    assert CaseFile.objects.count() == 2


def test_once_a_file_is_over_another_may_be_opened(house: CaseHouse) -> None:
    refused = house.refused()
    assert house.deposited(person=refused.person).pk != refused.pk


def test_the_same_key_gives_the_same_file_and_another_content_is_refused(house: CaseHouse) -> None:
    person = house.person()
    first = house.deposited(person=person, key="clé")
    assert house.deposited(person=person, key="clé") == first
    with pytest.raises(KeyReused):
        house.deposited("student", person=person, key="clé")
    assert CaseFile.objects.count() == 1


@pytest.mark.parametrize("day", [date(2017, 12, 12), date(1917, 12, 11)])
def test_a_day_to_come_or_of_another_age_is_refused(house: CaseHouse, day: date) -> None:
    with pytest.raises(DateImpossible):
        house.deposited(deposited_on=day)
    assert not CaseFile.objects.exists()


def test_a_file_is_complete_once_every_document_is_settled_and_its_delay_runs_from_that_day(house: CaseHouse) -> None:
    file = house.complete()
    assert file.state == State.UNDER_REVIEW
    assert (file.complete_on, file.decide_by, file.warn_on) == (
        date(2017, 12, 11),
        date(2018, 4, 11),
        date(2018, 3, 11),
    )
    moved = Entry.objects.about(file).get(what="case_file.under_review")
    assert moved.facts["decide_by"] == "2018-04-11"
    assert moved.facts["from"] == State.DEPOSITED


def test_a_file_without_its_photos_is_incomplete_and_has_no_legal_date(house: CaseHouse) -> None:
    file = house.incomplete()
    assert (file.state, file.complete_on, file.decide_by) == (State.INCOMPLETE, None, None)
    assert file.missing_by == date(2018, 1, 10)
    assert [one.document.code for one in queries.unsettled(queries.list_for(file))] == ["photos"]


def test_what_was_missing_completes_the_file_when_it_comes(house: CaseHouse) -> None:
    file = actions.tick(house.incomplete(), {"photos": SEEN}, by=house.clerk)
    assert (file.state, file.missing_by) == (State.UNDER_REVIEW, None)
    assert DocumentCheck.objects.get(case_file=file, code="photos").state == DocumentState.SEEN


def test_one_document_of_a_group_is_enough(house: CaseHouse) -> None:
    file = house.deposited()
    seen = house.all_seen(file)
    hosted = seen | {"address_own": (DocumentState.NOT_NEEDED, ""), "host_certificate": SEEN}
    none = seen | {"address_own": (DocumentState.NOT_NEEDED, "")}
    assert actions.tick(file, none, by=house.clerk).state == State.INCOMPLETE
    assert actions.tick(file, hosted, by=house.clerk).state == State.UNDER_REVIEW


def test_a_document_asked_of_everybody_cannot_be_waved_away(house: CaseHouse) -> None:
    file = house.deposited()
    file = actions.tick(file, house.all_seen(file) | {"passport": (DocumentState.NOT_NEEDED, "")}, by=house.clerk)
    assert file.state == State.INCOMPLETE


def test_a_document_that_only_some_bring_must_be_looked_at(house: CaseHouse) -> None:
    file = house.deposited()
    seen = house.all_seen(file)
    del seen["translation"]
    assert actions.tick(file, seen, by=house.clerk).state == State.INCOMPLETE


@pytest.mark.parametrize(
    ("code", "state", "reason", "error"),
    [
        ("driving_licence", DocumentState.SEEN, "", UnknownDocument),
        ("photos", "eaten", "", UnknownDocument),
        ("photos", DocumentState.NOT_ACCEPTED, " ", ReasonMissing),
    ],
)
def test_what_is_no_check_changes_nothing(
    house: CaseHouse, code: str, state: str, reason: str, error: type[Exception]
) -> None:
    file = house.deposited()
    with pytest.raises(error):
        actions.tick(file, house.all_seen(file) | {code: (state, reason)}, by=house.clerk)
    file.refresh_from_db()
    assert file.state == State.DEPOSITED
    assert not DocumentCheck.objects.exists()


def test_who_ticks_a_file_that_moved_is_told(house: CaseHouse) -> None:
    file = house.deposited()
    house.office.refresh_from_db()
    actions.tick(file, house.all_seen(file), by=house.clerk)
    with pytest.raises(FileChanged) as told:
        actions.tick(file, {"photos": (DocumentState.MISSING, "")}, by=house.clerk, seen=1)
    assert "En instruction" in str(told.value)


def test_documents_seen_again_under_review_do_not_move_the_legal_date(house: CaseHouse) -> None:
    file = house.complete()
    again = actions.tick(file, {"photos": (DocumentState.NOT_ACCEPTED, "Floues")}, by=house.clerk)
    assert (again.state, again.decide_by) == (State.UNDER_REVIEW, file.decide_by)


def test_a_decided_file_is_ticked_no_more(house: CaseHouse) -> None:
    with pytest.raises(IllegalMove):
        actions.tick(house.granted(), {"photos": SEEN}, by=house.clerk)


def test_the_slip_says_what_is_missing_and_until_when(house: CaseHouse) -> None:
    file = house.deposited()
    seen = house.all_seen(file) | {"photos": (DocumentState.NOT_ACCEPTED, "Floues")}
    file = actions.tick(file, seen, by=house.clerk)
    slip = actions.give_slip(file, by=house.clerk, until=date(2018, 1, 5))
    assert slip.documents == [{"code": "photos", "state": "not_accepted", "reason": "Floues"}]
    file.refresh_from_db()
    assert (file.state, file.missing_by) == (State.INCOMPLETE, date(2018, 1, 5))


def test_a_slip_before_anything_was_ticked_leaves_the_file_incomplete(house: CaseHouse) -> None:
    slip = actions.give_slip(house.deposited(), by=house.clerk)
    assert {one["code"] for one in slip.documents} >= {"passport", "photos"}
    assert CaseFile.objects.get().state == State.INCOMPLETE


def test_no_slip_when_nothing_is_missing_or_for_a_day_that_has_passed(house: CaseHouse) -> None:
    with pytest.raises(NothingMissing):
        actions.give_slip(house.complete(), by=house.clerk)
    with pytest.raises(DateImpossible):
        actions.give_slip(house.incomplete(), by=house.clerk, until=date(2017, 12, 11))
    assert not MissingSlip.objects.exists()
