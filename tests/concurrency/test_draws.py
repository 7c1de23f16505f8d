"""Requests, closes, draws and offers at the same instant; each lock shown to be needed by taking it away."""

import threading
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from parvis.booking import actions
from parvis.booking.actions import draws, lists, offers, requests
from parvis.booking.errors import OfferOver
from parvis.booking.models import Appointment, Attempt, Batch, BookedProcedure, Offer, Seat, SeatRequest
from parvis.booking.states import BatchState, OfferState, RequestState, SeatState
from parvis.common import clock
from parvis.common.errors import IllegalMove
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.messages.models import Message
from tests.booking.house import WEB, build
from tests.booking.scarcity import Scarcity, drawn, open_offers
from tests.concurrency.threads import Meeting, done, together
from tests.reception.house import MONDAY, at

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
SOON = MONDAY.replace(day=13)


@pytest.fixture
def scarce(transactional_db: None) -> Iterator[Scarcity]:
    with clock.held(at("10:00")):
        yield drawn(build())


def closed(scarce: Scarcity, people: int, seats: int) -> Batch:
    """So many people in a closed list over so many seats."""
    if seats:
        scarce.seats(seats)
    batch = scarce.batch()
    for _ in range(people):
        scarce.ask()
    clock.hold(batch.closes_at)
    return actions.close_batch(batch, by=SYSTEM)


def test_sixteen_channels_at_once_make_one_request(scarce: Scarcity) -> None:
    """The same person asks sixteen times at the same instant: one request, one attempt, one message."""
    scarce.batch()
    who, contact = scarce.house.attendee(), scarce.house.contact()
    made = together([lambda: scarce.ask(attendee=who, contact=contact)] * 16)
    assert {one.pk for one in made if isinstance(one, SeatRequest)} == {SeatRequest.objects.get().pk}
    assert all(isinstance(one, SeatRequest) for one in made)
    assert Attempt.objects.count() == Message.objects.count() == 1


def test_control_looking_first_is_not_enough(scarce: Scarcity) -> None:
    """Without the constraint's answer the second writer fails: looking before writing lets two through."""
    gate = Meeting(4)
    who = scarce.house.attendee()

    def look_then_write() -> str:
        live = SeatRequest.objects.filter(identity=f"n:{who.foreign_number}").exists()
        gate.wait()
        if live:
            return "seen"
        with transaction.atomic():
            SeatRequest.objects.create(
                office=scarce.house.office, procedure=scarce.procedure, identity=f"n:{who.foreign_number}",
                family_name="Exemple", birth_date=MONDAY, created_at=clock.now(),
            )  # fmt: skip
        return "written"

    kinds = Tally(type(one).__name__ if isinstance(one, Exception) else one for one in together([look_then_write] * 4))
    assert kinds == {"written": 1, "IntegrityError": 3}


def test_the_same_key_fifty_times_has_one_effect(scarce: Scarcity) -> None:
    who, contact = scarce.house.attendee(), scarce.house.contact()
    made = together([lambda: scarce.ask(attendee=who, contact=contact, key="same").pk] * 25)
    assert len(set(done(made))) == 1
    assert Attempt.objects.count() == 1


def test_nobody_slips_into_a_list_that_is_being_closed(scarce: Scarcity) -> None:
    """Twelve ask while the list closes: each is in the list that was published, or waits for the next one."""
    batch = scarce.batch()
    hour = clock.now() + timedelta(milliseconds=1)
    Batch.objects.filter(pk=batch.pk).update(closes_at=hour)

    def close() -> None:
        clock.hold(hour)
        actions.close_batch(batch, by=SYSTEM)

    together([scarce.ask] * 12 + [close])
    batch.refresh_from_db()
    assert batch.state == BatchState.CLOSED
    assert batch.requests == SeatRequest.objects.filter(batch=batch).count()


