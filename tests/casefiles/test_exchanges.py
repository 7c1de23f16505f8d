"""What is asked of the person, of a body outside, of the committee."""

from datetime import date, timedelta

import pytest

from parvis.casefiles import actions
from parvis.casefiles.actions import exchanges
from parvis.casefiles.errors import (
    CommitteeTooSoon,
    DateImpossible,
    NotYourFile,
    QuestionOver,
    ReasonMissing,
    SendingOfWrongKind,
    SendingTooLarge,
    TooManySendings,
    UnknownDocument,
)
from parvis.casefiles.models import CaseFile, Question, SentDocument
from parvis.casefiles.states import Closing, OpinionBody, State
from parvis.common import clock
from parvis.common.errors import IllegalMove
from parvis.journal.models import Entry
from parvis.messages.models import Message
from tests.casefiles.house import CaseHouse, days_later

PDF = b"%PDF-1.7 fictif"
JPEG = b"\xff\xd8\xff\xe0 fictif"
PNG = b"\x89PNG\r\n\x1a\n fictif"


def asked(house: CaseHouse, **changes: object) -> Question:
    given = {"text": "Votre nouveau contrat de travail.", "documents": ["photos"], "by": house.officer} | changes
    return actions.ask_person(house.taken(), **given)


def test_a_question_leaves_with_a_link_and_a_day_and_the_delay_runs_on(house: CaseHouse) -> None:
    question = asked(house)
    file = CaseFile.objects.get()
    assert (file.state, question.answer_by) == (State.INFORMATION_REQUESTED, date(2018, 1, 10))
    assert file.decide_by == date(2018, 4, 11)
    message = Message.objects.get(kind="casefiles.asked")
    assert (message.channel, message.facts["question"]) == ("email", question.pk)


