"""Several hands on one file: each act happens once, with a control that shows the fault when the lock goes."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

import pytest
from django.db import connection

from parvis.casefiles import actions
from parvis.casefiles.actions import exchanges, moves, watching
from parvis.casefiles.errors import FileAlreadyOpen, FileChanged, NotYourFile
from parvis.casefiles.models import CaseFile, Question, SentDocument, Skill
from parvis.casefiles.states import Channel, Closing, Decision, OpinionBody, State
from parvis.common import clock
from parvis.common.errors import BusinessError, IllegalMove
from parvis.journal.models import Entry
from tests.casefiles.house import CaseHouse, build
from tests.concurrency.threads import Meeting, only_read, together, without_row_locks
from tests.offices.factories import AgentFactory
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
Job = Callable[[], object]
ONE_OPEN = next(one for one in CaseFile._meta.constraints if one.name == "case_file_one_open")


@pytest.fixture
def house(transactional_db: None) -> Iterator[CaseHouse]:
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the locks away, and let two hands read before either writes."""
    both = Meeting()

    def row(pk: int) -> CaseFile:
        return CaseFile.objects.select_related("procedure", "person").get(pk=pk)

    def locked_all(files: Iterable[CaseFile]) -> list[CaseFile]:
        return list(CaseFile.objects.select_related("procedure", "person").filter(pk__in=[file.pk for file in files]))

    monkeypatch.setattr(moves, "row", both.after(row))
    monkeypatch.setattr(moves, "locked_all", both.after(locked_all))
    # What hangs on the file is read after it: the hands wait again, or the first may have written before the second
    # has read.
    monkeypatch.setattr(exchanges, "lock", both.after(only_read))


def went(answers: Iterable[object]) -> int:
    """How many did something; whoever did not was told so in words."""
    failed = [one for one in answers if isinstance(one, BaseException)]
    assert all(isinstance(one, BusinessError) for one in failed), failed
    return sum(not isinstance(one, BaseException) for one in answers)


def tick(house: CaseHouse) -> Job:
    file = house.deposited()
    seen = house.all_seen(file)
    return lambda: actions.tick(file, seen, by=house.clerk, seen=file.version)


def propose(house: CaseHouse) -> Job:
    file = house.complete()
    return lambda: actions.propose(file, Decision.GRANT, by=house.officer)


def sign(house: CaseHouse) -> Job:
    file = house.proposed()
    return lambda: actions.sign(file, by=house.signatory)


def send_back(house: CaseHouse) -> Job:
    file = house.proposed()
    return lambda: actions.send_back(file, "À revoir.", by=house.signatory)


def reopen(house: CaseHouse) -> Job:
    file = house.refused()
    return lambda: actions.reopen(file, "Recours accepté.", by=house.signatory)


def close(house: CaseHouse) -> Job:
    file = house.complete()
    return lambda: actions.close(file, Closing.WITHDRAWN, by=house.officer)


def hold(house: CaseHouse) -> Job:
    file = house.taken()
    return lambda: actions.hold(file, date(2018, 1, 8), "Attend", by=house.officer, seen=file.version)


def answer(house: CaseHouse) -> Job:
    question = actions.ask_person(house.taken(), text="Votre contrat.", by=house.officer)
    return lambda: actions.answer(Question.objects.get(pk=question.pk), text="Voici.")


def end_question(house: CaseHouse) -> Job:
    question = actions.ask_person(house.taken(), text="Votre contrat.", by=house.officer)
    return lambda: actions.end_question(Question.objects.get(pk=question.pk), by=house.officer)


def record_opinion(house: CaseHouse) -> Job:
    opinion = actions.ask_opinion(house.taken(), OpinionBody.MAYOR, date(2018, 2, 1), by=house.officer)
    return lambda: actions.record_opinion(opinion, is_favourable=True, by=house.officer)


def record_committee(house: CaseHouse) -> Job:
    day = date(2017, 12, 27)
    made = actions.refer_to_committee(house.taken(), summoned_on=date(2017, 12, 12), meets_on=day, by=house.officer)
    clock.hold(at("10:00", day))
    return lambda: actions.record_committee(made, is_favourable=True, by=house.officer)


def sign_all(house: CaseHouse) -> Job:
    file = house.proposed()

    def once() -> object:
        result = actions.sign_all([file], by=house.signatory)
        if result.refused:
            raise result.refused[0][1]
        return result

    return once


def propose_all(house: CaseHouse) -> Job:
    file = house.taken()

    def once() -> object:
        result = actions.propose_all([file], Decision.GRANT, by=house.officer)
        if result.refused:
            raise result.refused[0][1]
        return result

    return once


def correct(house: CaseHouse) -> Job:
    file = house.taken()
    said = {"case": file.case, "fee_case": "autre", "permit_expires_on": None}
    return lambda: actions.correct(file, **said, by=house.officer, seen=file.version)


