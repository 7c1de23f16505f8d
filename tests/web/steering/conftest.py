"""The house at ten o'clock on Monday 11 December 2017, and its head in front of the screen."""

from collections.abc import Iterator

import pytest
from django.test import Client

from parvis.common import clock
from parvis.offices.models import Agent
from tests.offices.factories import AgentFactory
from tests.reception.house import House, at, build


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """A small office with five lines and no counter yet."""
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def head(house: House) -> Agent:
    """The head of that office."""
    return AgentFactory(office=house.office, roles=["head_of_office"], name="Cheffe Exemple")


@pytest.fixture
def screen(head: Agent) -> Client:
    """The head's browser; forged forms are refused as in real life."""
    client = Client()
    client.force_login(head.user)
    return client
