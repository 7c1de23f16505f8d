"""How much each address takes. What no address asks for is refused before it is read."""

from django.conf import settings
from django.urls import Resolver404, resolve

MEGABYTE = 1_000_000
# The addresses to which files are sent, with the longest body they take, in bytes.
LARGE = {
    "casework:imports": 60 * MEGABYTE,
    # A list of cards too large for the product is told so in words.
    "cards:preview": 10 * MEGABYTE,
    # Several photos of a phone at once; a longer answer is sent in several times.
    "files:answer": 32 * MEGABYTE,
}


def limit_for(path: str) -> int | None:
    """The longest body of an address; None when the settings set none."""
    usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        return LARGE.get(resolve(path).view_name, usual)
    except Resolver404:
        return usual
