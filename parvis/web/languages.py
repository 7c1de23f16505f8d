"""The languages of the screens, each by its own name."""

from django.conf import settings
from django.utils.translation import get_language

AGENT_LANGUAGES = ("fr", "en")

# Own names never go through translation. A language appears once settings.LANGUAGES lists it.
OWN_NAMES = {
    "fr": "Français",
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "ar": "العربية",
    "tr": "Türkçe",
    "zh-hans": "中文",
    "uk": "Українська",
    "ta": "தமிழ்",
    "fr-simple": "Français facile",
}
RIGHT_TO_LEFT = frozenset({"ar"})
# What browsers call the voices of a language, where it is not the language's own code (BCP 47).
VOICES = {"fr-simple": "fr", "zh-hans": "zh-CN"}


def spoken() -> list[tuple[str, str]]:
    """The languages offered to the public: code and own name."""
    return [(code, OWN_NAMES.get(code, code)) for code, _ in settings.LANGUAGES]


def spoken_by_agents() -> list[tuple[str, str]]:
    """The languages of the agents' screens: code and own name."""
    return [(code, OWN_NAMES[code]) for code in AGENT_LANGUAGES]


def known(code: str | None) -> str | None:
    """The code itself when it is offered, else None: what comes from an address or a cookie is not trusted."""
    return code if code in dict(settings.LANGUAGES) else None


def voice(code: str) -> str:
    """The BCP 47 tag by which a browser's voices are looked for: ``zh-CN`` for ``zh-hans``, French for plain French."""
    return VOICES.get(code, code)


def direction() -> str:
    """The direction of the language being spoken, for ``dir``."""
    return "rtl" if get_language() in RIGHT_TO_LEFT else "ltr"
