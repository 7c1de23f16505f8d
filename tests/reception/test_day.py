"""Everyone received: the admission view, the expected waits, and the end of the day."""

from datetime import date, time, timedelta

import pytest
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import strategies as st

from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.offices.actions import change_opening
from parvis.reception import actions, queries, rules
from parvis.reception.errors import BadReturn, TextMissing
from parvis.reception.models import CounterSession, Ticket
from parvis.reception.rules import Work
from parvis.reception.states import OPEN, Outcome, ReturnKind, SessionState
from tests.reception.house import MONDAY, House, at, wait


def test_closing_gives_every_ticket_an_outcome_and_is_repeatable(house: House) -> None:
    counter, agent = house.desk()
    other, colleague = house.desk()
    house.ticket()
    actions.arrive(actions.call_next(counter, by=agent), by=agent)
    house.ticket()
    actions.call_next(other, by=colleague)
    house.ticket()
    clock.hold(at("18:00"))
    report = actions.close_day(house.office, day=MONDAY, by=SYSTEM)
    assert (report.unrecorded, report.left, report.turned_away, report.counters_closed) == (1, 1, 1, 2)
    assert not Ticket.objects.filter(state__in=OPEN).exists()
    assert not CounterSession.objects.exclude(state=SessionState.CLOSED).exists()
    again = actions.close_day(house.office, day=MONDAY, by=SYSTEM)
    assert again.turned_away == again.counters_closed == 0
    assert Entry.objects.filter(what="day.closed").count() == 1


def test_the_day_adds_up(house: House) -> None:
    counter, agent = house.desk()
    for _ in range(5):
        house.ticket()
    house.serve(counter, agent)
    actions.leave(house.ticket(), by=SYSTEM)
    actions.give_return(house.ticket(), kind=ReturnKind.FIRST_NEXT_DAY, reason="fin de journée", by=agent)
    actions.turn_away(house.office, procedure=house.procedures["renewal"], by=SYSTEM)
    counts = queries.day_counts(house.office, MONDAY)
    parts = counts.received + counts.left + counts.redirected + counts.turned_away + counts.still_here
    assert counts.arrivals == parts == 8
    assert (counts.received, counts.left, counts.redirected, counts.turned_away, counts.still_here) == (1, 1, 1, 1, 4)


def test_admission_warns_before_the_work_no_longer_fits(house: House) -> None:
    house.desk("filing")
    clock.hold(at("14:00"))
    for _ in range(4):
        house.ticket()
    assert _filing(house).level == "ok"
    for _ in range(3):
        house.ticket()
    assert _filing(house).level == "tight"
    for _ in range(2):
        house.ticket()
    over = _filing(house)
    assert (over.level, over.work_minutes, over.minutes_left, over.late_by) == ("over", 135, 120, 15)


def test_waiting_without_any_counter_is_over(house: House) -> None:
    house.ticket()
    assert _filing(house).level == "over"


def test_a_timed_return_is_offered_within_opening_hours(house: House) -> None:
    ticket = house.ticket()
    assert queries.return_hours(ticket)[0] == at("11:00")
    for bad in (None, at("09:00"), at("16:00"), at("11:00", date(2017, 12, 12))):
        with pytest.raises(BadReturn):
            actions.give_return(ticket, kind=ReturnKind.LATER_TODAY, at=bad, reason="midi", by=SYSTEM)
    with pytest.raises(TextMissing):
        actions.give_return(ticket, kind=ReturnKind.LATER_TODAY, at=at("14:00"), reason=" ", by=SYSTEM)
    given_pass = actions.give_return(ticket, kind=ReturnKind.LATER_TODAY, at=at("14:00"), reason="midi", by=SYSTEM)
    clock.hold(at("14:05"))
    back = house.ticket(holder_name=ticket.holder_name, return_code=given_pass.code)
    assert back.reference_at == at("14:00")


NOON_PAUSE = [(time(9), time(12)), (time(13, 30), time(16))]


