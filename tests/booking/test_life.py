"""Any order of bookings, holds, ends, cancellations, moves and draws: what must never be false never is.

Hypothesis chooses what happens next; SQL reads the invariants after each step. Four people, five slots of two seats:
they meet all the time. One procedure is booked directly; the other, whose visits take two slots, is drawn until the
office decides otherwise.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from parvis.booking import actions
from parvis.booking.actions import freeing, withdrawing
from parvis.booking.models import Appointment, Batch, Seat, SeatRequest, Slot
from parvis.booking.rules import Attendee
from parvis.booking.states import SEATED, BatchState, Status
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import SYSTEM
from parvis.procedures.models import Procedure
from tests.booking.house import DAY, WEB, BookingHouse, build
from tests.booking.scarcity import Scarcity, drawn, open_offers
from tests.reception.house import at

PEOPLE = 4
SLOTS = 5
SEATS = 2
people = st.integers(0, PEOPLE - 1)
slots = st.integers(0, SLOTS - 1)
anything = st.integers(0, 30)

# Each reads as "there is none of": seats with the wrong owner or of nobody, people with two, seats lost, too many.
NONE_OF = {
    "a person with two live bookings for one procedure": """
        SELECT one.identity, one.procedure_id FROM booking_bookedprocedure AS one
        JOIN booking_appointment AS visit ON visit.id = one.appointment_id
        WHERE visit.state = 'confirmed' GROUP BY 1, 2 HAVING count(*) > 1""",
    "a live flag that does not follow the state": """
        SELECT one.id FROM booking_bookedprocedure AS one JOIN booking_appointment AS visit
        ON visit.id = one.appointment_id WHERE one.is_live <> (visit.state = 'confirmed')""",
    "an appointment with other seats than its length": """
        SELECT visit.id FROM booking_appointment AS visit
        LEFT JOIN booking_seat AS seat ON seat.appointment_id = visit.id
        LEFT JOIN booking_slot AS slot ON slot.id = seat.slot_id
        GROUP BY visit.id HAVING coalesce(sum(slot.minutes), 0) <>
            CASE WHEN visit.state = ANY(%(seated)s) THEN visit.minutes ELSE 0 END""",
    "a visit whose seats do not follow one another": """
        SELECT visit.id FROM booking_appointment AS visit JOIN booking_seat AS seat ON seat.appointment_id = visit.id
        JOIN booking_slot AS slot ON slot.id = seat.slot_id
        GROUP BY visit.id HAVING min(slot.starts_at) <> visit.starts_at
            OR max(slot.starts_at + slot.minutes * interval '1 minute')
                <> visit.starts_at + visit.minutes * interval '1 minute'
            OR count(DISTINCT slot.starts_at) <> count(*)""",
    "a seat held for a booking, or booked for a hold": """
        SELECT seat.id FROM booking_seat AS seat JOIN booking_appointment AS visit ON visit.id = seat.appointment_id
        WHERE (seat.state = 'held') <> (visit.state IN ('held', 'pending'))""",
    "a slot with more or fewer seats than were made": """
        SELECT slot_id FROM booking_seat GROUP BY slot_id HAVING count(*) <> %(seats)s""",
    "a freed seat that does not come back": """
        SELECT id FROM booking_seat WHERE state = 'free' AND available_from > %(now)s + interval '120 minutes'""",
    "a seat that is proposed to nobody": """
        SELECT seat.id FROM booking_seat AS seat WHERE seat.state = 'offered' AND NOT EXISTS (
            SELECT FROM booking_offer AS offer WHERE seat.id = ANY(offer.seats) AND offer.state = 'open')""",
    "an open offer without its seats": """
        SELECT offer.id FROM booking_offer AS offer JOIN booking_seat AS seat ON seat.id = ANY(offer.seats)
        WHERE offer.state = 'open' AND seat.state <> 'offered'""",
    "a seat kept for a draw that does not come": """
        SELECT seat.id FROM booking_seat AS seat JOIN booking_slot AS slot ON slot.id = seat.slot_id
        WHERE seat.state = 'withheld' AND slot.starts_at > %(now)s AND coalesce((
            SELECT one.allocation FROM booking_allocationrule AS one WHERE one.valid_from <= slot.day
            ORDER BY one.valid_from DESC LIMIT 1), 'immediate') <> 'draw'""",
    "a seat booked directly that is withheld": """
        SELECT seat.id FROM booking_seat AS seat JOIN booking_slot AS slot ON slot.id = seat.slot_id
        WHERE seat.state IN ('withheld', 'offered') AND slot.accepts = ARRAY['renewal']::varchar[]""",
    "a person with two live requests": """
        SELECT identity, procedure_id FROM booking_seatrequest WHERE state IN ('waiting', 'offered')
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "a request that is proposed a seat without an offer": """
        SELECT request.id FROM booking_seatrequest AS request WHERE (request.state = 'offered') <> EXISTS (
            SELECT FROM booking_offer AS offer WHERE offer.request_id = request.id AND offer.state = 'open')""",
    "a draw that placed more people than it had seats": """
        SELECT id FROM booking_batch WHERE placed > seats""",
}