ALONE = [tick, propose, sign, send_back, reopen, close, hold, answer, end_question, record_opinion]
ALONE += [record_committee, propose_all, sign_all, correct]


def ask_person(house: CaseHouse) -> Job:
    file = house.taken()
    return lambda: actions.ask_person(file, text="Votre contrat.", by=house.officer)


def ask_opinion(house: CaseHouse) -> Job:
    file = house.taken()
    return lambda: actions.ask_opinion(file, OpinionBody.MAYOR, date(2018, 2, 1), by=house.officer)


def refer(house: CaseHouse) -> Job:
    file, days = house.taken(), {"summoned_on": date(2017, 12, 12), "meets_on": date(2018, 1, 10)}
    return lambda: actions.refer_to_committee(file, **days, by=house.officer)


@pytest.mark.parametrize("make", [*ALONE, ask_person, ask_opinion, refer])
def test_four_hands_do_it_once(house: CaseHouse, make: Callable[[CaseHouse], Job]) -> None:
    before = Entry.objects.count()
    job = make(house)
    alone = Entry.objects.count() - before
    assert went(together([job] * 4)) == 1
    kinds = list(Entry.objects.order_by("-pk").values_list("what", flat=True)[: Entry.objects.count() - before - alone])
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("make", ALONE)
def test_control_without_the_lock_both_do_it(
    house: CaseHouse, make: Callable[[CaseHouse], Job], request: pytest.FixtureRequest
) -> None:
    job = make(house)
    request.getfixturevalue("no_lock")
    assert went(together([job] * 2)) == 2


@pytest.mark.parametrize("make", [ask_person, ask_opinion, refer])
def test_without_the_lock_the_constraint_alone_holds(
    house: CaseHouse, make: Callable[[CaseHouse], Job], request: pytest.FixtureRequest
) -> None:
    job = make(house)
    request.getfixturevalue("no_lock")
    answers = together([job] * 2)
    assert went(answers) == 1
    assert {type(one) for one in answers if isinstance(one, BaseException)} == {IllegalMove}


def let_go(house: CaseHouse) -> tuple[str, Job]:
    file = house.taken()
    return "let_go", lambda: actions.let_go(file, by=house.officer)


def resume(house: CaseHouse) -> tuple[str, Job]:
    file = actions.hold(house.taken(), date(2018, 1, 8), "Attend", by=house.officer)
    return "resumed", lambda: actions.resume(file, by=house.officer)


def give(house: CaseHouse) -> tuple[str, Job]:
    file = house.complete()
    return "given", lambda: actions.give([file], house.officer, by=house.clerk)


def give_slip(house: CaseHouse) -> tuple[str, Job]:
    file = house.deposited()
    return "incomplete", lambda: actions.give_slip(file, by=house.clerk)


# Where the second finds it done, and nobody needs to be told.
QUIET = [let_go, resume, give, give_slip]


@pytest.mark.parametrize("make", QUIET)
def test_four_hands_tell_it_once(house: CaseHouse, make: Callable[[CaseHouse], tuple[str, Job]]) -> None:
    what, job = make(house)
    assert went(together([job] * 4)) == 4
    assert Entry.objects.filter(what=f"case_file.{what}").count() == 1


@pytest.mark.parametrize("make", QUIET)
def test_control_without_the_lock_it_is_told_twice(
    house: CaseHouse, make: Callable[[CaseHouse], tuple[str, Job]], request: pytest.FixtureRequest
) -> None:
    what, job = make(house)
    request.getfixturevalue("no_lock")
    assert went(together([job] * 2)) == 2
    assert Entry.objects.filter(what=f"case_file.{what}").count() == 2


def reviewing(house: CaseHouse) -> list[Job]:
    """Two chiefs say at once what an officer reviews, each something else."""
    both = [house.procedures["renewal"], house.procedures["student"]]
    return [lambda one=one: actions.set_reviewed(house.officer, [one], by=house.clerk) for one in both]  # type: ignore[misc]


def test_what_an_officer_reviews_is_what_one_of_both_said(house: CaseHouse) -> None:
    assert went(together(reviewing(house))) == 2
    assert Skill.objects.filter(agent=house.officer).count() == 1


