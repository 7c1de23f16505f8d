"""Several senders and several receipts at the same instant, and controls without the lock."""

from datetime import timedelta
from typing import Any

import pytest

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages import actions
from parvis.messages.actions import receipts, sending
from parvis.messages.models import Message
from parvis.messages.states import Channel, Status
from tests.concurrency.threads import Meeting, only_read, together
from tests.messages.outbox import queued

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("office_clock", "connected"),
]
HANDS = 6


def _claimed() -> list[int]:
    """What six senders took at once, whatever they took."""
    found = together([actions.claim] * HANDS)
    assert all(one is None or isinstance(one, Message) for one in found), found
    return [one.pk for one in found if isinstance(one, Message)]


def test_each_message_is_claimed_by_one_sender() -> None:
    """A sender that meets only rows in other hands goes home empty; the next round takes what it left."""
    messages = [queued(number).pk for number in range(HANDS)]
    claimed = _claimed()
    while (late := actions.claim()) is not None:
        claimed.append(late.pk)
    assert sorted(claimed) == messages, list(Message.objects.order_by("pk").values_list("pk", "state", "claimed_at"))


def test_control_without_the_lock_several_senders_take_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(HANDS):
        queued(number)
    monkeypatch.setattr(sending, "first_free", Meeting(HANDS).after(lambda queryset: queryset.first()))
    claimed = _claimed()
    assert len(set(claimed)) < len(claimed)


def _sent() -> Message:
    queued()
    actions.send_due()
    return Message.objects.get(state=Status.SENT)


def test_two_receipts_count_once() -> None:
    reference = _sent().reference
    told = together([lambda: actions.receipt(reference, delivered=True)] * HANDS)
    assert sorted(map(bool, told)) == [False] * (HANDS - 1) + [True]


def _failed() -> Message:
    queued()
    Message.objects.update(state=Status.FAILED)
    return Message.objects.get()


def _told(what: str) -> int:
    return Entry.objects.named(what).count()


def test_six_presses_send_a_failed_message_once() -> None:
    message = _failed()
    together([lambda: actions.resend(message, by=SYSTEM)] * HANDS)
    assert (_told("message.resent"), Message.objects.count()) == (1, 1)


def test_control_without_the_lock_they_send_it_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    message = _failed()
    _lock_nothing(monkeypatch, receipts)
    together([lambda: actions.resend(message, by=SYSTEM)] * HANDS)
    assert _told("message.resent") > 1


def test_a_letter_is_noted_once() -> None:
    letter = queued(channel=Channel.LETTER, to="ABCD2345")
    together([lambda: actions.printed(letter, by=SYSTEM)] * HANDS)
    assert _told("message.printed") == 1


def test_control_without_the_lock_it_is_noted_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = queued(channel=Channel.LETTER, to="ABCD2345")
    _lock_nothing(monkeypatch, receipts)
    together([lambda: actions.printed(letter, by=SYSTEM)] * HANDS)
    assert _told("message.printed") > 1


def _forgotten() -> None:
    queued()
    assert actions.claim() is not None
    Message.objects.update(claimed_at=clock.now() - timedelta(hours=1))


def test_what_a_killed_sender_held_is_given_back_once() -> None:
    _forgotten()
    given_back = together([actions.release_forgotten] * HANDS)
    assert sorted(map(int, given_back)) == [0] * (HANDS - 1) + [1]  # type: ignore[arg-type]


def test_control_without_the_lock_it_is_given_back_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    _forgotten()
    all_have_read = Meeting(HANDS)

    def first_of_all(queryset: Any) -> Any:
        found = queryset.first()
        if found is not None:
            all_have_read.wait()
        return found

    monkeypatch.setattr(sending, "first_free", first_of_all)
    assert sum(one for one in together([actions.release_forgotten] * HANDS) if isinstance(one, int)) > 1


def _lock_nothing(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    monkeypatch.setattr(module, "lock", Meeting(HANDS).after(only_read))


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
