"""A real mail server in a process of its own: ``python -m tests.messages.mail_server PORT FOLDER [PAUSE]``.

Each message it takes is a file in FOLDER before it says so; then it waits PAUSE seconds before its answer. It refuses
for good who is called ``inconnu@…``, and for now who is called ``plein@…``.
"""

import asyncio
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Box:
    """Keeps what is sent to it."""

    def __init__(self, folder: Path, pause: float) -> None:
        self.folder = folder
        self.pause = pause
        self.numbers = itertools.count(len(list(folder.glob("*.eml"))))

    async def handle_RCPT(  # noqa: N802 - the name is the library's
        self, server: object, session: object, envelope: object, address: str, options: object
    ) -> str:
        """Take the address, or say why not."""
        if address.startswith("inconnu@"):
            return "550 5.1.1 no such user"
        if address.startswith("plein@"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - as above
        """Keep the message, and only then answer."""
        draft = self.folder / f"{next(self.numbers):05}.part"
        draft.write_bytes(envelope.content)  # type: ignore[attr-defined]
        draft.rename(draft.with_suffix(".eml"))
        await asyncio.sleep(self.pause)
        return "250 kept"


def main(port: str, folder: str, pause: str = "0") -> None:
    """Serve until killed."""
    from aiosmtpd.smtp import SMTP

    box = Box(Path(folder), float(pause))

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(box, enable_SMTPUTF8=True), "127.0.0.1", int(port)
        )
        await server.serve_forever()

    asyncio.run(serve())


@dataclass
class MailServer:
    """The server as the tests see it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    def start(self, *, pause: float = 0.0) -> None:
        """Start it and wait until it listens."""
        command = [sys.executable, "-m", "tests.messages.mail_server", str(self.port), str(self.folder), str(pause)]
        self.process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the mail server did not start")

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def count(self) -> int:
        """How many messages it keeps."""
        return len(list(self.folder.glob("*.eml")))

    def kept(self) -> list[EmailMessage]:
        """What it keeps, in the order it came."""
        files = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(one.read_bytes(), policy=policy.default) for one in files]  # type: ignore[misc]

    def copies(self) -> Counter[str]:
        """How many copies of each message it keeps, by its Message-ID."""
        return Counter(str(one["Message-ID"]) for one in self.kept())


if __name__ == "__main__":
    main(*sys.argv[1:])
