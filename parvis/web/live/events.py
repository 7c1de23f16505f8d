"""How an event is written on the wire (text/event-stream)."""

import json

from parvis.common import clock

# A browser that lost the stream waits this long before it asks again, in milliseconds; live.js adds its own spread.
RETRY_MS = 2000


def event(name: str, data: str) -> bytes:
    """One event; data of several lines is sent as several fields, as the format wants."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {name}\n{lines}\n".encode()


def hello() -> bytes:
    """The first event of a stream: how long to wait before reconnecting, and the clock of the house."""
    return f"retry: {RETRY_MS}\n".encode() + event("hello", _clock())


def beat() -> bytes:
    """A sign of life that the browser can see, with the clock of the house."""
    return event("beat", _clock())


def changed(**facts: bool) -> bytes:
    """Something changed: look again."""
    return event("changed", json.dumps(facts, separators=(",", ":")))


def board(html: str) -> bytes:
    """The call display's new content."""
    return event("board", html)


def _clock() -> str:
    return json.dumps({"now": round(clock.now().timestamp() * 1000), "rate": clock.rate()}, separators=(",", ":"))
