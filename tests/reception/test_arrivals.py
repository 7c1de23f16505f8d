"""At the door: tickets, who gets one, and what is said to those who do not."""

from datetime import date, timedelta

import pytest

from parvis.common import clock
from parvis.common.errors import KeyReused
from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.procedures.models import AccessMode
from parvis.reception import actions
from parvis.reception.errors import (
    AlreadyHasTicket,
    AppointmentOnly,
    IdentityMissing,
    LineClosed,
    NothingAsked,
    ReturnRefused,
)
from parvis.reception.models import Ticket
from parvis.reception.rules import Arrival
from parvis.reception.states import Priority, Rank, RedirectReason, ReturnKind
from tests.people.factories import PersonFactory
from tests.reception.house import House, at, wait


def test_numbers_follow_each_other_by_letter_and_start_again_each_day(house: House) -> None:
    numbers = [str(house.ticket(code)) for code in ("renewal", "receipt_renewal", "student", "renewal")]
    assert numbers == ["D001", "R001", "D002", "D003"]
    clock.hold(at("10:00", date(2017, 12, 12)))
    assert str(house.ticket("renewal")) == "D001"


def test_a_refused_ticket_leaves_no_gap(house: House) -> None:
    house.ticket(holder_name="Exemple Un")
    with pytest.raises(AlreadyHasTicket):
        house.ticket(holder_name="EXEMPLE  un")
    assert str(house.ticket()) == "D002"


def test_pressing_twice_gives_one_ticket(house: House) -> None:
    arrival = house.arrival()
    first = actions.issue_ticket(arrival, by=KIOSK, key="press")
    again = actions.issue_ticket(arrival, by=KIOSK, key="press")
    assert first.pk == again.pk
    assert Ticket.objects.count() == 1


def test_the_same_key_for_somebody_else_is_refused(house: House) -> None:
    house.ticket(key="press")
    with pytest.raises(KeyReused):
        house.ticket(key="press")


def test_a_person_holds_one_open_ticket_a_day(house: House) -> None:
    person = PersonFactory()
    house.ticket(person=person)
    with pytest.raises(AlreadyHasTicket):
        house.ticket("receipt_renewal", person=person)


def test_a_ticket_belongs_to_somebody(house: House) -> None:
    for name in ("", "   ", "\u202e\u200f"):
        with pytest.raises(IdentityMissing):
            house.ticket(holder_name=name)


@pytest.mark.parametrize("name", ["A", "李", "محمد مثال", "🙂", "O'Exemple-Ñandú", "x" * 10_000])
def test_any_name_is_taken(house: House, name: str) -> None:
    ticket = house.ticket(holder_name=name)
    ticket.refresh_from_db()
    assert 0 < len(ticket.holder_name) <= 120


def test_somebody_without_a_procedure_gets_no_ticket(house: House) -> None:
    arrival = Arrival(office=house.office, procedures=(), holder_name="Exemple")
    with pytest.raises(NothingAsked):
        actions.issue_ticket(arrival, by=KIOSK)


@pytest.mark.parametrize(("hour", "taken"), [("08:29", False), ("08:30", True), ("15:59", True), ("16:00", False)])
def test_the_doors_open_half_an_hour_before_the_counters(house: House, hour: str, taken: bool) -> None:
    clock.hold(at(hour))
    if taken:
        assert house.ticket().number == 1
    else:
        with pytest.raises(LineClosed):
            house.ticket()


def test_on_a_thursday_only_the_handover_gives_tickets(house: House) -> None:
    clock.hold(at("10:00", date(2017, 12, 14)))
    assert str(house.ticket("permit_handover")) == "T001"
    with pytest.raises(LineClosed):
        house.ticket("renewal")


def test_by_appointment_only(house: House) -> None:
    AccessMode.objects.create(procedure=house.procedures["student"], mode="appointment_only", valid_from=at("00:00"))
    with pytest.raises(AppointmentOnly):
        house.ticket("student")
    assert house.ticket("student", appointment_at=at("10:10")).rank == Rank.APPOINTMENT


def test_an_appointment_counts_from_the_later_of_hour_and_check_in(house: House) -> None:
    early = house.ticket(appointment_at=at("10:30"))
    assert (early.reference_at, early.rank_at) == (at("10:30"), at("10:10"))
    clock.hold(at("10:40"))
    late = house.ticket(appointment_at=at("10:30"))
    assert (late.rank, late.reference_at, late.rank_at) == (Rank.APPOINTMENT, at("10:40"), at("10:20"))


def test_an_appointment_too_late_is_a_walk_in_from_its_check_in(house: House) -> None:
    clock.hold(at("10:46"))
    ticket = house.ticket(appointment_at=at("10:30"))
    assert (ticket.rank, ticket.rank_at) == (Rank.WALK_IN, at("10:46"))


def test_a_legal_priority_goes_an_hour_ahead(house: House) -> None:
    ticket = house.ticket(priority=Priority.FAMILY_CARD)
    assert (ticket.rank, ticket.rank_at) == (Rank.PRIORITY, at("09:00"))


def test_the_journal_never_holds_the_name_or_the_reason_of_a_priority(house: House) -> None:
    house.ticket(holder_name="Exemple-Secret", priority=Priority.MOBILITY_CARD)
    facts = str(list(Entry.objects.order_by("id").values_list("what", "facts")))
    assert "Secret" not in facts
    assert "mobility" not in facts


def test_priorities_are_erased_the_day_after(house: House) -> None:
    ticket = house.ticket(priority=Priority.MOBILITY_CARD)
    assert actions.purge_priorities(ticket.day, by=KIOSK) == 0
    assert actions.purge_priorities(ticket.day + timedelta(days=1), by=KIOSK) == 1
    ticket.refresh_from_db()
    assert ticket.priority == ""


def test_a_redirection_is_recorded_without_identity(house: House) -> None:
    made = actions.redirect(
        house.office,
        procedure=house.procedures["renewal"],
        reason=RedirectReason.TOO_EARLY,
        first_valid_date=date(2018, 1, 15),
        by=KIOSK,
        key="slip",
    )
    entry = Entry.objects.get(what="arrival.redirected")
    assert (made.first_valid_date, entry.facts["reason"]) == (date(2018, 1, 15), "too_early")
    assert entry.subject_id == made.pk


def test_a_right_to_come_back_keeps_the_place_and_works_once(house: House) -> None:
    ticket = house.ticket()
    given = actions.give_return(ticket, kind=ReturnKind.FIRST_NEXT_DAY, reason="trop de monde", by=KIOSK)
    assert given.valid_on == date(2017, 12, 12)
    clock.hold(at("08:31", date(2017, 12, 12)))
    first = house.ticket(priority=Priority.WAR_DISABLED)
    wait(20)
    back = house.ticket(return_code=given.code.lower())
    assert back.rank_at < first.rank_at
    with pytest.raises(ReturnRefused):
        house.ticket(return_code=given.code)


@pytest.mark.parametrize("code", ["AAAAAAAA", "x" * 500, "' OR 1=1"])
def test_an_unknown_return_code_is_refused(house: House, code: str) -> None:
    with pytest.raises(ReturnRefused):
        house.ticket(return_code=code)
