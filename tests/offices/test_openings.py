"""Changing when the office opens: shown first, history kept, written once."""

from datetime import date, time
from typing import Any

import pytest

from parvis.common import clock
from parvis.journal import queries as journal
from parvis.journal.actions import SYSTEM
from parvis.offices import actions, queries, rules
from parvis.offices.errors import AnotherOffice, InThePast, InvalidHours
from parvis.offices.models import Closure, Line, OpeningWindow
from tests.offices.factories import (
    MONDAY,
    THURSDAY,
    AgentFactory,
    ClosureFactory,
    LineFactory,
    OfficeFactory,
    OpeningWindowFactory,
)

TODAY = date(2017, 12, 11)
NINE_TO_FOUR = (time(9), time(16))
NINE_TO_NOON = (time(9), time(12))
ONE_TO_FOUR = (time(13), time(16))


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with clock.held(clock.at(TODAY, "08:00")):
        yield


def window(**fields: Any) -> OpeningWindow:
    return OpeningWindowFactory.build(line=None, **fields)


def plan(*windows: OpeningWindow, hours: Any, since: date, weekday: int = MONDAY) -> rules.OpeningPlan:
    return rules.plan_opening_change(windows, weekday=weekday, hours=hours, valid_from=since, today=TODAY)


class TestPlan:
    def test_closing_a_weekday_ends_its_window(self) -> None:
        open_window = window()
        made = plan(open_window, hours=[], since=date(2018, 1, 3))
        assert made.ends == (open_window,)
        assert (made.withdrawn, made.starts) == ((), ())
        assert (made.before, made.after) == ((NINE_TO_FOUR,), ())
        assert made.first_day == date(2018, 1, 8)

    def test_the_same_hours_change_nothing(self) -> None:
        assert plan(window(), hours=[NINE_TO_FOUR], since=date(2018, 1, 1)).changes_nothing

    def test_hours_that_stay_keep_their_window(self) -> None:
        morning, afternoon = window(closes=time(12)), window(opens=time(13))
        made = plan(morning, afternoon, hours=[NINE_TO_NOON], since=date(2018, 1, 1))
        assert made.ends == (afternoon,)
        assert made.starts == ()

    def test_a_window_announced_for_later_is_withdrawn(self) -> None:
        now, later = window(valid_to=date(2018, 1, 31)), window(closes=time(12), valid_from=date(2018, 2, 1))
        made = plan(now, later, hours=[ONE_TO_FOUR], since=date(2018, 1, 1))
        assert (made.ends, made.withdrawn, made.starts) == ((now,), (later,), (ONE_TO_FOUR,))

    def test_a_window_that_would_begin_the_same_day_never_begins(self) -> None:
        announced = window(valid_from=date(2018, 1, 1))
        made = plan(announced, hours=[], since=date(2018, 1, 1))
        assert (made.ends, made.withdrawn) == ((), (announced,))

    def test_a_window_with_an_end_is_renewed_without_end(self) -> None:
        ending = window(valid_to=date(2018, 1, 31))
        made = plan(ending, hours=[NINE_TO_FOUR], since=date(2018, 1, 1))
        assert (made.ends, made.starts) == ((ending,), (NINE_TO_FOUR,))

    def test_what_is_over_or_of_another_day_is_left_alone(self) -> None:
        over, tuesday = window(valid_to=date(2017, 6, 28)), window(weekday=2)
        made = plan(over, tuesday, hours=[], since=date(2018, 1, 1))
        assert made.changes_nothing

    @pytest.mark.parametrize(
        "hours",
        [[(time(16), time(9))], [(time(9), time(9))], [NINE_TO_FOUR, NINE_TO_NOON], [NINE_TO_NOON, NINE_TO_NOON]],
    )
    def test_impossible_hours_are_refused(self, hours: Any) -> None:
        with pytest.raises(InvalidHours):
            plan(hours=hours, since=TODAY)

    @pytest.mark.parametrize("weekday", [0, 8])
    def test_a_day_of_no_week_is_refused(self, weekday: int) -> None:
        with pytest.raises(InvalidHours):
            plan(hours=[], since=TODAY, weekday=weekday)

    def test_hours_that_touch_are_possible_and_put_in_order(self) -> None:
        made = plan(hours=[(time(12), time(16)), NINE_TO_NOON], since=TODAY)
        assert made.starts == (NINE_TO_NOON, (time(12), time(16)))

    def test_yesterday_is_not_rewritten(self) -> None:
        with pytest.raises(InThePast):
            plan(hours=[], since=date(2017, 12, 10))


