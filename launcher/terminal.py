"""What the person at the keyboard reads while things start."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def say(text: str) -> None:
    """One line, at once; a terminal that was closed meanwhile stops nothing."""
    with suppress(OSError):
        print(text, flush=True)


def complain(text: str) -> None:
    """One line on what goes wrong, at once."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


@contextmanager
def progress(name: str) -> Iterator[None]:
    """Name a long step when it begins, and how long it took when it ends."""
    began = time.monotonic()
    say(f"· {name} …")
    yield
    say(f"  {name}: {time.monotonic() - began:.1f} s")
