"""Numbers that are read aloud, typed and scanned."""

import secrets

# No 0/O, no 1/I.
READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


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
