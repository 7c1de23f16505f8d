"""At the door: tickets, who gets one, and what is said to those who do not."""

from datetime import date, timedelta
from typing import Any

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
    ReturnForAnotherLine,
    ReturnOfAnother,
    ReturnRefused,
)
from parvis.reception.models import ReturnPass, Ticket
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
    assert actions.purge_priorities(ticket.day + timedelta(days=1), by=KIOSK) == 0
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
    ticket = house.ticket(holder_name="Témoin Revenu")
    given = actions.give_return(ticket, kind=ReturnKind.FIRST_NEXT_DAY, reason="trop de monde", by=KIOSK)
    assert given.valid_on == date(2017, 12, 12)
    clock.hold(at("08:31", date(2017, 12, 12)))
    first = house.ticket(priority=Priority.WAR_DISABLED)
    wait(20)
    back = house.ticket(holder_name="Témoin Revenu", return_code=given.code.lower())
    assert back.rank_at < first.rank_at
    with pytest.raises(ReturnRefused):
        house.ticket(holder_name="Témoin Revenu", return_code=given.code)


def promised(house: House, **holder: object) -> ReturnPass:
    """A right to come back, given to this holder of a ticket; the hour at which it is worth something has come."""
    given = actions.give_return(
        house.ticket(**holder), kind=ReturnKind.LATER_TODAY, at=at("14:00"), reason="Fictif", by=KIOSK
    )
    clock.hold(at("14:00"))
    return given


BORN = date(1985, 3, 2)
KNOWN = {"family_name": "Témoin", "given_name": "Zoé", "birth_date": BORN}


@pytest.mark.parametrize(
    ("given_to", "comes"),
    [
        ({"holder_name": "Témoin Zoé"}, {"holder_name": "Fictif Paul"}),
        ({"holder_name": "Témoin Zoé"}, {"holder_name": "Témoin Zoé", "holder_born": date(1991, 5, 6)}),
        ({"holder_name": "Témoin Zoé", "holder_born": None}, {"holder_name": "Témoin"}),
        ({"holder_name": "🙂"}, {"holder_name": "🙃"}),
        ({"person": KNOWN}, {"holder_name": "Fictif Paul", "holder_born": BORN}),
        ({"person": KNOWN}, {"person": {"family_name": "Fictif", "birth_date": BORN}}),
        ({"holder_name": "Témoin Zoé", "holder_born": BORN}, {"person": {"family_name": "Fictif", "birth_date": BORN}}),
    ],
)
def test_a_right_to_come_back_is_worth_nothing_to_somebody_else(
    house: House, given_to: dict[str, Any], comes: dict[str, Any]
) -> None:
    given = promised(house, **_with_person(given_to))
    with pytest.raises(ReturnOfAnother):
        house.ticket(return_code=given.code, **_with_person(comes))
    given.refresh_from_db()
    assert given.used_by is None


@pytest.mark.parametrize(
    ("given_to", "comes"),
    [
        ({"holder_name": "Témoin Zoé"}, {"holder_name": " ZOE  temoin"}),
        ({"holder_name": "Témoin Zoé Inventée"}, {"holder_name": "Témoin Zoé"}),
        ({"holder_name": "Témoin Zoé", "holder_born": None}, {"holder_name": "Témoin Zoé"}),
        ({"holder_name": "Témoin Zoé"}, {"holder_name": "Témoin Zoé", "holder_born": None}),
        ({"holder_name": "🙂"}, {"holder_name": "🙂"}),
        ({"person": KNOWN}, {"holder_name": "Témoin Zoé", "holder_born": BORN}),
        ({"holder_name": "Témoin Zoé", "holder_born": BORN}, {"person": KNOWN}),
        ({"holder_name": "Témoin Zoé", "holder_born": None}, {"person": KNOWN}),
    ],
)
def test_the_holder_of_a_right_to_come_back_is_known_however_they_say_who_they_are(
    house: House, given_to: dict[str, Any], comes: dict[str, Any]
) -> None:
    given = promised(house, **_with_person(given_to))
    assert house.ticket(return_code=given.code, **_with_person(comes)).reference_at == at("14:00")


def test_a_person_bound_at_the_counter_comes_back_under_either_name(house: House) -> None:
    """A name was typed at the kiosk, the file said who it is: the pass is that person's too."""
    given = promised(house, holder_name="Témoin Z.", holder_born=None)
    person = PersonFactory(**KNOWN)
    Ticket.objects.filter(pk=given.ticket_id).update(person=person)
    assert house.ticket(return_code=given.code, person=person).reference_at == at("14:00")


def test_a_right_to_come_back_keeps_a_place_in_its_own_line(house: House) -> None:
    given = promised(house, holder_name="Témoin Zoé")
    with pytest.raises(ReturnForAnotherLine) as refused:
        house.ticket("receipt_renewal", holder_name="Témoin Zoé", return_code=given.code)
    assert house.lines["filing"].name in str(refused.value)
    assert house.ticket("student", holder_name="Témoin Zoé", return_code=given.code).reference_at == at("14:00")


def _with_person(holder: dict[str, Any]) -> dict[str, Any]:
    """The same holder, the person among them registered."""
    return {**holder, "person": PersonFactory(**holder["person"])} if "person" in holder else holder


@pytest.mark.parametrize("code", ["AAAAAAAA", "x" * 500, "' OR 1=1"])
def test_an_unknown_return_code_is_refused(house: House, code: str) -> None:
    with pytest.raises(ReturnRefused):
        house.ticket(return_code=code)
