"""Two tabs, two counters and one case file: what happens at once happens once."""

from collections import Counter as Tally
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from parvis.casefiles import actions as casefiles
from parvis.casefiles.actions import moves as file_moves
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.states import Channel, DocumentState, Work
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.offices.models import Agent
from parvis.procedures.models import Document, ReceiptRule
from parvis.reception import actions
from parvis.reception.actions import files, moves
from parvis.reception.models import Ticket
from tests.concurrency.threads import Meeting, together, without_row_locks
from tests.people.factories import PersonFactory
from tests.reception.house import House, at, build

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
SEEN = {"passport": (DocumentState.SEEN, "")}


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    with clock.held(at("10:00")):
        yield build()


def received(house: House, **more: object) -> tuple[Ticket, Agent]:
    counter, agent = house.desk("filing")
    house.ticket(**more)
    ticket = actions.call_next(counter, by=agent)
    assert ticket
    return actions.arrive(ticket, by=agent), agent


def two_files(house: House) -> list[CaseFile]:
    return [
        casefiles.deposit(house.office, person=PersonFactory(), procedure=house.procedures["renewal"], by=KIOSK)
        for _one in range(2)
    ]


def told_no(answers: list[Any]) -> list[BusinessError]:
    """What was refused, always in words."""
    failed = [one for one in answers if isinstance(one, BaseException)]
    assert all(isinstance(one, BusinessError) for one in failed), failed
    return failed


def attach_both(house: House) -> tuple[int | None, list[int]]:
    """Two tabs of one agent put two files on the counter at once: whose the ticket is, and whose files they were."""
    ticket, agent = received(house, holder_born=None)
    both = two_files(house)
    together([lambda file=file: actions.attach_file(ticket, file, by=agent) for file in both])
    told = Entry.objects.filter(what="ticket.file_attached").order_by("pk").values_list("facts__case_file", flat=True)
    ticket.refresh_from_db()
    return ticket.person_id, [CaseFile.objects.get(pk=pk).person_id for pk in told]


def test_a_ticket_never_passes_from_one_person_to_another(house: House) -> None:
    holder, told = attach_both(house)
    assert len(told) == 2
    assert holder == told[0]


def test_control_without_the_lock_the_second_tab_takes_the_ticket(house: House, monkeypatch) -> None:
    def careless(ticket: Ticket, *_who: object) -> Ticket:
        return Ticket.objects.select_related("line", "procedure", "office").get(pk=ticket.pk)

    monkeypatch.setattr(files, "take_here", Meeting().after(careless))
    holder, told = attach_both(house)
    assert holder == told[1]


def test_one_person_at_the_counter_and_by_post_at_once_has_one_file(house: House) -> None:
    person = PersonFactory()
    ticket, agent = received(house, person=person, holder_name="", holder_born=None)
    procedure = house.procedures["renewal"]
    results = together(
        [
            lambda: actions.open_file(ticket, person=person, by=agent, key="k"),
            lambda: casefiles.deposit(house.office, person=person, procedure=procedure, channel=Channel.POST, by=KIOSK),
        ]
    )
    assert Tally(type(one).__name__ for one in results) == {"CaseFile": 1, "FileAlreadyOpen": 1}
    assert CaseFile.objects.count() == 1
    refused = next(one for one in results if isinstance(one, BaseException))
    assert refused.file == CaseFile.objects.get()


@pytest.fixture
def visit(house: House) -> tuple[Ticket, CaseFile, Agent]:
    """Somebody at a counter with a file of one document, which earns a receipt of three months."""
    since = date(2017, 1, 1)
    renewal = house.procedures["renewal"]
    document = {"names": {"fr": "Passeport"}, "form": "original", "stage": "filing", "position": 1}
    Document.objects.create(procedure=renewal, code="passport", valid_from=since, **document)
    ReceiptRule.objects.create(procedure=renewal, kind="recepisse", months=3, max_months=3, valid_from=since)
    ticket, agent = received(house)
    file = two_files(house)[0]
    actions.attach_file(ticket, file, by=agent)
    return ticket, file, agent


def test_complete_pressed_eight_times_at_once_gives_one_receipt(visit: tuple[Ticket, CaseFile, Agent]) -> None:
    ticket, file, agent = visit
    press = [lambda: actions.complete_file(ticket, file, checks=SEEN, work=Work.NO, by=agent, key="k")] * 8
    assert {one.pk for one in together(press)} == {Receipt.objects.get().pk}
    assert Entry.objects.filter(what="ticket.received").count() == 1


def test_complete_in_four_tabs_is_done_in_one(visit: tuple[Ticket, CaseFile, Agent]) -> None:
    """No key tells the tabs apart: the locks do."""
    ticket, file, agent = visit
    refused = told_no(together([lambda: actions.complete_file(ticket, file, checks=SEEN, work=Work.NO, by=agent)] * 4))
    assert len(refused) == 3
    assert Entry.objects.filter(what__in=["ticket.received", "case_file.under_review"]).count() == 2
    assert Receipt.objects.count() == 1


def test_control_without_the_lock_complete_is_done_in_both(
    visit: tuple[Ticket, CaseFile, Agent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file that was ticked before and earns no receipt, for its constraint would stop the second."""
    ticket, file, agent = visit
    ReceiptRule.objects.all().delete()
    ticked = casefiles.tick(file, SEEN, by=agent)
    without_row_locks(monkeypatch)
    monkeypatch.setattr(moves, "locked", Meeting().after(moves.locked))
    together([lambda: actions.complete_file(ticket, ticked, checks={}, by=agent)] * 2)
    assert Entry.objects.filter(what="ticket.received").count() == 2


def test_left_incomplete_in_four_tabs_gives_one_slip(visit: tuple[Ticket, CaseFile, Agent]) -> None:
    ticket, file, agent = visit
    refused = told_no(together([lambda: actions.leave_incomplete(ticket, file, checks={}, by=agent)] * 4))
    assert len(refused) == 3
    assert MissingSlip.objects.count() == Entry.objects.filter(what="ticket.received").count() == 1


def test_without_the_locks_who_writes_the_file_first_alone_leaves_a_slip(
    visit: tuple[Ticket, CaseFile, Agent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slip is written on the file's row before the ticket is read: the second waits there, and finds it gone."""
    ticket, file, agent = visit
    without_row_locks(monkeypatch)
    monkeypatch.setattr(file_moves, "row", Meeting().after(file_moves.row))
    refused = told_no(together([lambda: actions.leave_incomplete(ticket, file, checks={}, by=agent)] * 2))
    assert len(refused) == 1
    assert MissingSlip.objects.count() == Entry.objects.filter(what="ticket.received").count() == 1
