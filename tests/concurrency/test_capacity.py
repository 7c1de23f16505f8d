"""Many hands on what can be booked: a day closes while people book, two heads change one plan, slots are made twice."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

import pytest
from django.db import connection, transaction

from parvis.booking import actions, queries
from parvis.booking.actions import slots as making
from parvis.booking.models import Appointment, CapacityPlan, Seat, Slot
from parvis.booking.rules.plans import Draft
from parvis.booking.states import Status
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.journal.actions import SYSTEM
from tests.booking.house import DAY, BookingHouse, build
from tests.concurrency.threads import together
from tests.reception.house import MONDAY, at

HANDS = 12
WHY = {"fr": "Panne"}
TUESDAY = DAY + timedelta(days=1)


@pytest.fixture
def house(transactional_db: None) -> Iterator[BookingHouse]:
    """The small office, with rows that every thread sees."""
    with clock.held(at("10:00")):
        yield build()


def orphans(day: date) -> int:
    """Seats of a closed day that somebody could still have or take."""
    return Seat.objects.filter(slot__day=day).exclude(state="withdrawn").count()


def double_booked() -> int:
    """Appointments that are expected and do not have their seats."""
    rows = Appointment.objects.filter(state=Status.CONFIRMED).order_by("pk")
    return sum(one.seats.count() == 0 or one.seats.first().slot.starts_at != one.starts_at for one in rows)


def booker(house: BookingHouse, slot: Slot) -> Callable[[], object]:
    """Somebody who wants this slot."""
    wish, attendee, contact = house.wish(), house.attendee(), house.contact()
    return lambda: actions.book(wish, slot.pk, attendees=[attendee], contact=contact, by=house.agent)


@pytest.mark.django_db(transaction=True)
def test_a_day_that_closes_while_people_book_it_leaves_nobody_behind(house: BookingHouse) -> None:
    lost = house.slot(seats=HANDS)
    house.slot(seats=HANDS, day=TUESDAY)

    def close() -> object:
        return actions.close_exceptionally(house.office, DAY, reason=WHY, by=house.agent)

    done = together([booker(house, lost) for _ in range(HANDS)] + [close])
    assert not isinstance(done[-1], BaseException), done[-1]
    assert all(isinstance(one, Appointment | BusinessError) for one in done[:-1]), done
    assert orphans(DAY) == 0
    assert double_booked() == 0
    booked = [one for one in done[:-1] if isinstance(one, Appointment)]
    assert Appointment.objects.filter(state=Status.CONFIRMED, day=TUESDAY).count() == len(booked)


@pytest.mark.django_db(transaction=True)
def test_control_reading_then_writing_leaves_people_on_a_closed_day(house: BookingHouse) -> None:
    """Without the lock on the free seats, whoever books between the reading and the writing is forgotten."""
    lost = house.slot(seats=HANDS)
    house.slot(seats=HANDS, day=TUESDAY)
    read = queries.hit_by_closure(house.office, [], DAY)
    booker(house, lost)()
    with transaction.atomic():
        Seat.objects.filter(slot__in=read.slots, state="free").update(state="withdrawn")
        assert read.appointments == ()
    assert orphans(DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_people_who_cancel_while_their_day_closes_leave_no_free_seat(house: BookingHouse) -> None:
    lost = house.slot(seats=HANDS)
    people = [house.booked(lost) for _ in range(HANDS)]
    jobs: list[Callable[[], object]] = [lambda one=one: actions.cancel(one, by=house.agent) for one in people]
    jobs.append(lambda: actions.close_exceptionally(house.office, DAY, reason=WHY, by=house.agent))
    done = together(jobs)
    assert not isinstance(done[-1], BaseException), done[-1]
    assert orphans(DAY) == 0
    assert not Appointment.objects.filter(state=Status.CONFIRMED).exists()


def usual(house: BookingHouse) -> CapacityPlan:
    draft = Draft(name="Grille", weekday=1, starts=time(9), ends=time(11), slot_minutes=10, seats=4, valid_from=MONDAY)
    return actions.add_plan(house.house.lines["filing"], draft, by=house.agent)


@pytest.mark.django_db(transaction=True)
def test_one_of_many_changes_of_a_plan_at_once(house: BookingHouse) -> None:
    plan = usual(house)
    for hour in ("09:00", "09:30", "10:00"):
        house.booked(Slot.objects.get(plan=plan, starts_at=at(hour, DAY)))
    drafts = [Draft.of(plan, [], valid_from=DAY, seats=count) for count in (1, 2, 3, 5)]
    done = together([lambda draft=draft: actions.change_plan(plan, draft, by=house.agent) for draft in drafts])
    assert sum(not isinstance(one, BaseException) for one in done) == 1, done
    assert all(isinstance(one, BusinessError) for one in done if isinstance(one, BaseException)), done
    counts = {slot.seats.count() for slot in Slot.objects.filter(day=DAY).order_by("pk")}
    assert len(counts) == 1
    assert double_booked() == 0


@pytest.mark.django_db(transaction=True)
def test_slots_made_by_many_are_made_once(house: BookingHouse) -> None:
    CapacityPlan.objects.create(
        line=house.house.lines["filing"], name="Grille", weekday=1, starts=time(9), ends=time(11), slot_minutes=10,
        seats=4, valid_from=MONDAY,
    )  # fmt: skip
    made = together([lambda: actions.make_slots(house.office, by=SYSTEM) for _ in range(6)])
    assert sorted(one > 0 for one in made) == [False] * 5 + [True]
    assert Seat.objects.count() == Slot.objects.count() * 4


@pytest.mark.django_db(transaction=True)
def test_control_slots_made_without_the_lock_and_the_key_are_made_twice(house: BookingHouse) -> None:
    """With the unique key taken away, two makers who do not wait for one another make everything twice."""
    plan = usual(house)
    Slot.objects.all().delete()
    at_nine = Slot(plan=plan, day=DAY, starts_at=at("09:00", DAY), falls_back_at=at("12:00", DAY))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE booking_slot DROP CONSTRAINT slot_made_once")
    try:
        statement = making._MAKE.replace("ON CONFLICT (plan_id, starts_at) DO NOTHING", "")
        assert "CONFLICT" not in statement

        def make() -> None:
            columns = {"plans": [plan.pk], "days": [DAY], "starts": [at_nine.starts_at], "falls": [at_nine.starts_at]}
            columns |= {"layout_plans": [plan.pk], "numbers": [1], "audiences": [""], "channels": [""]}
            with connection.cursor() as cursor:
                cursor.execute(statement, columns)

        together([make, make])
        assert Slot.objects.filter(starts_at=at("09:00", DAY)).count() == 2
    finally:
        Slot.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE booking_slot ADD CONSTRAINT slot_made_once UNIQUE (plan_id, starts_at)")
