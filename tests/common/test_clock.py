"""The one clock: real, held, or set to another day and pace."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.common import clock


def test_without_a_setting_it_is_the_real_time() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.rate() == 1


def test_a_held_clock_stands_still_and_lets_go() -> None:
    instant = datetime(2017, 12, 11, 8, 30, tzinfo=UTC)
    with clock.held(instant):
        assert clock.now() == instant
        with clock.held(instant + timedelta(hours=1)):
            assert clock.now().hour == 9
        assert clock.now() == instant
    assert clock.now().year != 2017


def test_a_set_clock_starts_at_the_office_hour_and_runs_at_its_pace(settings) -> None:
    settings.CLOCK = "2017-12-11T08:30@20x"
    shown = clock.local()
    assert (shown.date(), shown.tzname()) == (date(2017, 12, 11), "CET")
    assert clock.rate() == 20


def test_processes_that_share_a_file_tell_the_same_time_and_follow_its_changes(settings, tmp_path: Path) -> None:
    path = tmp_path / "clock"
    settings.CLOCK = str(path)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    clock.write(path, start=clock.at(date(2017, 12, 11), "08:30"), rate=20)
    assert clock.today() == date(2017, 12, 11)
    again = clock.parse(path.read_text())
    assert (again.rate, again.start) == (20, clock.at(date(2017, 12, 11), "08:30"))
    clock.write(path, start=clock.at(date(2017, 12, 12), "08:30"), rate=1)
    assert (clock.today(), clock.rate()) == (date(2017, 12, 12), 1)


@given(real=st.integers(0, 100_000), rate=st.sampled_from([0.5, 1.0, 20.0, 60.0]))
def test_a_pace_never_goes_back(real: int, rate: float) -> None:
    pace = clock.parse(f"2017-12-11T08:30@{rate}x since 2026-01-01T00:00:00+00:00")
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    assert pace.at(begun + timedelta(seconds=real)) - pace.start == timedelta(seconds=real * rate)
    assert clock.parse(str(pace)) == pace


@pytest.mark.parametrize("text", ["", "yesterday", "2017-12-11T08:30@fast", "@20x"])
def test_a_setting_that_is_no_clock_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        clock.parse(text)


def test_the_office_day_follows_summer_time() -> None:
    assert clock.office_day(datetime(2018, 7, 1, 22, 30, tzinfo=UTC)) == date(2018, 7, 2)
    assert clock.office_day(datetime(2018, 1, 1, 22, 30, tzinfo=UTC)) == date(2018, 1, 1)
    before, after = clock.at(date(2018, 3, 24), "12:00"), clock.at(date(2018, 3, 25), "12:00")
    assert after - before == timedelta(hours=23)
