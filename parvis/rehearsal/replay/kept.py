"""What the last replay found, kept beside the other files of the installation; before any, the one of the sources."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class NoReplayKept(BusinessError):
    """Nothing was replayed here yet."""

    code = "no_replay_kept"
    message = _("Aucune reprise n'a encore été jouée ici : lancez d'abord manage.py replay.")
    status = 404


def delivered() -> Path:
    """The replay at full size that comes with the sources."""
    return Path(settings.BASE_DIR) / "bench" / "results" / "replay.json"


def folder() -> Path:
    """Where replays are kept."""
    return Path(settings.VAR_DIR) / "replay"


def keep(found: dict[str, Any], picture: str) -> tuple[Path, Path]:
    """Keep the figures and the picture of a replay in place of the last ones; where they lie."""
    folder().mkdir(parents=True, exist_ok=True)
    figures, drawing = folder() / "last.json", folder() / "last.svg"
    figures.write_text(json.dumps(found, ensure_ascii=False, indent=1))
    drawing.write_text(picture)
    return figures, drawing


def last() -> tuple[dict[str, Any], Path]:
    """The figures of the last replay played here, else of the delivered one, and where they lie.

    Raises ``NoReplayKept``.
    """
    for path in (folder() / "last.json", delivered()):
        if path.is_file():
            found: dict[str, Any] = json.loads(path.read_text())
            return found, path
    raise NoReplayKept
