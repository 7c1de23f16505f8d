"""How people come for a procedure: what a change would do is measured first, then it is decided for a day."""

from datetime import date, time, timedelta

import pytest

from parvis.booking import actions, queries
from parvis.booking.errors import PolicyImpossible, SlotGone
from parvis.booking.models import AllocationRule
from parvis.booking.queries.access import wait_without_appointment
from parvis.booking.rules.plans import Draft
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices.errors import InThePast
from parvis.procedures import queries as procedures
from parvis.procedures.errors import AccessInThePast
from parvis.procedures.models import AccessMode, Mode
from tests.booking.house import BookingHouse
from tests.reception.house import MONDAY, at

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


def walk_ins(house: BookingHouse, days: int, **people: int) -> None:
    """So many people a day come for these procedures over some days, each received in ten minutes."""
    counter, agent = house.house.desk("filing")
    for ahead in range(days):
        day = MONDAY + timedelta(days=ahead)
        for procedure, count in people.items():
            for number in range(count):
                clock.hold(at("09:00", day) + timedelta(minutes=10 * number))
                house.house.ticket(procedure)
                house.house.serve(counter, agent)


def test_what_happens_to_walk_ins_seats_and_waits(house: BookingHouse) -> None:
    AccessMode.objects.all().delete()
    walk_ins(house, 3, renewal=6)
    line = house.house.lines["filing"]
    clock.hold(at("10:00", MONDAY + timedelta(days=3)))
    grid = Draft(
        name="Grille", weekday=1, starts=time(9), ends=time(12), slot_minutes=15, seats=2, valid_from=clock.today()
    )
    actions.add_plan(line, grid, by=house.agent)
    change = MONDAY + timedelta(days=7)
    shown = queries.preview_access(house.office, house.house.procedures["renewal"], Mode.APPOINTMENT_ONLY, change)
    assert shown is not None
    assert (shown.before, shown.after) == (Mode.WALK_IN, Mode.APPOINTMENT_ONLY)
    assert (shown.measured_days, shown.walk_ins_a_day) == (3, 6.0)
    assert shown.seats_needed == 6 * 4, "four open days a week"
    assert shown.seats_a_week == 24
    assert shown.missing == 0
    assert shown.first_seat == at("09:00", change)
    assert shown.wait_measured == 0.0
    assert shown.wait_before is not None
    assert shown.wait_after is not None
    assert shown.wait_after <= shown.wait_before


def test_seats_that_are_missing_are_said(house: BookingHouse) -> None:
    AccessMode.objects.all().delete()
    walk_ins(house, 1, renewal=5)
    clock.hold(at("10:00", TUESDAY))
    shown = queries.preview_access(house.office, house.house.procedures["renewal"], Mode.APPOINTMENT_ONLY, TUESDAY)
    assert shown is not None
    assert (shown.seats_a_week, shown.missing, shown.first_seat) == (0, 20, None)
    assert shown.weeks_to_first_seat is None


def test_a_procedure_of_no_line_here_has_no_preview(house: BookingHouse) -> None:
    house.house.procedures["renewal"].line_code = "asylum"
    shown = queries.preview_access(house.office, house.house.procedures["renewal"], Mode.MIXED, MONDAY)
    assert shown is None


def test_a_change_holds_from_its_day_on(house: BookingHouse) -> None:
    AccessMode.objects.all().delete()
    renewal = house.house.procedures["renewal"]
    AccessMode.objects.create(procedure=renewal, mode=Mode.WALK_IN, valid_from=date(2017, 1, 1))
    slots = [house.slot(day=day) for day in (TUESDAY, WEDNESDAY)]
    actions.change_access(house.office, renewal, mode=Mode.MIXED, valid_from=WEDNESDAY, by=house.agent)
    assert [day.day for day in queries.free_days(house.wish())] == [WEDNESDAY]
    assert procedures.access_mode(renewal, TUESDAY) == Mode.WALK_IN
    assert len(slots) == 2
    fact = Entry.objects.named("procedure.access_changed").get()
    assert (fact.facts["before"], fact.facts["after"]) == (Mode.WALK_IN, Mode.MIXED)
    with pytest.raises(AccessInThePast):
        actions.change_access(house.office, renewal, mode=Mode.MIXED, valid_from=date(2017, 12, 10), by=house.agent)


