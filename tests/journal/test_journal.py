"""The journal: written with the act, never changed, found again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from parvis.common import clock
from parvis.journal import actions as journal
from parvis.journal import queries
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from tests.offices.factories import AgentFactory, OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> Entry:
    office = OfficeFactory()
    journal.record("ticket.issued", office, by=KIOSK, at=clock.now(), office=office.pk, line="filing")
    return Entry.objects.get()


@pytest.mark.parametrize(
    "attack",
    [
        lambda entry: Entry.objects.filter(pk=entry.pk).update(what="nothing"),
        lambda entry: Entry.objects.filter(pk=entry.pk).delete(),
        lambda entry: Entry(pk=entry.pk, what="x", at=entry.at, subject_id=1).save(),
        lambda entry: _sql("UPDATE journal_entry SET facts = '{}'"),
        lambda entry: _sql("DELETE FROM journal_entry"),
        lambda entry: _sql("TRUNCATE journal_entry"),
    ],
)
def test_nothing_written_can_be_changed(entry: Entry, attack) -> None:
    with pytest.raises(DatabaseError, match="a journal entry is final"), transaction.atomic():
        attack(entry)
    assert Entry.objects.get().facts == {"line": "filing"}


def test_a_refused_act_leaves_no_trace() -> None:
    office = OfficeFactory()

    def act_and_fail() -> None:
        with transaction.atomic():
            journal.record("ticket.issued", office, by=KIOSK, at=clock.now(), office=office.pk)
            raise LookupError

    with pytest.raises(LookupError):
        act_and_fail()
    assert not Entry.objects.exists()


def test_searching_by_kind_agent_and_time(entry: Entry) -> None:
    agent = AgentFactory()
    now = entry.at + timedelta(minutes=5)
    journal.record("counter.opened", agent, by=agent, at=now, office=entry.office_id)
    found = queries.search(office_id=entry.office_id)
    assert [one.what for one in found] == ["counter.opened", "ticket.issued"]
    assert [one.what for one in queries.search(office_id=entry.office_id, what="ticket.")] == ["ticket.issued"]
    assert [one.what for one in queries.search(office_id=entry.office_id, agent_id=agent.pk)] == ["counter.opened"]
    assert [one.what for one in queries.search(office_id=entry.office_id, since=now)] == ["counter.opened"]
    assert [one.what for one in queries.search(office_id=entry.office_id, until=now)] == ["ticket.issued"]
    assert not queries.search(office_id=entry.office_id + 1).exists()
    assert [one.what for one in queries.about(agent)] == ["counter.opened"]


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
