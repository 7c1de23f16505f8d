"""A small office on Monday 11 December 2017, with what its reception needs; every person is invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from parvis.common import clock
from parvis.journal.actions import KIOSK
from parvis.offices.models import Agent, Counter, Line, Office
from parvis.procedures.models import Procedure
from parvis.reception import actions
from parvis.reception.models import Ticket
from parvis.reception.rules import Arrival
from parvis.reception.states import Outcome
from tests.offices.factories import AgentFactory, CounterFactory, LineFactory, OfficeFactory

MONDAY = date(2017, 12, 11)
TIMES = {"renewal": ("filing", 15.0), "student": ("filing", 15.0), "receipt_renewal": ("receipts", 5.0)}
TIMES |= {"permit_handover": ("handover", 6.0), "information": ("information", 3.0)}
_names = count(1)


@dataclass
class House:
    """The office, with short ways to say what happens in it."""

    office: Office
    lines: dict[str, Line]
    procedures: dict[str, Procedure]

    def arrival(self, *procedures: str, **changes: object) -> Arrival:
        """Somebody who comes for these procedures."""
        given = {"holder_name": f"Témoin {next(_names)}", "holder_born": date(1990, 1, 1)} | changes
        asked = tuple(self.procedures[code] for code in procedures or ("renewal",))
        return Arrival(office=self.office, procedures=asked, **given)

    def ticket(self, *procedures: str, key: str = "", **changes: object) -> Ticket:
        """A ticket issued at the kiosk."""
        return actions.issue_ticket(self.arrival(*procedures, **changes), by=KIOSK, key=key)

    def counter(self, *lines: str) -> Counter:
        """A counter that serves these lines."""
        number = Counter.objects.filter(office=self.office).count() + 1
        return CounterFactory(office=self.office, number=number, lines=[self.lines[code] for code in lines])

    def desk(self, *lines: str) -> tuple[Counter, Agent]:
        """An open counter and the agent who holds it."""
        counter = self.counter(*(lines or ("filing",)))
        agent = AgentFactory(office=self.office, lines=list(counter.lines.order_by("pk")))
        actions.open_counter(counter, by=agent)
        return counter, agent

    def serve(self, counter: Counter, agent: Agent, *, outcome: Outcome = Outcome.DONE) -> Ticket | None:
        """Call the next person, receive them and finish, in one instant."""
        ticket = actions.call_next(counter, by=agent)
        if ticket:
            actions.arrive(ticket, by=agent)
            ticket = actions.finish(ticket, outcome=outcome, by=agent)
        return ticket


def build() -> House:
    """The office with five lines and the procedures people come for, without any counter."""
    office = OfficeFactory(code="essai")
    lines = {code: LineFactory(office=office, code=code, december_2017=True) for code in set(dict(TIMES.values()))}
    procedures = {
        code: Procedure.objects.create(
            code=code,
            family="residence_permit",
            line_code=line,
            names={"fr": code},
            mean_minutes=minutes,
            sigma=0.4,
        )
        for code, (line, minutes) in TIMES.items()
    }
    return House(office, lines, procedures)


def at(hour: str, day: date = MONDAY) -> datetime:
    """An instant of the office day."""
    return clock.at(day, hour)


def wait(minutes: float) -> datetime:
    """Let time pass on a held clock."""
    later = clock.now() + timedelta(minutes=minutes)
    clock.hold(later)
    return later
