"""Slots are made ahead from plans and hours: holidays, Thursdays, closures, clock changes, pools, the horizon."""

import itertools
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from parvis.booking import actions, queries
from parvis.booking.actions.plans import drafts_of
from parvis.booking.models import BookingPolicy, CapacityPlan, Seat, Slot
from parvis.booking.rules import plans
from parvis.booking.rules.plans import Draft, Part
from parvis.booking.states import SeatState
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.models import Line, Office
from parvis.offices.rules import instant
from tests.booking.house import BookingHouse
from tests.offices.factories import ClosureFactory, OpeningWindowFactory
from tests.reception.house import MONDAY, at

TUESDAY = MONDAY + timedelta(days=1)


def plan(house: BookingHouse, code: str = "filing", **said: object) -> CapacityPlan:
    """A plan of three seats every twenty minutes of a Tuesday morning."""
    usual = {"name": "Grille", "weekday": 2, "starts": time(9), "ends": time(10), "slot_minutes": 20, "seats": 3}
    parts = said.pop("parts", ())
    made = CapacityPlan.objects.create(
        line=house.house.lines[code], **{**usual, "valid_from": date(2017, 1, 1), **said}
    )
    for part in parts:
        made.shares.create(audience=part.audience, channel=part.channel, seats=part.seats)
    return made


def made(house: BookingHouse, **more: object) -> int:
    return actions.make_slots(house.office, by=SYSTEM, **more)


def test_slots_reach_the_horizon_and_are_made_once(house: BookingHouse) -> None:
    plan(house)
    tuesdays = 9
    assert made(house) == 3 * tuesdays
    assert made(house) == 0
    assert Slot.objects.latest("day").day <= MONDAY + timedelta(days=60)
    assert Seat.objects.count() == Slot.objects.count() * 3
    fact = Entry.objects.named("slot.made").get()
    assert (fact.facts["slots"], fact.facts["seats"]) == (Slot.objects.count(), Seat.objects.count())


def test_days_already_begun_get_the_hours_that_are_left(house: BookingHouse) -> None:
    plan(house, weekday=1)
    with clock.held(at("09:30")):
        made(house, until=MONDAY)
    assert [f"{slot.starts_at:%H:%M}" for slot in Slot.objects.order_by("starts_at")] == ["08:40"]


@pytest.mark.parametrize(
    ("weekday", "day", "why"),
    [
        (1, date(2017, 12, 25), "Christmas"),
        (1, date(2018, 1, 1), "New Year's Day"),
        (4, date(2017, 12, 14), "the lines are closed on Thursdays"),
        (6, date(2017, 12, 16), "no hours on Saturdays"),
    ],
)
def test_closed_days_have_no_slot(house: BookingHouse, weekday: int, day: date, why: str) -> None:
    plan(house, weekday=weekday)
    made(house)
    assert not Slot.objects.filter(day=day).exists(), why


def test_the_handover_has_thursdays_but_not_ascension(house: BookingHouse) -> None:
    plan(house, "handover", weekday=4)
    with clock.held(at("10:00", date(2018, 5, 1))):
        made(house, until=date(2018, 5, 31))
    days = set(Slot.objects.order_by("day").values_list("day", flat=True))
    assert days == {date(2018, 5, 3), date(2018, 5, 17), date(2018, 5, 24), date(2018, 5, 31)}


def test_a_closure_has_no_slot_and_its_end_brings_the_seats_back(house: BookingHouse) -> None:
    plan(house)
    closure = ClosureFactory(office=house.office, day=TUESDAY)
    made(house, until=TUESDAY)
    assert not Slot.objects.exists()
    actions.cancel_closure(closure, by=SYSTEM)
    assert Slot.objects.filter(day=TUESDAY).count() == 3


def test_a_slot_lies_wholly_within_the_hours(house: BookingHouse) -> None:
    house.house.lines["filing"].opening_windows.filter(weekday=2).update(closes=time(9, 50))
    plan(house)
    made(house, until=TUESDAY)
    assert [f"{slot.starts_at:%H:%M}" for slot in Slot.objects.order_by("starts_at")] == ["08:00", "08:20"]


