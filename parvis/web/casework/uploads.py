"""The stock files sent for an import, kept by what they hold until they are taken over or a week has passed."""

import os
import re
import time
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from parvis.casefiles.importing.reading import fingerprint
from parvis.offices.models import Office

KEPT = 7 * 24 * 3600  # seconds
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def keep(office: Office, sent: "UploadedFile[bytes]") -> str:
    """Write it beside its name-to-be, then move it there whole; its fingerprint."""
    folder = _folder(office)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(folder)
    draft = folder / f"{uuid4().hex}.draft"
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as out:
        for part in sent.chunks():
            out.write(part)
    mark = fingerprint(draft)
    draft.replace(folder / f"{mark}.csv")
    return mark


def path_of(office: Office, mark: str) -> Path:
    """Where it is kept. Raises ``Http404`` when it is not, or no longer."""
    path = _folder(office) / f"{mark}.csv"
    if not _FINGERPRINT.fullmatch(mark) or not path.is_file():
        raise Http404
    return path


def is_kept(office: Office, mark: str) -> bool:
    return (_folder(office) / f"{mark}.csv").is_file()


def forget(office: Office, mark: str) -> None:
    """Taken over: the names in it are kept nowhere else."""
    (_folder(office) / f"{mark}.csv").unlink(missing_ok=True)


def _folder(office: Office) -> Path:
    return Path(settings.VAR_DIR) / "imports" / str(office.pk)


def _forget_old(folder: Path) -> None:
    for path in folder.iterdir():
        # The machine's own clock: files carry its times.
        if path.stat().st_mtime < time.time() - KEPT:
            path.unlink(missing_ok=True)