def pause_at_noon(house: House) -> None:
    """From this Monday on the filing line is closed between twelve and half past one."""
    change_opening(house.lines["filing"], weekday=1, hours=NOON_PAUSE, valid_from=MONDAY, by=SYSTEM)


def test_neither_the_pause_at_noon_nor_the_time_before_opening_is_counter_time(house: House) -> None:
    pause_at_noon(house)
    house.desk("filing")
    clock.hold(at("08:30"))
    assert _filing(house).minutes_left == 180 + 150
    clock.hold(at("11:00"))
    for _ in range(16):
        house.ticket()
    over = _filing(house)
    assert (over.level, over.work_minutes, over.minutes_left, over.late_by) == ("over", 240, 210, 30)
    clock.hold(at("12:30"))
    assert _filing(house).minutes_left == 150
    clock.hold(at("16:30"))
    assert _filing(house).minutes_left == 0


def test_nobody_is_told_to_come_back_during_the_pause(house: House) -> None:
    pause_at_noon(house)
    ticket = house.ticket()
    offered = [f"{localtime(hour):%H:%M}" for hour in queries.return_hours(ticket)]
    assert offered[:5] == ["11:00", "11:15", "11:30", "11:45", "13:30"]
    assert offered[-1] == "15:45"
    for during in (at("12:00"), at("12:45"), at("13:29")):
        with pytest.raises(BadReturn):
            actions.give_return(ticket, kind=ReturnKind.LATER_TODAY, at=during, reason="midi", by=SYSTEM)
    assert actions.give_return(ticket, kind=ReturnKind.LATER_TODAY, at=at("13:30"), reason="midi", by=SYSTEM).code


MORNING = [(time(9), time(12))]


@pytest.mark.parametrize(
    ("hours", "from_", "tickets"),
    [
        (MORNING, MONDAY, 4),
        (MORNING, MONDAY + timedelta(days=7), 0),
        ([(time(9), time(13))], MONDAY, 0),
        ([(time(9), time(17))], MONDAY, 0),
        ([(time(9), time(10))], MONDAY, 12),
        ([(time(10, 30), time(18))], MONDAY, 12),
        ([], MONDAY, 12),
    ],
)
def test_a_change_of_hours_hits_those_who_no_longer_fit(
    house: House, hours: list[tuple[time, time]], from_: date, tickets: int
) -> None:
    """At ten one counter receives eight people before noon, twelve before one."""
    house.desk("filing")
    for _ in range(12):
        house.ticket()
    found = queries.hit_by_opening_change(house.lines["filing"], weekday=1, hours=hours, valid_from=from_)
    assert found.tickets == tickets


def test_a_change_hits_nobody_before_the_hours_that_stay_or_once_the_line_is_closed(house: House) -> None:
    clock.hold(at("08:45"))
    house.ticket()
    line = house.lines["filing"]
    longer = [(time(9), time(17))]
    assert queries.hit_by_opening_change(line, weekday=1, hours=longer, valid_from=MONDAY).tickets == 0
    later = [(time(13), time(17))]
    assert queries.hit_by_opening_change(line, weekday=1, hours=later, valid_from=MONDAY).tickets == 1
    clock.hold(at("16:30"))
    assert queries.hit_by_opening_change(line, weekday=1, hours=MORNING, valid_from=MONDAY).tickets == 0