def test_pools_are_numbered_and_fall_back_at_noon_before(house: BookingHouse) -> None:
    kept = (Part(seats=1, audience="students"), Part(seats=1, channel="phone"))
    plan(house, parts=kept)
    BookingPolicy.objects.create(office=house.office, fallback_days=3)
    day = MONDAY + timedelta(days=8)
    made(house, until=day)
    slot = Slot.objects.filter(day=day).earliest("starts_at")
    pools = [(seat.number, seat.audience, seat.channel, seat.state) for seat in slot.seats.order_by("number")]
    assert pools == [(1, "students", "", "free"), (2, "", "phone", "free"), (3, "", "", "free")]
    assert slot.falls_back_at == at("12:00", day - timedelta(days=3))


def test_the_29th_of_february_is_a_day_like_another(house: BookingHouse) -> None:
    plan(house, weekday=6)
    OpeningWindowFactory(line=house.house.lines["filing"], weekday=6)
    with clock.held(at("10:00", date(2020, 2, 28))):
        made(house, until=date(2020, 3, 1))
    assert set(Slot.objects.order_by("pk").values_list("day", flat=True)) == {date(2020, 2, 29)}


@pytest.mark.parametrize(
    ("day", "first", "count"),
    [
        (date(2018, 3, 25), datetime(2018, 3, 25, 0, tzinfo=UTC), 9),  # at two it is three: an hour less
        (date(2018, 10, 28), datetime(2018, 10, 27, 23, tzinfo=UTC), 15),  # three comes twice: an hour more
        (date(2018, 3, 18), datetime(2018, 3, 18, 0, tzinfo=UTC), 12),
    ],
)
def test_the_nights_of_a_clock_change(house: BookingHouse, day: date, first: datetime, count: int) -> None:
    night = plan(house, weekday=7, starts=time(1), ends=time(5))
    window = (instant(day, time(0)), instant(day, time(6)))
    starts = plans.starts_on(night, day, [window])
    assert (starts[0], len(starts)) == (first, count)
    assert all(later - earlier == timedelta(minutes=20) for earlier, later in itertools.pairwise(starts))


def test_after_a_clock_change_hours_of_the_clock_stay(house: BookingHouse) -> None:
    plan(house, weekday=1)
    with clock.held(at("10:00", date(2018, 3, 20))):
        made(house, until=date(2018, 3, 27))
    assert Slot.objects.earliest("starts_at").starts_at == datetime(2018, 3, 26, 7, tzinfo=UTC)
    assert Slot.objects.earliest("starts_at").starts_at == at("09:00", date(2018, 3, 26))


def test_a_plan_ahead_makes_nothing_before_its_first_day(house: BookingHouse) -> None:
    plan(house, valid_from=MONDAY + timedelta(days=8), valid_to=MONDAY + timedelta(days=8))
    made(house)
    assert set(Slot.objects.order_by("pk").values_list("day", flat=True)) == {MONDAY + timedelta(days=8)}


def test_a_longer_horizon_makes_the_days_it_adds(house: BookingHouse) -> None:
    plan(house)
    made(house)
    before = Slot.objects.count()
    actions.change_policy(house.office, by=house.agent, horizon_days=90)
    assert Slot.objects.count() > before


def test_a_student_plan_falls_back_to_everybody(house: BookingHouse) -> None:
    actions.add_plan(
        house.house.lines["filing"],
        Draft(name="Étudiants", weekday=2, starts=time(9), ends=time(9, 20), slot_minutes=20, seats=1,
              valid_from=MONDAY, parts=(Part(seats=1, audience="students"),)),
        by=house.agent,
    )  # fmt: skip
    day = MONDAY + timedelta(days=8)
    students, others = house.wish("student"), house.wish("renewal")
    assert [len(queries.free_slots(wish, day)) for wish in (students, others)] == [1, 0]
    with clock.held(at("11:59", day - timedelta(days=2))):
        assert queries.free_slots(others, day) == []
    with clock.held(at("12:00", day - timedelta(days=2))):
        assert len(queries.free_slots(others, day)) == 1


