"""Pure answers about messages: what an SMS can carry, when to try again, by what name a message is known."""

import hashlib
import unicodedata
from datetime import timedelta
from urllib.parse import urlsplit

# GSM 03.38, the letters of one SMS of 160; those of the second table count twice.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")
_PLAIN = {"’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "œ": "oe"}
_PLAIN |= {
    "°": "o",
    "º": "o",
    "ª": "a",
    "\u00a0": " ",
    "\u202f": " ",
    "ı": "i",
    "İ": "I",
    "ł": "l",
    "đ": "d",
    "Œ": "OE",
    "·": "-",
}
ONE_GSM, ONE_WIDE = 160, 70
MORE_GSM, MORE_WIDE = 153, 67

# After a failed attempt; a longer failure is final. A code is asked for again long before.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=2), timedelta(hours=6))
# What a sender claimed and did not finish is somebody else's after that: longer than any time-out of the network.
LEASE = timedelta(minutes=5)


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it was the last."""
    return PAUSES[attempts - 1] if 0 < attempts <= len(PAUSES) else None


def sms_text(text: str) -> str:
    """The text as one SMS carries it: Latin letters without the accents that the 160-letter alphabet lacks.

    A text in another script stays as it is, and goes as several parts of 67 letters.
    """
    plain = "".join(_PLAIN.get(char, char) for char in unicodedata.normalize("NFC", text))
    kept = "".join(_gsm_letter(char) for char in plain)
    return kept if is_gsm(kept) else plain


def is_gsm(text: str) -> bool:
    """Whether every letter is one of the 160-letter alphabet."""
    return all(char in _GSM or char in _GSM_TWICE for char in text)


def sms_parts(text: str) -> int:
    """As how many SMS a text is sent and paid for."""
    if is_gsm(text):
        size, one, more = len(text) + sum(char in _GSM_TWICE for char in text), ONE_GSM, MORE_GSM
    else:
        size, one, more = len(text.encode("utf-16-be")) // 2, ONE_WIDE, MORE_WIDE
    return 1 if size <= one else -(-size // more)


def message_id(key: str, public_url: str) -> str:
    """The Message-ID of an e-mail: the same at each attempt, so that a second copy is recognised as such."""
    return f"<{reference(key)}@{urlsplit(public_url).hostname or 'localhost'}>"


def reference(key: str) -> str:
    """The name under which a server or a gateway knows a message; it says nothing of what it is about."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def _gsm_letter(char: str) -> str:
    if char in _GSM or char in _GSM_TWICE:
        return char
    bare = "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))
    return bare if bare and is_gsm(bare) else char
