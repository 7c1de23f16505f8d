"""What a call display may show: the office, the layout, one line or all, the language of its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

from django.conf import settings

LONGEST_LINE_CODE = 30


class View(StrEnum):
    """The layouts, by the word that chooses them in the address (``?vue=``)."""

    CALLS = "appels"
    WAITS = "attente"
    LINE = "ligne"


@dataclass(frozen=True, slots=True)
class Variant:
    """One content of the board: the screens that ask for the same receive the same bytes."""

    office_id: int
    view: View = View.CALLS
    line: str = ""
    language: str = "fr"

    @classmethod
    def read(cls, office_id: int, fields: Mapping[str, str]) -> Self | None:
        """The variant that ``vue``, ``ligne`` and ``lang`` of an address ask for; None when they make no sense."""
        language = fields.get("lang", settings.LANGUAGE_CODE)
        line = fields.get("ligne", "")
        try:
            view = View(fields.get("vue", View.CALLS))
        except ValueError:
            return None
        if language not in dict(settings.LANGUAGES) or (view is View.LINE) != bool(line):
            return None
        if len(line) > LONGEST_LINE_CODE or (not line.replace("_", "").isalnum() and line):
            return None
        return cls(office_id, view, line, language)

    @property
    def query(self) -> str:
        """The fields of an address that ask for this variant."""
        return urlencode({"vue": self.view, **({"ligne": self.line} if self.line else {}), "lang": self.language})

    @property
    def shows_waits(self) -> bool:
        """Whether the waiting times are part of it."""
        return self.view is not View.CALLS
