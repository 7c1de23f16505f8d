"""One agent proposes, another signs; what a decision leads to."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from parvis.casefiles import actions
from parvis.casefiles.errors import (
    CommitteeFirst,
    FileAlreadyOpen,
    FileChanged,
    NotYourFile,
    ReasonMissing,
    RefusalUnread,
    SameAgent,
)
from parvis.casefiles.models import CaseFile, Note
from parvis.casefiles.states import Closing, Decision, OrderToLeave, State
from parvis.common import clock
from parvis.common.errors import IllegalMove, NotAllowed
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages.models import Message
from parvis.procedures.rules import add_months
from tests.casefiles.house import CaseHouse, days_later, rule
from tests.offices.factories import AgentFactory
from tests.procedures.factories import ProcedureFactory


def test_what_one_agent_proposes_another_signs_and_the_card_goes_into_production(house: CaseHouse) -> None:
    file = actions.sign(house.proposed(), by=house.signatory)
    assert (file.state, file.proposed_by, file.signed_by) == (State.IN_PRODUCTION, house.officer, house.signatory)
    told = Entry.objects.about(file).order_by("pk").values_list("what", "agent_id")[3:]
    assert list(told) == [
        ("case_file.proposed", house.officer.pk),
        ("case_file.granted", house.signatory.pk),
        ("case_file.in_production", house.signatory.pk),
    ]


def test_whoever_proposed_does_not_sign(house: CaseHouse) -> None:
    file = house.proposed()
    with pytest.raises(SameAgent):
        actions.sign(file, by=house.officer)
    file.refresh_from_db()
    assert (file.state, file.signed_by) == (State.PROPOSED, None)


def test_no_program_signs(house: CaseHouse) -> None:
    with pytest.raises(NotAllowed):
        actions.sign(house.proposed(), by=SYSTEM)  # type: ignore[arg-type]


def test_a_grant_that_makes_no_card_ends_the_file(house: CaseHouse) -> None:
    procedure = ProcedureFactory(code="address_note")
    house.procedures["address_note"] = procedure
    file = actions.deposit(house.office, person=house.person(), procedure=procedure, by=house.clerk)
    file = actions.tick(file, {}, by=house.clerk)
    file = actions.propose(file, Decision.GRANT, by=house.officer)
    file = actions.sign(file, by=house.signatory)
    assert (file.state, file.closing) == (State.CLOSED, Closing.NO_CARD)
    assert file.decide_by is None


def test_a_refusal_says_why_and_the_letter_leaves_with_the_ways_of_appeal(house: CaseHouse) -> None:
    file = house.taken()
    with pytest.raises(ReasonMissing):
        actions.propose(file, Decision.REFUSE, grounds="  ", by=house.officer)
    file = actions.propose(file, Decision.REFUSE, grounds="Ressources insuffisantes.", by=house.officer)
    file = actions.sign(file, by=house.signatory)
    assert file.state == State.REFUSED
    assert set(Message.objects.filter(kind="casefiles.refused").values_list("channel", flat=True)) == {
        "letter",
        "email",
    }


def test_a_permit_by_right_is_not_refused_before_the_committee_was_heard(house: CaseHouse) -> None:
    house.procedures["family"] = ProcedureFactory(code="private_family_life")
    rule(house.procedures["family"])
    file = house.taken("family")
    with pytest.raises(CommitteeFirst):
        actions.propose(file, Decision.REFUSE, grounds="Vie commune non établie.", by=house.officer)
    made = actions.refer_to_committee(
        file, summoned_on=date(2017, 12, 12), meets_on=date(2018, 1, 10), by=house.officer
    )
    days_later(30)
    file = actions.record_committee(made, is_favourable=False, text="Avis défavorable.", by=house.officer)
    proposed = actions.propose(file, Decision.REFUSE, grounds="Vie commune non établie.", by=house.officer)
    assert proposed.state == State.PROPOSED


def test_a_decision_on_a_file_that_moved_meanwhile_says_to_where(house: CaseHouse) -> None:
    read = house.proposed()
    actions.send_back(read, "Pièce illisible.", by=house.signatory)
    with pytest.raises(FileChanged) as told:
        actions.sign(read, by=house.signatory, seen=read.version)
    assert "En instruction" in str(told.value)
    assert CaseFile.objects.get().state == State.UNDER_REVIEW


def test_nobody_proposes_on_a_colleague_s_file(house: CaseHouse) -> None:
    file = house.taken()
    with pytest.raises(NotYourFile) as told:
        actions.propose(file, Decision.GRANT, by=house.signatory)
    assert house.officer.name in str(told.value)


def test_what_is_sent_back_may_be_proposed_by_another_and_signed_by_the_first(house: CaseHouse) -> None:
    file = actions.send_back(house.proposed(), "Vérifier les revenus.", by=house.signatory)
    assert (file.state, file.proposal, file.proposed_by) == (State.UNDER_REVIEW, "", None)
    assert Note.objects.get(case_file=file).text == "Vérifier les revenus."
    file = actions.take(file, by=house.signatory, seen=file.version)
    file = actions.propose(file, Decision.GRANT, by=house.signatory)
    assert actions.sign(file, by=house.officer).state == State.IN_PRODUCTION


def test_the_grounds_of_a_refusal_that_is_sent_back_stay_readable(house: CaseHouse) -> None:
    file = actions.send_back(house.proposed(decision=Decision.REFUSE), "Trop court.", by=house.signatory)
    file = actions.propose(file, Decision.REFUSE, grounds="D'autres motifs.", by=house.officer)
    actions.send_back(file, "Toujours trop court.", by=house.signatory)
    words = [note.text for note in Note.objects.filter(case_file=file).order_by("pk")]
    assert words == [
        "Trop court.\n\nMotifs du refus :\n\nRessources insuffisantes.",
        "Toujours trop court.\n\nMotifs du refus :\n\nD'autres motifs.",
    ]


def test_an_appeal_that_succeeds_opens_the_review_again_with_its_legal_date(house: CaseHouse) -> None:
    file = house.refused()
    before = file.decide_by
    days_later(200)
    with pytest.raises(ReasonMissing):
        actions.reopen(file, "", by=house.signatory)
    file = actions.reopen(file, "Recours gracieux accepté.", by=house.signatory)
    assert (file.state, file.signed_by, file.decided_at, file.grounds) == (State.UNDER_REVIEW, None, None, "")
    assert before
    assert file.decide_by == add_months(clock.today(), 4) > before
    told = Entry.objects.about(file).get(what="case_file.under_review", facts__has_key="note")
    assert told.facts["decide_by"] == file.decide_by.isoformat()
    note = Note.objects.get(pk=told.facts["note"])
    assert "Recours gracieux accepté." in note.text
    assert "Ressources insuffisantes." in note.text


def test_an_order_to_leave_goes_with_a_refusal_alone(house: CaseHouse) -> None:
    order = OrderToLeave.WITHOUT_DELAY
    file = actions.propose(house.taken(), Decision.REFUSE, grounds="Fraude constatée.", order=order, by=house.officer)
    assert actions.sign(file, by=house.signatory).order_to_leave == order
    assert Entry.objects.about(file).get(what="case_file.proposed").facts["order"] == "without_delay"
    other = house.taken("student")
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.propose(other, Decision.GRANT, order=order, by=house.officer)
    assert actions.reopen(file, "Annulé.", by=house.signatory).order_to_leave == ""


def test_a_refusal_is_not_reopened_beside_a_new_request(house: CaseHouse) -> None:
    file = house.refused()
    house.deposited(person=file.person)
    with pytest.raises(FileAlreadyOpen):
        actions.reopen(file, "Recours accepté.", by=house.signatory)
    file.refresh_from_db()
    assert file.state == State.REFUSED


@pytest.mark.parametrize(
    ("state", "closing", "is_possible"),
    [
        ("deposited", Closing.WITHDRAWN, True),
        ("incomplete", Closing.NOT_COMPLETED, True),
        ("complete", Closing.NOT_COMPLETED, False),
        ("complete", Closing.DUPLICATE, True),
        ("refused", Closing.REFUSED, True),
        ("proposed", Closing.REFUSED, False),
        ("granted", Closing.WITHDRAWN, True),
        ("complete", Closing.HANDED_OVER, False),
        ("granted", Closing.NO_CARD, False),
    ],
)
def test_a_file_ends_for_a_reason_that_fits(
    house: CaseHouse, state: str, closing: Closing, *, is_possible: bool
) -> None:
    file = getattr(house, state)()
    if is_possible:
        assert actions.close(file, closing, by=house.officer).closing == closing
        return
    with pytest.raises(IllegalMove):
        actions.close(file, closing, by=house.officer)


def test_a_batch_signs_what_it_can_and_says_why_not_the_rest(house: CaseHouse) -> None:
    good = [house.proposed(), house.proposed()]
    own = actions.propose(house.complete(), Decision.GRANT, by=house.signatory)
    early, moved, refusal = house.complete(), house.proposed(), house.proposed(decision=Decision.REFUSE)
    result = actions.sign_all(
        [*good, own, early, moved, refusal], by=house.signatory, seen={moved.pk: moved.version - 1}
    )
    assert [file.pk for file in result.done] == [file.pk for file in good]
    assert {file.pk: type(error) for file, error in result.refused} == {
        own.pk: SameAgent,
        early.pk: IllegalMove,
        moved.pk: FileChanged,
        refusal.pk: RefusalUnread,
    }
    assert CaseFile.objects.filter(state=State.IN_PRODUCTION).count() == 2
    assert Entry.objects.filter(what="case_file.in_production").count() == 2


def test_a_batch_of_hundreds_takes_as_many_statements_as_one_of_two(
    house: CaseHouse, django_assert_max_num_queries: object
) -> None:
    files = [house.proposed() for _ in range(12)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert len(actions.sign_all(files, by=house.signatory).done) == 12


def test_a_batch_proposes_and_makes_free_files_one_s_own(house: CaseHouse) -> None:
    files = [house.complete(), house.complete()]
    other = house.taken()
    result = actions.propose_all([*files, other], Decision.GRANT, by=house.signatory)
    assert {file.officer for file in result.done} == {house.signatory}
    assert [type(error) for _file, error in result.refused] == [NotYourFile]
    assert actions.sign_all(files, by=AgentFactory(office=house.office)).refused == []
