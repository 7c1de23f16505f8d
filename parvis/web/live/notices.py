"""What PostgreSQL's notices say."""

import json
import logging

log = logging.getLogger(__name__)


def read(payload: str) -> tuple[str, int] | None:
    """The kind of thing that changed and its key (``office:3`` is ``("office", 3)``); None for what is not ours."""
    try:
        kind, _, number = json.loads(payload)["topic"].partition(":")
        return kind, int(number)
    except (ValueError, KeyError, TypeError, AttributeError):
        log.warning("Not a message of ours: %.80r", payload)
        return None
