"""Two counters renew one receipt, two workers tell who must come: each once, with controls without the lock."""

from collections import Counter as Tally
from collections.abc import Iterator

import pytest
from django.db import connection

from parvis.casefiles import actions
from parvis.casefiles.actions import moves, receipts
from parvis.casefiles.errors import ReceiptTooEarly
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import Work
from parvis.common import clock
from parvis.common.errors import IllegalMove
from parvis.journal.models import Entry
from parvis.messages.models import Message
from tests.casefiles.house import CaseHouse, build, days_later
from tests.concurrency.threads import Meeting, together
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
THREADS = 4
RANK_ONCE = next(one for one in Receipt._meta.constraints if one.name == "receipt_rank_once")


@pytest.fixture
def house(transactional_db: None) -> Iterator[CaseHouse]:
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def held(house: CaseHouse) -> CaseFile:
    """A file whose receipt ends in ten days."""
    file = house.complete()
    receipt = actions.issue_receipt(file, work=Work.NO, by=house.clerk)
    days_later((receipt.valid_to - clock.today()).days - 10)
    return file


@pytest.fixture
def no_lock(held: CaseFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock away, and let two hands read before either writes; the receipt in hand was written before."""
    both, write = Meeting(), receipts._write

    def wait_then_write(*given: object, **more: object) -> Receipt:
        both.wait()
        return write(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(moves, "row", lambda pk: CaseFile.objects.select_related("procedure", "person").get(pk=pk))
    monkeypatch.setattr(receipts, "_write", wait_then_write)


def test_several_counters_renew_a_receipt_once(house: CaseHouse, held: CaseFile) -> None:
    answers = together([lambda: actions.renew_receipt(held, by=house.clerk)] * THREADS)
    assert Tally(map(type, answers)) == {Receipt: 1, ReceiptTooEarly: THREADS - 1}
    assert Receipt.objects.filter(case_file=held).count() == 2
    assert Entry.objects.about(held).named("case_file.receipt_renewed").count() == 1


def test_several_counters_issue_a_receipt_once(house: CaseHouse) -> None:
    file = house.complete()
    answers = together([lambda: actions.issue_receipt(file, work=Work.NO, by=house.clerk)] * THREADS)
    assert Tally(map(type, answers)) == {Receipt: 1, ReceiptTooEarly: THREADS - 1}


def test_one_key_sent_by_several_hands_gives_one_receipt(house: CaseHouse, held: CaseFile) -> None:
    answers = together([lambda: actions.renew_receipt(held, by=house.clerk, key="k")] * THREADS)
    assert {one.pk for one in answers if isinstance(one, Receipt)} == {Receipt.objects.latest("pk").pk}
    assert Tally(map(type, answers)) == {Receipt: THREADS}


@pytest.mark.usefixtures("no_lock")
def test_without_the_lock_the_database_still_refuses_the_second(house: CaseHouse, held: CaseFile) -> None:
    answers = together([lambda: actions.renew_receipt(held, by=house.clerk)] * 2)
    assert Tally(map(type, answers)) == {Receipt: 1, IllegalMove: 1}


@pytest.mark.usefixtures("no_lock")
def test_control_without_lock_nor_constraint_there_are_two(house: CaseHouse, held: CaseFile) -> None:
    with connection.schema_editor() as editor:
        editor.remove_constraint(Receipt, RANK_ONCE)
    try:
        answers = together([lambda: actions.renew_receipt(held, by=house.clerk)] * 2)
        assert Tally(map(type, answers)) == {Receipt: 2}, answers
        assert Receipt.objects.filter(case_file=held, rank=2).count() == 2
    finally:
        Receipt.objects.filter(rank=2).delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Receipt, RANK_ONCE)


def test_several_workers_tell_each_once(held: CaseFile) -> None:
    answers = together([actions.tell_ending] * THREADS)
    assert sorted(answers) == [0] * (THREADS - 1) + [1]  # type: ignore[type-var]
    assert Message.objects.filter(kind="casefiles.receipt_ending").count() == 1
    assert Entry.objects.about(held).named("case_file.receipt_end_told").count() == 1


def test_control_two_workers_that_do_not_lock_both_tell(held: CaseFile, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Meeting()
    untold = receipts.queries.ending_untold

    class Unlocked:
        """Rows that ``select_for_update`` leaves alone, read by both before either writes."""

        def __init__(self, *given: int) -> None:
            self.rows = list(untold(*given))  # type: ignore[arg-type]
            both.wait()

        def select_for_update(self, **_how: object) -> list[Receipt]:
            return self.rows

    monkeypatch.setattr(receipts.queries, "ending_untold", Unlocked)
    together([actions.tell_ending] * 2)
    assert Entry.objects.about(held).named("case_file.receipt_end_told").count() == 2
