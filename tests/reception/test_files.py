"""The case file of a visit: which one it is, and what the person leaves with, all or nothing."""

from datetime import date

import pytest

from parvis.casefiles import actions as casefiles
from parvis.casefiles.errors import FileAlreadyOpen, FileIncomplete, NothingMissing
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.states import DocumentState, State, Work
from parvis.common.errors import KeyReused
from parvis.journal.models import Entry
from parvis.offices.models import Agent
from parvis.people.errors import FieldRefused
from parvis.people.models import Person
from parvis.procedures.models import Document, ReceiptRule
from parvis.reception import actions
from parvis.reception.actions import files
from parvis.reception.errors import FileOfAnotherOffice, TicketMoved, TicketNotHere
from parvis.reception.models import Step, Ticket
from parvis.reception.states import Outcome, Status
from tests.offices.factories import OfficeFactory
from tests.people.factories import PersonFactory
from tests.reception.house import House, wait

pytestmark = pytest.mark.django_db
SEEN = {"passport": (DocumentState.SEEN, "")}
MISSING = {"passport": (DocumentState.MISSING, "")}


@pytest.fixture(autouse=True)
def _law(house: House) -> None:
    """One document for a renewal, and a receipt of three months."""
    since = date(2017, 1, 1)
    for code in ("renewal", "receipt_renewal"):
        procedure = house.procedures[code]
        Document.objects.create(
            procedure=procedure,
            code="passport",
            names={"fr": "Passeport"},
            form="original",
            stage="filing",
            position=1,
            valid_from=since,
        )
        ReceiptRule.objects.create(
            procedure=procedure, kind="recepisse", months=3, max_months=3, is_renewable=True, valid_from=since
        )


def received(house: House, *procedures: str, **more: object) -> tuple[Ticket, Agent]:
    """Somebody at an open counter, and who receives them."""
    counter, agent = house.desk("filing", "receipts")
    house.ticket(*procedures or ("renewal",), **more)
    ticket = actions.call_next(counter, by=agent)
    assert ticket
    return actions.arrive(ticket, by=agent), agent


def new_file(house: House, person: Person | None = None, **more: object) -> CaseFile:
    fields = {"person": person or PersonFactory(), "procedure": house.procedures["renewal"]} | more
    return casefiles.deposit(house.office, by=house.desk("information")[1], **fields)


def test_the_present_procedure_is_about_the_file_and_the_ticket_its_persons(house: House) -> None:
    ticket, agent = received(house, "renewal", "student", holder_born=date(1985, 5, 17))
    file = new_file(house)
    actions.attach_file(ticket, file, by=agent)
    first, second = Step.objects.filter(ticket=ticket).order_by("position")
    assert (first.case_file, second.case_file) == (file, None)
    ticket.refresh_from_db()
    assert ticket.person == file.person
    facts = Entry.objects.get(what="ticket.file_attached").facts
    assert facts["case_file"] == file.pk
    assert file.person.family_name not in str(facts)


def test_attaching_twice_is_told_once(house: House) -> None:
    ticket, agent = received(house)
    file = new_file(house)
    for _time in range(2):
        actions.attach_file(ticket, file, by=agent)
    assert Entry.objects.filter(what="ticket.file_attached").count() == 1


def test_somebody_born_another_day_keeps_the_ticket_in_their_name(house: House) -> None:
    ticket, agent = received(house, holder_name="Parent Fictif", holder_born=date(1960, 1, 1))
    actions.attach_file(ticket, new_file(house), by=agent)
    ticket.refresh_from_db()
    assert (ticket.person, ticket.holder_name) == (None, "Parent Fictif")


def test_a_ticket_of_somebody_stays_theirs(house: House) -> None:
    parent = PersonFactory()
    ticket, agent = received(house, person=parent, holder_name="", holder_born=None)
    actions.attach_file(ticket, new_file(house), by=agent)
    ticket.refresh_from_db()
    assert ticket.person == parent


def test_neither_another_office_nor_another_counter_attaches(house: House) -> None:
    ticket, agent = received(house)
    file = new_file(house)
    with pytest.raises(TicketNotHere):
        actions.attach_file(ticket, file, by=house.desk("filing")[1])
    elsewhere = casefiles.deposit(
        OfficeFactory(code="ailleurs"), person=PersonFactory(), procedure=house.procedures["renewal"], by=agent
    )
    with pytest.raises(FileOfAnotherOffice):
        actions.attach_file(ticket, elsewhere, by=agent)
    actions.finish(ticket, outcome=Outcome.DONE, by=agent)
    with pytest.raises(TicketMoved):
        actions.attach_file(ticket, file, by=agent)
    assert not Step.objects.exclude(case_file=None).exists()


