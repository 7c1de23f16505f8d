"""The embedded PostgreSQL: where it lives, how it starts and stops."""

from pathlib import Path
from urllib.parse import quote


def default_url(var: Path) -> str:
    """The address of the embedded database whose files are under ``var``."""
    return f"postgresql://parvis@{quote(str(var / 'run'), safe='')}/parvis"
