"""Who asks: the address behind a proxy, and whether the page that asks is one of ours."""

from urllib.parse import urlsplit

from asgiref.typing import HTTPScope
from django.conf import settings

_THIS_MACHINE = frozenset({"127.0.0.1", "::1", ""})


def address_of(scope: HTTPScope) -> str:
    """The address of the screen: what a proxy on this machine says, else the other end of the connection."""
    client = scope.get("client")
    peer = client[0] if client else ""
    if peer in _THIS_MACHINE:
        forwarded = _header(scope, b"x-forwarded-for")
        return forwarded.rpartition(",")[2].strip()[:64] or peer
    return peer


def is_foreign(scope: HTTPScope) -> bool:
    """Whether a page of another site asks: its origin is neither this machine's name nor one that settings trust."""
    origin = _header(scope, b"origin")
    if not origin or origin in settings.CSRF_TRUSTED_ORIGINS:
        return False
    try:
        return urlsplit(origin).hostname != urlsplit(f"//{_header(scope, b'host')}").hostname
    except ValueError:
        return True


def allowed_origin(scope: HTTPScope) -> list[tuple[bytes, bytes]]:
    """The header that lets our page, served from another port, read the stream; no credentials."""
    origin = _header(scope, b"origin")
    return [(b"access-control-allow-origin", origin.encode("latin-1"))] if origin else []


def _header(scope: HTTPScope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
