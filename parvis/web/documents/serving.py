"""The documents before Django: a file read once per change by each worker, then answered from memory."""

import gzip
import hashlib
import os
import threading
import time
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from parvis.web.documents.shelf import OLD_AFTER, Kind, path_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

LONGEST_PATH = 64
MAX_AGE = 1  # seconds during which a browser or a proxy need not ask again
# As many requests as a process has database connections; the others wait without holding up the documents.
DJANGO_AT_ONCE = 8
# Where a crowd comes. It leaves most of the places to the counters, the kiosks and the displays: two requests at once
# keep a processor as busy as six, and whoever works at a counter waits less for their turn.
CROWDED = ("/api/", "/rendez-vous/", "/tirages/")
CROWD_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as it is answered: its file's mark, its name for ``If-None-Match``, its bytes, and both headers."""

    mark: tuple[int, int]
    etag: str
    plain: bytes
    packed: bytes
    plain_headers: list[tuple[str, str]]
    packed_headers: list[tuple[str, str]]


class Documents:
    """Answers GET and HEAD of the documents that are kept up; everything else goes on to the application.

    At most ``at_once`` requests are in the application together, and at most ``of_crowd`` of those that come in a
    rush: while the others wait for their turn, a thread is always free for a document, and the office works on.
    """

    def __init__(
        self, application: "WSGIApplication", *, at_once: int = DJANGO_AT_ONCE, of_crowd: int = CROWD_AT_ONCE
    ) -> None:
        self._application = application
        self._turns = threading.BoundedSemaphore(at_once)
        self._crowd = threading.BoundedSemaphore(of_crowd)
        self._sheets: dict[str, Sheet] = {}
        self._prefixes = tuple(f"/{kind}/" for kind in Kind)
        self._secure = bool(settings.SECURE_SSL_REDIRECT)

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answer, or hand on."""
        path = environ["PATH_INFO"]
        if path.startswith(self._prefixes) and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            sheet = self._sheet(path) if self._may_answer(environ) else None
            if sheet:
                return _answer(sheet, environ, start_response)
        with self._crowd if path.startswith(CROWDED) else nullcontext(), self._turns:
            return self._application(environ, start_response)

    def _may_answer(self, environ: dict[str, Any]) -> bool:
        """What came in clear where encryption is due is redirected by Django."""
        return not self._secure or environ.get("HTTP_X_FORWARDED_PROTO") == "https"

    def _sheet(self, path: str) -> Sheet | None:
        kind, _, name = path[1:LONGEST_PATH].partition("/")
        code, _, suffix = name.rpartition(".")
        if suffix != "json":
            return None
        with suppress(OSError, ValueError):
            file = path_of(Kind(kind), code)
            found = os.stat(file)
            if time.time() - found.st_mtime > OLD_AFTER:
                return None
            mark = (found.st_mtime_ns, found.st_ino)
            sheet = self._sheets.get(path)
            if sheet is None or sheet.mark != mark:
                sheet = self._sheets[path] = make_sheet(file.read_bytes(), mark)
            return sheet
        return None


def make_sheet(plain: bytes, mark: tuple[int, int]) -> Sheet:
    """A document with what its answers need."""
    etag = hashlib.sha256(plain).hexdigest()[:20]
    packed = gzip.compress(plain, 5, mtime=0)
    return Sheet(
        mark=mark,
        etag=etag,
        plain=plain,
        packed=packed,
        plain_headers=[*_headers(f'"{etag}"'), ("Content-Length", str(len(plain)))],
        packed_headers=[
            *_headers(f'"{etag}-z"'),
            ("Content-Length", str(len(packed))),
            ("Content-Encoding", "gzip"),
        ],
    )


def _headers(etag: str) -> list[tuple[str, str]]:
    fixed = [
        ("Content-Type", "application/json"),
        ("Cache-Control", f"public, max-age={MAX_AGE}"),
        ("ETag", etag),
        ("Vary", "Accept-Encoding"),
        ("X-Content-Type-Options", "nosniff"),
        # What is free and how long the wait is may be shown by anybody's page.
        ("Access-Control-Allow-Origin", "*"),
    ]
    if settings.SECURE_HSTS_SECONDS:
        fixed.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return fixed


def _answer(sheet: Sheet, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    packs = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
    if known and sheet.etag in known:
        # Whichever form it has, it has not changed.
        start_response("304 Not Modified", _headers(f'"{sheet.etag}-z"' if packs else f'"{sheet.etag}"'))
        return [b""]
    start_response("200 OK", sheet.packed_headers if packs else sheet.plain_headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return [b""]
    return [sheet.packed if packs else sheet.plain]
