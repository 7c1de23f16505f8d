from collections.abc import Iterator

import pytest

from parvis.common import clock
from tests.reception.house import House, at, build


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """A small office at ten o'clock on Monday 11 December 2017."""
    with clock.held(at("10:00")):
        yield build()
