"""Numbers that are read aloud, typed and scanned."""

import re
import secrets

from parvis.common import text

# No 0/O, no 1/I.
READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# The number of a file or of a receipt.
NUMBER = re.compile(f"[DR][{READABLE}]{{8}}")


def as_kept(typed: str) -> str:
    """A number as it is kept, however it was spaced, cut or written: its letters and figures, in capitals."""
    return "".join(sign for sign in text.clean(typed, limit=60).upper() if sign.isalnum())


def _number(letter: str) -> str:
    return letter + "".join(secrets.choice(READABLE) for _ in range(8))


def new_file_number() -> str:
    """Nine signs beginning with D (dossier): the length tells it from an appointment, the letter from a receipt."""
    return _number("D")


def new_receipt_number() -> str:
    """Nine signs beginning with R."""
    return _number("R")


def new_token() -> str:
    """An address nobody can guess (128 bits)."""
    return secrets.token_urlsafe(16)
