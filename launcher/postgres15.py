"""Debian's PostgreSQL 15: ``python -m launcher.postgres15`` makes sure of its programs and prints their folder."""

import sys
from pathlib import Path

from launcher import debian
from launcher.errors import LaunchError

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
# Debian may start a cluster of its own beside it; the tests never touch that one.
SERVER = "postgresql-15"


def ensure() -> Path:
    """The folder of initdb and postgres 15. Raises LaunchError with what to install."""
    if not (PROGRAMS / "postgres").exists():
        debian.install(SERVER)
    if not (PROGRAMS / "postgres").exists():
        raise LaunchError("PostgreSQL 15 is not here and could not be installed. Debian 12: apt install postgresql-15")
    return PROGRAMS


if __name__ == "__main__":
    try:
        print(ensure())
    except LaunchError as error:
        sys.exit(str(error))
