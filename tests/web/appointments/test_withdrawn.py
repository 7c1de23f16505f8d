"""The office took the seats back: from the page of the appointment, another hour or the same request again."""

from datetime import timedelta

import pytest

from parvis.booking import actions
from parvis.booking.errors import TooLateToChange
from parvis.booking.models import AllocationRule, Appointment, SeatRequest
from parvis.booking.rules import Booker
from parvis.booking.states import Allocation, BookedBy, RequestState, Status
from parvis.common import clock
from parvis.messages import composing
from parvis.messages.models import Message
from tests.booking.house import DAY, WEB, BookingHouse
from tests.booking.scarcity import Scarcity, drawn
from tests.web.appointments.booker import Booker as Browser

TUESDAY = DAY + timedelta(days=1)
WHY = {"fr": "Panne"}


def withdraw(house: BookingHouse, mine: Appointment) -> Appointment:
    """Close its day, with nothing else free."""
    actions.close_exceptionally(house.office, mine.day, lines=[], reason=WHY, by=house.agent)
    mine.refresh_from_db()
    assert (mine.state, mine.cancel_reason) == (Status.CANCELLED, "seat_withdrawn")
    return mine


@pytest.fixture
def mine(house: BookingHouse) -> Appointment:
    """A family of two whose day was closed; an association booked for them."""
    booker = Booker(kind=BookedBy.ASSOCIATION, name="Association Exemple", email="asso@exemple.invalid")
    wish = house.wish(people=2)
    first, *_rest = house.slots(seats=1)
    return withdraw(house, house.booked(first, wish, booker=booker))


def test_another_hour_is_chosen_with_what_is_known_already(
    booker: Browser, house: BookingHouse, mine: Appointment
) -> None:
    house.slots(day=TUESDAY)
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert "nous nous en excusons" in booker.text
    booker.link("Choisir une autre date")
    booker.link(" place")
    form, fields = booker.url, {**booker.hidden(), "slot": booker.slot("09:15")}
    answers = [booker.client.post(form, fields)["Location"] for _ in range(2)]
    new = Appointment.objects.get(state=Status.CONFIRMED)
    assert answers == [f"/rendez-vous/r/{new.token}/"] * 2
    assert (new.email, new.booker_name, new.booker_email) == (mine.email, "Association Exemple", "asso@exemple.invalid")
    assert new.starts_at == clock.at(TUESDAY, "09:15")
    people = [set(one.booked.values_list("identity", "given_name", "procedure")) for one in (mine, new)]
    assert people[0] == people[1]
    assert len(people[0]) == 2
    told = Message.objects.filter(about=f"booking.appointment:{new.pk}")
    assert {one.recipient for one in told} == {mine.email, "asso@exemple.invalid"}


def test_one_other_appointment_and_the_old_page_does_not_lead_to_it(
    booker: Browser, house: BookingHouse, mine: Appointment
) -> None:
    slots = house.slots(day=TUESDAY)
    new = actions.book_again(mine, slots[0].pk, by=WEB)
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert new.token not in booker.text
    assert "/deplacer/" not in booker.text
    answer = booker.client.post(f"/rendez-vous/r/{mine.token}/deplacer/", {"slot": str(slots[2].pk)})
    assert answer.status_code == 409
    assert Appointment.objects.filter(state=Status.CONFIRMED).count() == 1


def test_with_nothing_free_a_request_can_be_left(booker: Browser, mine: Appointment) -> None:
    booker.get(f"/rendez-vous/r/{mine.token}/deplacer/?lang=fr")
    assert "regardez encore" in booker.text
    booker.link("Laisser une demande")
    assert booker.url.startswith("/rendez-vous/nanterre/")


@pytest.mark.parametrize("step", ["", "deplacer/"])
def test_what_the_person_cancelled_is_not_taken_up_again(booker: Browser, house: BookingHouse, step: str) -> None:
    mine = actions.cancel(house.booked(house.slot()), by=WEB)
    booker.get(f"/rendez-vous/r/{mine.token}/{step}?lang=fr")
    assert booker.url.startswith(f"/rendez-vous/r/{mine.token}/")
    assert "Choisir une autre date" not in booker.text
    with pytest.raises(TooLateToChange):
        actions.book_again(mine, house.slot(hour="14:00").pk, by=WEB)


def lost_place(scarce: Scarcity) -> Appointment:
    """A place that a draw gave, and that the office withdrew."""
    given = scarce.give(scarce.seats(1))
    SeatRequest.objects.filter(appointment=given).update(lost=2, suits=["1am"])
    given.booked.update(foreign_number=given.request.identity.removeprefix("n:"))
    given.request.attempts.create(at=given.request.created_at, outcome="drawn_without_seat")
    return withdraw(scarce.house, given)


def test_before_a_draw_the_request_is_made_again_with_its_date(booker: Browser, house: BookingHouse) -> None:
    scarce = drawn(house)
    mine = lost_place(scarce)
    before = mine.request
    clock.hold(clock.now() + timedelta(days=2))
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    assert "elle garde sa date" in booker.text
    answers = [booker.client.post(f"/rendez-vous/r/{mine.token}/deplacer/", {"ask": "1"})["Location"] for _ in "ab"]
    asked = SeatRequest.objects.get(state=RequestState.WAITING)
    assert answers == [f"/tirages/demande/{asked.token}/"] * 2
    kept = ("identity", "procedure_id", "email", "created_at", "lost", "suits")
    assert [getattr(asked, name) for name in kept] == [getattr(before, name) for name in kept]
    assert list(asked.attempts.order_by("at").values_list("outcome", flat=True)) == ["drawn_without_seat", "asked"]
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    booker.link("Voir ma demande")
    assert asked.number in booker.text


def test_once_the_draw_is_over_an_hour_is_chosen(booker: Browser, house: BookingHouse) -> None:
    mine = lost_place(drawn(house))
    AllocationRule.objects.update(allocation=Allocation.IMMEDIATE)
    house.slots(day=TUESDAY)
    booker.get(f"/rendez-vous/r/{mine.token}/?lang=fr")
    booker.link("Choisir une autre date")
    booker.link(" place")
    booker.answer(slot=booker.slot("09:15"))
    assert Appointment.objects.get(state=Status.CONFIRMED).email == mine.email


@pytest.mark.parametrize(("by_draw", "words"), [(True, "Refaire ma demande"), (False, "Choisir une autre date")])
def test_the_letter_says_what_the_page_offers(house: BookingHouse, by_draw: bool, words: str) -> None:
    if by_draw:
        scarce = drawn(house)
        withdraw(house, scarce.give(scarce.seats(1)))
    else:
        withdraw(house, house.booked(house.slot()))
    (told,) = Message.objects.filter(kind="booking.seat_withdrawn", channel="email")
    assert words in composing.composed(told).body
