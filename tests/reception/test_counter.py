"""The whole cycle at a counter, and everything pressed at the wrong moment."""

from datetime import date

import pytest

from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import PHONE
from parvis.journal.models import Entry
from parvis.permits.errors import AlreadyHandedOver
from parvis.permits.states import Failure
from parvis.reception import actions, queries
from parvis.reception.errors import (
    AlreadyAtCounter,
    CardOfAnotherOffice,
    CardOfSomebodyElse,
    CounterBusy,
    CounterNotOpen,
    CounterTaken,
    HelpAlreadyAsked,
    LineClosed,
    NoSkill,
    NotYourCounter,
    TextMissing,
    TicketMoved,
    TicketNotHere,
    TicketOfAnotherDay,
)
from parvis.reception.models import Call, ServiceMeasure
from parvis.reception.states import Outcome, ReturnKind, Status
from tests.offices.factories import AgentFactory
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import House, at, wait


def test_call_arrive_finish(house: House) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    wait(12)
    called = actions.call_next(counter, by=agent)
    assert called == ticket
    assert called.state == Status.CALLED
    actions.call_again(ticket, by=agent)
    wait(1)
    actions.arrive(ticket, by=agent)
    wait(9)
    done = actions.finish(ticket, outcome=Outcome.FILE_DEPOSITED, by=agent)
    assert (done.state, done.counter, done.closed_at) == (Status.RECEIVED, None, clock.now())
    assert list(Call.objects.order_by("id").values_list("is_repeat", flat=True)) == [False, True]
    facts = {entry.what: entry.facts for entry in Entry.objects.order_by("id")}
    assert facts["ticket.called"]["waited"] == 12 * 60
    assert facts["step.done"]["seconds"] == 9 * 60
    measure = ServiceMeasure.objects.get()
    assert (measure.services, measure.seconds, measure.squares) == (1, 540, 540**2)


def test_pressing_call_twice_calls_one_person(house: House) -> None:
    first, second = house.ticket(), house.ticket()
    counter, agent = house.desk()
    assert actions.call_next(counter, by=agent, key="press") == first
    assert actions.call_next(counter, by=agent, key="press") == first
    with pytest.raises(CounterBusy):
        actions.call_next(counter, by=agent, key="another press")
    second.refresh_from_db()
    assert second.state == Status.WAITING


def test_finishing_twice_is_harmless_with_its_key_and_clear_without(house: House) -> None:
    house.ticket()
    counter, agent = house.desk()
    ticket = actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    actions.finish(ticket, outcome=Outcome.DONE, by=agent, key="k")
    assert actions.finish(ticket, outcome=Outcome.DONE, by=agent, key="k").state == Status.RECEIVED
    with pytest.raises(TicketMoved):
        actions.finish(ticket, outcome=Outcome.DONE, by=agent)


def test_several_procedures_in_one_visit(house: House) -> None:
    ticket = house.ticket("renewal", "student", "receipt_renewal")
    filing, agent = house.desk("filing")
    actions.call_next(filing, by=agent)
    actions.arrive(ticket, by=agent)
    here = actions.finish(ticket, outcome=Outcome.FILE_DEPOSITED, by=agent)
    assert (here.state, here.procedure.code) == (Status.SERVING, "student")
    gone = actions.finish(ticket, outcome=Outcome.DONE, by=agent)
    assert (gone.state, gone.line.code, str(gone)) == (Status.WAITING, "receipts", "D001")
    assert gone.reference_at == ticket.reference_at
    receipts, other = house.desk("receipts")
    assert house.serve(receipts, other, outcome=Outcome.RECEIPT_ISSUED).state == Status.RECEIVED
    assert [step.outcome for step in queries.steps(ticket)] == ["file_deposited", "done", "receipt_issued"]


def test_a_transfer_keeps_number_and_place(house: House) -> None:
    early = house.ticket()
    wait(5)
    house.ticket("receipt_renewal")
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.arrive(early, by=agent)
    sent = actions.transfer(early, procedure=house.procedures["receipt_renewal"], by=agent)
    assert (str(sent), sent.reference_at) == ("D001", at("10:00"))
    receipts, other = house.desk("receipts")
    assert actions.call_next(receipts, by=other) == early


