"""Two heads set the rules at the same instant: neither undoes what the other set."""

from collections.abc import Iterator

import pytest

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.models import Office
from parvis.reception import actions
from parvis.reception.actions import policy
from parvis.reception.models import QueuePolicy
from tests.concurrency.threads import together
from tests.offices.factories import OfficeFactory
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
WANTED = {
    "appointment_head_start": 10,
    "priority_head_start": 40,
    "late_tolerance": 5,
    "absent_pause": 4,
    "doors_before_opening": 15,
    "printer_port": 9200,
}


@pytest.fixture
def office(transactional_db: None) -> Iterator[Office]:
    with clock.held(at("10:00")):
        yield OfficeFactory()


def set_all_at_once(office: Office) -> dict[str, int]:
    """Six hands set one rule each; the rules that hold afterwards."""
    together([lambda name=name: actions.set_policy(office, by=SYSTEM, **{name: WANTED[name]}) for name in WANTED])
    found = QueuePolicy.objects.filter(office=office).first() or QueuePolicy(office=office)
    return {name: getattr(found, name) for name in WANTED}


def test_every_rule_set_at_once_holds(office: Office) -> None:
    assert set_all_at_once(office) == WANTED
    assert Entry.objects.named("policy.changed").count() == len(WANTED)


def test_control_without_the_lock_rules_are_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "lock", lambda model, pk: model.objects.get(pk=pk))
    for _attempt in range(10):
        if set_all_at_once(office) != WANTED:
            return
        QueuePolicy.objects.all().delete()
    pytest.fail("nothing was lost without the lock: the test above proves nothing")