def test_who_has_neither_address_nor_phone_gets_a_letter(house: CaseHouse) -> None:
    file = house.taken(person=house.person(email=""))
    actions.ask_person(file, text="Votre contrat.", by=house.officer)
    assert Message.objects.get(kind="casefiles.asked").channel == "letter"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": " ", "documents": []}, ReasonMissing),
        ({"documents": ["driving_licence"]}, UnknownDocument),
        ({"answer_by": date(2017, 12, 11)}, DateImpossible),
        ({"answer_by": date(2017, 1, 1)}, DateImpossible),
    ],
)
def test_a_question_that_asks_nothing_or_for_yesterday_is_refused(
    house: CaseHouse, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        asked(house, **changes)
    assert CaseFile.objects.get().state == State.UNDER_REVIEW
    assert not Message.objects.filter(kind="casefiles.asked").exists()


def test_a_colleague_s_file_is_left_alone(house: CaseHouse) -> None:
    with pytest.raises(NotYourFile):
        asked(house, by=house.signatory)


def test_the_answer_puts_the_file_under_review_again(house: CaseHouse) -> None:
    question = asked(house)
    sent = actions.send_document(question, name="C:\\Photos\\contrat.pdf", content=PDF, code="photos")
    assert (sent.name, sent.media_type, sent.size) == ("contrat.pdf", "application/pdf", len(PDF))
    file = actions.answer(question, text="Voici.")
    assert file.state == State.UNDER_REVIEW
    question.refresh_from_db()
    assert (question.answer, question.answered_at) == ("Voici.", clock.now())


def test_an_answer_says_or_sends_something(house: CaseHouse) -> None:
    question = asked(house)
    with pytest.raises(ReasonMissing):
        actions.answer(question, text=" ")
    actions.send_document(question, name="photo.jpg", content=JPEG)
    assert actions.answer(question, text="").state == State.UNDER_REVIEW


def test_the_same_document_twice_is_kept_once(house: CaseHouse) -> None:
    question = asked(house)
    first = actions.send_document(question, name="a.png", content=PNG)
    assert actions.send_document(question, name="b.png", content=PNG) == first
    assert Entry.objects.filter(what="case_file.document_sent").count() == 1


@pytest.mark.parametrize(
    ("content", "code", "error"),
    [
        (b"MZ\x90 programme", "", SendingOfWrongKind),
        (b"", "", SendingOfWrongKind),
        (b"<html>%PDF-", "", SendingOfWrongKind),
        (PDF + b"0" * 10_000_000, "", SendingTooLarge),
        (PDF, "passport", UnknownDocument),
    ],
)
def test_what_is_too_large_or_no_document_is_refused(
    house: CaseHouse, content: bytes, code: str, error: type[Exception]
) -> None:
    question = asked(house)
    with pytest.raises(error):
        actions.send_document(question, name="facture.pdf", content=content, code=code)
    assert not SentDocument.objects.exists()


def test_twenty_documents_at_most(house: CaseHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "MOST_SENT", 2)
    question = asked(house)
    for number in range(2):
        actions.send_document(question, name="a.pdf", content=PDF + bytes([number]))
    with pytest.raises(TooManySendings):
        actions.send_document(question, name="a.pdf", content=PDF + b"more")


def test_a_link_serves_until_its_day_or_until_the_answer(house: CaseHouse) -> None:
    question, late = asked(house), asked(house)
    actions.answer(question, text="Voici.")
    with pytest.raises(QuestionOver):
        actions.answer(question, text="Encore.")
    with pytest.raises(QuestionOver):
        actions.send_document(question, name="a.pdf", content=PDF)
    days_later(31)
    with pytest.raises(QuestionOver):
        actions.send_document(late, name="a.pdf", content=PDF)
    assert actions.end_question(late, by=house.officer).state == State.UNDER_REVIEW


def test_a_file_that_ends_awaits_no_answer(house: CaseHouse) -> None:
    question = asked(house)
    actions.close(question.case_file, Closing.WITHDRAWN, by=house.officer)
    with pytest.raises(QuestionOver):
        actions.answer(question, text="Voici.")


def test_an_opinion_is_awaited_then_read(house: CaseHouse) -> None:
    file = house.taken()
    opinion = actions.ask_opinion(file, OpinionBody.MAYOR, date(2018, 2, 11), by=house.officer, seen=file.version)
    assert CaseFile.objects.get().state == State.OPINION_PENDING
    assert (
        actions.record_opinion(opinion, is_favourable=True, text="Favorable.", by=house.officer).state
        == State.UNDER_REVIEW
    )
    with pytest.raises(IllegalMove):
        actions.record_opinion(opinion, is_favourable=False, by=house.officer)


def test_two_bodies_may_be_asked_and_the_last_answer_moves_the_file(house: CaseHouse) -> None:
    file = house.taken()
    first = actions.ask_opinion(file, OpinionBody.MAYOR, date(2018, 2, 11), by=house.officer)
    second = actions.ask_opinion(file, OpinionBody.POLICE, date(2018, 2, 11), by=house.officer)
    with pytest.raises(IllegalMove):
        actions.ask_opinion(file, OpinionBody.POLICE, date(2018, 2, 11), by=house.officer)
    assert actions.record_opinion(second, is_favourable=True, by=house.officer).state == State.OPINION_PENDING
    assert actions.record_opinion(first, is_favourable=True, by=house.officer).state == State.UNDER_REVIEW


def test_an_opinion_is_not_awaited_since_yesterday(house: CaseHouse) -> None:
    with pytest.raises(DateImpossible):
        actions.ask_opinion(house.taken(), OpinionBody.MAYOR, date(2017, 12, 10), by=house.officer)


@pytest.mark.parametrize(
    ("summoned", "meets", "error"),
    [
        (date(2017, 12, 12), date(2017, 12, 26), CommitteeTooSoon),
        (date(2017, 12, 12), date(2018, 3, 12), DateImpossible),
        (date(2017, 12, 10), date(2018, 1, 10), DateImpossible),
    ],
)
def test_the_committee_meets_fifteen_days_after_the_summons_and_within_three_months(
    house: CaseHouse, summoned: date, meets: date, error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.refer_to_committee(house.taken(), summoned_on=summoned, meets_on=meets, by=house.officer)
    assert CaseFile.objects.get().state == State.UNDER_REVIEW


def test_the_committee_is_heard_on_its_day(house: CaseHouse) -> None:
    file = house.taken()
    made = actions.refer_to_committee(
        file, summoned_on=date(2017, 12, 12), meets_on=date(2017, 12, 27), by=house.officer
    )
    assert set(Message.objects.filter(kind="casefiles.committee").values_list("channel", flat=True)) == {
        "letter",
        "email",
    }
    with pytest.raises(DateImpossible):
        actions.record_committee(made, is_favourable=True, by=house.officer)
    clock.hold(clock.now() + timedelta(days=16))
    assert (
        actions.record_committee(made, is_favourable=True, text="Avis favorable.", by=house.officer).state
        == State.UNDER_REVIEW
    )
    with pytest.raises(IllegalMove):
        actions.record_committee(made, is_favourable=False, by=house.officer)