def test_a_transfer_in_a_visit_of_several_closes_the_right_steps(house: House) -> None:
    ticket = house.ticket("renewal", "permit_handover")
    counter, agent = house.desk("filing", "receipts", "handover")
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    actions.transfer(ticket, procedure=house.procedures["receipt_renewal"], by=agent)
    house.serve(counter, agent, outcome=Outcome.RECEIPT_ISSUED)
    house.serve(counter, agent, outcome=Outcome.HANDED_OVER)
    outcomes = [(step.procedure.code, step.outcome) for step in queries.steps(ticket)]
    assert outcomes == [
        ("renewal", "redirected"),
        ("permit_handover", "handed_over"),
        ("receipt_renewal", "receipt_issued"),
    ]


def test_nobody_is_sent_to_a_line_that_does_not_open_today(house: House) -> None:
    clock.hold(at("10:00", date(2017, 12, 14)))
    ticket = house.ticket("permit_handover")
    counter, agent = house.desk("handover")
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    for send in (actions.transfer, actions.add_procedure):
        with pytest.raises(LineClosed):
            send(ticket, procedure=house.procedures["renewal"], by=agent)
    with pytest.raises(LineClosed):
        house.ticket("permit_handover", "renewal")


def test_parked_and_called_back(house: House) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    wait(4)
    with pytest.raises(TextMissing):
        actions.park(ticket, room="  ", by=agent)
    actions.park(ticket, room="Salle 2", by=agent)
    assert queries.parked(house.office) == [ticket]
    assert queries.current(counter) is None
    wait(30)
    actions.resume(ticket, counter=counter, by=agent)
    actions.arrive(ticket, by=agent)
    wait(3)
    actions.finish(ticket, outcome=Outcome.DONE, by=agent)
    assert Entry.objects.get(what="step.done").facts["seconds"] == 7 * 60


def test_a_missing_copy_is_a_reception_and_a_right_to_come_back(house: House) -> None:
    ticket = house.ticket(holder_name="Témoin Revenu")
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    given = actions.give_return(ticket, kind=ReturnKind.MISSING_COPY, reason="acte de naissance", by=agent)
    wait(90)
    back = house.ticket(holder_name="Témoin Revenu", return_code=given.code)
    assert back.reference_at == ticket.reference_at
    ticket.refresh_from_db()
    assert ticket.state == Status.RECEIVED


def test_the_card_is_handed_over_once(house: House) -> None:
    permit = PermitFactory(office=house.office)
    counter, agent = house.desk("handover")
    first, second = house.ticket("permit_handover"), house.ticket("permit_handover")
    actions.call_next(counter, by=agent)
    actions.arrive(first, by=agent)
    assert actions.hand_over(first, permit=permit, by=agent, key="k").state == Status.RECEIVED
    assert actions.hand_over(first, permit=permit, by=agent, key="k").state == Status.RECEIVED
    actions.call_next(counter, by=agent)
    actions.arrive(second, by=agent)
    with pytest.raises(AlreadyHandedOver):
        actions.hand_over(second, permit=permit, by=agent)
    second.refresh_from_db()
    assert second.state == Status.SERVING


def test_nobody_is_given_the_card_of_somebody_else(house: House) -> None:
    permit = PermitFactory(office=house.office)
    counter, agent = house.desk("handover")
    ticket = house.ticket("permit_handover", person=PersonFactory())
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    with pytest.raises(CardOfSomebodyElse):
        actions.hand_over(ticket, permit=permit, by=agent)
    permit.refresh_from_db()
    assert permit.handed_over_at is None


def test_a_card_of_another_office_is_not_handed_over_nor_failed_here(house: House) -> None:
    person = PersonFactory()
    permit = PermitFactory(person=person)
    counter, agent = house.desk("handover")
    ticket = house.ticket("permit_handover", person=person)
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    with pytest.raises(CardOfAnotherOffice):
        actions.hand_over(ticket, permit=permit, by=agent)
    with pytest.raises(CardOfAnotherOffice):
        actions.fail_handover(ticket, permit=permit, reason=Failure.STAMP_MISSING, by=agent)
    permit.refresh_from_db()
    assert permit.handed_over_at is None


def test_picking_out_of_order_is_written_down(house: House) -> None:
    house.ticket()
    second = house.ticket()
    counter, agent = house.desk()
    actions.pick(second, counter=counter, by=agent)
    facts = Entry.objects.get(what="ticket.called").facts
    assert (facts["picked"], facts["ahead"]) == (True, 1)


