from collections.abc import Callable, Iterator

import pytest

from parvis.common import clock
from tests.live.process import THE_PROCESS, LiveProcess, Screen
from tests.reception.house import House, at, build


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    """A small office whose actions are really committed, at ten o'clock on Monday 11 December 2017."""
    with clock.held(at("10:00")):
        yield build()


@pytest.fixture(scope="session")
def _process(django_db_setup: None, django_db_blocker: object) -> Iterator[LiveProcess]:
    yield THE_PROCESS
    if THE_PROCESS.process:
        THE_PROCESS.kill()


@pytest.fixture
def live(_process: LiveProcess, house: House) -> LiveProcess:
    """The live process, running, on the tests' database."""
    if _process.process is None:
        _process.start()
    return _process


@pytest.fixture
def listen(live: LiveProcess) -> Iterator[Callable[[str], Screen]]:
    """Open a screen on a path and wait until it is greeted."""
    screens: list[Screen] = []

    def listen_to(path: str) -> Screen:
        screen = Screen(live.address(path))
        screens.append(screen)
        screen.wait_for("hello")
        return screen

    yield listen_to
    for screen in screens:
        screen.close()
