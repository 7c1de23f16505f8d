"""Several senders and several receipts at the same instant, and controls without the lock."""

import threading
from typing import Any

import pytest

from parvis.messages import actions
from parvis.messages.actions import receipts, sending
from parvis.messages.models import Message
from parvis.messages.states import Status
from tests.concurrency.threads import together
from tests.messages.outbox import queued

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("office_clock", "connected"),
]
HANDS = 6


def _claimed() -> list[int]:
    found = together([actions.claim] * HANDS)
    assert all(isinstance(one, Message) for one in found), found
    return [one.pk for one in found if isinstance(one, Message)]


def test_each_message_is_claimed_by_one_sender() -> None:
    for number in range(HANDS):
        queued(number)
    assert len(set(_claimed())) == HANDS


def test_control_without_the_lock_several_senders_take_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(HANDS):
        queued(number)
    gate = threading.Barrier(HANDS)

    def first_of_all(queryset: Any) -> Any:
        found = queryset.first()
        gate.wait(10)
        return found

    monkeypatch.setattr(sending, "first_free", first_of_all)
    assert len(set(_claimed())) < HANDS


def _sent() -> Message:
    queued()
    actions.send_due()
    return Message.objects.get(state=Status.SENT)


def test_two_receipts_count_once() -> None:
    reference = _sent().reference
    told = together([lambda: actions.receipt(reference, delivered=True)] * HANDS)
    assert sorted(map(bool, told)) == [False] * (HANDS - 1) + [True]


def _lock_nothing(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    gate = threading.Barrier(HANDS)

    def look(model: Any, pk: int) -> Any:
        found = model.objects.get(pk=pk)
        gate.wait(10)
        return found

    monkeypatch.setattr(module, "lock", look)


def test_control_without_the_lock_they_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = _sent().reference
    _lock_nothing(monkeypatch, receipts)
    told = together([lambda: actions.receipt(reference, delivered=True)] * HANDS)
    assert told.count(True) > 1


def _claimed_by_one() -> Message:
    queued()
    claimed = actions.claim()
    assert claimed is not None
    return claimed


def _mark(claimed: Message) -> bool:
    return sending._sent(claimed, sending.Composed("Avis", "Bonjour."), sending.Answer("r", ""))


def test_a_sending_is_marked_once() -> None:
    claimed = _claimed_by_one()
    assert together([lambda: _mark(claimed)] * HANDS).count(True) == 1


def test_control_without_the_lock_it_is_marked_several_times(monkeypatch: pytest.MonkeyPatch) -> None:
    claimed = _claimed_by_one()
    _lock_nothing(monkeypatch, sending)
    assert together([lambda: _mark(claimed)] * HANDS).count(True) > 1
