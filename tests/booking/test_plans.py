"""What can be planned, and what changing or ending a plan does to the people who have a seat in it."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.booking import actions, queries
from parvis.booking.errors import PlanImpossible, PlanOverlaps
from parvis.booking.models import Appointment, CapacityPlan, Seat, Slot
from parvis.booking.rules import plans
from parvis.booking.rules.plans import Draft, Part
from parvis.booking.states import SeatState, Status
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.errors import InThePast
from tests.booking.house import BookingHouse
from tests.reception.house import MONDAY, at

TUESDAY = MONDAY + timedelta(days=1)
LATER = TUESDAY + timedelta(days=7)
USUAL = Draft(
    name="Grille", weekday=2, starts=time(9), ends=time(10), slot_minutes=20, seats=3, valid_from=MONDAY
)  # fmt: skip


def test_the_usual_plan_is_possible() -> None:
    plans.check(USUAL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"weekday": 0},
        {"weekday": 8},
        {"ends": time(9)},
        {"ends": time(8)},
        {"ends": time(9, 15)},
        {"slot_minutes": 4},
        {"slot_minutes": 241},
        {"seats": 0},
        {"seats": 201},
        {"valid_to": MONDAY - timedelta(days=1)},
        {"parts": (Part(seats=4, audience="students"),)},
        {"parts": (Part(seats=0, audience="students"),)},
        {"parts": (Part(seats=1),)},
        {"parts": (Part(seats=1, audience="students"), Part(seats=1, audience="students"))},
        {"parts": (Part(seats=1, audience="nobody"),)},
        {"parts": (Part(seats=1, channel="carrier_pigeon"),)},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(PlanImpossible):
        plans.check(replace(USUAL, **wrong))


POOLS = st.sampled_from([("", ""), ("students", ""), ("", "phone"), ("employees", "web")])


@given(st.lists(POOLS, max_size=12), st.lists(POOLS, min_size=1, max_size=12))
def test_regrouping_never_gives_a_pool_more_than_the_plan_says(taken: list, pools: list) -> None:
    kept = taken[: len(pools)]
    free = plans.regrouped(kept, len(pools) - len(kept), pools)
    assert len(kept) + len(free) == len(pools)
    for pool in set(pools) | set(free):
        assert free.count(pool) <= pools.count(pool)


@pytest.fixture
def plan(house: BookingHouse) -> CapacityPlan:
    """Three seats at 9:00, 9:20 and 9:40 on Tuesdays, one of them for students."""
    parts = (Part(seats=1, audience="students"),)
    return actions.add_plan(house.house.lines["filing"], replace(USUAL, parts=parts), by=house.agent)


def slot_of(plan: CapacityPlan, hour: str, day: date = TUESDAY) -> Slot:
    return Slot.objects.get(plan=plan, starts_at=at(hour, day))


def changed(plan: CapacityPlan, **changes: object) -> Draft:
    return Draft.of(plan, plan.shares.order_by("pk"), **{"valid_from": TUESDAY, **changes})


def test_a_new_plan_makes_its_seats_at_once(house: BookingHouse, plan: CapacityPlan) -> None:
    assert Slot.objects.filter(plan=plan, day=TUESDAY).count() == 3
    fact = Entry.objects.named("plan.changed").get()
    assert fact.facts["shares"] == [["students", "", 1]]


def test_two_plans_of_one_name_at_one_hour_are_refused(house: BookingHouse, plan: CapacityPlan) -> None:
    with pytest.raises(PlanOverlaps):
        actions.add_plan(plan.line, replace(USUAL, valid_from=TUESDAY), by=house.agent)


def test_the_past_is_not_planned(house: BookingHouse, plan: CapacityPlan) -> None:
    yesterday = MONDAY - timedelta(days=1)
    with pytest.raises(InThePast):
        actions.add_plan(plan.line, replace(USUAL, name="Autre", valid_from=yesterday), by=house.agent)
    with pytest.raises(InThePast):
        actions.change_plan(plan, changed(plan, valid_from=yesterday), by=house.agent)
    with pytest.raises(InThePast):
        actions.end_plan(plan, last_day=yesterday - timedelta(days=1), by=house.agent)


def test_fewer_seats_take_the_free_ones_first(house: BookingHouse, plan: CapacityPlan) -> None:
    slot = slot_of(plan, "09:20")
    kept = [house.booked(slot, house.wish("student")), house.booked(slot, house.wish("student"))]
    draft = changed(plan, seats=2)
    assert queries.plan_change(plan, draft).hit.appointments == ()
    done = actions.change_plan(plan, draft, by=house.agent)
    assert done.people == 0
    assert Seat.objects.filter(slot=slot).count() == 2
    for one in kept:
        one.refresh_from_db()
        assert (one.state, one.sequence, one.seats.count()) == (Status.CONFIRMED, 0, 1)


def test_who_loses_a_seat_is_shown_then_gets_the_nearest(house: BookingHouse, plan: CapacityPlan) -> None:
    slot = slot_of(plan, "09:20", LATER)
    people = [house.booked(slot, house.wish("student")) for _ in range(3)]
    draft = changed(plan, seats=1, parts=())
    shown = queries.plan_change(plan, draft).hit.appointments
    assert len(shown) == 2
    done = actions.change_plan(plan, draft, by=house.agent)
    assert (done.rebooked, done.told) == (2, 0)
    hours = sorted(Appointment.objects.get(pk=one.pk).starts_at for one in people)
    assert hours == [at("09:00", LATER), at("09:20", LATER), at("09:40", LATER)]
    assert set(Seat.objects.filter(slot__day=LATER).order_by("pk").values_list("state", flat=True)) == {"booked"}


def test_more_seats_come_with_their_pools(house: BookingHouse, plan: CapacityPlan) -> None:
    slot = slot_of(plan, "09:00")
    house.booked(slot, house.wish("student"))
    parts = (Part(seats=2, audience="students"), Part(seats=1, channel="phone"))
    actions.change_plan(plan, changed(plan, seats=5, parts=parts), by=house.agent)
    pools = sorted((seat.audience, seat.channel) for seat in Seat.objects.filter(slot=slot))
    assert pools == [("", ""), ("", ""), ("", "phone"), ("students", ""), ("students", "")]


def test_another_length_takes_every_hour_that_does_not_stay(house: BookingHouse, plan: CapacityPlan) -> None:
    early, late = (house.booked(slot_of(plan, hour, LATER), house.wish("student")) for hour in ("09:00", "09:40"))
    done = actions.change_plan(plan, changed(plan, slot_minutes=30, ends=time(10, 30)), by=house.agent)
    assert done.rebooked == 2
    early.refresh_from_db()
    late.refresh_from_db()
    assert early.starts_at == at("09:00", LATER), "the same hour in the new plan: nothing to tell"
    assert early.sequence == 0
    assert late.starts_at in {at("09:30", LATER), at("10:00", LATER)}


def test_the_days_before_a_change_stay(house: BookingHouse, plan: CapacityPlan) -> None:
    later = TUESDAY + timedelta(days=7)
    actions.change_plan(plan, changed(plan, seats=1, parts=(), valid_from=later), by=house.agent)
    assert [Seat.objects.filter(slot__day=day).count() for day in (TUESDAY, later)] == [9, 3]
    plan.refresh_from_db()
    assert plan.valid_to == later - timedelta(days=1)


def test_a_plan_that_ends_leaves_nothing_to_book(house: BookingHouse, plan: CapacityPlan) -> None:
    house.booked(slot_of(plan, "09:00"))
    assert len(queries.hit_by_plan_end(plan, MONDAY).appointments) == 1
    done = actions.end_plan(plan, last_day=MONDAY, by=house.agent)
    assert (done.rebooked, done.told) == (0, 1)
    assert not Seat.objects.exclude(state=SeatState.WITHDRAWN).exists()
    assert actions.make_slots(house.office, by=SYSTEM) == 0


def test_a_plan_changed_before_it_begins_never_holds(house: BookingHouse) -> None:
    ahead = replace(USUAL, valid_from=MONDAY + timedelta(days=14))
    plan = actions.add_plan(house.house.lines["filing"], ahead, by=house.agent)
    actions.change_plan(plan, changed(plan, seats=1, valid_from=MONDAY), by=house.agent)
    plan.refresh_from_db()
    assert plan.valid_to == plan.valid_from - timedelta(days=1)
    assert Seat.objects.filter(slot__day=MONDAY + timedelta(days=15)).count() == 3


def test_what_has_begun_is_left_alone(house: BookingHouse, plan: CapacityPlan) -> None:
    here = house.booked(slot_of(plan, "09:00"))
    with clock.held(at("09:10", TUESDAY)):
        done = actions.end_plan(plan, last_day=MONDAY, by=house.agent)
    here.refresh_from_db()
    assert (done.people, here.state) == (0, Status.CONFIRMED)