def test_the_model_of_waits() -> None:
    calm = {"expected_an_hour": 0.0, "counters": 2, "service_minutes": 10.0}
    quiet, busy = (wait_without_appointment(walk_ins_an_hour=people, **calm) for people in (4.0, 11.0))
    assert quiet is not None
    assert busy is not None
    assert 0 < quiet < busy
    assert wait_without_appointment(walk_ins_an_hour=12.0, **calm) is None, "more work than two counters do"
    assert wait_without_appointment(walk_ins_an_hour=0.0, **calm) == 0.0
    one = wait_without_appointment(walk_ins_an_hour=3, expected_an_hour=0, counters=1, service_minutes=10)
    # One server, half busy: Pollaczek and Khinchine give 10 x 0.5 / 0.5 x (1 + 0.3) / 2.
    assert one == pytest.approx(6.5, abs=0.1)
    evened = wait_without_appointment(walk_ins_an_hour=1, expected_an_hour=10, counters=2, service_minutes=10.0)
    assert evened is not None


def test_seats_by_draw_from_a_day_on(house: BookingHouse) -> None:
    renewal = house.house.procedures["renewal"]
    for day in (TUESDAY, WEDNESDAY):
        house.slot(day=day)
    actions.change_allocation(
        house.office, renewal, allocation="draw", valid_from=WEDNESDAY, by=house.agent, batch_days=7, most_losses=2
    )
    assert [day.day for day in queries.free_days(house.wish())] == [TUESDAY]
    rule = queries.allocation(house.office, renewal, WEDNESDAY)
    assert rule is not None
    assert (rule.batch_days, rule.most_losses) == (7, 2)
    actions.change_allocation(house.office, renewal, allocation="immediate", valid_from=WEDNESDAY, by=house.agent)
    assert AllocationRule.objects.count() == 1
    assert queries.allocation(house.office, renewal, WEDNESDAY) is None
    assert Entry.objects.named("allocation.changed").count() == 2


@pytest.mark.parametrize("wrong", [{"allocation": "auction"}, {"batch_days": 0}, {"most_losses": 99}, {"colour": 1}])
def test_what_a_draw_cannot_be(house: BookingHouse, wrong: dict[str, object]) -> None:
    said = {"allocation": "draw", "valid_from": MONDAY, "by": house.agent, **wrong}
    with pytest.raises(PolicyImpossible):
        actions.change_allocation(house.office, house.house.procedures["renewal"], **said)


def test_the_past_keeps_how_its_seats_were_given(house: BookingHouse) -> None:
    renewal, yesterday = house.house.procedures["renewal"], MONDAY - timedelta(days=1)
    with pytest.raises(InThePast):
        actions.change_allocation(house.office, renewal, allocation="draw", valid_from=yesterday, by=house.agent)


def test_the_rules_of_booking(house: BookingHouse) -> None:
    slot = house.slot(day=MONDAY + timedelta(days=20))
    actions.change_policy(house.office, by=house.agent, horizon_days=10, hold_minutes=5)
    with pytest.raises(SlotGone):
        house.hold(slot)
    fact = Entry.objects.named("booking_policy.changed").get()
    assert (fact.facts["before"], fact.facts["after"]) == (
        {"horizon_days": 60, "hold_minutes": 10},
        {"horizon_days": 10, "hold_minutes": 5},
    )
    actions.change_policy(house.office, by=house.agent, horizon_days=10)
    assert Entry.objects.named("booking_policy.changed").count() == 1


def test_shares_still_kept_fall_back_on_the_new_day(house: BookingHouse) -> None:
    kept, fallen = house.slot(day=MONDAY + timedelta(days=7)), house.slot(day=TUESDAY)
    actions.change_policy(house.office, by=house.agent, fallback_days=5)
    kept.refresh_from_db()
    assert kept.falls_back_at == at("12:00", MONDAY + timedelta(days=2))
    before = fallen.falls_back_at
    fallen.refresh_from_db()
    assert fallen.falls_back_at == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"release_after_min": 0, "release_after_max": 0},
        {"release_after_min": 0},
        {"horizon_days": 0},
        {"hold_minutes": 61},
        {"release_after_min": 200},
        {"colour": 1},
        {"most_people": True},
    ],
)
def test_rules_out_of_bounds_are_refused(house: BookingHouse, wrong: dict[str, int]) -> None:
    with pytest.raises(PolicyImpossible):
        actions.change_policy(house.office, by=house.agent, **wrong)
