"""From "this topic changed" to what each kind of screen receives, and when."""

import asyncio
import logging
import random
from collections.abc import Callable

from parvis.web.display import boards
from parvis.web.live import events, lookups
from parvis.web.live.hub import Hub, Subscriber
from parvis.web.live.rooms import DisplayRoom, OfficeRoom, Room, TicketRoom

GATHER = 0.15  # seconds during which changes of one office become one message to its desks and counters
POSITIONS_EVERY = 5.0  # a waiting person's place moves on the phone at most this often, in seconds
POSITIONS_SPREAD = 2.0  # and not on all phones at the same instant
WAITS_EVERY = 1.0  # a display's waiting times follow changes other than calls within this time, in seconds
BOARD_EVERY = 5.0  # a display is drawn again even if nobody said anything: a message may have been lost

log = logging.getLogger(__name__)


class Feeds:
    """Decides what each room receives. Calls reach displays and the called person's phone at once."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._timers: dict[Room, asyncio.TimerHandle] = {}
        self._said: dict[Room, float] = {}
        self._boards: dict[DisplayRoom, _BoardFeed] = {}

    def join(self, room: Room, subscriber: Subscriber) -> None:
        """Open a screen."""
        self._hub.join(room, subscriber)
        if isinstance(room, DisplayRoom):
            feed = self._boards.get(room)
            if feed is None:
                feed = self._boards[room] = _BoardFeed(room, self._hub, self._boards.pop)
            feed.welcome(subscriber)

    def hear(self, kind: str, pk: int) -> None:
        """Something changed: ``office`` or ``call`` with the office's key, or ``ticket`` with its own."""
        for room in self._hub.rooms():
            match kind, room:
                case "office", OfficeRoom(office_id) if office_id == pk:
                    self._later(room, GATHER, events.changed())
                case "office", TicketRoom(office_id=office_id) if office_id == pk:
                    self._later(room, random.uniform(0, POSITIONS_SPREAD), events.changed(), POSITIONS_EVERY)  # noqa: S311 - spreads load, hides nothing
                case "office", DisplayRoom() if room.office_id == pk:
                    self._boards[room].want(within=WAITS_EVERY)
                case "call", DisplayRoom() if room.office_id == pk:
                    self._boards[room].want(within=0)
                case "ticket", TicketRoom(ticket_id) if ticket_id == pk:
                    self._hub.publish(room, events.changed(own=True))

    def catch_up(self) -> None:
        """Messages may have been lost: everybody looks again, phones spread over a few seconds."""
        for room in self._hub.rooms():
            if isinstance(room, DisplayRoom):
                self._boards[room].want(within=0)
            elif isinstance(room, OfficeRoom):
                self._hub.publish(room, events.changed(catch_up=True))
            elif isinstance(room, TicketRoom):
                self._later(room, random.uniform(0, POSITIONS_SPREAD), events.changed(catch_up=True))  # noqa: S311 - spreads load, hides nothing

    def _later(self, room: Room, delay: float, message: bytes, rest: float = 0.0) -> None:
        """Say it once after ``delay``, whatever comes meanwhile, and at least ``rest`` seconds after the last time."""
        if room in self._timers:
            return
        loop = asyncio.get_running_loop()

        def say() -> None:
            del self._timers[room]
            self._hub.publish(room, message)
            if self._hub.has(room):
                self._said[room] = loop.time()
            else:
                self._said.pop(room, None)

        delay = max(delay, self._said.get(room, -rest) + rest - loop.time())
        self._timers[room] = loop.call_later(delay, say)

    def leave(self, room: Room, subscriber: Subscriber) -> None:
        """Close a screen."""
        self._hub.leave(room, subscriber)
        if not self._hub.has(room):
            self._said.pop(room, None)


class _BoardFeed:
    """One call display's content, drawn once for all the screens that show it, while there are any."""

    def __init__(self, room: DisplayRoom, hub: Hub, forget: Callable[[DisplayRoom], object]) -> None:
        self._room = room
        self._hub = hub
        self._forget = forget
        self._latest: bytes | None = None
        self._wanted = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._task = asyncio.create_task(self._run())

    def welcome(self, subscriber: Subscriber) -> None:
        """Give a new screen what the others show, and draw again in case it is old."""
        if self._latest:
            subscriber.give(self._latest)
        self.want(within=0)

    def want(self, *, within: float) -> None:
        """Draw again within so many seconds."""
        if not within:
            self._wanted.set()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(within, self._due)

    def _due(self) -> None:
        self._timer = None
        self._wanted.set()

    async def _run(self) -> None:
        while self._hub.has(self._room):
            try:
                async with asyncio.timeout(BOARD_EVERY):
                    await self._wanted.wait()
            except TimeoutError:
                pass
            self._wanted.clear()
            await self._draw()
        if self._timer:
            self._timer.cancel()
        self._forget(self._room)

    async def _draw(self) -> None:
        try:
            html = await lookups.for_board(lambda: boards.html(self._room.variant))
        except Exception as error:
            # The screens keep their last state; the next attempt comes within five seconds.
            log.warning("The board of office %s could not be drawn: %r", self._room.office_id, error)
            return
        drawn = events.board(html)
        if drawn != self._latest:
            self._latest = drawn
            self._hub.publish(self._room, drawn)
