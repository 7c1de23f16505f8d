"""Several agents hand over the same card: the lock, the constraint, and what happens without either."""

import contextlib
import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connection

from parvis.common import clock
from parvis.journal.actions import Device
from parvis.journal.models import Entry
from parvis.permits import actions, rules
from parvis.permits.actions import handing as step
from parvis.permits.errors import AlreadyHandedOver
from parvis.permits.models import Handover, Permit
from tests.concurrency.threads import together
from tests.permits.factories import PermitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with clock.held(clock.at(date(2017, 12, 11), "09:00")):
        yield


def handing_over(permit: Permit, agent: int) -> Callable[[], Handover]:
    return lambda: actions.hand_over(permit, by=Device("agent", agent_id=agent))


@pytest.fixture
def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock away, and let two agents both see the card in stock before either writes."""
    seen = threading.Barrier(2)
    check = rules.check_may_hand_over

    def check_and_wait(permit: Permit) -> None:
        check(permit)
        with contextlib.suppress(threading.BrokenBarrierError):
            seen.wait(timeout=2)

    monkeypatch.setattr(step, "locked", lambda permit: Permit.objects.get(pk=permit.pk))
    monkeypatch.setattr(rules, "check_may_hand_over", check_and_wait)


def test_eight_agents_hand_over_one_card_and_one_does() -> None:
    permit = PermitFactory()
    answers = together([handing_over(permit, agent) for agent in range(8)])
    assert Tally(map(type, answers)) == {Handover: 1, AlreadyHandedOver: 7}
    handover = Handover.objects.get()
    assert Entry.objects.about(permit).get().agent_id == handover.agent_id


@pytest.mark.usefixtures("no_lock")
def test_without_the_lock_the_constraint_alone_holds_and_says_it_in_the_same_words() -> None:
    permit = PermitFactory()
    answers = together([handing_over(permit, 1), handing_over(permit, 2)])
    assert Tally(map(type, answers)) == {Handover: 1, AlreadyHandedOver: 1}
    assert Handover.objects.count() == 1
    assert Entry.objects.about(permit).count() == 1


@pytest.mark.usefixtures("no_lock")
def test_control_without_lock_nor_constraint_the_card_leaves_twice() -> None:
    permit = PermitFactory()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE permits_handover DROP CONSTRAINT permits_handover_permit_id_key")
    try:
        answers = together([handing_over(permit, 1), handing_over(permit, 2)])
        assert Tally(map(type, answers)) == {Handover: 2}
        assert Handover.objects.count() == 2
    finally:
        Handover.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE permits_handover ADD CONSTRAINT permits_handover_permit_id_key UNIQUE (permit_id)"
            )
