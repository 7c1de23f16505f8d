"""The demonstration beside people who click: counters taken and given back, restarts, its clock and accounts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from parvis.common import clock
from parvis.indicators.queries import day_figures
from parvis.journal import queries as journal
from parvis.journal.actions import KIOSK
from parvis.offices.models import Agent, Counter, Office
from parvis.offices.roles import ROLES
from parvis.permits.models import Permit
from parvis.reception import actions, queries
from parvis.reception.models import Ticket
from parvis.reception.rules import Arrival
from parvis.reception.states import Outcome
from parvis.rehearsal import cast, demonstration, holders, live
from parvis.rehearsal.agenda import EventsDriveClock
from parvis.rehearsal.play import Play, Setting
from tests.offices.factories import AgentFactory
from tests.scenarios.office import MONDAY, conserved, deliver, small

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Office]:
    deliver()
    with clock.held(clock.at(MONDAY, "08:00")):
        yield Office.objects.get(code="nanterre")


def begin(office: Office) -> Play:
    """The live day of few people, its time driven by its events."""
    setting = Setting.of(office, MONDAY, small(persons=50), 1)
    assert setting
    crowd = setting.crowd()
    actors = cast.gather(office)
    stock, files = holders.stock(office, MONDAY, crowd, officer=actors.officer, signatory=actors.signatory)
    driver = EventsDriveClock()
    return Play.prepared(setting, actors, crowd=crowd, stock=stock, files=files, driver=driver, live=True)


def until(play: Play, hour: str) -> None:
    play.agenda.run(while_true=lambda: clock.now() < clock.at(MONDAY, hour))


def test_a_counter_taken_by_somebody_is_theirs_until_they_close_it(office: Office) -> None:
    play = begin(office)
    counter = Counter.objects.get(office=office, number=20)
    human = AgentFactory(office=office, lines=list(counter.lines.order_by("pk")))
    until(play, "09:30")
    actions.relieve(counter, by=human)
    ticket = queries.current(counter)
    if ticket:
        if ticket.state == "called":
            actions.arrive(ticket, by=human)
        actions.finish(ticket, outcome=Outcome.DONE, by=human)
    until(play, "10:30")
    assert queries.held_by(office)[counter.pk].agent_id == human.pk
    assert queries.current(counter) is None
    actions.close_counter(counter, by=human)
    until(play, "10:40")
    assert queries.held_by(office)[counter.pk].agent.user.username.startswith(cast.PREFIX)
    play.run()
    assert conserved(day_figures(office, MONDAY).as_json())


def test_a_person_who_took_a_ticket_by_clicking_is_called_and_served(office: Office) -> None:
    play = begin(office)
    until(play, "10:00")
    licence = play.setting.procedures["licence_exchange"]
    ticket = actions.issue_ticket(
        Arrival(office=office, procedures=(licence,), holder_name="Personne Inventée"), by=KIOSK
    )
    play.run()
    assert Ticket.objects.get(pk=ticket.pk).state == "received"


def test_after_a_restart_the_day_goes_on_from_what_the_database_says(office: Office) -> None:
    play = begin(office)
    until(play, "10:15")
    before = Ticket.objects.count()
    serving = set(Ticket.objects.filter(state__in=["called", "serving"]).values_list("pk", flat=True))
    assert serving
    again = begin(office)
    again.run()
    found = day_figures(office, MONDAY).as_json()
    assert conserved(found)
    assert (found["still_waiting"], found["turned_away"]) == (0, 0)
    assert found["arrivals"] == len(again.crowd.visitors)
    assert Ticket.objects.count() > before
    assert set(Ticket.objects.filter(pk__in=serving, state="received").values_list("pk", flat=True)) == serving


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.CLOCK = str(tmp_path / "clock")
    return tmp_path / "clock"


def test_the_demonstration_office_begins_on_its_monday_with_cards_and_accounts(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo_office")
    assert clock.today() == MONDAY
    assert Permit.objects.in_stock().count() > 190
    assert set(Agent.objects.filter(user__username__in=ROLES).values_list("user__username", flat=True)) == set(ROLES)
    printed = capsys.readouterr().out
    assert "/borne/nanterre/" in printed
    assert demonstration.PASSWORD in printed


def test_the_second_start_finds_yesterdays_data_and_goes_on_from_the_last_instant(demo: Path) -> None:
    call_command("demo_office")
    office = Office.objects.get(code="nanterre")
    with clock.held(clock.at(MONDAY, "11:00")):
        counter = Counter.objects.get(office=office, number=1)
        agent = Agent.objects.get(user__username="simule-01")
        actions.open_counter(counter, by=agent)
        facts = journal.on_day(office.pk, MONDAY).count()
        people = Permit.objects.count()
    call_command("demo_office")
    assert clock.at(MONDAY, "11:00") <= clock.now() < clock.at(MONDAY, "11:00") + timedelta(hours=1)
    assert journal.on_day(office.pk, MONDAY).count() == facts
    assert Permit.objects.count() == people


def test_a_real_office_is_never_peopled_with_invented_persons(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="PARVIS_DEMO"):
        call_command("demo_office")
    with pytest.raises(demonstration.NotADemonstration):
        live.go_on()
    assert not Office.objects.exists()
