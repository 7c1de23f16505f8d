"""Does somebody who sells places earn money? A scalper plays against the real actions, in both modes.

The theory (Hakimov, Heller, Kübler, Kurino, American Economic Review 111(7), 2021): when seats are booked directly and
freed ones come back at once, a fast scalper books under false names and, for each buyer, cancels and books again. When
requests are gathered and drawn, bound to an identity, and freed seats go to the next draw, nothing can be sold.

The scalper is faster than everybody, has as many false identities as they like (each costs something: a phone, an
address, a proof of work), and tries everything that the product lets anybody do. A sale is a place that the scalper
puts into the hands of the one who pays; the desk looks at the identity of whoever comes.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from parvis.booking import actions, rules
from parvis.booking.models import AllocationRule, Appointment, SeatRequest, Slot
from parvis.booking.rules import Attendee, Contact
from parvis.booking.states import Allocation
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import KIOSK, SYSTEM
from parvis.reception import actions as reception
from parvis.reception.models import Ticket
from tests.booking.house import SINCE, WEB, BookingHouse, build
from tests.reception.house import MONDAY, at

PRICE, COST = 100, 1  # what a place is sold for, what a false identity costs
SEATS, WEEKS = 3, 2
HONEST, FALSE = 6, 20  # new people a week, false identities a week
INSTANTLY, A_WEEK = 0, 7 * 24 * 60


class Desk:
    """Who is received with an appointment: its paper gives a ticket, then an agent compares the papers with it."""

    def admits(self, appointment: Appointment, person: Attendee) -> bool:
        with clock.held(appointment.starts_at):
            ticket = reception.check_in(appointment, by=KIOSK)
            if self.is_theirs(ticket, person):
                return True
            reception.refuse_bearer(ticket, by=SYSTEM)
            return False

    def is_theirs(self, ticket: Ticket, person: Attendee) -> bool:
        """Whether the papers of this person are those the ticket names."""
        name = f"{person.given_name} {person.family_name}"
        return (ticket.holder_name, ticket.holder_born) == (name, person.birth_date)


class BlindDesk(Desk):
    """An office that looks at the paper alone: whoever holds it is received."""

    def is_theirs(self, ticket: Ticket, person: Attendee) -> bool:
        return True


@dataclass
class Market:
    """An office, those who need a seat, and the scalper's accounts."""

    house: BookingHouse
    dice: random.Random
    desk: Desk
    seats: int = SEATS
    unserved: list[Attendee] = field(default_factory=list)
    stock: list[Appointment] = field(default_factory=list)
    won: int = 0
    sold: int = 0
    spent: int = 0

    @property
    def profit(self) -> int:
        return self.sold * PRICE - self.spent

    def newcomers(self) -> None:
        self.unserved += [self.house.attendee() for _ in range(HONEST)]
        self.dice.shuffle(self.unserved)

    def false_identity(self) -> Attendee:
        self.spent += COST
        return self.house.attendee(family_name="Fictif")

    def release(self, day_offset: int) -> Slot:
        """The seats of a week are made, all at one instant."""
        day = clock.today() + timedelta(days=day_offset)
        while day.isoweekday() != 3:
            day += timedelta(days=1)
        return self.house.slot(day=day, seats=self.seats)

    def book(self, slot: Slot, person: Attendee) -> Appointment | None:
        """Book on the web as anybody would: a contact proved by its code, then the seat. None when it is refused."""
        contact: Contact = self.house.contact()
        check = actions.send_code(contact, by=WEB)
        proof = actions.prove(check.token, self.house.code())
        try:
            return actions.book(self.house.wish(), slot.pk, attendees=[person], contact=contact, proof=proof, by=WEB)
        except BusinessError:
            return None

    def serve_the_honest(self, slot: Slot) -> None:
        """Everybody else comes a moment later, in any order."""
        self.unserved = [person for person in self.unserved if self.book(slot, person) is None]

    def sell(self) -> None:
        """To each who has found nothing, by any means: the paper itself, or the seat cancelled and booked again."""
        self.won += len(self.stock)
        for appointment in self.stock:
            if not self.unserved:
                break
            buyer = self.unserved[0]
            if self.desk.admits(appointment, buyer) or self.book_again(appointment, buyer):
                self.sold += 1
                self.unserved.pop(0)
        self.stock = []

    def book_again(self, appointment: Appointment, buyer: Attendee) -> bool:
        """Cancel, and book in the buyer's name before anybody else can."""
        seat = appointment.seats.select_related("slot").order_by("pk")[0]
        actions.cancel(appointment, by=WEB)
        return self.book(seat.slot, buyer) is not None


def direct(house: BookingHouse, seed: int, *, release: int, desk: Desk | None = None, seats: int = SEATS) -> Market:
    """First come, first served; freed seats come back after so many minutes."""
    market = Market(house, random.Random(seed), desk or Desk(), seats)
    house.policy(release_after_min=release, release_after_max=release, codes_per_contact=100)
    for _week in range(WEEKS):
        slot = market.release(9)
        market.newcomers()
        if release == INSTANTLY:
            # Under false names, to be sold afterwards to those who find nothing.
            bought = [market.book(slot, market.false_identity()) for _ in range(FALSE)]
            market.stock = [one for one in bought if one]
        elif seats < len(market.unserved):
            # In the names of those who pay beforehand, at the very instant of the release.
            customers = market.unserved[:seats]
            taken = [one for one in customers if market.book(slot, one)]
            market.spent += COST * len(customers)
            market.sold += len(taken)
            market.unserved = [one for one in market.unserved if one not in taken]
        market.serve_the_honest(slot)
        market.sell()
        clock.hold(clock.now() + timedelta(days=7))
    return market


