"""A seat freed near its day: one person at a time, for a few hours, and never for a friend."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction

from parvis.booking import actions
from parvis.booking.actions import withdrawing
from parvis.booking.errors import OfferOver
from parvis.booking.models import Offer, Seat, Slot
from parvis.booking.rules import Contact
from parvis.booking.states import OfferState, RequestState, SeatState, UrgentGround
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.messages.models import Message
from tests.booking.house import WEB, BookingHouse, seat_states
from tests.booking.scarcity import Scarcity, drawn, open_offers
from tests.reception.house import MONDAY, wait

# On Monday at ten, for Wednesday: no draw will give it in time.
SOON = MONDAY + timedelta(days=2)


@pytest.fixture
def scarce(house: BookingHouse) -> Scarcity:
    return drawn(house)


def freed(scarce: Scarcity, **where: object) -> Seat:
    """A seat of Wednesday that somebody has just given back."""
    slot = scarce.seats(1, **({"day": SOON} | where))
    appointment = scarce.give(slot)
    actions.cancel(appointment, by=WEB)
    return Seat.objects.get(slot=slot)


def test_it_is_proposed_to_one_person(scarce: Scarcity) -> None:
    people = [scarce.ask() for _ in range(3)]
    seat = freed(scarce)
    (offer,) = open_offers()
    assert offer.seat == seat
    assert seat.state == SeatState.OFFERED
    assert offer.expires_at == clock.now() + timedelta(hours=6)
    assert offer.request in people
    assert offer.request.state == RequestState.OFFERED
    assert list(Message.objects.filter(kind="booking.offer").order_by("pk").values_list("recipient", flat=True)) == [
        offer.request.email
    ]


def test_taken_it_is_an_appointment(scarce: Scarcity) -> None:
    scarce.ask()
    seat = freed(scarce)
    (offer,) = open_offers()
    appointment = actions.take_offer(offer, by=WEB)
    again = actions.take_offer(offer, by=WEB)
    assert appointment == again
    assert list(appointment.seats.order_by("pk")) == [seat]
    assert appointment.state == "confirmed"
    offer.request.refresh_from_db()
    assert (offer.request.state, offer.request.appointment) == (RequestState.PLACED, appointment)
    assert Message.objects.filter(kind="booking.confirmed").count() == 1


def test_refused_it_goes_to_the_next_and_is_not_proposed_twice(scarce: Scarcity) -> None:
    """Three people refuse one after the other; then nobody is left, and the seat is free for who comes."""
    people = [scarce.ask() for _ in range(3)]
    seat = freed(scarce)
    asked = []
    while offers := open_offers():
        asked.append(offers[0].request)
        actions.refuse_offer(offers[0], by=WEB)
        actions.refuse_offer(offers[0], by=WEB)
    assert sorted(one.pk for one in asked) == [one.pk for one in people]
    seat.refresh_from_db()
    assert seat.state == SeatState.FREE
    assert seat.available_from is not None
    for one in people:
        one.refresh_from_db()
    assert {(one.state, one.lost) for one in people} == {(RequestState.WAITING, 0)}


def test_without_an_answer_it_goes_to_the_next(scarce: Scarcity) -> None:
    for _ in range(2):
        scarce.ask()
    freed(scarce)
    (first,) = open_offers()
    assert actions.expire_offers() == 0
    clock.hold(first.expires_at)
    assert actions.expire_offers() == 1
    (second,) = open_offers()
    assert second.request != first.request
    first.refresh_from_db()
    assert first.state == OfferState.EXPIRED
    assert [one.outcome for one in first.request.attempts.order_by("pk")] == ["asked", "offer_expired"]
    assert Message.objects.filter(kind="booking.offer_expired").count() == 1


def test_too_late_is_said_and_nothing_is_lost(scarce: Scarcity) -> None:
    scarce.ask()
    freed(scarce)
    (offer,) = open_offers()
    clock.hold(offer.expires_at)
    with pytest.raises(OfferOver):
        actions.take_offer(offer, by=WEB)
    with pytest.raises(OfferOver):
        actions.refuse_offer(offer, by=WEB)
    actions.expire_offers()
    with pytest.raises(OfferOver):
        actions.take_offer(offer, by=WEB)
    offer.request.refresh_from_db()
    assert offer.request.state == RequestState.WAITING


def test_the_answer_ends_an_hour_before_the_seat(scarce: Scarcity) -> None:
    scarce.ask()
    freed(scarce, day=MONDAY, hour="12:00")
    (offer,) = open_offers()
    assert offer.expires_at == clock.at(MONDAY, "11:00")


def test_a_seat_within_the_hour_is_proposed_to_nobody(scarce: Scarcity) -> None:
    scarce.ask()
    seat = freed(scarce, day=MONDAY, hour="11:15")
    assert open_offers() == []
    assert seat.state == SeatState.FREE


def test_legal_urgency_first(scarce: Scarcity) -> None:
    for _ in range(10):
        scarce.ask()
    urgent = actions.confirm_ground(scarce.ask(ground=UrgentGround.HEALTH), by=scarce.house.agent)
    freed(scarce)
    assert [one.request for one in open_offers()] == [urgent]


def test_who_lost_often_goes_before_urgency(scarce: Scarcity) -> None:
    actions.confirm_ground(scarce.ask(ground=UrgentGround.COURT_ORDER), by=scarce.house.agent)
    carried = scarce.ask()
    type(carried).objects.filter(pk=carried.pk).update(lost=2)
    freed(scarce)
    assert [one.request for one in open_offers()] == [carried]


def test_only_a_half_day_that_suits(scarce: Scarcity) -> None:
    scarce.ask(suits=["3pm", "4am"])
    suited = scarce.ask(suits=["3am"])
    freed(scarce)
    assert [one.request for one in open_offers()] == [suited]


def test_who_frees_a_seat_cannot_foresee_who_is_asked(scarce: Scarcity) -> None:
    """Forty seats in turn, four equal people: none of them is asked first each time."""
    people = [scarce.ask() for _ in range(4)]
    first: Counter[int] = Counter()
    for number in range(40):
        freed(scarce, hour=f"{9 + number // 8:02}:{(number % 8) * 5:02}")
        for offer in open_offers():
            first[offer.request_id] += 1
            actions.withdraw_request(offer.request, by=WEB)
            Offer.objects.filter(state=OfferState.OPEN).delete()
            Seat.objects.filter(state=SeatState.OFFERED).update(state=SeatState.WITHDRAWN)
            type(offer.request).objects.filter(pk__in=[one.pk for one in people]).update(
                state=RequestState.WAITING, ended_at=None
            )
    assert sum(first.values()) == 40
    assert len(first) == 4


def test_a_withdrawn_request_gives_the_seat_to_the_next(scarce: Scarcity) -> None:
    for _ in range(2):
        scarce.ask()
    freed(scarce)
    (first,) = open_offers()
    assert actions.withdraw_request(first.request, by=WEB).state == RequestState.WITHDRAWN
    (second,) = open_offers()
    assert second.request != first.request
    first.refresh_from_db()
    assert first.state == OfferState.REFUSED


def test_a_seat_that_is_far_waits_for_the_next_draw(scarce: Scarcity) -> None:
    scarce.ask()
    scarce.batch()
    seat = freed(scarce, day=MONDAY + timedelta(days=8))
    assert open_offers() == []
    assert seat.state == SeatState.WITHHELD


def test_a_seat_that_no_batch_reaches_is_proposed(scarce: Scarcity) -> None:
    """Not near yet, but before the days of the batch that is open."""
    scarce.ask()
    scarce.batch()
    assert len([freed(scarce, day=MONDAY + timedelta(days=4))]) == len(open_offers()) == 1


def test_idle_seats_that_no_draw_reaches_are_proposed_to_who_asks_later(scarce: Scarcity, house: BookingHouse) -> None:
    """Nobody was waiting when it was freed, or it was never taken: no seat is lost for want of a draw."""
    seat = freed(scarce)
    untouched = scarce.seats(1, day=SOON, hour="10:00")
    far = scarce.seats(1, day=MONDAY + timedelta(days=9))
    assert actions.offer_idle_seats(house.office) == 0
    for _ in range(3):
        scarce.ask()
    assert actions.offer_idle_seats(house.office) == 2
    assert {one.seat_id for one in open_offers()} == {seat.pk, untouched.seats.get().pk}
    assert seat_states(far) == ["free"]
    assert actions.offer_idle_seats(house.office) == 0


def test_a_visit_of_two_slots_is_proposed_and_given_whole(scarce: Scarcity) -> None:
    slots = scarce.house.slots(day=SOON, hours=("09:00", "09:20"), seats=1, minutes=10)
    scarce.ask()
    first = Seat.objects.get(slot=slots[0])
    made = actions.offer_next(first)
    assert made is not None
    assert [seat_states(slot) for slot in slots] == [["offered"], ["offered"]]
    appointment = actions.take_offer(made, by=WEB)
    assert appointment.minutes == 20
    assert [seat_states(slot) for slot in slots] == [["booked"], ["booked"]]
    actions.cancel(appointment, by=WEB)
    assert [seat_states(slot) for slot in slots] == [["free"], ["free"]]


def test_a_visit_of_two_slots_that_is_refused_is_proposed_whole_to_the_next(scarce: Scarcity) -> None:
    slots = scarce.house.slots(day=SOON, hours=("09:00", "09:20"), seats=1, minutes=10)
    for _ in range(2):
        scarce.ask()
    made = actions.offer_next(Seat.objects.get(slot=slots[0]))
    assert made is not None
    actions.refuse_offer(made, by=WEB)
    (second,) = open_offers()
    assert second.request != made.request
    assert [seat_states(slot) for slot in slots] == [["offered"], ["offered"]]


def test_a_seat_that_one_refused_hides_no_other(scarce: Scarcity, house: BookingHouse) -> None:
    """One person waits, has refused the earliest seat, and cannot use the seat of another procedure."""
    scarce.ask()
    freed(scarce)
    actions.refuse_offer(open_offers()[0], by=WEB)
    scarce.seats(1, day=SOON, hour="09:30", accepts=("student",))
    untouched = scarce.seats(1, day=SOON, hour="10:00")
    assert actions.offer_idle_seats(house.office) == 1
    assert [one.seat for one in open_offers()] == [untouched.seats.get()]


def two_slots(scarce: Scarcity) -> tuple[list[Slot], Offer]:
    """A visit of two slots of ten minutes on Wednesday, proposed to the one who waits."""
    slots = scarce.house.slots(day=SOON, hours=("09:00", "09:20"), seats=1, minutes=10)
    scarce.ask()
    made = actions.offer_next(slots[0].seats.get())
    assert made is not None
    return slots, made


def test_both_seats_come_back_when_the_last_person_refuses(scarce: Scarcity) -> None:
    slots, made = two_slots(scarce)
    actions.refuse_offer(made, by=WEB)
    assert [seat_states(slot) for slot in slots] == [["free"], ["free"]]
    assert not Seat.objects.filter(slot__in=slots, available_from=None).exists()


def test_both_seats_come_back_when_the_request_is_withdrawn(scarce: Scarcity) -> None:
    slots, made = two_slots(scarce)
    actions.withdraw_request(made.request, by=WEB)
    assert [seat_states(slot) for slot in slots] == [["free"], ["free"]]


@pytest.mark.parametrize("gone", [0, 1])
def test_the_office_takes_back_one_of_two_seats(scarce: Scarcity, gone: int) -> None:
    """The offer ends, the person is told and waits on, and the other seat is there for others."""
    slots, made = two_slots(scarce)
    with transaction.atomic():
        withdrawing.withdraw(
            [slots[gone].pk], office=scarce.house.office, by=scarce.house.agent, reason="hours", now=clock.now()
        )
    made.refresh_from_db()
    made.request.refresh_from_db()
    assert (made.state, made.request.state) == (OfferState.EXPIRED, RequestState.WAITING)
    assert [seat_states(slot) for slot in (slots[gone], slots[1 - gone])] == [["withdrawn"], ["free"]]
    assert Message.objects.get(kind="booking.offer_withdrawn").recipient == made.request.email
    assert [one.outcome for one in made.request.attempts.order_by("pk")] == ["asked"]
    assert Entry.objects.named("offer.withdrawn").count() == 1


def test_who_cannot_be_told_is_proposed_nothing(scarce: Scarcity, house: BookingHouse) -> None:
    """An agent asked for somebody without an address or a phone: the seat waits for nobody's answer."""
    silent = scarce.ask(contact=Contact(language="fr"), by=house.agent)
    seat = freed(scarce)
    assert open_offers() == []
    assert actions.offer_idle_seats(house.office) == 0
    assert seat.state == SeatState.FREE
    assert [one.outcome for one in silent.attempts.order_by("pk")] == ["asked"]
    told = scarce.ask()
    assert actions.offer_idle_seats(house.office) == 1
    assert [one.request for one in open_offers()] == [told]