EVERYTHING = " UNION ALL ".join(f"SELECT '{what}' WHERE EXISTS ({sql})" for what, sql in NONE_OF.items())


class Life(RuleBasedStateMachine):
    """One office, from an empty day on; each life is rolled back."""

    house: BookingHouse
    scarce: Scarcity
    slots: list[Slot]

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        clock.hold(at("10:00"))
        self.names: dict[int, tuple[Any, ...]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def person(self, number: int, procedure: str = "renewal") -> Attendee:
        return self.house.attendee(procedure, foreign_number=f"99000000{number:02d}", birth_date=date(1990, 1, 1))

    def some(self, number: int, *states: Status) -> Appointment | None:
        found = list(Appointment.objects.filter(state__in=states).order_by("pk"))
        return found[number % len(found)] if found else None

    @rule(slot=slots, number=st.integers(1, 3))
    def hold(self, slot: int, number: int) -> None:
        with suppress(BusinessError):
            self.house.hold(self.slots[slot], self.house.wish(people=number))

    @rule(slot=slots, which=anything)
    def hold_again(self, slot: int, which: int) -> None:
        if held := self.some(which, Status.HELD, Status.EXPIRED):
            with suppress(BusinessError):
                actions.hold_again(held, self.slots[slot].pk, by=WEB)

    @rule(which=anything, who=st.lists(people, min_size=1, max_size=3))
    def give_details(self, which: int, who: list[int]) -> None:
        if held := self.some(which, Status.HELD):
            with suppress(BusinessError):
                attendees = [self.person(one) for one in who]
                actions.give_details(held, attendees=attendees, contact=self.house.contact(), by=WEB)

    @rule(which=anything, is_right=st.sampled_from([True, True, False]))
    def confirm(self, which: int, is_right: bool) -> None:
        if pending := self.some(which, Status.PENDING):
            sent = self.house.code() if is_right else "x"
            with suppress(BusinessError):
                actions.confirm(pending, code=sent, by=WEB)

    @rule(slot=slots, who=people, key=st.sampled_from(["", "one", "two"]))
    def book(self, slot: int, who: int, key: str) -> None:
        with suppress(BusinessError):
            self.house.booked(self.slots[slot], attendees=[self.person(who)], key=key)

    @rule(which=anything)
    def cancel(self, which: int) -> None:
        if mine := self.some(which, Status.HELD, Status.PENDING, Status.CONFIRMED):
            with suppress(BusinessError):
                actions.cancel(mine, by=WEB)

    @rule(which=anything, slot=slots)
    def move(self, which: int, slot: int) -> None:
        if mine := self.some(which, Status.CONFIRMED):
            with suppress(BusinessError):
                actions.move_to(mine, self.slots[slot].pk, by=WEB)

    @rule(minutes=st.sampled_from([1, 9, 15, 60, 150]))
    def wait(self, minutes: int) -> None:
        if clock.now() < at("08:00", DAY):
            clock.hold(clock.now() + timedelta(minutes=minutes))

    @rule()
    def work(self) -> None:
        """What the worker does every minute; nothing is left for a second round."""
        for task in (actions.expire_due, actions.expire_offers, actions.run_due):
            task()
            assert task() == 0
        actions.offer_idle_seats(self.house.office)

    @rule(which=anything, is_there=st.booleans())
    def come(self, which: int, is_there: bool) -> None:
        if mine := self.some(which, Status.CONFIRMED, Status.NO_SHOW):
            with clock.held(mine.starts_at + timedelta(minutes=16)), suppress(BusinessError):
                if is_there:
                    actions.check_in(mine, by=self.house.agent)
                else:
                    actions.mark_no_shows(self.house.office, DAY, by=SYSTEM)

    @rule(who=people)
    def ask(self, who: int) -> None:
        with suppress(BusinessError):
            self.scarce.ask(attendee=self.person(who, "student"))

    @rule()
    def draw_at_once(self) -> None:
        """The days until the close pass, and the batch is drawn."""
        with suppress(BusinessError):
            batch = Batch.objects.filter(state=BatchState.OPEN).first() or self.scarce.batch()
            if batch.closes_at < at("12:00", DAY):
                self.scarce.draw(batch)

    @rule(which=anything, is_taken=st.booleans())
    def answer(self, which: int, is_taken: bool) -> None:
        if offers := open_offers():
            offer = offers[which % len(offers)]
            with suppress(BusinessError):
                (actions.take_offer if is_taken else actions.refuse_offer)(offer, by=WEB)

    @rule(which=anything)
    def withdraw_request(self, which: int) -> None:
        known = list(SeatRequest.objects.order_by("pk"))
        if known:
            with suppress(BusinessError):
                actions.withdraw_request(known[which % len(known)], by=WEB)

    @rule(is_drawn=st.booleans(), from_today=st.booleans())
    def change_allocation(self, is_drawn: bool, from_today: bool) -> None:
        with suppress(BusinessError):
            actions.change_allocation(
                self.house.office,
                self.scarce.procedure,
                allocation="draw" if is_drawn else "immediate",
                valid_from=clock.today() if from_today else DAY,
                by=self.house.agent,
            )

    @rule(slot=slots)
    def take_back(self, slot: int) -> None:
        """Once in a life the office withdraws a slot."""
        if not Seat.objects.filter(state="withdrawn").exists():
            said: dict[str, Any] = {"office": self.house.office, "by": self.house.agent, "reason": "hours"}
            with transaction.atomic():
                withdrawing.withdraw([self.slots[slot].pk], **said, now=clock.now())

    @invariant()
    def nothing_false(self) -> None:
        given = {"seated": sorted(SEATED), "seats": SEATS, "now": clock.now()}
        with connection.cursor() as cursor:
            cursor.execute(EVERYTHING, given)
            assert [what for (what,) in cursor.fetchall()] == []

    @invariant()
    def every_seat_is_counted(self) -> None:
        assert Seat.objects.count() == SLOTS * SEATS

    @invariant()
    def names_stay(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT one.id, identity, family_name, given_name, birth_date FROM booking_bookedprocedure AS one"
                " JOIN booking_appointment AS visit ON visit.id = appointment_id WHERE visit.confirmed_at IS NOT NULL"
            )
            found = {row[0]: row[1:] for row in cursor.fetchall()}
        assert self.names.items() <= found.items()
        self.names = found


@pytest.fixture
def office(db: None) -> Iterator[None]:
    """The office that every life begins with."""
    with clock.held(at("10:00")):
        house = build()
        house.policy(bookings_per_person=10_000, holds_per_contact=10_000, codes_per_contact=10_000)
        Life.house, Life.scarce = house, drawn(house, "student", near_days=4, batch_days=2)
        # Longer than a slot: whoever is drawn or asked takes two in a row.
        Procedure.objects.filter(pk=Life.scarce.procedure.pk).update(mean_minutes=20)
        Life.scarce.procedure.refresh_from_db()
        made = house.slots(hours=("09:00", "09:45"), seats=SEATS, accepts=("renewal",))
        Life.slots = [*made, *house.slots(hours=("10:00", "10:30"), seats=SEATS, accepts=("student",))]
        yield


def live(*phases: Phase) -> None:
    """Let Hypothesis live some lives."""
    chosen = settings(
        max_examples=40,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        # The same lives each time: whether the control shows its fault must not depend on luck.
        derandomize=True,
        phases=phases,
    )
    run_state_machine_as_test(Life, settings=chosen)  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("office")
def test_any_order_of_things() -> None:
    live(Phase.generate, Phase.shrink)


@pytest.mark.usefixtures("office")
def test_a_seat_that_is_not_given_back_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with seats that nobody gives back, some life shows it."""
    monkeypatch.setattr(freeing, "free_those_of", lambda appointment, *, now: None)
    with pytest.raises(AssertionError, match="an appointment with other seats than its length"):
        live(Phase.generate)


@pytest.mark.usefixtures("office")
def test_a_seat_kept_when_its_draw_ends_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control, in one life: somebody gives back what a draw gave, then the draw ends and frees nothing."""
    monkeypatch.setattr(freeing, "free_what_no_draw_gives", lambda office: 0)
    life = Life()
    try:
        life.ask(0)
        life.draw_at_once()
        life.cancel(0)
        life.nothing_false()
        life.change_allocation(is_drawn=False, from_today=True)
        with pytest.raises(AssertionError, match="a seat kept for a draw that does not come"):
            life.nothing_false()
    finally:
        life.teardown()
