"""A rehearsed day and its figures."""

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from parvis.common import clock
from parvis.indicators.queries import DayFigures, day_figures
from parvis.indicators.rules import Waits
from parvis.offices import queries as offices
from parvis.offices.models import Office
from parvis.reception.models import Ticket
from parvis.rehearsal import cast, holders, weeks
from parvis.rehearsal.agenda import Driver, EventsDriveClock
from parvis.rehearsal.play import Play, Setting
from parvis.rehearsal.replay.run import review
from parvis.rehearsal.scenarios import Scenario
from parvis.rehearsal.visitors import Crowd

EVENING = "18:00"
FILES = ("opened", "complete", "incomplete", "receipts_issued", "receipts_renewed", "reviewed", "signed", "hours")
HALF_HOUR = timedelta(minutes=30)


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
    # How the flow of arrivals is regulated: the fullest half-hour over the mean one.
    peak_to_mean: float
    # By appointment: what the weeks before gave, and how those who came were received; empty otherwise.
    appointments: Mapping[str, int]
    # What the day did to files: opened, complete or not, receipts, reviewed and signed behind the counters.
    files: Mapping[str, int]
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
            "appointments": dict(self.appointments),
            "files": dict(self.files),
            "peak_to_mean_arrivals": round(self.peak_to_mean, 2),
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
        played, appointments, files = 0, Counter[str](), Counter(dict.fromkeys(FILES, 0))
        if setting:
            cast.pool_filing_and_receipts(office)
            actors = cast.gather(office)
            if scenario.by_appointment:
                crowd, appointments = weeks.live_through(setting, crowd, helper=actors.greeter)
            stock, begun = holders.stock(office, day, crowd, officer=actors.officer, signatory=actors.signatory)
            play = Play.prepared(
                setting, actors, crowd=crowd, stock=stock, files=begun, driver=driver or EventsDriveClock()
            )
            play.run()
            reviewed = review(office, day, seed=seed)
            files.update(play.done)
            counted, hours = reviewed.ledger.so_far()
            files.update(
                {"reviewed": counted.get("reviewed", 0), "signed": counted.get("decided", 0), "hours": round(hours)}
            )
            if scenario.by_appointment:
                appointments.update(play.door.outcomes)
            # The days before count too: a card scanned and its person told are actions.
            told = 2 * sum(card is not None for _person, card in stock.values())
            played = play.actions + told + sum(cost.calls for cost in reviewed.costs.values())
        return Rehearsed(
            scenario=scenario,
            seed=seed,
            figures=day_figures(office, day),
            open_tickets=Ticket.objects.open().filter(office=office, day=day).count(),
            why_closed="" if setting else _why_closed(office, day),
            wait_outside=Waits.of((one.enters_at - one.joins_at).total_seconds() for one in crowd.visitors),
            no_shows=crowd.no_shows,
            peak_to_mean=_peak_to_mean([visitor.joins_at for visitor in crowd.visitors], setting),
            appointments=appointments,
            files=files,
            actions=played,
            seconds=time.monotonic() - started,
        )


def _peak_to_mean(moments: Sequence[datetime], setting: Setting | None) -> float:
    """The arrivals of the fullest half-hour over those of the mean one, from the doors to the closing."""
    if setting is None or not moments:
        return 0.0
    halves = max(1, math.ceil((setting.hours[1] - setting.doors) / HALF_HOUR))
    counted = Counter(min(halves - 1, max(0, (moment - setting.doors) // HALF_HOUR)) for moment in moments)
    return max(counted.values()) / (len(moments) / halves)


def _why_closed(office: Office, day: date) -> str:
    line = offices.lines(office).first()
    return (offices.why_closed(line, day) if line else None) or ""
