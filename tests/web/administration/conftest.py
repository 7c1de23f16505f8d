"""The house at ten o'clock on Monday 11 December 2017, and an administrator in front of the screen."""

from collections.abc import Iterator

import pytest
from django.test import Client

from parvis.common import clock
from tests.offices.factories import AgentFactory
from tests.reception.house import House, at, build


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """A small office with five lines and no counter yet."""
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def screen(house: House) -> Client:
    """The administrator's browser."""
    client = Client()
    client.force_login(AgentFactory(office=house.office, roles=["administrator"], name="Administratrice Exemple").user)
    return client
