"""One request for each person and procedure, whatever the channel; what it says and what it keeps to itself."""

import pytest

from parvis.booking import actions, queries
from parvis.booking.actions.requests import REQUESTS_PER_ADDRESS
from parvis.booking.errors import AlreadyBooked, AlreadyRequested, ContactMissing, IdentityMissing, NotByDraw, TooOften
from parvis.booking.models import Attempt, SeatRequest
from parvis.booking.states import Channel, RequestState, UrgentGround
from parvis.common.errors import IllegalMove, KeyReused
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages.models import Message
from tests.booking.house import WEB, BookingHouse
from tests.booking.scarcity import Scarcity, drawn
from tests.offices.factories import AgentFactory
from tests.reception.house import wait


@pytest.fixture
def scarce(house: BookingHouse) -> Scarcity:
    return drawn(house)


def test_a_request_is_told_and_gathered(scarce: Scarcity) -> None:
    batch = scarce.batch()
    made = scarce.ask(suits=["1am", "2pm", "9am", "nonsense"])
    assert (made.state, made.batch, made.suits) == (RequestState.WAITING, batch, ["1am", "2pm"])
    assert [one.outcome for one in queries.draws.attempts(made)] == ["asked"]
    assert Message.objects.filter(kind="booking.request_received", recipient=made.email).count() == 1
    (entry,) = Entry.objects.about(made)
    assert entry.what == "request.made"
    assert "Exemple" not in str(entry.facts)
    assert "9900" not in str(entry.facts)


def test_asked_again_by_another_channel_it_is_the_same_request(scarce: Scarcity) -> None:
    """At the counter, by the web and by phone: one entry in the draw, three attempts with their dates."""
    scarce.batch()
    who, contact = scarce.house.attendee(), scarce.house.contact()
    first = scarce.ask(attendee=who, contact=contact)
    wait(60)
    again = scarce.ask(attendee=who, contact=contact, channel=Channel.DIGITAL_POINT)
    wait(60)
    told_to_agent = scarce.ask(attendee=who, channel=Channel.DESK, by=scarce.house.agent)
    assert first.pk == again.pk == told_to_agent.pk
    assert SeatRequest.objects.count() == 1
    assert [one.channel for one in queries.draws.attempts(first)] == ["web", "digital_point", "desk"]


def test_one_contact_asks_for_so_many_people_a_day(scarce: Scarcity) -> None:
    """Invented people from one mailbox or one phone do not fill the draw; an agent asks for whoever stands there."""
    scarce.batch()
    scarce.house.policy(holds_per_contact=2)
    contact = scarce.house.contact(phone="+33639981234")
    for _ in range(2):
        scarce.ask(contact=contact)
    for other in (scarce.house.contact(email=contact.email), scarce.house.contact(phone=contact.phone)):
        with pytest.raises(TooOften):
            scarce.ask(contact=other)
    scarce.ask(contact=contact, by=scarce.house.agent)
    assert SeatRequest.objects.count() == 3


def test_somebody_else_who_types_my_number_is_told_nothing(scarce: Scarcity) -> None:
    """Another contact: no address of the request comes back, and my own contact hears of it, once in a while."""
    scarce.batch()
    who = scarce.house.attendee()
    mine = scarce.ask(attendee=who)
    wait(60)
    for _ in range(3):
        with pytest.raises(AlreadyRequested) as refused:
            scarce.ask(attendee=who)
        assert mine.token not in str(refused.value)
    assert set(Message.objects.order_by("pk").values_list("recipient", flat=True)) == {mine.email}
    assert Message.objects.count() == 2
    mine.refresh_from_db()
    assert Attempt.objects.filter(request=mine).count() == 2


def test_the_passport_alone_then_both_numbers_are_one_person(scarce: Scarcity) -> None:
    who = scarce.house.attendee(foreign_number="", passport_number="EX 12345")
    contact = scarce.house.contact()
    first = scarce.ask(attendee=who, contact=contact)
    both = scarce.house.attendee(passport_number="ex12345")
    assert scarce.ask(attendee=both, contact=contact).pk == first.pk


def test_who_has_a_booking_needs_no_request(scarce: Scarcity, house: BookingHouse) -> None:
    who = house.attendee("student")
    slot = house.slot()
    house.booked(slot, house.wish("student"), attendees=[who])
    students = drawn(house, "student")
    with pytest.raises(AlreadyBooked):
        students.ask(attendee=who)
    assert Message.objects.filter(kind="booking.already").count() == 1


