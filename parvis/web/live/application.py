"""The ASGI application: finds the room that an address names and keeps a stream open to each screen."""

import asyncio
import json
import logging
from contextlib import suppress

import psycopg
from asgiref.typing import (
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    LifespanScope,
    Scope,
)
from django.db import DatabaseError
from psycopg_pool import PoolTimeout

from parvis.web.documents.upkeep import Upkeep
from parvis.web.live import events, lookups, notices, rooms
from parvis.web.live.feeds import Feeds
from parvis.web.live.hub import Hub, Subscriber
from parvis.web.live.limits import Doorkeeper
from parvis.web.live.listener import Listener
from parvis.web.live.requests import address_of, allowed_origin, is_foreign

BEAT_EVERY = 15.0  # seconds of silence after which a sign of life is sent
SEND_PATIENCE = 10.0  # seconds after which a screen that takes nothing is left

HEALTH = "/live/health"
log = logging.getLogger(__name__)
Headers = list[tuple[bytes, bytes]]


class LiveApplication:
    """Server-sent events for every screen. GET only, no cookies, nothing written."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.feeds = Feeds(self.hub)
        self.doorkeeper = Doorkeeper()
        self.upkeep = Upkeep()
        self.listener = Listener(self._hear, self._catch_up, self.hub.drop_all)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, scope: LifespanScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """From the start of the process to its end, listen and keep the documents up."""
        await receive()
        tasks = [asyncio.create_task(self.listener.run()), asyncio.create_task(self.upkeep.run())]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.hub.drop_all()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await send({"type": "lifespan.shutdown.complete"})

    def _hear(self, payload: str) -> None:
        if found := notices.read(payload):
            self.feeds.hear(*found)
            self.upkeep.hear(*found)

    def _catch_up(self) -> None:
        self.feeds.catch_up()
        self.upkeep.catch_up()

    async def _answer(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["path"] == HEALTH:
            await self._health(send)
            return
        asked = rooms.asked(scope["path"], scope["query_string"].decode("ascii", "replace"))
        if status := _wrong(scope, asked):
            await _refuse(send, status)
            return
        address = address_of(scope)
        # Without an ear a stream would promise what it cannot keep: the page asks by itself meanwhile.
        if asked is None or not self.listener.is_listening or not self.doorkeeper.admit(address):
            await _refuse(send, 503)
            return
        try:
            room = await lookups.room_for(asked)
            await (self._stream(room, scope, receive, send) if room else _refuse(send, 404))
        except (DatabaseError, psycopg.Error, PoolTimeout) as error:
            log.warning("Nothing could be looked up: %s", error)
            await _refuse(send, 503)
        finally:
            self.doorkeeper.leave(address)

    async def _stream(
        self, room: rooms.Room, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        subscriber = Subscriber()
        gone = asyncio.create_task(_until_gone(receive, subscriber))
        self.feeds.join(room, subscriber)
        try:
            async with asyncio.timeout(SEND_PATIENCE):
                await _start(send, 200, [(b"content-type", b"text/event-stream"), *allowed_origin(scope)])
                await _send(send, events.hello())
            while (message := await subscriber.take(BEAT_EVERY)) is not None:
                async with asyncio.timeout(SEND_PATIENCE):
                    await _send(send, message or events.beat())
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            log.info("A screen took nothing for %.0f s and was left", SEND_PATIENCE)
        finally:
            self.feeds.leave(room, subscriber)
            gone.cancel()

    async def _health(self, send: ASGISendCallable) -> None:
        """For the launcher and whoever watches: whether PostgreSQL is being listened to, and how many screens."""
        state = {"listening": self.listener.is_listening, "screens": len(self.hub)}
        await _start(send, 200 if self.listener.is_listening else 503, [(b"content-type", b"application/json")])
        await send({"type": "http.response.body", "body": json.dumps(state).encode(), "more_body": False})


async def _until_gone(receive: ASGIReceiveCallable, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.drop()


async def _start(send: ASGISendCallable, status: int, headers: Headers) -> None:
    # x-accel-buffering: a proxy that gathers the answer before it passes it on would hold every event back.
    fixed: Headers = [
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
        (b"vary", b"origin"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers], "trailers": False})


async def _send(send: ASGISendCallable, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: ASGISendCallable, status: int) -> None:
    hint: Headers = {405: [(b"allow", b"GET")], 503: [(b"retry-after", b"5")]}.get(status, [])
    await _start(send, status, [(b"content-type", b"text/plain; charset=utf-8"), *hint])
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _wrong(scope: HTTPScope, asked: object) -> int | None:
    """The status of a request that no database is asked about; None when it makes sense."""
    if scope["method"] != "GET":
        return 405
    if is_foreign(scope):
        return 403
    return 404 if asked is None else None
