"""An SMS gateway that keeps what it is asked to send, and answers as it is told to."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Gateway:
    """What came, and the next answers; 200 when none is left."""

    port: int
    answers: list[int] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sms"


@contextlib.contextmanager
def gateway() -> Iterator[Gateway]:
    """A gateway at a port of its own."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Keep the SMS, say what was decided."""
            there.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            there.headers.append(dict(self.headers.items()))
            words = b"taken"
            self.send_response(there.answers.pop(0) if there.answers else 200)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        there = Gateway(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield there
        server.shutdown()
        thread.join(5)