def test_no_request_while_a_seat_may_be_booked_directly(house: BookingHouse) -> None:
    """Where seats are booked directly a request is a proof that there was none."""
    direct = Scarcity(house, house.house.procedures["renewal"])
    slot = house.slot(seats=1)
    with pytest.raises(NotByDraw):
        direct.ask()
    house.booked(slot)
    made = direct.ask()
    assert made.batch is None
    assert [one.outcome for one in queries.draws.attempts(made)] == ["no_seat"]


def test_the_same_key_has_one_effect(scarce: Scarcity) -> None:
    who, contact = scarce.house.attendee(), scarce.house.contact()
    made = [scarce.ask(attendee=who, contact=contact, key="k1") for _ in range(3)]
    assert len({one.pk for one in made}) == 1
    assert Attempt.objects.count() == 1
    with pytest.raises(KeyReused):
        scarce.ask(key="k1")


def test_what_is_missing_is_said(scarce: Scarcity) -> None:
    with pytest.raises(IdentityMissing):
        scarce.ask(attendee=scarce.house.attendee(foreign_number=""))
    with pytest.raises(ContactMissing):
        scarce.ask(contact=scarce.house.contact(email=""))


def test_one_address_asks_so_many_times_a_day(scarce: Scarcity) -> None:
    for _ in range(REQUESTS_PER_ADDRESS - 1):
        actions.allow("request.address", "192.0.2.1", limit=REQUESTS_PER_ADDRESS)
    scarce.ask(address="192.0.2.1")
    with pytest.raises(TooOften):
        scarce.ask(address="192.0.2.1")
    scarce.ask(address="192.0.2.2")


def test_a_ground_counts_once_an_agent_has_seen_the_proof(scarce: Scarcity) -> None:
    agent = AgentFactory(office=scarce.house.office, roles=["head_of_office"])
    made = scarce.ask(ground=UrgentGround.HEALTH, ground_reason="Hospitalisation fictive")
    assert list(queries.draws.grounds_to_confirm(scarce.house.office)) == [made]
    assert actions.confirm_ground(made, by=agent).ground_confirmed_by == agent
    assert not queries.draws.grounds_to_confirm(scarce.house.office)
    actions.confirm_ground(made, by=agent)
    told = Entry.objects.named("request.ground_confirmed")
    assert len(told) == 1
    assert "health" not in str(told[0].facts)


def test_a_ground_without_proof_is_set_aside_and_the_request_stays(scarce: Scarcity) -> None:
    made = actions.refuse_ground(scarce.ask(ground=UrgentGround.MINOR), by=scarce.house.agent)
    assert (made.state, made.ground) == (RequestState.WAITING, "")


def test_an_unknown_ground_is_none(scarce: Scarcity) -> None:
    assert scarce.ask(ground="caprice", ground_reason="parce que").ground_reason == ""


def test_withdrawn_once_and_then_free_to_ask_again(scarce: Scarcity) -> None:
    who = scarce.house.attendee()
    made = scarce.ask(attendee=who)
    for _ in range(2):
        assert actions.withdraw_request(made, by=WEB).state == RequestState.WITHDRAWN
    assert Entry.objects.named("request.withdrawn").count() == 1
    assert scarce.ask(attendee=who).pk != made.pk


def test_a_request_that_has_its_place_is_not_withdrawn(scarce: Scarcity) -> None:
    scarce.seats(1)
    batch = scarce.batch()
    made = scarce.ask()
    scarce.draw(batch)
    with pytest.raises(IllegalMove):
        actions.withdraw_request(made, by=WEB)


def test_unserved_after_n_weeks(scarce: Scarcity, house: BookingHouse) -> None:
    """Two ask on Monday, one a week later: after two weeks two are unserved, then one of them books otherwise."""
    first = scarce.ask()
    scarce.ask()
    wait(7 * 24 * 60)
    scarce.ask()
    wait(7 * 24 * 60)
    (found,) = queries.unserved(house.office, 2)
    assert (found.procedure, found.requests, found.longest_days) == (scarce.procedure, 2, 14)
    actions.withdraw_request(first, by=SYSTEM)
    assert [(one.requests, one.made, one.share) for one in queries.unserved(house.office, 2)] == [(1, 2, 0.5)]
    assert queries.unserved(house.office, 3) == []


def test_days_to_the_first_free_seat(house: BookingHouse) -> None:
    house.slot()
    drawn(house, "student")
    found = {one.procedure.code: one for one in queries.first_free_days(house.office)}
    assert (found["renewal"].days, found["renewal"].is_drawn) == (7, False)
    assert (found["student"].days, found["student"].is_drawn) == (None, True)
    assert found["receipt_renewal"].days is None
