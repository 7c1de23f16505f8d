"""The way to the printer: plain TCP, as printers speak it on port 9100."""

import socket
import time
from contextlib import suppress

CONNECT_PATIENCE = 3.0  # seconds
SEND_PATIENCE = 15.0
GOODBYE_PATIENCE = 2.0
PIECE = 4096


class PrinterFailed(Exception):
    """The paper did not come out, as far as we know. ``may_have_printed``: some bytes had left when it failed."""

    def __init__(self, reason: str, *, may_have_printed: bool) -> None:
        super().__init__(reason)
        self.may_have_printed = may_have_printed


def send(host: str, port: int, data: bytes) -> None:
    """Send the bytes and wait for the printer to take them all. Raises ``PrinterFailed``."""
    try:
        line = socket.create_connection((host, port), timeout=CONNECT_PATIENCE)
    except OSError as error:
        raise PrinterFailed(str(error), may_have_printed=False) from error
    with line:
        try:
            _send_all(line, data)
            _say_goodbye(line)
        except OSError as error:
            raise PrinterFailed(str(error), may_have_printed=True) from error


def _send_all(line: socket.socket, data: bytes) -> None:
    """In pieces, against one deadline: a printer that takes a byte a second must not hold the worker for ever."""
    deadline = time.monotonic() + SEND_PATIENCE
    for start in range(0, len(data), PIECE):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the printer is too slow")
        line.settimeout(left)
        line.sendall(data[start : start + PIECE])


def _say_goodbye(line: socket.socket) -> None:
    """Close our side and see whether the printer hangs up in anger: what it had not read is then lost."""
    line.shutdown(socket.SHUT_WR)
    line.settimeout(GOODBYE_PATIENCE)
    with suppress(TimeoutError):  # many printers never close, and that is well
        while line.recv(1024):
            pass
