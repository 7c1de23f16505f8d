"""A screen that does not keep up, and screens too many: the others notice nothing."""

import asyncio
from typing import Any

import pytest

from parvis.web.live import application, notices
from parvis.web.live.application import LiveApplication
from parvis.web.live.hub import LONGEST_QUEUE, Hub, Subscriber
from parvis.web.live.limits import Doorkeeper
from parvis.web.live.requests import address_of
from parvis.web.live.rooms import OfficeRoom
from tests.reception.house import House


class Caller:
    """One request to the application; ``takes`` events, then nothing more, as a phone without network."""

    def __init__(self, path: str, *, takes: int) -> None:
        self.scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "query_string": b""}
        self.scope |= {"headers": [], "client": ("127.0.0.1", 1)}
        self.takes = takes
        self.sent: list[dict[str, Any]] = []
        self.never = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """Never leave."""
        await self.never.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """Take a message, or block for ever."""
        if len(self.sent) >= self.takes:
            await self.never.wait()
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


def _application() -> LiveApplication:
    app = LiveApplication()
    app.listener.is_listening = True
    return app


def test_a_screen_that_takes_nothing_is_left_and_the_others_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "SEND_PATIENCE", 0.3)
    path = f"/live/office/{house.office.pk}"

    async def play() -> tuple[Caller, Caller, LiveApplication]:
        app, slow, quick = _application(), Caller(path, takes=2), Caller(path, takes=1000)
        slow_task = asyncio.create_task(app(slow.scope, slow.receive, slow.send))
        quick_task = asyncio.create_task(app(quick.scope, quick.receive, quick.send))
        while len(app.hub) < 2:
            await asyncio.sleep(0.01)
        for number in range(3 * LONGEST_QUEUE):
            app.hub.publish(OfficeRoom(house.office.pk), b"data: %d\n\n" % number)
            await asyncio.sleep(0.005)
        await asyncio.wait_for(slow_task, 2)
        assert not quick_task.done()
        quick_task.cancel()
        return slow, quick, app

    slow, quick, app = asyncio.run(play())
    assert b"data: 47\n" in quick.body
    assert b"data: 1\n" not in slow.body
    assert len(app.doorkeeper) == 0, "both have given their place back"
    assert len(app.hub) == 0


def test_beyond_sixteen_waiting_messages_a_screen_is_dropped() -> None:
    async def play() -> tuple[bytes | None, bytes | None]:
        full, over = Subscriber(), Subscriber()
        for number in range(LONGEST_QUEUE + 1):
            over.give(b"x")
            if number < LONGEST_QUEUE:
                full.give(b"x")
        return await full.take(0.01), await over.take(0.01)

    assert asyncio.run(play()) == (b"x" * LONGEST_QUEUE, None)


def test_an_empty_room_is_forgotten() -> None:
    async def play() -> Hub:
        hub, screen = Hub(), Subscriber()
        hub.join("room", screen)
        assert hub.has("room")
        hub.leave("room", screen)
        hub.leave("room", screen)
        return hub

    hub = asyncio.run(play())
    assert (len(hub), hub.rooms()) == (0, [])


def test_a_stream_too_many_is_told_to_come_back(house: House) -> None:
    async def play() -> Caller:
        app = _application()
        app.doorkeeper = Doorkeeper(total=5, per_address=0)
        caller = Caller(f"/live/office/{house.office.pk}", takes=10)
        await app(caller.scope, caller.receive, caller.send)
        return caller

    start = asyncio.run(play()).sent[0]
    assert start["status"] == 503
    assert (b"retry-after", b"5") in start["headers"]


def test_without_an_ear_nobody_is_promised_anything(house: House) -> None:
    async def play() -> Caller:
        caller = Caller(f"/live/office/{house.office.pk}", takes=10)
        await LiveApplication()(caller.scope, caller.receive, caller.send)
        return caller

    assert asyncio.run(play()).sent[0]["status"] == 503


def test_places_are_counted_in_all_and_by_address() -> None:
    door = Doorkeeper(total=3, per_address=2)
    assert [door.admit("a"), door.admit("a"), door.admit("a"), door.admit("b"), door.admit("c")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    door.leave("a")
    assert door.admit("c")
    assert len(door) == 3


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.7", b"", "10.0.0.7"),
        ("10.0.0.7", b"1.2.3.4", "10.0.0.7"),
        ("127.0.0.1", b"9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", b"", "127.0.0.1"),
    ],
)
def test_only_a_proxy_on_this_machine_is_believed(peer: str, forwarded: bytes, expected: str) -> None:
    headers = [(b"x-forwarded-for", forwarded)] if forwarded else []
    assert address_of({"client": (peer, 1), "headers": headers}) == expected  # type: ignore[typeddict-item]


def test_what_is_not_a_message_of_ours_is_ignored() -> None:
    for payload in ("", "{", "[]", "null", '{"topic": 3}', '{"topic": "office:x"}'):
        assert notices.read(payload) is None
    assert notices.read('{"topic": "ticket:1"}') == ("ticket", 1)
