"""The figures of a day, on journals whose answers are known."""

from collections.abc import Iterator

import pytest

from parvis.common import clock
from parvis.indicators.queries import day_figures
from tests.indicators.journals import DAY, Journal, at
from tests.offices.factories import CounterFactory, LineFactory, OfficeFactory


@pytest.fixture
def journal(db: None) -> Iterator[Journal]:
    office = OfficeFactory(code="nanterre")
    LineFactory(office=office, code="filing", letter="D")
    LineFactory(office=office, code="handover", letter="T")
    with clock.held(at("18:00")):
        yield Journal(office)


def test_everybody_is_counted_once_and_the_sum_is_exact(journal: Journal) -> None:
    for ticket in range(1, 6):
        journal.issued(ticket, "09:00")
    journal.called(1, "09:10", waited=10)
    journal.served(1, "09:20", minutes=9)
    journal.fact("09:30", "ticket.left", 2, reason="gave_up", line="filing")
    journal.fact("09:40", "ticket.deferred", 3, kind="later_today", line="filing", reason="x")
    journal.fact("16:30", "ticket.turned_away", 4, line="filing", reason="closing")
    journal.fact("09:05", "arrival.redirected", 1, reason="other_office", procedure="renewal", line="filing")
    journal.fact("09:06", "arrival.turned_away", 2, reason="day_full", procedure="renewal", line="filing")
    found = day_figures(journal.office, DAY)
    assert (found.arrivals, found.received, found.left) == (7, 1, 1)
    assert (found.redirected, found.turned_away, found.still_waiting) == (2, 2, 1)
    assert found.lines["filing"].arrivals == 7
    assert found.lines["filing"].received == 1
    assert found.lines["handover"].arrivals == 0


def test_another_day_and_another_office_count_for_nothing(journal: Journal) -> None:
    journal.issued(1, "09:00")
    elsewhere = Journal(OfficeFactory(code="antony"))
    elsewhere.issued(2, "09:00")
    journal.fact("09:00", "ticket.left", 99, reason="gave_up", line="filing")
    found = day_figures(journal.office, DAY)
    assert (found.arrivals, found.left, found.still_waiting) == (1, 0, 1)


def test_waits_are_interpolated_between_ranks(journal: Journal) -> None:
    for ticket, waited in enumerate([0, 10, 20, 30, 40], start=1):
        journal.issued(ticket, "09:00")
        journal.called(ticket, f"09:{waited:02d}", waited=waited)
    wait = day_figures(journal.office, DAY).lines["filing"].wait_minutes
    assert (wait.mean, wait.p50, wait.p90, wait.max) == (20.0, 20.0, 36.0, 40.0)


def test_an_appointment_waits_from_its_hour_not_from_an_early_arrival(journal: Journal) -> None:
    journal.issued(1, "09:00", reference="09:30")
    journal.called(1, "09:35", waited=5, rank="appointment", arrived_waited=35 * 60)
    assert day_figures(journal.office, DAY).lines["filing"].wait_minutes.max == 5.0


def test_a_walk_in_who_kept_an_earlier_reference_waits_from_their_arrival(journal: Journal) -> None:
    journal.issued(1, "09:00", reference="08:00")
    journal.called(1, "09:10", waited=70, arrived_waited=10 * 60)
    assert day_figures(journal.office, DAY).lines["filing"].wait_minutes.max == 10.0


def test_the_longest_overtaking_is_the_largest_difference_of_reference_times(journal: Journal) -> None:
    journal.issued(1, "09:00")
    journal.issued(2, "09:10")
    journal.issued(3, "09:25")
    journal.called(3, "09:30", waited=5)
    journal.called(2, "09:35", waited=25)
    journal.called(1, "09:40", waited=40)
    assert day_figures(journal.office, DAY).lines["filing"].longest_overtaking_minutes == 25.0


def test_nobody_is_overtaken_before_they_come_or_after_they_left(journal: Journal) -> None:
    journal.issued(1, "09:00")
    journal.fact("09:05", "ticket.left", 1, reason="gave_up", line="filing")
    journal.issued(2, "09:20")
    journal.called(2, "09:21", waited=1)
    journal.issued(3, "09:30", reference="09:10")
    journal.called(3, "09:31", waited=1)
    assert day_figures(journal.office, DAY).lines["filing"].longest_overtaking_minutes == 0.0


