"""Several heads set the rules of an office at the same instant: neither undoes what another set."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import pytest

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.models import Office
from parvis.permits import actions as permits
from parvis.permits.actions import policies as of_cards
from parvis.permits.errors import CardPolicyImpossible
from parvis.permits.models import CardPolicy
from parvis.reception import actions as reception
from parvis.reception.actions import policy as of_queue
from parvis.reception.models import QueuePolicy
from tests.concurrency.threads import Meeting, only_read, together
from tests.offices.factories import OfficeFactory
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Rules:
    """Rules that are set one by one: by which action of which module, kept where, told how."""

    change: Callable[..., object]
    module: ModuleType
    model: Any
    what: str
    wanted: dict[str, int]

    def set_at_once(self, office: Office) -> dict[str, int]:
        """One hand for each rule; the rules that hold afterwards."""
        together([partial(self.change, office, by=SYSTEM, **{name: value}) for name, value in self.wanted.items()])
        found = self.model.objects.get(office=office)
        return {name: getattr(found, name) for name in self.wanted}


CARDS = Rules(
    permits.change_policy,
    of_cards,
    CardPolicy,
    "card_policy.changed",
    {"first_reminder_days": 10, "second_reminder_days": 45, "unclaimed_days": 120},
)
QUEUE = Rules(
    reception.set_policy,
    of_queue,
    QueuePolicy,
    "policy.changed",
    {
        "appointment_head_start": 10,
        "priority_head_start": 40,
        "absent_pause": 4,
        "doors_before_opening": 15,
        "printer_port": 9200,
    },
)


@pytest.fixture
def office(transactional_db: None) -> Iterator[Office]:
    with clock.held(at("10:00")):
        yield OfficeFactory()


@pytest.fixture(params=[CARDS, QUEUE], ids=["cards", "queue"])
def rules(request: pytest.FixtureRequest) -> Rules:
    found: Rules = request.param
    return found


def test_every_rule_set_at_once_holds(office: Office, rules: Rules) -> None:
    assert rules.set_at_once(office) == rules.wanted
    assert Entry.objects.named(rules.what).count() == len(rules.wanted)


def test_control_without_the_lock_rules_are_lost(office: Office, rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    all_have_read = Meeting(len(rules.wanted))
    monkeypatch.setattr(rules.module, "lock", only_read)
    monkeypatch.setattr(rules.module.queries, "policy", all_have_read.after(rules.module.queries.policy))
    assert rules.set_at_once(office) != rules.wanted


def test_two_changes_that_do_not_go_together_leave_one(office: Office) -> None:
    answers = together(
        [
            lambda: permits.change_policy(office, second_reminder_days=70, by=SYSTEM),
            lambda: permits.change_policy(office, unclaimed_days=60, by=SYSTEM),
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["CardPolicy", CardPolicyImpossible.__name__]