DATA = Path("parvis/booking/data/nanterre.toml")


@pytest.fixture
def nanterre(db: None) -> Iterator[Office]:
    """The office as delivered, at eight on Monday 11 December 2017."""
    with clock.held(at("08:00")):
        for command in ("load_office", "load_procedures", "load_plans"):
            call_command(command, verbosity=0)
        yield Office.objects.get(code="nanterre")


def seats_of(week: date, **which: object) -> int:
    days = (week, week + timedelta(days=6))
    return Seat.objects.filter(slot__day__range=days, **which).count()


def test_december_2017_has_two_hundred_and_a_hundred_more(nanterre: Office) -> None:
    assert seats_of(MONDAY, slot__plan__name="Grille générale") == 200
    assert seats_of(MONDAY, slot__plan__name="Étudiants et salariés", audience="students") == 60
    assert seats_of(MONDAY, slot__plan__name="Étudiants et salariés", audience="employees") == 40


def test_licences_have_their_own_line_and_eat_no_permit_seat(nanterre: Office) -> None:
    licence = Line.objects.get(office=nanterre, code="licence")
    assert seats_of(MONDAY, slot__line=licence) == 225
    takes_licences = Slot.objects.filter(accepts__contains=["licence_exchange"])
    assert not takes_licences.exclude(line=licence).exists()
    assert not Slot.objects.filter(line=licence).exclude(accepts=["licence_exchange"]).exists()
    # Plans that take everything take everything of their own line: none of them is on the line of licences.
    assert not Slot.objects.filter(accepts=[], line=licence).exists()


def test_2018_offers_less_than_the_counters_hold(nanterre: Office) -> None:
    week = date(2018, 1, 15)
    for hour in ("10:00", "14:00"):
        busy = Seat.objects.filter(
            slot__day=week, slot__line__code__in=["filing", "receipts"], slot__starts_at__lte=at(hour, week)
        )
        now = sum(seat.slot.starts_at + timedelta(minutes=seat.slot.minutes) > at(hour, week)
                  for seat in busy.select_related("slot").order_by("pk"))  # fmt: skip
        assert now == 17, "19 counters, one in ten left to whoever comes without an appointment"
    urgent = seats_of(week, channel="urgent")
    assert urgent / (19 * 165) == pytest.approx(0.05, abs=0.01)
    assert seats_of(week, slot__plan__name="Étudiants et salariés") == 100


def test_loading_twice_changes_nothing(nanterre: Office) -> None:
    before = (CapacityPlan.objects.count(), Slot.objects.count(), Entry.objects.count())
    call_command("load_plans", verbosity=0)
    assert (CapacityPlan.objects.count(), Slot.objects.count(), Entry.objects.count()) == before


def test_what_the_office_changed_stays_changed(nanterre: Office) -> None:
    grid = CapacityPlan.objects.filter(name="Grille générale", weekday=1).earliest("valid_from")
    actions.end_plan(grid, last_day=MONDAY + timedelta(days=6), by=SYSTEM)
    call_command("load_plans", verbosity=0)
    grid.refresh_from_db()
    assert grid.valid_to == MONDAY + timedelta(days=6)
    assert not Seat.objects.filter(slot__plan=grid, slot__day__gt=grid.valid_to, state=SeatState.FREE).exists()


def test_every_plan_of_the_data_can_be_made() -> None:
    rows = tomllib.loads(DATA.read_text("utf-8"))["plan"]
    for row in rows:
        for draft in drafts_of(row):
            plans.check(draft)
            minutes = plans.minutes_between(draft.starts, draft.ends)
            assert minutes % draft.slot_minutes == 0, f"{draft.name} leaves a rest"
