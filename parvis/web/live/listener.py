"""The ear of the live process: one connection to PostgreSQL that listens, and comes back when it is lost."""

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from parvis.common.live import CHANNEL

APPLICATION_NAME = "parvis-live"
SILENCE = 10.0  # seconds without a message after which the connection is tried
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
DEAF_FROM = 1.0  # once the pause is longer than this, screens are better off asking by themselves

log = logging.getLogger(__name__)


class Listener:
    """Hands every notification to ``hear``; calls ``catch_up`` each time it begins to listen, ``give_up`` when it
    has tried for about a second in vain.

    What was said while nobody listened is lost: that is why screens are told to look again afterwards.
    """

    def __init__(self, hear: Callable[[str], None], catch_up: Callable[[], None], give_up: Callable[[], None]) -> None:
        self._hear = hear
        self._catch_up = catch_up
        self._give_up = give_up
        self.is_listening = False

    async def run(self) -> None:
        """Listen for ever, reconnecting after pauses that double from 0.1 s to 5 s, spread at random."""
        pause = SHORTEST_PAUSE
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                if self.is_listening:
                    pause = SHORTEST_PAUSE
                self.is_listening = False
                log.warning(
                    "Not listening, trying again in %.1f s: %s", pause, str(error).strip() or type(error).__name__
                )
                if pause > DEAF_FROM:
                    self._give_up()
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads load, hides nothing
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as ear:
            await ear.execute(f"LISTEN {CHANNEL}")
            self.is_listening = True
            log.info("Listening")
            self._catch_up()
            while True:
                async for notice in ear.notifies(timeout=SILENCE):
                    self._hear(notice.payload)
                async with asyncio.timeout(SILENCE):
                    await ear.execute("SELECT 1")


def _parameters() -> dict[str, Any]:
    """What Django connects with, without what only Django understands."""
    given = connection.get_connection_params()
    for name in ("context", "cursor_factory", "prepare_threshold"):
        given.pop(name, None)
    return {**given, "application_name": APPLICATION_NAME, "connect_timeout": 5}