def slow_close(scarce: Scarcity, monkeypatch: pytest.MonkeyPatch, *, seconds: float) -> tuple[Batch, int]:
    """Somebody asks between the moment the list is read and the moment it is closed; requests then in the batch.

    The close waits so many ``seconds`` for who asks.
    """
    batch = scarce.batch()
    scarce.ask()
    hour = batch.closes_at
    clock.hold(hour - timedelta(seconds=1))
    read, written = threading.Event(), threading.Event()
    freeze = lists.closed_list

    def freeze_then_wait(*given: object) -> object:
        made = freeze(*given)  # type: ignore[arg-type]
        read.set()
        written.wait(seconds)
        return made

    monkeypatch.setattr(lists, "closed_list", freeze_then_wait)
    Batch.objects.filter(pk=batch.pk).update(closes_at=clock.now() + timedelta(milliseconds=500))

    def close() -> None:
        # The announced hour has come for the one who closes; the other read the clock just before.
        with transaction.atomic():
            locked = draws._locked(batch)
            locked.closes_at = clock.now()
            draws._sweep(locked, clock.now())
            frozen = lists.closed_list(locked, [], clock.now())
            Batch.objects.filter(pk=batch.pk).update(state="closed", requests=len(frozen["requests"]))

    def ask() -> None:
        read.wait(timeout=10)
        scarce.ask()
        written.set()

    together([close, ask])
    batch.refresh_from_db()
    return batch, SeatRequest.objects.filter(batch=batch).count()


def test_who_asks_during_the_close_waits_for_the_next_batch(scarce: Scarcity, monkeypatch: pytest.MonkeyPatch) -> None:
    # Shorter than a lock is waited for: who asks is kept out until the close is over.
    batch, gathered = slow_close(scarce, monkeypatch, seconds=1)
    assert (batch.requests, gathered) == (1, 1)
    assert SeatRequest.objects.filter(batch=None).count() == 1


def test_control_without_the_lock_somebody_is_in_a_closed_batch_but_not_in_its_list(
    scarce: Scarcity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "_GATHERING", requests._GATHERING.replace("FOR SHARE", ""))
    batch, gathered = slow_close(scarce, monkeypatch, seconds=20)
    assert (batch.requests, gathered) == (1, 2)


def test_drawn_by_eight_workers_at_once_it_is_drawn_once(scarce: Scarcity) -> None:
    batch = closed(scarce, people=10, seats=4)
    together([lambda: actions.draw(batch, by=SYSTEM)] * 8)
    assert Entry.objects.named("batch.drawn").count() == 1
    assert Appointment.objects.count() == 4
    assert sorted(SeatRequest.objects.order_by("pk").values_list("lost", flat=True)) == [0] * 4 + [1] * 6


