"""A printer that keeps what it receives, or misbehaves in a chosen way."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Sink:
    """Papers received, one a connection. ``cuts_after``: hang up in anger after so many bytes."""

    port: int
    cuts_after: int | None = None
    papers: list[bytes] = field(default_factory=list)
    received: threading.Event = field(default_factory=threading.Event)

    def serve(self, door: socket.socket) -> None:
        """Take one connection after another until the door is closed."""
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line:
                self._receive(line)

    def _receive(self, line: socket.socket) -> None:
        paper = b""
        while piece := line.recv(4096 if self.cuts_after is None else 64):
            paper += piece
            if self.cuts_after is not None and len(paper) >= self.cuts_after:
                # Zero linger: the other end is told at once that what it sent is lost.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                return
        self.papers.append(paper)
        self.received.set()


@contextlib.contextmanager
def printer(*, cuts_after: int | None = None, port: int = 0) -> Iterator[Sink]:
    """A printer that is on, at a port of its own unless one is asked for."""
    with socket.create_server(("127.0.0.1", port)) as door:
        sink = Sink(door.getsockname()[1], cuts_after)
        thread = threading.Thread(target=sink.serve, args=(door,), daemon=True)
        thread.start()
        yield sink
        door.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def free_port() -> int:
    """A port where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
