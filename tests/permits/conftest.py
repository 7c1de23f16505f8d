from collections.abc import Iterator

import pytest

from parvis.common import clock
from tests.casefiles.house import CaseHouse, build
from tests.reception.house import at


@pytest.fixture
def house(db: None) -> Iterator[CaseHouse]:
    """A small office that takes files and makes cards, at ten o'clock on Monday 11 December 2017."""
    with clock.held(at("10:00")):
        yield build()
