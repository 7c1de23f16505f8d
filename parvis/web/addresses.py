"""Addresses that leave the screen: on paper and in QR codes."""

import segno
from django.http import HttpRequest


def qr(request: HttpRequest, path: str) -> str:
    """The full address of a path as a QR code, in a ``data:`` address for an image."""
    code = segno.make(request.build_absolute_uri(path), error="m", micro=False)
    return str(code.svg_data_uri(border=2, dark="#000", light="#fff"))