def test_whoever_was_absent_at_their_call_is_not_overtaken_again(journal: Journal) -> None:
    journal.issued(1, "09:00")
    journal.issued(2, "09:10")
    journal.called(1, "09:15", waited=15)
    journal.fact("09:18", "ticket.absent", 1, count=1)
    journal.called(2, "09:19", waited=9)
    assert day_figures(journal.office, DAY).lines["filing"].longest_overtaking_minutes == 0.0


def test_a_transferred_person_waits_on_the_new_line_with_their_reference(journal: Journal) -> None:
    journal.issued(1, "09:00")
    journal.called(1, "09:05", waited=5)
    journal.fact("09:10", "ticket.transferred", 1, from_line="filing", line="handover", procedure="permit_handover")
    journal.issued(2, "09:30", line="handover")
    journal.called(2, "09:31", waited=1, line="handover")
    found = day_figures(journal.office, DAY)
    assert found.lines["handover"].longest_overtaking_minutes == 30.0
    assert found.lines["filing"].longest_overtaking_minutes == 0.0


def test_busy_is_service_over_open_time_breaks_apart(journal: Journal) -> None:
    journal.fact("09:00", "counter.opened", 1)
    journal.fact("12:00", "counter.break_started", 1)
    journal.fact("12:40", "counter.break_ended", 1)
    journal.fact("13:00", "counter.relieved", 1, from_agent=1)
    journal.fact("13:00", "counter.opened", 1)
    journal.issued(1, "09:00")
    journal.called(1, "09:00", waited=0)
    journal.served(1, "10:40", minutes=100)
    journal.fact("13:00", "counter.closed", 1)
    # Three hours and twenty minutes open, an hour and forty minutes of service.
    assert day_figures(journal.office, DAY).lines["filing"].busy_share == 0.5


def test_a_counter_left_open_counts_until_the_day_is_closed(journal: Journal) -> None:
    journal.fact("09:00", "counter.opened", 1)
    journal.issued(1, "09:00")
    journal.called(1, "09:00", waited=0)
    journal.served(1, "10:00", minutes=60)
    journal.fact("13:00", "day.closed", journal.office.pk, turned_away=0)
    assert day_figures(journal.office, DAY).lines["filing"].busy_share == 0.25


def test_cards_are_counted_at_each_counter_by_its_number(journal: Journal) -> None:
    first, second = CounterFactory(office=journal.office, number=20), CounterFactory(office=journal.office, number=21)
    for ticket, counter in enumerate([first, first, second], start=1):
        journal.issued(ticket, "09:00")
        journal.served(ticket, "09:30", minutes=6, counter=counter.pk, outcome="handed_over")
    found = day_figures(journal.office, DAY)
    assert (found.handed_over, found.handover_counters) == (3, 2)
    assert found.handed_over_by_counter == {20: 2, 21: 1}
    assert found.as_json()["handed_over_by_counter"] == {"20": 2, "21": 1}


def test_calibration_compares_what_was_told_with_what_was(journal: Journal) -> None:
    for ticket, waited in enumerate([5, 10, 12, 30], start=1):
        journal.issued(ticket, "09:00", told=(600, 1200))
        journal.called(ticket, f"09:{waited:02d}", waited=waited, told_low=600, told_high=1200)
    journal.issued(9, "09:00")
    journal.called(9, "09:50", waited=50)
    found = day_figures(journal.office, DAY).estimate_calibration
    assert (found.forecasts, found.share_within_low, found.share_within_high) == (4, 0.5, 0.75)
    assert found.mean_error_minutes == round((-5 + 0 + 2 + 20) / 4, 1)
    assert found.mean_absolute_error_minutes == round((5 + 0 + 2 + 20) / 4, 1)


def test_an_empty_day_is_all_zeros(journal: Journal) -> None:
    found = day_figures(journal.office, DAY)
    assert found.arrivals == found.received == found.still_waiting == found.handover_counters == 0
    assert found.lines["filing"].wait_minutes.p90 == 0.0
    assert found.estimate_calibration.forecasts == 0
