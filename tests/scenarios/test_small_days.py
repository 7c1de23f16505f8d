"""Whole days with few people, through the real actions."""

from collections.abc import Iterator

import pytest

from parvis.journal import queries as journal
from parvis.offices.models import Office
from parvis.permits.models import Handover
from parvis.reception.models import CounterSession, Redirection, Ticket
from parvis.reception.queries import day_counts
from parvis.rehearsal.day import rehearse
from tests.scenarios.office import ASCENSION, JULY, MONDAY, THURSDAY, conserved, deliver, plain, played, small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office() -> Iterator[Office]:
    deliver()
    return Office.objects.get(code="nanterre")  # type: ignore[return-value]


def test_everybody_is_received_and_every_ticket_closed(office: Office) -> None:
    rehearsed = rehearse(MONDAY, scenario=small(), seed=1)
    found = rehearsed.as_json()
    assert conserved(found)
    assert found["arrivals"] == 65 + 4
    assert (found["turned_away"], found["still_waiting"], found["open_tickets"]) == (0, 0, 0)
    assert found["handover_counters"] == 3
    assert found["handed_over"] == Handover.objects.count() > 10
    assert not CounterSession.objects.exclude(state="closed").exists()
    counted = day_counts(office, MONDAY)
    assert (counted.arrivals, counted.received, counted.left) == (found["arrivals"], found["received"], found["left"])
    assert all(line["longest_overtaking_minutes"] <= 60 for line in found["lines"].values())
    assert sum(line["arrivals"] for line in found["lines"].values()) == found["arrivals"]


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    same, again, other = played(MONDAY, small(persons=40), (7, 7, 8))
    assert plain(same) == plain(again)
    assert plain(same) != plain(other)


def test_at_noon_a_colleague_relieves_the_handover_counters_and_a_third_at_most_is_away(office: Office) -> None:
    rehearse(MONDAY, scenario=small(), seed=1)
    facts = journal.on_day(office.pk, MONDAY)
    assert facts.named("counter.relieved").count() == 6
    away = most = 0
    for entry in facts.named("counter.break_started", "counter.break_ended").filter(
        subject_id__in=office.counters.filter(number__lte=19).values("pk")
    ):
        away += 1 if entry.what == "counter.break_started" else -1
        most = max(most, away)
    assert 0 < most <= 19 // 3


def test_on_a_thursday_only_cards_are_handed_over() -> None:
    found = rehearse(THURSDAY, scenario=small(persons=400), seed=1).as_json()
    assert conserved(found)
    assert found["lines"]["handover"]["received"] == found["received"] > 10
    assert found["redirected"] == Redirection.objects.filter(reason="line_closed").count() > 0
    assert not Ticket.objects.exclude(line__code="handover").exists()


def test_on_ascension_day_everything_is_closed() -> None:
    rehearsed = rehearse(ASCENSION, scenario=small(), seed=1)
    found = rehearsed.as_json()
    assert found["arrivals"] == found["received"] == found["handover_counters"] == found["actions"] == 0
    assert "Ascension" in rehearsed.why_closed
    assert conserved(found)


def test_in_summer_people_are_turned_away_after_hours_in_the_street() -> None:
    scenario = small("summer-2017", persons=120, tickets_a_day=70, door_seconds=150.0)
    rehearsed = rehearse(JULY, scenario=scenario, seed=1)
    found = rehearsed.as_json()
    assert conserved(found)
    assert found["turned_away"] >= found["arrivals"] - 70 - found["redirected"] > 30
    assert found["received"] + found["left"] == Ticket.objects.count() <= 70
    assert rehearsed.wait_outside.p50 > 60
