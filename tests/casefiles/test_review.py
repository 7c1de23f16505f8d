"""Whose file it is, what is put aside, and what nobody did in time."""

from datetime import date, timedelta

import pytest

from parvis.casefiles import actions
from parvis.casefiles.errors import DateImpossible, FileChanged, NotYourFile, ReasonMissing
from parvis.casefiles.models import CaseFile, Note
from parvis.casefiles.rules import is_silent
from parvis.casefiles.states import Decision, State
from parvis.common import clock
from parvis.common.errors import IllegalMove
from parvis.journal.models import Entry
from tests.casefiles.house import CaseHouse, days_later


def test_a_free_file_is_taken_once(house: CaseHouse) -> None:
    read = house.complete()
    file = actions.take(read, by=house.officer, seen=read.version)
    assert file.officer == house.officer
    with pytest.raises(NotYourFile) as told:
        actions.take(read, by=house.signatory, seen=read.version)
    assert house.officer.name in str(told.value)
    assert CaseFile.objects.get().officer == house.officer


def test_whoever_read_that_it_is_a_colleague_s_may_take_it_over(house: CaseHouse) -> None:
    file = house.taken()
    taken = actions.take(file, by=house.signatory, seen=file.version)
    assert taken.officer == house.signatory
    assert Entry.objects.about(file).order_by("-pk")[0].facts["from_agent"] == house.officer.pk


def test_taking_one_s_own_file_again_changes_nothing(house: CaseHouse) -> None:
    file = house.taken()
    assert actions.take(file, by=house.officer).version == file.version


def test_who_takes_a_free_file_that_moved_is_told(house: CaseHouse) -> None:
    read = house.complete()
    actions.tick(read, {"photos": ("not_accepted", "Floues")}, by=house.clerk)
    with pytest.raises(FileChanged):
        actions.take(read, by=house.officer, seen=read.version)


def test_files_are_given_and_decided_ones_stay(house: CaseHouse) -> None:
    files = [house.complete(), house.taken(), house.granted()]
    given = actions.give(files, house.signatory, by=house.officer)
    assert [file.pk for file in given.done] == [files[0].pk, files[1].pk]
    assert [(file.pk, type(error)) for file, error in given.refused] == [(files[2].pk, IllegalMove)]
    assert CaseFile.objects.get(pk=files[2].pk).officer == house.officer


def test_a_file_is_let_go_by_whoever_has_it(house: CaseHouse) -> None:
    file = house.taken()
    with pytest.raises(NotYourFile):
        actions.let_go(file, by=house.signatory)
    assert actions.let_go(file, by=house.officer).officer is None


def test_a_file_put_aside_keeps_its_legal_date(house: CaseHouse) -> None:
    file = house.taken()
    held = actions.hold(file, date(2018, 1, 8), "Attend une pièce du consulat", by=house.officer, seen=file.version)
    assert (held.state, held.held_until, held.decide_by) == (State.UNDER_REVIEW, date(2018, 1, 8), file.decide_by)
    assert actions.resume(held, by=house.officer).held_until is None


def test_why_a_file_was_put_aside_outlives_the_waiting(house: CaseHouse) -> None:
    resumed, proposed = house.taken(), house.taken()
    for file in (resumed, proposed):
        actions.hold(file, date(2018, 1, 8), "Attend une pièce du consulat", by=house.officer)
    actions.resume(resumed, by=house.officer)
    actions.propose(proposed, Decision.GRANT, by=house.officer)
    for file in (resumed, proposed):
        word = Note.objects.get(case_file=file)
        assert (word.text, word.agent_id) == (
            "En attente jusqu'au 08/01/2018 : Attend une pièce du consulat",
            house.officer.pk,
        )
        held = Entry.objects.about(file).get(what="case_file.held")
        assert held.facts["note"] == word.pk
        assert "consulat" not in str(held.facts)


@pytest.mark.parametrize("day", [date(2017, 12, 11), date(2016, 1, 1), date(2031, 1, 1)])
def test_a_file_is_put_aside_until_a_day_to_come(house: CaseHouse, day: date) -> None:
    with pytest.raises(DateImpossible):
        actions.hold(house.taken(), day, "Attend", by=house.officer)


def test_putting_aside_needs_a_reason_and_a_file_to_work_on(house: CaseHouse) -> None:
    mine, decided = house.taken(), house.granted()
    with pytest.raises(ReasonMissing):
        actions.hold(mine, date(2018, 1, 8), " ", by=house.officer)
    with pytest.raises(IllegalMove):
        actions.hold(decided, date(2018, 1, 8), "Attend", by=house.officer)
    assert not CaseFile.objects.exclude(held_until=None).exists()
    assert actions.hold(mine, date(2018, 1, 8), "Attend", by=house.officer).held_because == "Attend"


def test_a_note_is_kept_and_the_journal_does_not_know_what_it_says(house: CaseHouse) -> None:
    file = house.taken()
    made = actions.note(file, "  Vérifier l'adresse.\r\n\r\n\r\nRappeler lundi. ", by=house.officer)
    assert made.text == "Vérifier l'adresse.\n\nRappeler lundi."
    entry = Entry.objects.about(file).latest("pk")
    assert (entry.what, entry.facts) == ("case_file.noted", {"note": made.pk})
    with pytest.raises(ReasonMissing):
        actions.note(file, " \n ", by=house.officer)
    assert Note.objects.count() == 1


def test_silence_is_said_a_month_before_and_once(house: CaseHouse) -> None:
    file = house.complete()
    assert actions.warn_due() == 0
    clock.hold(clock.at(date(2018, 3, 11), "04:10"))
    assert [actions.warn_due(), actions.warn_due()] == [1, 0]
    entry = Entry.objects.get(what="case_file.silence_near")
    assert (entry.subject_id, entry.facts["until"], entry.agent_id) == (file.pk, "2018-04-11", None)


def test_silence_that_passed_is_no_decision_and_the_file_may_still_be_granted(house: CaseHouse) -> None:
    file = house.taken()
    clock.hold(clock.at(date(2018, 4, 11), "04:10"))
    assert [actions.warn_due(), actions.warn_due()] == [1, 0]
    assert Entry.objects.filter(what="case_file.silence_passed").count() == 1
    file.refresh_from_db()
    assert is_silent(file, clock.today())
    assert (file.state, file.proposal, file.decided_at) == (State.UNDER_REVIEW, "", None)
    file = actions.propose(file, Decision.GRANT, by=house.officer)
    assert actions.sign(file, by=house.signatory).state == State.IN_PRODUCTION


def test_silence_is_said_of_no_decided_file(house: CaseHouse) -> None:
    house.granted()
    house.refused()
    clock.hold(clock.at(date(2018, 5, 1), "04:10"))
    assert actions.warn_due() == 0


def test_a_person_who_did_not_answer_in_time_keeps_nobody_waiting(house: CaseHouse) -> None:
    file = house.taken()
    actions.ask_person(file, text="Votre contrat", answer_by=clock.today() + timedelta(days=10), by=house.officer)
    days_later(10)
    assert actions.end_unanswered() == 0
    days_later(1)
    assert actions.end_unanswered() == 1
    file.refresh_from_db()
    assert (file.state, file.officer) == (State.UNDER_REVIEW, house.officer)
