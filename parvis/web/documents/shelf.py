"""Where the documents stand: one file each in the installation's folder, replaced whole, read without a lock."""

import json
import os
import re
import threading
import time
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings

# Older than this, nobody keeps the documents up: seconds of real time, for the age of a file is not the office's.
OLD_AFTER = 15.0
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")


class Kind(StrEnum):
    """The documents; the value is the first part of the address."""

    FREE = "libre"
    WAITS = "attente"


def path_of(kind: Kind, code: str) -> Path:
    """The file of a document. Raises ``ValueError`` for what is no office's code."""
    if not _CODE.fullmatch(code):
        raise ValueError(code)
    return Path(settings.VAR_DIR) / "documents" / kind / f"{code}.json"


def put(kind: Kind, code: str, content: dict[str, Any]) -> bytes:
    """Replace a document at once and whole; its bytes. Several writers at a time do no harm: the last stays."""
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    path = path_of(kind, code)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    draft.write_bytes(written)
    draft.replace(path)
    return written


def is_fresh(kind: Kind, code: str) -> bool:
    """Whether somebody keeps this document up."""
    try:
        return time.time() - path_of(kind, code).stat().st_mtime < OLD_AFTER
    except (FileNotFoundError, ValueError):
        return False


def read(kind: Kind, code: str) -> dict[str, Any] | None:
    """A document that is kept up; None when there is none, or an old one."""
    if not is_fresh(kind, code):
        return None
    try:
        found: dict[str, Any] = json.loads(path_of(kind, code).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return found
