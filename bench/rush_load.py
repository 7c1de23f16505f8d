"""A load generator that costs little: ready-made requests over kept connections, one thread, no library.

It shares the machine with what it measures: it takes about 20 µs a request. It runs in a process of its own, knows no
Django, and imports nothing but the standard library.
"""

import multiprocessing
import selectors
import socket
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

PIECE = 65536
PATIENCE = 60.0


class Answer(NamedTuple):
    """One request: its number, when it was due, sent and answered (seconds of the common clock), status and body."""

    number: int
    due: float
    sent: float
    done: float
    status: int
    body: bytes

    @property
    def seconds(self) -> float:
        """From the instant at which it was due: what waited for a free connection counts."""
        return self.done - self.due


@dataclass
class Orders:
    """What to send from ``start`` (seconds of the common clock). ``due`` are seconds after it; without them each
    request goes when a connection is free. ``lasts``: nothing is sent later than so many seconds; ``loops``: over and
    over, for as long as something is due.
    """

    requests: Sequence[bytes]
    connections: int
    start: float
    due: Sequence[float] = ()
    lasts: float = PATIENCE
    loops: bool = False
    keeps_bodies: bool = True


@dataclass
class _Wire:
    door: socket.socket
    number: int = -1
    due: float = 0.0
    sent: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)


def workers(count: int) -> ProcessPoolExecutor:
    """Processes of their own for generators, started and warm."""
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
    for one in [pool.submit(time.sleep, 0.2) for _ in range(count)]:
        one.result()
    return pool


def play(host: str, port: int, orders: Orders) -> list[Answer]:
    """Send everything and wait for every answer. Raises ``ConnectionError`` when the server hangs up."""
    desk = _Desk(orders)
    with selectors.DefaultSelector() as selector:
        for _ in range(orders.connections):
            door = socket.create_connection((host, port), PATIENCE)
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            door.settimeout(0.0)
            selector.register(door, selectors.EVENT_READ, _Wire(door))
        time.sleep(max(0.0, orders.start - time.time()))
        idle = deque(key.data for key in selector.get_map().values())
        while True:
            while idle and desk.give(idle[0]):
                idle.popleft()
            if desk.is_done and len(idle) == orders.connections:
                break
            for key, _events in selector.select(desk.pause()):
                if desk.take(key.data):
                    idle.append(key.data)
        for key in list(selector.get_map().values()):
            key.data.door.close()
    return desk.answers


class _Desk:
    """Hands requests to free connections and files the answers."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._next = 0
        self._clock = time.time
        self._until = orders.start + orders.lasts
        self.answers: list[Answer] = []

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to send."""
        is_over = self._clock() >= self._until
        least = len(self._orders.due or self._orders.requests)
        return is_over or not ((self._orders.loops and not self._orders.due) or self._next < least)

    def pause(self) -> float:
        """How long to wait for an answer before looking at what is due."""
        return 0.001 if self._orders.due and not self.is_done else 0.05

    def give(self, wire: _Wire) -> bool:
        """Send the next request that is due on this connection; whether there was one."""
        if self.is_done:
            return False
        now, number = self._clock(), self._next
        due = self._orders.start + self._orders.due[number] if self._orders.due else now
        if due > now:
            return False
        self._next += 1
        wire.number, wire.due, wire.sent = number, due, now
        wire.door.send(self._orders.requests[number % len(self._orders.requests)])
        return True

    def take(self, wire: _Wire) -> bool:
        """Read what came; whether the answer is whole."""
        piece = wire.door.recv(PIECE)
        if not piece:
            raise ConnectionError("The server hung up")
        wire.buffer += piece
        end = wire.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(wire.buffer[:end]).lower()
        status = int(head[9:12])
        length = 0 if status == 304 else _length(head)
        if len(wire.buffer) < end + 4 + length:
            return False
        body = bytes(wire.buffer[end + 4 : end + 4 + length]) if self._orders.keeps_bodies else b""
        self.answers.append(Answer(wire.number, wire.due, wire.sent, self._clock(), status, body))
        wire.buffer.clear()
        return True


def _length(head: bytes) -> int:
    start = head.find(b"content-length: ") + 16
    if start < 16:
        raise ConnectionError("An answer without a length")
    return int(head[start:].split(b"\r", 1)[0])


def post(path: str, body: bytes, *, host: str, headers: dict[str, str] | None = None) -> bytes:
    """A POST of JSON as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def get(path: str, *, host: str, headers: dict[str, str] | None = None) -> bytes:
    """A GET as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join([*lines, "", ""]).encode()
