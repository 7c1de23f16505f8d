"""Where a request comes from."""

from django.http import HttpRequest

_THIS_MACHINE = frozenset({"127.0.0.1", "::1", ""})


def address_of(request: HttpRequest) -> str:
    """The network address of who asks: what a proxy on this machine says, else the other end of the connection."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer in _THIS_MACHINE:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        return forwarded.rpartition(",")[2].strip()[:64] or peer
    return peer