def test_a_seat_the_office_took_back_cannot_be_taken(scarce: Scarcity) -> None:
    scarce.ask()
    seat = freed(scarce)
    (offer,) = open_offers()
    Seat.objects.filter(pk=seat.pk).update(state=SeatState.WITHDRAWN)
    with pytest.raises(OfferOver):
        actions.take_offer(offer, by=WEB)
    clock.hold(offer.expires_at)
    assert actions.expire_offers() == 1
    seat.refresh_from_db()
    assert seat.state == SeatState.WITHDRAWN


def test_directly_booked_seats_are_proposed_to_nobody(house: BookingHouse) -> None:
    """Where seats are booked directly a freed one comes back to everybody, later."""
    slot = house.slot(day=SOON, seats=1)
    appointment = house.booked(slot)
    direct = Scarcity(house, house.house.procedures["renewal"])
    direct.ask()
    actions.cancel(appointment, by=WEB)
    assert open_offers() == []
    assert Seat.objects.get(slot=slot).available_from is not None


def test_what_was_proposed_is_in_the_journal_without_a_name(scarce: Scarcity) -> None:
    scarce.ask()
    freed(scarce)
    wait(1)
    actions.take_offer(open_offers()[0], by=WEB)
    told = Entry.objects.filter(what__startswith="offer.").order_by("pk")
    assert [entry.what for entry in told] == ["offer.made", "offer.taken"]
    assert not any("Exemple" in str(entry.facts) or "9900" in str(entry.facts) for entry in told)