@pytest.mark.django_db
class TestChangeOpening:
    def test_the_day_before_stays_and_the_day_itself_changes(self) -> None:
        line = LineFactory(december_2017=True)
        since = date(2018, 1, 8)
        actions.change_opening(line, weekday=MONDAY, hours=[ONE_TO_FOUR, NINE_TO_NOON], valid_from=since, by=SYSTEM)
        assert len(queries.hours(line, date(2018, 1, 1))) == 0  # New Year's Day
        assert queries.weekly_hours(line, date(2018, 1, 7))[MONDAY] == (NINE_TO_FOUR,)
        assert queries.weekly_hours(line, since)[MONDAY] == (NINE_TO_NOON, ONE_TO_FOUR)
        assert [w.valid_to for w in queries.opening_history(line).filter(weekday=MONDAY)] == [
            None,
            None,
            date(2018, 1, 7),
        ]

    def test_thursdays_open_again_and_close_with_a_reason(self) -> None:
        line = LineFactory(december_2017=True)
        thursday = date(2018, 3, 1)
        actions.change_opening(line, weekday=THURSDAY, hours=[NINE_TO_FOUR], valid_from=thursday, by=SYSTEM)
        assert len(queries.hours(line, thursday)) == 1
        told = {"fr": "Fermé le jeudi, encore."}
        actions.change_opening(line, weekday=THURSDAY, hours=[], valid_from=date(2018, 4, 1), by=SYSTEM, reason=told)
        assert queries.why_closed(line, date(2018, 3, 29)) is None
        assert queries.why_closed(line, date(2018, 4, 5)) == "Fermé le jeudi, encore."
        assert queries.why_closed(line, date(2017, 12, 14)) == "Fermé le jeudi pour instruire."

    def test_an_announced_change_is_replaced_and_stays_in_the_history(self) -> None:
        line = LineFactory(december_2017=True)
        actions.change_opening(line, weekday=MONDAY, hours=[NINE_TO_NOON], valid_from=date(2018, 2, 1), by=SYSTEM)
        actions.change_opening(line, weekday=MONDAY, hours=[ONE_TO_FOUR], valid_from=date(2018, 1, 15), by=SYSTEM)
        assert queries.weekly_hours(line, date(2018, 2, 5))[MONDAY] == (ONE_TO_FOUR,)
        assert queries.weekly_hours(line, date(2018, 1, 14))[MONDAY] == (NINE_TO_FOUR,)
        assert line.opening_windows.filter(weekday=MONDAY).count() == 3

    def test_the_journal_says_what_was_and_what_is(self) -> None:
        line = LineFactory(december_2017=True)
        head = AgentFactory(office=line.office)
        actions.change_opening(line, weekday=MONDAY, hours=[NINE_TO_NOON], valid_from=date(2018, 1, 1), by=head)
        [entry] = journal.about(line)
        assert (entry.what, entry.agent_id, entry.origin) == ("opening.changed", head.pk, "agent")
        assert (entry.facts["before"], entry.facts["after"]) == (["09:00-16:00"], ["09:00-12:00"])
        assert entry.facts["valid_from"] == "2018-01-01"

    def test_changing_nothing_writes_nothing(self) -> None:
        line = LineFactory(december_2017=True)
        for _ in range(2):
            actions.change_opening(line, weekday=MONDAY, hours=[NINE_TO_NOON], valid_from=date(2018, 1, 1), by=SYSTEM)
        assert journal.about(line).count() == 1

    def test_the_preview_is_what_is_done(self) -> None:
        line = LineFactory(december_2017=True)
        asked: dict[str, Any] = {"weekday": MONDAY, "hours": [NINE_TO_NOON], "valid_from": TODAY}
        shown = queries.plan_opening_change(line, **asked)
        assert actions.change_opening(line, by=SYSTEM, **asked) == shown
        assert queries.closing_time(line, TODAY) == clock.at(TODAY, "12:00")


@pytest.mark.django_db
class TestClosures:
    def test_a_closure_of_today_is_possible_and_journaled(self) -> None:
        line: Line = LineFactory(december_2017=True)
        closure = actions.close_exceptionally(line.office, TODAY, lines=[line], reason={"fr": "Panne"}, by=SYSTEM)
        assert queries.why_closed(line, TODAY) == "Panne"
        [entry] = journal.about(closure)
        assert (entry.what, entry.facts) == ("closure.declared", {"day": "2017-12-11", "lines": [line.pk]})

    def test_yesterday_cannot_be_closed(self) -> None:
        with pytest.raises(InThePast):
            actions.close_exceptionally(OfficeFactory(), date(2017, 12, 10), reason={}, by=SYSTEM)

    def test_a_line_of_another_office_is_refused_and_nothing_is_written(self) -> None:
        with pytest.raises(AnotherOffice):
            actions.close_exceptionally(OfficeFactory(), TODAY, lines=[LineFactory()], reason={}, by=SYSTEM)
        assert not Closure.objects.exists()

    def test_a_closure_without_a_reason_still_says_something(self) -> None:
        line = LineFactory(december_2017=True)
        actions.close_exceptionally(line.office, TODAY, reason={}, by=SYSTEM)
        assert queries.why_closed(line, TODAY) == "Fermeture exceptionnelle"

    def test_a_closure_taken_back_opens_the_day_and_stays_in_the_journal(self) -> None:
        line = LineFactory(december_2017=True)
        closure = ClosureFactory(office=line.office, day=TODAY)
        key = closure.pk
        actions.cancel_closure(closure, by=SYSTEM)
        assert len(queries.hours(line, TODAY)) == 1
        assert [e.what for e in journal.on_day(line.office_id, TODAY) if e.subject_id == key] == ["closure.cancelled"]

    def test_a_closure_that_is_over_stays(self) -> None:
        closure = ClosureFactory(day=date(2017, 12, 8))
        with pytest.raises(InThePast):
            actions.cancel_closure(closure, by=SYSTEM)

    def test_the_closures_to_come(self) -> None:
        office = OfficeFactory()
        late, soon = (ClosureFactory(office=office, day=date(2017, 12, day)) for day in (20, 12))
        ClosureFactory(office=office, day=date(2017, 12, 4))
        assert list(queries.closures(office, TODAY)) == [soon, late]
