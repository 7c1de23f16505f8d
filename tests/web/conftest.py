"""What the tests of the agents' screens share."""

from collections.abc import Iterator

import pytest

from parvis.common import clock
from tests.reception.house import at
from tests.web.staff import Staff, load


@pytest.fixture
def staff(db: None) -> Iterator[Staff]:
    """Nanterre at ten o'clock."""
    with clock.held(at("10:00")):
        yield load()