def test_control_without_the_lock_it_is_drawn_twice(scarce: Scarcity, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the batch without locking it: both workers find it closed, and both publish a result."""
    batch = closed(scarce, people=4, seats=0)

    def read(one: Batch) -> Batch:
        return Batch.objects.select_related("office", "procedure").get(pk=one.pk)

    monkeypatch.setattr(draws, "_locked", Meeting().after(read))
    together([lambda: actions.draw(batch, by=SYSTEM)] * 2)
    assert Entry.objects.named("batch.drawn").count() == 2


def test_run_by_six_workers_at_once_everything_happens_once(scarce: Scarcity) -> None:
    scarce.seats(3)
    batch = scarce.batch()
    for _ in range(6):
        scarce.ask()
    clock.hold(batch.closes_at)
    together([actions.run_due] * 6)
    actions.run_due()
    assert (
        Batch.objects.filter(state=BatchState.DRAWN).count() == Batch.objects.filter(state=BatchState.OPEN).count() == 1
    )
    assert Appointment.objects.count() == 3
    assert max(SeatRequest.objects.order_by("pk").values_list("lost", flat=True)) == 1


def test_withdrawing_while_the_draw_runs_tells_one_story(scarce: Scarcity) -> None:
    batch = closed(scarce, people=6, seats=3)
    people = list(SeatRequest.objects.order_by("pk"))
    jobs = [lambda one=one: actions.withdraw_request(one, by=WEB) for one in people]
    together([lambda: actions.draw(batch, by=SYSTEM), *jobs])
    placed = SeatRequest.objects.filter(state=RequestState.PLACED)
    assert Appointment.objects.count() == placed.count()
    assert Seat.objects.filter(state=SeatState.BOOKED).count() == placed.count()
    assert Seat.objects.exclude(state=SeatState.BOOKED).filter(appointment__isnull=False).count() == 0


def test_nobody_drawn_has_two_bookings(scarce: Scarcity) -> None:
    """Eight people are drawn while each is also seated by hand: nobody ends with two."""
    batch = closed(scarce, people=8, seats=8)
    slots = [scarce.seats(1, hour=f"{10 + n // 4}:{15 * (n % 4):02}") for n in range(8)]
    people = list(SeatRequest.objects.order_by("pk"))

    def seat_by_hand(one: SeatRequest, number: int) -> None:
        appointment = scarce.give(slots[number])
        appointment.booked.update(identity=one.identity)

    together(
        [
            lambda: actions.draw(batch, by=SYSTEM),
            *(lambda one=one, n=n: seat_by_hand(one, n) for n, one in enumerate(people)),
        ]
    )
    actions.draw(batch, by=SYSTEM)
    live = BookedProcedure.objects.filter(is_live=True).order_by("pk").values_list("identity", flat=True)
    assert max(Tally(live).values()) == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.DRAWN


def test_one_seat_is_proposed_to_one_person(scarce: Scarcity) -> None:
    slot = scarce.seats(1, day=SOON)
    for _ in range(8):
        scarce.ask()
    seat = slot.seats.get()
    made = together([lambda: actions.offer_next(seat)] * 8)
    assert sum(isinstance(one, Offer) for one in made) == 1
    assert SeatRequest.objects.filter(state=RequestState.OFFERED).count() == 1


def test_control_without_the_lock_of_the_seat_the_constraint_speaks(
    scarce: Scarcity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who find the same seat free would propose it twice: the index of open offers refuses the second."""
    slot = scarce.seats(1, day=SOON)
    for _ in range(2):
        scarce.ask()
    seat = slot.seats.get()

    def read(pk: int) -> Seat:
        return Seat.objects.select_related("slot__line__office").get(pk=pk)

    monkeypatch.setattr(offers, "_locked", Meeting().after(read))
    made = together([lambda: actions.offer_next(seat)] * 2)
    assert sorted(type(one).__name__ for one in made) == ["IntegrityError", "Offer"]


def test_taken_refused_and_expired_at_once_it_ends_one_way(scarce: Scarcity) -> None:
    for turn in range(4):
        slot = scarce.seats(1, day=SOON, hour=f"{9 + turn:02}:00")
        scarce.ask()
        (offer,) = [one for one in [actions.offer_next(slot.seats.get())] if one]
        results = together(
            [
                lambda offer=offer: actions.take_offer(offer, by=WEB),
                lambda offer=offer: actions.take_offer(offer, by=WEB),
                lambda offer=offer: actions.refuse_offer(offer, by=WEB),
                lambda offer=offer: actions.withdraw_request(offer.request, by=WEB),
            ]
        )
        offer.refresh_from_db()
        taken = [one for one in results if isinstance(one, Appointment)]
        assert (offer.state == OfferState.TAKEN) == bool(taken)
        assert len({one.pk for one in taken}) <= 1
        seat = slot.seats.get()
        assert (seat.state == SeatState.BOOKED) == bool(taken)
        assert all(isinstance(one, Appointment | SeatRequest | OfferOver | IllegalMove | None) for one in results)
        SeatRequest.objects.filter(state__in=["waiting", "offered"]).update(state="withdrawn")
        Offer.objects.filter(state=OfferState.OPEN).update(state=OfferState.EXPIRED)
    assert open_offers() == []
    assert connection.is_usable()


def test_expired_by_six_workers_the_next_person_is_asked_once(scarce: Scarcity) -> None:
    slots = [scarce.seats(1, day=SOON, hour=f"{9 + n:02}:00") for n in range(4)]
    for _ in range(12):
        scarce.ask()
    for slot in slots:
        actions.offer_next(slot.seats.get())
    clock.hold(open_offers()[0].expires_at)
    counted = together([actions.expire_offers] * 6)
    assert sum(one for one in counted if isinstance(one, int)) == 4
    assert len(open_offers()) == 4
    assert len({one.seat_id for one in open_offers()}) == 4
