"""The demonstration as one finds it: a stock that moves a little every day, and something to see for everybody."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from parvis.casefiles import queries
from parvis.casefiles.models import CaseFile, Committee, Opinion, Question
from parvis.casefiles.queries.stock import moves_by_day
from parvis.casefiles.states import UNDECIDED, State
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices import queries as office_queries
from parvis.offices.models import Agent, Office, Shift
from parvis.offices.rules import public_holiday
from parvis.permits.models import Delivery, Permit, SetAside
from parvis.rehearsal import demonstration

pytestmark = pytest.mark.django_db

MONDAY = demonstration.FIRST_DAY
FIRST_CLOSED_THURSDAY = date(2017, 6, 29)
THURSDAY, SATURDAY = 4, 6
A_DAY = 0.06  # share of the stock that one day may move


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.CLOCK = str(tmp_path / "clock")


@pytest.mark.usefixtures("demo")
def test_the_stock_moves_a_little_every_working_day_and_every_screen_has_something_to_show() -> None:
    call_command("demo_office")
    office = Office.objects.get(code="nanterre")
    with clock.held(clock.at(MONDAY, "08:30")):
        the_curve_is_smooth(office)
        everybody_has_something(office)


def the_curve_is_smooth(office: Office) -> None:
    first = MONDAY - timedelta(weeks=26)
    moved = moves_by_day(office, date(2016, 1, 1), MONDAY)
    stock = queries.waiting_now(office)
    for day in (MONDAY - timedelta(days=ago) for ago in range((MONDAY - first).days + 1)):
        did = moved.get(day)
        if did is None:
            continue
        works = day.isoweekday() < SATURDAY and not public_holiday(day)
        receives = works and not (day.isoweekday() == THURSDAY and day >= FIRST_CLOSED_THURSDAY)
        assert receives or not did.opened, day
        assert works or not did.decided, day
        assert abs(did.net) <= max(A_DAY * stock, 12), (day, did, stock)
        stock -= did.net
    weeks = queries.flows(office, 26)[:-1]
    assert all(week.opened for week in weeks)
    assert all(week.decided for week in weeks[4:])
    assert max(week.opened for week in weeks) < 0.1 * sum(week.opened for week in weeks)
    assert queries.projection(office).halved_on is not None


def everybody_has_something(office: Office) -> None:
    officer = Agent.objects.get(user__username="case_officer")
    numbers = queries.counts(officer)
    assert numbers.mine >= 15
    assert numbers.near >= 5
    assert numbers.held == 3
    assert numbers.passed == 0
    assert numbers.free > 100
    assert set(CaseFile.objects.filter(state__in=UNDECIDED).values_list("state", flat=True)) == set(UNDECIDED) - {
        State.DEPOSITED
    }
    assert CaseFile.objects.filter(state=State.PROPOSED).count() == 8
    assert Question.objects.filter(ended_at=None).count() == 6
    assert Opinion.objects.filter(received_at=None).count() == 4
    assert Committee.objects.filter(heard_at=None).count() == 2
    assert queries.ending(office, 21)
    assert queries.silent(office).exists()
    assert queries.near_silence(office).exists()
    board = queries.thursday(office, MONDAY - timedelta(days=4))
    assert len(board.officers) >= 1
    assert board.stock_end < board.stock_start
    shifts = office_queries.shifts(office, MONDAY)
    assert {shift.duty for shift in shifts} == set(Shift.Duty)
    assert shifts.filter(duty=Shift.Duty.COUNTER, counter__isnull=False).count() > 20
    reviewers = {shift.agent for shift in office_queries.shifts(office, MONDAY + timedelta(days=3))}
    assert officer in reviewers
    assert len(reviewers) == 3
    cards = Permit.objects.in_stock()
    assert cards.filter(announced_at=None).count() == 10
    assert cards.filter(announced_at__isnull=False, unclaimed_on=None).count() > 190
    assert cards.filter(unclaimed_on__isnull=False).count() == 10
    assert CaseFile.objects.filter(state=State.CLOSED).count() > 100
    assert SetAside.objects.filter(settled_at=None).count() == 3
    assert Delivery.objects.filter(closed_at=None).count() == 1


@pytest.mark.usefixtures("demo")
def test_a_beginning_that_fails_leaves_nothing_and_the_next_start_begins_anew() -> None:
    in_the_way = get_user_model().objects.create(username="press_officer", password="!")
    with pytest.raises(CommandError):
        call_command("demo_office")
    assert not Entry.objects.exists()
    assert not Office.objects.exists()
    in_the_way.delete()
    call_command("demo_office")
    entries, files = Entry.objects.count(), CaseFile.objects.count()
    assert files > 1000
    call_command("demo_office")
    assert (Entry.objects.count(), CaseFile.objects.count()) == (entries, files)