def test_control_without_the_lock_an_officer_reviews_what_nobody_said(
    house: CaseHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_locks(monkeypatch)
    monkeypatch.setattr(Skill.objects, "bulk_create", Meeting().before(Skill.objects.bulk_create))
    assert went(together(reviewing(house))) == 2
    assert Skill.objects.filter(agent=house.officer).count() == 2


def takers(house: CaseHouse, count: int) -> list[Job]:
    read = house.complete()
    officers = [AgentFactory(office=house.office) for _ in range(count)]
    return [lambda one=one: actions.take(read, by=one, seen=read.version) for one in officers]  # type: ignore[misc]


def test_eight_officers_take_one_file_and_seven_are_told_who_has_it(house: CaseHouse) -> None:
    answers = together(takers(house, 8))
    assert went(answers) == 1
    assert {type(one) for one in answers if isinstance(one, BaseException)} == {NotYourFile}
    assert Entry.objects.get(what="case_file.taken").agent_id == CaseFile.objects.get().officer_id


def test_control_without_the_lock_two_officers_believe_it_is_theirs(
    house: CaseHouse, request: pytest.FixtureRequest
) -> None:
    jobs = takers(house, 2)
    request.getfixturevalue("no_lock")
    assert went(together(jobs)) == 2
    assert Entry.objects.filter(what="case_file.taken").count() == 2


def deposits(house: CaseHouse) -> list[Job]:
    person = house.person()
    channels = [Channel.COUNTER, Channel.POST, Channel.WEB, Channel.DIGITAL_POINT]
    return [lambda one=one: house.deposited(person=person, channel=one) for one in channels]  # type: ignore[misc]


def test_one_request_by_four_channels_is_one_file_and_three_are_shown_it(house: CaseHouse) -> None:
    answers = together(deposits(house))
    assert went(answers) == 1
    file = CaseFile.objects.get()
    assert [one.file for one in answers if isinstance(one, FileAlreadyOpen)] == [file] * 3


def test_control_without_the_constraint_it_is_four_files(house: CaseHouse) -> None:
    with connection.schema_editor() as editor:
        editor.remove_constraint(CaseFile, ONE_OPEN)
    try:
        assert went(together(deposits(house))) == 4
        assert CaseFile.objects.count() == 4
    finally:
        CaseFile.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(CaseFile, ONE_OPEN)


def decided_both_ways(house: CaseHouse) -> list[Job]:
    file = house.proposed()
    return [
        lambda: actions.sign(file, by=house.signatory, seen=file.version),
        lambda: actions.send_back(file, "À revoir.", by=house.clerk, seen=file.version),
    ]


def test_signed_while_it_is_sent_back_one_holds_and_the_other_is_shown_what_changed(house: CaseHouse) -> None:
    answers = together(decided_both_ways(house))
    assert went(answers) == 1
    assert {type(one) for one in answers if isinstance(one, BaseException)} == {FileChanged}
    last = Entry.objects.filter(subject_type="casefiles.casefile").order_by("-pk")[0]
    assert last.facts["to"] == CaseFile.objects.get().state


def test_control_without_the_lock_it_is_both_granted_and_under_review(
    house: CaseHouse, request: pytest.FixtureRequest
) -> None:
    jobs = decided_both_ways(house)
    request.getfixturevalue("no_lock")
    assert went(together(jobs)) == 2
    after = Entry.objects.filter(facts__from=State.PROPOSED).values_list("facts__to", flat=True)
    assert set(after) == {State.GRANTED, State.UNDER_REVIEW}


def senders(house: CaseHouse) -> list[Job]:
    question = actions.ask_person(house.taken(), text="Votre contrat.", by=house.officer)
    pages = [b"%PDF-1.7 " + bytes([number]) for number in range(4)]
    return [
        lambda page=page: actions.send_document(question, name="a.pdf", content=page)  # type: ignore[misc]
        for page in pages
    ]


def test_documents_sent_together_stay_within_what_a_question_takes(
    house: CaseHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "MOST_SENT", 2)
    assert went(together(senders(house))) == 2
    assert SentDocument.objects.count() == 2


def test_control_without_the_lock_a_question_takes_more(house: CaseHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "MOST_SENT", 2)
    jobs = senders(house)
    monkeypatch.setattr(exchanges, "lock", only_read)
    monkeypatch.setattr(exchanges, "sent_count", Meeting(len(jobs)).after(exchanges.sent_count))
    assert went(together(jobs)) == 4
    assert SentDocument.objects.count() == 4


def silent(house: CaseHouse) -> Job:
    house.complete()
    clock.hold(at("04:10", date(2018, 3, 20)))
    return actions.warn_due


def test_two_workers_say_a_silence_once(house: CaseHouse) -> None:
    assert sum(together([silent(house)] * 4)) == 1  # type: ignore[arg-type]
    assert Entry.objects.filter(what="case_file.silence_near").count() == 1


def test_control_without_the_office_s_row_it_is_said_twice(house: CaseHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    silent(house)
    monkeypatch.setattr(watching, "lock", only_read)
    monkeypatch.setattr(watching, "untold", Meeting().after(watching.untold))
    together([lambda: watching.warn_some(house.office)] * 2)
    assert Entry.objects.filter(what="case_file.silence_near").count() == 2


def test_one_file_at_a_time_is_locked_and_its_neighbours_move_freely(house: CaseHouse) -> None:
    files = [house.proposed() for _ in range(6)]
    clock.hold(clock.now() + timedelta(minutes=1))
    assert went(together([lambda one=one: actions.sign(one, by=house.signatory) for one in files])) == 6  # type: ignore[misc]
    assert CaseFile.objects.filter(state=State.IN_PRODUCTION).count() == 6