def test_who_may_sit_where(house: House) -> None:
    counter, agent = house.desk("filing")
    colleague = AgentFactory(office=house.office, lines=[house.lines["filing"]])
    with pytest.raises(CounterTaken):
        actions.open_counter(counter, by=colleague)
    other = house.counter("filing")
    with pytest.raises(AlreadyAtCounter):
        actions.open_counter(other, by=agent)
    with pytest.raises(NoSkill):
        actions.open_counter(other, by=AgentFactory(office=house.office, lines=[house.lines["receipts"]]))
    with pytest.raises(CounterNotOpen):
        actions.open_counter(other, by=AgentFactory())
    with pytest.raises(NotYourCounter):
        actions.call_next(counter, by=colleague)


def test_the_relief_takes_the_counter_and_its_person(house: House) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    colleague = AgentFactory(office=house.office, lines=[house.lines["filing"]])
    actions.relieve(counter, by=colleague)
    with pytest.raises(TicketNotHere):
        actions.arrive(ticket, by=agent)
    assert actions.arrive(ticket, by=colleague).state == Status.SERVING


def test_a_break_calls_nobody_and_ends(house: House) -> None:
    house.ticket()
    counter, agent = house.desk()
    actions.take_break(counter, by=agent)
    with pytest.raises(CounterNotOpen):
        actions.call_next(counter, by=agent)
    actions.end_break(counter, by=agent)
    actions.call_next(counter, by=agent)
    with pytest.raises(CounterBusy):
        actions.take_break(counter, by=agent)


def test_closing_with_somebody_in_service_puts_them_back_in_their_place(house: House) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    with pytest.raises(CounterBusy):
        actions.close_counter(counter, by=agent)
    actions.close_counter(counter, by=agent, puts_back=True)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reference_at) == (Status.WAITING, at("10:00"))


def test_a_call_for_help_reaches_the_others_once(house: House) -> None:
    counter, agent = house.desk()
    call = actions.call_for_help(counter, by=agent)
    assert queries.help_calls(house.office) == [call]
    colleague = AgentFactory(office=house.office)
    actions.answer_help(call, by=colleague)
    assert actions.answer_help(call, by=agent).answered_by == colleague
    assert queries.help_calls(house.office) == []


def test_asking_for_help_twice_is_said(house: House) -> None:
    counter, agent = house.desk()
    actions.call_for_help(counter, by=agent)
    with pytest.raises(HelpAlreadyAsked):
        actions.call_for_help(counter, by=agent)


def test_a_ticket_of_yesterday_is_over(house: House) -> None:
    ticket = house.ticket()
    clock.hold(at("10:00", date(2017, 12, 12)))
    counter, agent = house.desk()
    assert actions.call_next(counter, by=agent) is None
    with pytest.raises(TicketOfAnotherDay):
        actions.pick(ticket, counter=counter, by=agent)
    with pytest.raises(TicketOfAnotherDay):
        actions.leave(ticket, by=PHONE)


def test_every_wrong_moment_is_a_clear_refusal(house: House) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    wrong = [
        lambda: actions.arrive(ticket, by=agent),
        lambda: actions.call_again(ticket, by=agent),
        lambda: actions.mark_absent(ticket, by=agent),
        lambda: actions.finish(ticket, outcome=Outcome.DONE, by=agent),
        lambda: actions.park(ticket, room="1", by=agent),
        lambda: actions.resume(ticket, counter=counter, by=agent),
        lambda: actions.put_back(ticket, by=agent),
        lambda: actions.transfer(ticket, procedure=house.procedures["student"], by=agent),
    ]
    for press in wrong:
        with pytest.raises(BusinessError) as said:
            press()
        assert str(said.value)


def test_a_person_may_leave_from_their_phone_but_not_from_under_the_agents_hands(house: House) -> None:
    ticket = house.ticket()
    counter, agent = house.desk()
    actions.call_next(counter, by=agent)
    actions.arrive(ticket, by=agent)
    with pytest.raises(TicketNotHere):
        actions.leave(ticket, by=PHONE)
    other = house.ticket()
    assert actions.leave(other, by=PHONE).state == Status.LEFT
