"""A rehearsed day and its figures."""

import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from parvis.common import clock
from parvis.indicators.queries import DayFigures, day_figures
from parvis.indicators.rules import Waits
from parvis.offices import queries as offices
from parvis.offices.models import Office
from parvis.reception.models import Ticket
from parvis.rehearsal import cast
from parvis.rehearsal.agenda import Driver, EventsDriveClock
from parvis.rehearsal.play import Play, Setting, handover_visitors
from parvis.rehearsal.scenarios import Scenario
from parvis.rehearsal.visitors import Crowd

EVENING = "18:00"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The figures of a rehearsed day and what the journal cannot know: the line outside, the appointments not kept."""

    scenario: Scenario
    seed: int
    figures: DayFigures
    open_tickets: int
    why_closed: str
    wait_outside: Waits
    no_shows: int
    actions: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """One object; everything but ``seconds`` is the same for the same day, scenario and seed."""
        found = self.figures.as_json()
        return {
            "date": found.pop("date"),
            "scenario": self.scenario.code,
            "seed": self.seed,
            **found,
            "open_tickets": self.open_tickets,
            "wait_outside_minutes": asdict(self.wait_outside),
            "appointments_missed": self.no_shows,
            "closed": self.why_closed,
            "actions": self.actions,
            "seconds": round(self.seconds, 1),
        }


def rehearse(day: date, *, scenario: Scenario, seed: int, driver: Driver | None = None) -> Rehearsed:
    """Play a whole day in the database at hand, from the evening before to the closing, and count it."""
    office = Office.objects.get(code=cast.OFFICE)
    started = time.monotonic()
    with clock.held(clock.at(day - timedelta(days=1), EVENING)):
        setting = Setting.of(office, day, scenario, seed)
        crowd = setting.crowd() if setting else Crowd((), 0)
        played = 0
        if setting:
            cast.pool_filing_and_receipts(office)
            stock = cast.stock_cards(office, day, handover_visitors(crowd))
            play = Play.prepared(
                setting,
                cast.gather(office),
                crowd=crowd,
                stock=stock,
                driver=driver or EventsDriveClock(),
            )
            play.run()
            # The evening before counts too: a person registered and a card received are actions.
            played = play.actions + len(stock) + sum(card is not None for _person, card in stock.values())
        return Rehearsed(
            scenario=scenario,
            seed=seed,
            figures=day_figures(office, day),
            open_tickets=Ticket.objects.open().filter(office=office, day=day).count(),
            why_closed="" if setting else _why_closed(office, day),
            wait_outside=Waits.of((one.enters_at - one.joins_at).total_seconds() for one in crowd.visitors),
            no_shows=crowd.no_shows,
            actions=played,
            seconds=time.monotonic() - started,
        )


def _why_closed(office: Office, day: date) -> str:
    line = offices.lines(office).first()
    return (offices.why_closed(line, day) if line else None) or ""
