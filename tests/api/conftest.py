from collections.abc import Iterator

import pytest

from parvis.common import clock
from tests.api.program import Program
from tests.booking.house import BookingHouse, build
from tests.reception.house import at


@pytest.fixture
def house(db: None) -> Iterator[BookingHouse]:
    """The small office at ten o'clock on Monday 11 December 2017, with seats to book."""
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture
def program(house: BookingHouse) -> Program:
    """Somebody's program, without a partner's key."""
    return Program(house)
