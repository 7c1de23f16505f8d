"""The live process keeps the documents up: at once after a change, never too often, and now and then by itself."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from parvis.offices.models import Office
from parvis.web.documents import content
from parvis.web.documents.shelf import Kind
from parvis.web.live import lookups

# Seconds. Changes within a pause become one making, and making takes at most a quarter of the process's time.
SHORTEST_PAUSE, SHARE = 0.2, 4.0
# Time passes, and a notice may be lost: made again without one. Must stay well below ``shelf.OLD_AFTER``.
EVERY = 5.0
LOOK_FOR_OFFICES_EVERY = 30.0

_TOPICS = {"booking": Kind.FREE, "office": Kind.WAITS}
T = TypeVar("T")
log = logging.getLogger(__name__)


class Upkeep:
    """One task a document; it lives in the event loop of the live process."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[Kind, int], asyncio.Event] = {}
        self._new_office = asyncio.Event()

    def hear(self, topic: str, office_id: int) -> None:
        """Something changed: ``booking`` or ``office``; other topics change no document."""
        kind = _TOPICS.get(topic)
        if kind:
            self._wanted.get((kind, office_id), self._new_office).set()

    def catch_up(self) -> None:
        """Notices may have been lost: make everything again."""
        for wanted in self._wanted.values():
            wanted.set()

    async def run(self) -> None:
        """Until cancelled: keep up both documents of every office, new ones included."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._new_office.clear()
                for office in await _try(_offices) or []:
                    for kind in Kind:
                        if (kind, office.pk) not in self._wanted:
                            self._wanted[kind, office.pk] = asyncio.Event()
                            tasks.create_task(self._keep(kind, office.pk))
                await _heard(self._new_office, LOOK_FOR_OFFICES_EVERY if self._wanted else EVERY)

    async def _keep(self, kind: Kind, office_id: int) -> None:
        wanted = self._wanted[kind, office_id]
        while True:
            wanted.clear()
            began = time.monotonic()
            await _try(lambda: _make(kind, office_id))
            await asyncio.sleep(max(SHORTEST_PAUSE, SHARE * (time.monotonic() - began)))
            await _heard(wanted, EVERY)


async def _heard(something: asyncio.Event, patience: float) -> None:
    """Wait until something was heard, or for so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await something.wait()


async def _try(question: Callable[[], T]) -> T | None:
    """Ask in a thread; what fails is said in the log and tried again at the next turn."""
    try:
        return await lookups.for_document(question)
    except Exception as error:
        log.warning("A document could not be made: %r", error)
        return None


def _offices() -> list[Office]:
    return list(Office.objects.order_by("pk"))


def _make(kind: Kind, office_id: int) -> None:
    office = Office.objects.filter(pk=office_id).first()
    if office:
        content.make(kind, office)
