"""The back office of a small house: an officer, a head who signs, files at every point of their life."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from parvis.common import clock
from parvis.journal.actions import KIOSK
from parvis.offices import actions as offices
from parvis.offices.models import Agent
from tests.casefiles.house import CaseHouse, build
from tests.reception.house import at
from tests.web.staff import PASSWORD


@dataclass
class BackOffice:
    """The house, and browsers in which its agents are signed in."""

    house: CaseHouse
    officer: Agent
    head: Agent

    def agent(self, role: str, name: str) -> Agent:
        """An agent of the house with one role."""
        return offices.register_agent(
            self.house.office, username=name, name=f"{name.title()} Fictif", roles=(role,), lines=[],
            password=PASSWORD, by=KIOSK,
        )  # fmt: skip

    def browser(self, agent: Agent) -> Client:
        """A browser in which this agent is signed in."""
        client = Client()
        client.force_login(agent.user, backend="parvis.web.account.backend.RolesOnly")
        return client


def open_office() -> BackOffice:
    """The house with an officer and a head whose roles are those of the product."""
    offices.sync_roles()
    house = build()
    made = BackOffice(house, house.officer, house.signatory)
    made.officer, made.head = made.agent("case_officer", "instruction"), made.agent("head_of_office", "chef")
    house.officer, house.signatory = made.officer, made.head
    return made


@pytest.fixture
def back(db: None) -> Iterator[BackOffice]:
    """At ten o'clock on Monday 11 December 2017."""
    with clock.held(at("10:00")):
        yield open_office()
