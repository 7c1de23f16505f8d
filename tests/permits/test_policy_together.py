"""Two heads set the delays of the cards at the same instant: neither undoes what the other set."""

from collections.abc import Iterator

import pytest

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.models import Office
from parvis.permits import actions, queries
from parvis.permits.actions import policies
from parvis.permits.errors import CardPolicyImpossible
from parvis.permits.models import CardPolicy
from tests.concurrency.threads import together
from tests.offices.factories import OfficeFactory
from tests.reception.house import at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
WANTED = {"first_reminder_days": 10, "second_reminder_days": 45, "unclaimed_days": 120}


@pytest.fixture
def office(transactional_db: None) -> Iterator[Office]:
    with clock.held(at("10:00")):
        yield OfficeFactory()


def set_all_at_once(office: Office) -> dict[str, int]:
    """Three hands set one delay each; the delays that hold afterwards."""
    together([lambda name=name: actions.change_policy(office, by=SYSTEM, **{name: WANTED[name]}) for name in WANTED])
    found = queries.policy(office)
    return {name: getattr(found, name) for name in WANTED}


def test_every_delay_set_at_once_holds(office: Office) -> None:
    assert set_all_at_once(office) == WANTED
    assert Entry.objects.named("card_policy.changed").count() == len(WANTED)


def test_control_without_the_lock_delays_are_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "lock", lambda model, pk: model.objects.get(pk=pk))
    for _attempt in range(10):
        if set_all_at_once(office) != WANTED:
            return
        CardPolicy.objects.all().delete()
    pytest.fail("nothing was lost without the lock: the test above proves nothing")


def test_two_changes_that_do_not_go_together_leave_one(office: Office) -> None:
    answers = together(
        [
            lambda: actions.change_policy(office, second_reminder_days=70, by=SYSTEM),
            lambda: actions.change_policy(office, unclaimed_days=60, by=SYSTEM),
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["CardPolicy", CardPolicyImpossible.__name__]
