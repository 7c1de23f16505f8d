"""Text as people type it, in any script, made safe to keep and to compare."""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import get_language

# Marks that change the direction of what follows: a name must not be able to turn a whole line around.
_DIRECTION_CONTROLS = dict.fromkeys(
    map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
)


def clean(text: str, *, limit: int) -> str:
    """One line of plain text: composed, without control characters, single spaces, at most ``limit`` characters."""
    composed = unicodedata.normalize("NFC", text[: limit * 4]).translate(_DIRECTION_CONTROLS)
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char for char in composed)
    return " ".join(kept.split())[:limit].rstrip()


def folded(text: str) -> str:
    """The form in which names are compared: no case, no accents, no punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c)).split())


def in_language(texts: Mapping[str, str]) -> str:
    """The text in the language being spoken, else in French."""
    return texts.get(get_language() or "fr") or texts.get("fr", "")
