"""Two agents correct one person at the same instant; the lock shown to be needed."""

from collections.abc import Callable

import pytest

from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.people import actions
from parvis.people.models import Person
from tests.concurrency.threads import Meeting, only_read, together
from tests.people.factories import PersonFactory

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def correction() -> Callable[[], Person]:
    person = PersonFactory(given_name="Exmple")
    return lambda: actions.correct(person, by=SYSTEM, given_name="Exemple")


def test_one_correction_sent_by_four_hands_is_told_once(correction: Callable[[], Person]) -> None:
    together([correction] * 4)
    assert Entry.objects.named("person.corrected").count() == 1


def test_control_without_the_lock_it_is_told_twice(
    correction: Callable[[], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "lock", Meeting().after(only_read))
    together([correction] * 2)
    assert Entry.objects.named("person.corrected").count() == 2
