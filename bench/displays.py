"""P5: a call seen on 100 displays, from the click on "call next" to the number on each.

The peer is what displays of this kind do everywhere: ask every five seconds. Its median is half of that, plus the page.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from bench import ground

if TYPE_CHECKING:
    from parvis.offices.models import Agent
    from parvis.reception.models import Ticket

DISPLAYS = 100
CLICKS = 200
PAUSE = 0.1  # seconds between two calls: an office at its busiest calls ten times a minute
PATIENCE = 10.0
POLLING = 5.0


@dataclass
class Display:
    """One screen: when it received each number that was called."""

    seen: dict[str, float] = field(default_factory=dict)
    waited: str = ""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, host: str, port: int, path: str) -> None:
        """Read the stream as a browser does, noting the instant at which the awaited number is there."""
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        buffer = b""
        while piece := await reader.read(65536):
            buffer = (buffer + piece)[-65536:]
            if self.waited and f">{self.waited}<".encode() in buffer:
                self.seen[self.waited] = time.perf_counter()
                self.waited, buffer = "", b""
                self.arrived.set()

    def expect(self, number: str) -> None:
        """The number that comes next."""
        self.waited = number
        self.arrived.clear()


@dataclass(frozen=True)
class Scene:
    """What is prepared before the first click."""

    path: str
    press: str
    browser: httpx.Client
    agent: "Agent"
    tickets: list["Ticket"]


def prepare(place: ground.Place) -> Scene:
    """One open counter, an agent who is signed in, and as many people as there will be clicks."""
    from django.urls import reverse

    counter, agent = place.staff(1, "filing")[0]
    return Scene(
        path=f"/live/display/{place.office.pk}",
        press=reverse("counter:call", args=[counter.number]),
        browser=place.browser(agent),
        agent=agent,
        tickets=place.people(CLICKS, "renewal"),
    )


async def measure(place: ground.Place, scene: Scene) -> tuple[list[float], list[float]]:
    """Seconds from the click to each display, and from the click to its answer."""
    address = httpx.URL(place.live)
    displays = [Display() for _ in range(DISPLAYS)]
    listening = [asyncio.create_task(one.listen(address.host, address.port or 80, scene.path)) for one in displays]
    await asyncio.sleep(1)
    seen, answered = [], []
    for ticket in scene.tickets:
        for display in displays:
            display.expect(str(ticket))
        clicked = time.perf_counter()
        await asyncio.to_thread(place.post, scene.browser, scene.press, {"key": str(ticket.pk)})
        answered.append(time.perf_counter() - clicked)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(display.arrived.wait() for display in displays))
        seen += [display.seen[str(ticket)] - clicked for display in displays]
        await asyncio.to_thread(_finish, ticket.pk, scene.agent)
        await asyncio.sleep(PAUSE)
    for task in listening:
        task.cancel()
    return seen, answered


def _finish(pk: int, agent: "Agent") -> None:
    from parvis.reception import actions, queries
    from parvis.reception.states import Outcome

    actions.arrive(queries.ticket(pk), by=agent)
    actions.finish(queries.ticket(pk), outcome=Outcome.DONE, by=agent)


def main() -> None:
    """Run it and write what was found."""
    with ground.office() as place:
        seen, answered = asyncio.run(measure(place, prepare(place)))
    milliseconds = [1000 * one for one in seen]
    report = ground.Report("displays")
    polling = f"a display that asks every {POLLING:g} s"
    p50, p99 = ground.percentile(milliseconds, 0.5), ground.percentile(milliseconds, 0.99)
    report.row("click to display, P50", p50, "ms", beside=polling, ratio=p50 / (POLLING * 500))
    report.row("click to display, P99", p99, "ms", beside=polling, ratio=p99 / (POLLING * 990))
    report.row("click to display, slowest", max(milliseconds), "ms")
    report.row("click to its own answer, P50", 1000 * ground.percentile(answered, 0.5), "ms")
    report.row("click to its own answer, P99", 1000 * ground.percentile(answered, 0.99), "ms")
    report.row("calls", len(answered), "")
    report.row("displays", DISPLAYS, "")
    report.target("P5", p99, 300, "ms", at_most=True)
    report.write()


if __name__ == "__main__":
    main()
