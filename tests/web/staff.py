"""The office of Nanterre on Monday 11 December 2017, and agents signed in to it; every person is invented."""

import io
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from django.core.management import call_command
from django.test import Client

from parvis.journal.actions import KIOSK
from parvis.offices import actions as offices
from parvis.offices.models import Agent, Counter, Office
from parvis.people.models import Person
from parvis.permits.models import Permit
from parvis.procedures import queries as catalogue
from parvis.reception import actions
from parvis.reception.models import Ticket
from parvis.reception.rules import Arrival
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory

PASSWORD = "un-mot-de-passe-fictif"
_numbers = count(1)


@dataclass
class Staff:
    """Short ways to say who works here and who comes."""

    office: Office
    clients: dict[int, Client] = field(default_factory=dict)

    def agent(self, *roles: str, lines: tuple[str, ...] = (), name: str = "") -> Agent:
        """An agent with these roles and skills."""
        number = next(_numbers)
        return offices.register_agent(
            self.office,
            username=f"agent{number}",
            name=name or f"Agent Fictif {number}",
            roles=roles,
            lines=list(self.office.lines.filter(code__in=lines).order_by("pk")),
            password=PASSWORD,
            by=KIOSK,
        )

    def browser(self, agent: Agent) -> Client:
        """A browser in which this agent is signed in."""
        client = Client()
        client.force_login(agent.user, backend="parvis.web.account.backend.RolesOnly")
        return client

    def signed_in(self, *roles: str, lines: tuple[str, ...] = ()) -> tuple[Client, Agent]:
        """An agent and their browser."""
        agent = self.agent(*roles, lines=lines)
        return self.browser(agent), agent

    def counter(self, number: int) -> Counter:
        """A counter of the office."""
        return Counter.objects.select_related("office").get(office=self.office, number=number)

    def at_counter(self, number: int, *lines: str, role: str = "counter_agent") -> tuple[Client, Agent]:
        """An agent signed in who holds a counter."""
        client, agent = self.signed_in(role, lines=lines or ("filing",))
        actions.open_counter(self.counter(number), by=agent)
        return client, agent

    def ticket(self, *procedures: str, name: str = "", person: Person | None = None, **more: object) -> Ticket:
        """Somebody at the kiosk."""
        asked = tuple(catalogue.by_code(code) for code in procedures or ("renewal",))
        arrival = Arrival(
            office=self.office,
            procedures=asked,
            person=person,
            holder_name="" if person else name or f"Témoin {next(_numbers)}",
            holder_born=None if person else date(1990, 1, 1),
            **more,
        )
        return actions.issue_ticket(arrival, by=KIOSK)

    def card(self, person: Person | None = None) -> Permit:
        """A card that waits in this office."""
        return PermitFactory(office=self.office, person=person or PersonFactory())


def load() -> Staff:
    """The office as it is delivered."""
    for command in ("load_office", "load_procedures"):
        call_command(command, stdout=io.StringIO(), stderr=io.StringIO())
    offices.sync_roles()
    return Staff(Office.objects.get(code="nanterre"))
