"""Who listens to what, each with a short queue of its own."""

import asyncio
from collections import deque
from collections.abc import Hashable

LONGEST_QUEUE = 16


class Subscriber:
    """One open screen and the messages it has still to receive.

    A screen that does not keep up is dropped, not waited for: it reconnects and looks at the present state.
    """

    __slots__ = ("_is_dropped", "_messages", "_something")

    def __init__(self) -> None:
        self._messages: deque[bytes] = deque()
        self._something = asyncio.Event()
        self._is_dropped = False

    def give(self, message: bytes) -> None:
        """Add a message; beyond sixteen that wait, drop the screen."""
        if len(self._messages) >= LONGEST_QUEUE:
            self.drop()
            return
        self._messages.append(message)
        self._something.set()

    def drop(self) -> None:
        """Send nothing more: the stream ends."""
        self._messages.clear()
        self._is_dropped = True
        self._something.set()

    async def take(self, patience: float) -> bytes | None:
        """All that waits, joined; empty when nothing came within ``patience`` seconds, None when dropped."""
        try:
            async with asyncio.timeout(patience):
                await self._something.wait()
        except TimeoutError:
            return b""
        if self._is_dropped:
            return None
        waiting = b"".join(self._messages)
        self._messages.clear()
        self._something.clear()
        return waiting


class Hub:
    """The open screens by what they listen to. Lives in one event loop; nothing is shared between threads."""

    def __init__(self) -> None:
        self._rooms: dict[Hashable, set[Subscriber]] = {}

    def join(self, room: Hashable, subscriber: Subscriber) -> None:
        """Listen to a room."""
        self._rooms.setdefault(room, set()).add(subscriber)

    def leave(self, room: Hashable, subscriber: Subscriber) -> None:
        """Listen no more; an empty room is forgotten."""
        members = self._rooms.get(room, set())
        members.discard(subscriber)
        if not members:
            self._rooms.pop(room, None)

    def publish(self, room: Hashable, message: bytes) -> None:
        """Give the same bytes to everybody in a room."""
        for subscriber in tuple(self._rooms.get(room, ())):
            subscriber.give(message)

    def rooms(self) -> list[Hashable]:
        """The rooms where somebody listens."""
        return list(self._rooms)

    def has(self, room: Hashable) -> bool:
        """Whether somebody listens to a room."""
        return room in self._rooms

    def drop_all(self) -> None:
        """End every stream: the process is about to stop."""
        for members in self._rooms.values():
            for subscriber in members:
                subscriber.drop()

    def __len__(self) -> int:
        return sum(len(members) for members in self._rooms.values())
