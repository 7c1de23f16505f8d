"""An agent's account for the pages that ask for one."""

import pytest

from parvis.offices.models import Agent
from tests.offices.factories import AgentFactory


@pytest.fixture
def agent(db: None) -> Agent:
    """An active agent without any role."""
    return AgentFactory()