def by_draw(house: BookingHouse, seed: int, *, desk: Desk | None = None, freed_at_once: bool = False) -> Market:
    """Requests gathered for a week and drawn. ``freed_at_once``: what is given back may be booked directly."""
    market = Market(house, random.Random(seed), desk or Desk())
    procedure = house.house.procedures["renewal"]
    house.policy(release_after_min=INSTANTLY, release_after_max=INSTANTLY, codes_per_contact=100)
    allocate(house, Allocation.DRAW, SINCE)
    for _week in range(WEEKS):
        batch = actions.open_batch(house.office, procedure, by=SYSTEM)
        slot = market.release((batch.seats_from - clock.today()).days + 7)
        market.newcomers()
        for person in [*(market.false_identity() for _ in range(FALSE)), *market.unserved]:
            ask(house, person)
        clock.hold(batch.closes_at)
        actions.draw(actions.close_batch(batch, by=SYSTEM), by=SYSTEM)
        if freed_at_once:
            allocate(house, Allocation.IMMEDIATE, slot.day)
            allocate(house, Allocation.DRAW, slot.day + timedelta(days=1))
        drawn = {request.identity: request.appointment for request in SeatRequest.objects.filter(state="placed")
                 .select_related("appointment").order_by("pk")}  # fmt: skip
        honest = {rules.identity(person) for person in market.unserved}
        market.stock = [
            one for identity, one in drawn.items() if identity not in honest and one and is_theirs(one, slot)
        ]
        market.unserved = [person for person in market.unserved if rules.identity(person) not in drawn]
        market.sell()
    return market


def is_theirs(appointment: Appointment, slot: Slot) -> bool:
    """Whether the scalper won this one this week."""
    fictional = appointment.booked.order_by("pk")[0].family_name == "Fictif"
    return fictional and appointment.state == "confirmed" and appointment.starts_at == slot.starts_at


def allocate(house: BookingHouse, allocation: Allocation, valid_from: object) -> None:
    AllocationRule.objects.create(
        office=house.office, procedure=house.house.procedures["renewal"], allocation=allocation,
        valid_from=valid_from, near_days=7,
    )  # fmt: skip


def ask(house: BookingHouse, person: Attendee) -> None:
    """Ask once; whoever waits already is in the next draw by themselves."""
    if not SeatRequest.objects.filter(identity=rules.identity(person), state__in=["waiting", "offered"]).exists():
        actions.request(house.office, person.procedure, attendee=person, contact=house.contact(), by=WEB)


@pytest.fixture
def house(db: None) -> Iterator[BookingHouse]:
    with clock.held(at("10:00", MONDAY)):
        yield build()


def test_the_desk_receives_the_person_it_was_made_for_and_nobody_else(house: BookingHouse) -> None:
    holder, other = house.attendee(), house.attendee()
    appointment = house.booked(house.slot(day=MONDAY + timedelta(days=9)), attendees=[holder])
    assert not Desk().admits(appointment, other)
    assert Desk().admits(appointment, holder)


SEEDS = pytest.mark.parametrize("seed", range(3))


@SEEDS
def test_direct_booking_with_instant_release_and_scarce_seats_pays_the_scalper(house: BookingHouse, seed: int) -> None:
    """Every seat is sold, and nobody honest finds one by themselves."""
    market = direct(house, seed, release=INSTANTLY)
    assert market.sold == SEATS * WEEKS
    assert market.profit > 0


@SEEDS
def test_direct_booking_with_seats_for_all_pays_nothing(house: BookingHouse, seed: int) -> None:
    """Low demand: the others find a seat by themselves, and nobody buys."""
    market = direct(house, seed, release=INSTANTLY, seats=FALSE + HONEST)
    assert (market.sold, market.unserved) == (0, [])
    assert market.profit <= 0


@SEEDS
def test_the_draw_bound_to_identity_with_freed_seats_to_the_next_draw_pays_nothing(
    house: BookingHouse, seed: int
) -> None:
    market = by_draw(house, seed)
    assert market.won > 0, "false names did win seats"
    assert market.unserved, "and somebody would have paid"
    assert market.sold == 0
    assert market.profit <= 0


@SEEDS
def test_without_the_draw_the_profit_is_back(house: BookingHouse, seed: int) -> None:
    """Bound to identity, and freed seats come back only with the next release: speed itself is sold."""
    assert direct(house, seed, release=A_WEEK).profit > 0


@SEEDS
def test_without_the_identity_the_profit_is_back(house: BookingHouse, seed: int) -> None:
    """Drawn, and freed seats go to the next draw, but the desk looks at the paper alone: false names win, and sell."""
    assert by_draw(house, seed, desk=BlindDesk()).profit > 0


@SEEDS
def test_without_freed_seats_to_the_next_draw_the_profit_is_back(house: BookingHouse, seed: int) -> None:
    """Drawn and bound to identity, but what is given back may be booked at once: cancelled, booked again, sold."""
    assert by_draw(house, seed, freed_at_once=True).profit > 0


def test_with_a_freed_seat_to_the_next_draw_the_buyer_has_no_more_chance_than_anybody(house: BookingHouse) -> None:
    """What the scalper gives back is drawn again among all who wait, not put into the hands of the one who paid."""
    market = by_draw(house, seed=0)
    again = actions.open_batch(house.office, house.house.procedures["renewal"], by=SYSTEM)
    waiting = SeatRequest.objects.filter(state="waiting").count()
    clock.hold(again.closes_at)
    closed = actions.close_batch(again, by=SYSTEM)
    assert closed.requests == waiting
    assert closed.seats > 0
    assert market.sold == 0