def test_a_change_of_hours_hits_the_returns_promised_for_a_closed_moment(house: House) -> None:
    def returns(hours: list[tuple[time, time]], weekday: int = 1, from_: date = MONDAY) -> int:
        line = house.lines["filing"]
        return queries.hit_by_opening_change(line, weekday=weekday, hours=hours, valid_from=from_).returns

    for at_hour in ("11:00", "14:00"):
        timed = house.ticket()
        actions.give_return(timed, kind=ReturnKind.LATER_TODAY, at=at(at_hour), reason="Fictif", by=SYSTEM)
    actions.give_return(house.ticket(), kind=ReturnKind.FIRST_NEXT_DAY, reason="Fictif", by=SYSTEM)
    counter, agent = house.desk("filing")
    here = house.ticket()
    actions.arrive(actions.call_next(counter, by=agent), by=agent)
    actions.give_return(here, kind=ReturnKind.MISSING_COPY, reason="Fictif", by=agent)
    assert (returns(MORNING), returns(NOON_PAUSE), returns([])) == (1, 0, 3)
    assert (returns(MORNING, from_=MONDAY + timedelta(days=7)), returns([], weekday=3)) == (0, 0)
    assert (returns([], weekday=2), returns(MORNING, weekday=2)) == (1, 0)
    clock.hold(at("11:30"))
    assert returns(MORNING) == 1
    clock.hold(at("12:30"))
    assert returns(MORNING) == 3


def test_the_first_place_of_the_next_open_day_jumps_the_thursday(house: House) -> None:
    clock.hold(at("15:50", date(2017, 12, 13)))
    given_pass = actions.give_return(house.ticket(), kind=ReturnKind.FIRST_NEXT_DAY, reason="complet", by=SYSTEM)
    assert given_pass.valid_on == date(2017, 12, 15)


def test_nobody_knows_the_wait_of_a_line_without_counters(house: House) -> None:
    assert queries.expected_wait(house.ticket()) is None


def test_an_idle_counter_means_no_wait(house: House) -> None:
    house.desk()
    ticket = house.ticket()
    assert (ticket.told_low, ticket.told_high) == (0, 60)


def test_the_expected_wait_grows_with_the_people_ahead_and_shrinks_with_counters(house: House) -> None:
    house.desk()
    tickets = [house.ticket() for _ in range(6)]
    waits = [queries.expected_wait(ticket) for ticket in tickets]
    assert [wait.low for wait in waits] == sorted(wait.low for wait in waits)
    assert timedelta(minutes=75) < waits[5].low < timedelta(minutes=95)
    house.desk()
    assert queries.expected_wait(tickets[5]).low < waits[5].low * 0.6


def test_the_expected_wait_says_when_it_goes_past_closing(house: House) -> None:
    house.desk()
    clock.hold(at("15:30"))
    tickets = [house.ticket() for _ in range(4)]
    assert [queries.expected_wait(ticket).past_closing for ticket in tickets] == [False, True, True, True]


def test_measured_durations_correct_the_catalogue(house: House) -> None:
    counter, agent = house.desk()
    before = queries.wait_by_line(house.office)
    for _ in range(30):
        ticket = house.ticket()
        actions.call_next(counter, by=agent)
        actions.arrive(ticket, by=agent)
        wait(5)
        actions.finish(ticket, outcome=Outcome.DONE, by=agent)
    for _ in range(3):
        house.ticket()
    after = next(line for line in queries.wait_by_line(house.office) if line.line.code == "filing")
    assert before[0].range is not None
    # Three services at the catalogue's 15 minutes would be 45: thirty measured at 5 bring them under 30.
    assert after.range.low < timedelta(minutes=30)


def test_before_opening_the_wait_includes_the_doors(house: House) -> None:
    house.desk()
    clock.hold(at("08:30"))
    assert house.ticket().told_low == 30 * 60


@given(
    people=st.integers(0, 300),
    mean=st.floats(60, 3600),
    counters=st.integers(1, 40),
    bias=st.floats(0.6, 1.6),
)
def test_the_range_is_a_range(people: int, mean: float, counters: int, bias: float) -> None:
    low, high = rules.expected_wait(
        Work(people, people * mean, people * (mean * 0.4) ** 2), counters=counters, free=False, service=mean, bias=bias
    )
    assert 0 <= low <= high
    more = rules.expected_wait(
        Work(people + 1, (people + 1) * mean, 0), counters=counters, free=False, service=mean, bias=bias
    )
    assert more[0] >= low * 0.999


def _filing(house: House) -> queries.LineAdmission:
    return next(line for line in queries.admission(house.office) if line.line.code == "filing")