def test_opening_for_somebody_unknown_makes_person_file_and_visit_or_nothing(house: House) -> None:
    ticket, agent = received(house)
    with pytest.raises(FieldRefused):
        actions.open_file(ticket, person={"family_name": "Exemple", "phone": "1"}, by=agent)
    assert (Person.objects.count(), CaseFile.objects.count()) == (0, 0)
    other = house.desk("filing")[1]
    with pytest.raises(TicketNotHere):
        actions.open_file(ticket, person={"family_name": "Exemple"}, by=other)
    assert (Person.objects.count(), CaseFile.objects.count()) == (0, 0)
    made = actions.open_file(ticket, person={"family_name": "Exemple"}, by=agent, key="k")
    again = actions.open_file(ticket, person={"family_name": "Exemple"}, by=agent, key="k")
    assert made == again
    assert (Person.objects.count(), CaseFile.objects.count()) == (1, 1)
    with pytest.raises(KeyReused):
        actions.open_file(ticket, person={"family_name": "Fictif"}, by=agent, key="k")


def test_a_second_file_is_refused_with_the_first(house: House) -> None:
    ticket, agent = received(house)
    file = new_file(house)
    with pytest.raises(FileAlreadyOpen) as refused:
        actions.open_file(ticket, person=file.person, by=agent)
    assert refused.value.file == file


def test_complete_gives_the_receipt_and_ends_the_visit_once(house: House) -> None:
    ticket, agent = received(house)
    file = new_file(house)
    actions.attach_file(ticket, file, by=agent)
    receipts = [actions.complete_file(ticket, file, checks=SEEN, work=Work.NO, by=agent, key="k") for _time in range(2)]
    assert receipts == [Receipt.objects.get()] * 2
    file.refresh_from_db()
    ticket.refresh_from_db()
    assert (file.state, ticket.state) == (State.UNDER_REVIEW, Status.RECEIVED)
    assert Step.objects.get(ticket=ticket).outcome == Outcome.FILE_DEPOSITED


def test_the_agent_says_whether_the_permit_held_lets_work(house: House) -> None:
    ticket, agent = received(house)
    file = new_file(house)
    actions.attach_file(ticket, file, by=agent)
    receipt = actions.complete_file(ticket, file, checks=SEEN, work="yes", by=agent)
    assert receipt is not None
    assert receipt.work == "yes"


def test_complete_without_a_receipt_where_the_law_gives_none(house: House) -> None:
    ReceiptRule.objects.filter(procedure__code="renewal").delete()
    ticket, agent = received(house)
    file = new_file(house)
    actions.attach_file(ticket, file, by=agent)
    for _time in range(2):
        assert actions.complete_file(ticket, file, checks=SEEN, work=Work.NO, by=agent, key="k") is None
    assert Step.objects.get(ticket=ticket).outcome == Outcome.FILE_DEPOSITED


def test_incomplete_is_not_complete_and_the_other_way_round(house: House) -> None:
    ticket, agent = received(house)
    file = new_file(house)
    actions.attach_file(ticket, file, by=agent)
    with pytest.raises(FileIncomplete):
        actions.complete_file(ticket, file, checks=MISSING, work=Work.NO, by=agent)
    with pytest.raises(NothingMissing):
        actions.leave_incomplete(ticket, file, checks=SEEN, by=agent)
    file.refresh_from_db()
    ticket.refresh_from_db()
    assert (file.state, ticket.state) == (State.DEPOSITED, Status.SERVING)
    assert (Receipt.objects.count(), MissingSlip.objects.count()) == (0, 0)
    slips = [actions.leave_incomplete(ticket, file, checks=MISSING, by=agent, key="k") for _time in range(2)]
    assert slips == [MissingSlip.objects.get()] * 2
    assert Step.objects.get(ticket=ticket).outcome == Outcome.FILE_INCOMPLETE


def test_a_file_that_the_visit_is_not_about_gives_nothing(house: House) -> None:
    ticket, agent = received(house)
    file = new_file(house)
    for act in (actions.complete_file, actions.leave_incomplete):
        with pytest.raises(TicketMoved):
            act(ticket, file, checks=SEEN, by=agent)
    with pytest.raises(TicketMoved):
        actions.renew_receipt(ticket, file, by=agent)


def test_a_renewal_gives_the_next_receipt_once(house: House) -> None:
    file = new_file(house)
    casefiles.tick(file, SEEN, by=house.desk("information")[1])
    first = casefiles.issue_receipt(file, work=Work.NO, by=house.desk("information")[1])
    wait(60 * 24 * 77)
    ticket, agent = received(house, "receipt_renewal")
    actions.attach_file(ticket, file, by=agent)
    receipts = [actions.renew_receipt(ticket, file, by=agent, key="k") for _time in range(2)]
    assert receipts == [Receipt.objects.get(rank=2)] * 2
    assert (receipts[0].valid_from - first.valid_to).days == 1
    assert Step.objects.get(ticket=ticket).outcome == Outcome.RECEIPT_ISSUED


def test_what_is_ticked_is_compared_when_a_key_comes_again() -> None:
    assert files._plain(SEEN) == {"passport": ["seen", ""]}
