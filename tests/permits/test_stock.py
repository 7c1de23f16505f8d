"""A card arrives, waits and leaves, once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from parvis.common import clock
from parvis.common.errors import IllegalMove
from parvis.common.states import move
from parvis.journal.actions import Device
from parvis.journal.models import Entry
from parvis.permits import actions, queries
from parvis.permits.errors import AlreadyHandedOver, PermitNumberMalformed, PermitNumberTaken
from parvis.permits.models import Handover, Permit
from parvis.permits.states import MOVES, State
from tests.offices.factories import OfficeFactory
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory

pytestmark = pytest.mark.django_db
AGENT = Device("agent", agent_id=9)
NINE = clock.at(date(2017, 12, 11), "09:00")


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with clock.held(NINE):
        yield


def test_a_card_is_received_where_it_will_be_found_again() -> None:
    office, person = OfficeFactory(), PersonFactory()
    permit = actions.receive(
        office, number=" test 000 123 ", person=person, kind="resident_card", place="Tiroir 12", by=AGENT
    )
    assert (permit.number, permit.place, permit.state, permit.received_at) == (
        "TEST000123",
        "Tiroir 12",
        State.IN_STOCK,
        NINE,
    )
    fact = Entry.objects.about(permit).get()
    assert (fact.what, fact.office_id, fact.facts) == ("permit.received", office.pk, {"kind": "resident_card"})


def test_a_card_is_known_once() -> None:
    known = PermitFactory(number="TEST000123")
    with pytest.raises(PermitNumberTaken):
        actions.receive(known.office, number="test000123", person=known.person, kind="resident_card", by=AGENT)
    assert Permit.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "AB", "T" * 21, "T" * 10_000, "مثال", "🙂🙂🙂", "TEST_1", "-12", "\x00\x00\x00"])
def test_what_is_no_card_number_is_refused(typed: str) -> None:
    with pytest.raises(PermitNumberMalformed, match="3 à 20"):
        actions.receive(OfficeFactory(), number=typed, person=PersonFactory(), kind="resident_card", by=AGENT)
    assert queries.by_number(typed) is None


def test_a_card_leaves_with_its_person() -> None:
    permit = PermitFactory()
    handover = actions.hand_over(permit, by=AGENT, ticket="T042")
    permit.refresh_from_db()
    assert (permit.state, permit.handed_over_at) == (State.HANDED_OVER, NINE)
    assert (handover.permit, handover.ticket_number, handover.agent_id, handover.at) == (permit, "T042", 9, NINE)
    fact = Entry.objects.about(permit).get()
    assert (fact.what, fact.office_id, fact.agent_id) == ("permit.handed_over", permit.office_id, 9)
    assert fact.facts == {"kind": "temporary_permit", "ticket": "T042", "days_in_stock": 9}


def test_a_card_leaves_once() -> None:
    permit = PermitFactory()
    actions.hand_over(permit, by=AGENT)
    with pytest.raises(AlreadyHandedOver, match="déjà été remis"):
        actions.hand_over(permit, by=AGENT)
    assert Handover.objects.count() == 1
    assert Entry.objects.about(permit).count() == 1


def test_a_card_that_left_does_not_come_back() -> None:
    with pytest.raises(IllegalMove):
        move(PermitFactory(gone=True), State.IN_STOCK, moves=MOVES)


def test_what_waits_and_for_whom() -> None:
    office, person = OfficeFactory(), PersonFactory()
    PermitFactory(office=office, person=person, gone=True, received_at=datetime(2017, 11, 1, tzinfo=UTC))
    later = PermitFactory(office=office, received_at=datetime(2017, 12, 2, tzinfo=UTC))
    sooner = PermitFactory(office=office, person=person, received_at=datetime(2017, 11, 20, tzinfo=UTC))
    PermitFactory()
    assert list(queries.in_stock(office)) == [sooner, later]
    assert queries.by_number(later.number.lower()) == later
    assert queries.by_number("TEST-NOBODY") is None


def test_the_database_refuses_a_half_handover() -> None:
    for name, broken in {
        "permit_handed_over_at_with_state": {"state": State.HANDED_OVER},
        "permit_state_known": {"state": "lost", "handed_over_at": None},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PermitFactory(**broken)
    with pytest.raises(IntegrityError, match="permit_handed_over_at_with_state"), transaction.atomic():
        PermitFactory(handed_over_at=NINE)
