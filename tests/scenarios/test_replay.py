"""Weeks of the office with few files, through the real actions."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import UNDECIDED
from parvis.common import clock
from parvis.journal.models import Entry
from parvis.offices.models import Office
from parvis.permits.models import Permit, Stamp
from parvis.rehearsal.desk import OPENS_FILE
from parvis.rehearsal.replay import curves, ledger, plan, roster
from parvis.rehearsal.replay.ledger import Replayed
from parvis.rehearsal.replay.run import replay
from tests.scenarios.office import deliver

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2017, 9, 4), date(2017, 9, 15)


@pytest.fixture
def office() -> Office:
    deliver()
    return Office.objects.get(code="nanterre")


def small(*, closes_on_thursday: bool) -> plan.Plan:
    """Two weeks of an office forty times smaller: 120 files, 20 new ones a week."""
    whole = plan.read(FIRST, LAST, closes_on_thursday=closes_on_thursday, seed=1, scale=0.025, filed=OPENS_FILE)
    return replace(whole, stock=120)


def state_by_the_journal(file: CaseFile) -> str:
    """Where the moves that the journal tells leave a file."""
    facts = Entry.objects.filter(subject_type="casefiles.casefile", subject_id=file.pk).order_by("id")
    moves = [entry.facts["to"] for entry in facts if entry.what.startswith("case_file.") and "to" in entry.facts]
    return moves[-1]


def test_two_weeks_add_up_and_the_journal_agrees_with_the_tables(office: Office) -> None:
    replayed = replay(small(closes_on_thursday=True))
    assert len(replayed.weeks) == 2
    flows = {name: sum(week.counts[name] for week in replayed.weeks) for name in ledger.COUNTED}
    assert flows["opened"] == 40
    assert replayed.stock_end == 120 + flows["opened"] - flows["decided"] - flows["closed_undecided"]
    assert replayed.stock_end == CaseFile.objects.filter(state__in=sorted(UNDECIDED)).count()
    assert flows["cards_received"] == Permit.objects.count() > 10
    assert flows["cards_handed_over"] == Permit.objects.filter(state="handed_over").count() > 0
    assert flows["decided"] == flows["granted"] + flows["refused"]
    assert Stamp.objects.count() == len(set(Stamp.objects.values_list("number", flat=True)))
    assert all(state_by_the_journal(file) == file.state for file in CaseFile.objects.all())
    assert not CaseFile.objects.filter(decided_at__isnull=False, signed_by=None).exists()


def test_the_stock_falls_faster_with_the_thursday_for_the_hours_it_gives(office: Office) -> None:
    found: dict[str, Replayed] = {}
    for name, closes in (("with", True), ("without", False)):
        with transaction.atomic():
            found[name] = replay(small(closes_on_thursday=closes))
            transaction.set_rollback(True)
    hours = {name: sum(week.hours_at_files for week in one.weeks) for name, one in found.items()}
    decided = {name: sum(week.counts["decided"] for week in one.weeks) for name, one in found.items()}
    assert hours["with"] > 1.3 * hours["without"]
    assert decided["with"] > decided["without"]
    assert found["with"].stock_end < found["without"].stock_end
    figures = {name: one.as_json() for name, one in found.items()}
    assert "Fermé le jeudi" in curves.table(figures)
    assert curves.picture(figures).count("<polyline") == 3


def test_hours_at_files_come_from_the_opening_hours(office: Office) -> None:
    monday, thursday, all_saints = date(2017, 12, 11), date(2017, 12, 14), date(2017, 11, 1)
    people = roster.gather(office)
    public, closed, holiday = (roster.duty(office, people, day, scale=1.0) for day in (monday, thursday, all_saints))
    assert (public.is_public, closed.is_public, holiday.works) == (True, False, False)
    assert (len(people.filing), len(people.handover)) == (19, 3)
    agent = people.filing[0].pk
    assert public.minutes[agent] == pytest.approx(45 * roster.PRESENT)
    assert closed.minutes[agent] == pytest.approx(435 * roster.PRESENT)
    assert public.cards == closed.cards == 200


def test_without_the_closure_thursday_is_a_public_day(office: Office) -> None:
    people = roster.gather(office)
    with clock.held(clock.at(date(2017, 6, 25), "18:00")):
        roster.keep_thursdays_open(office, date(2017, 6, 26))
    for thursday in (date(2017, 6, 29), date(2017, 12, 14)):
        duty = roster.duty(office, people, thursday, scale=1.0)
        assert duty.is_public
        assert duty.minutes[people.filing[0].pk] == pytest.approx(45 * roster.PRESENT)


def test_a_lost_file_or_card_is_told() -> None:
    counts = dict.fromkeys(ledger.COUNTED, 0) | {"opened": 3, "decided": 1, "cards_received": 2}
    right = ledger.Week(FIRST, 12, 7, counts, 0.0)
    assert ledger.faults(10, 5, [right]) == []
    assert len(ledger.faults(10, 5, [replace(right, stock=11)])) == 1
    assert len(ledger.faults(10, 5, [replace(right, cards_waiting=8)])) == 1
