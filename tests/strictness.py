"""What makes this test session strict: unknown template variables fail, and rows nobody ordered come in any order."""

import inspect
import random
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.template import Template, engines
from django.template.base import Node

OURS = str(Path(__file__).resolve().parent.parent / "parvis")
dice = random.Random(0)


class UnknownVariable(Exception):
    """A template of ours names what its view did not give."""


class _Unknown(str):
    """Django writes this in place of an unknown variable; ours refuse, and other people's stay silent."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        origin = _rendering()
        if origin.startswith(OURS) or origin == "<unknown source>":
            raise UnknownVariable(f"{variable} in {origin}")
        return ""


def _rendering() -> str:
    """The file of the innermost template being rendered."""
    frame = inspect.currentframe()
    while frame is not None:
        owner: Any = frame.f_locals.get("self")
        if isinstance(owner, Node | Template) and getattr(owner, "origin", None) is not None:
            return str(owner.origin.name)
        frame = frame.f_back
    return ""


def fail_on_unknown_variables() -> None:
    """From now on, every template engine of the session refuses unknown variables in our templates."""
    for backend in engines.all():
        backend.engine.string_if_invalid = _Unknown("%s")


def shuffle_unordered_rows() -> None:
    """From now on, a queryset without an order gives its rows in a random one, the same for the same seed."""
    fetch_all = QuerySet._fetch_all

    def fetch_and_shuffle(self: QuerySet[Any]) -> None:
        fresh = self._result_cache is None
        fetch_all(self)
        if fresh and not self.ordered and isinstance(self._result_cache, list):
            dice.shuffle(self._result_cache)

    QuerySet._fetch_all = fetch_and_shuffle  # type: ignore[method-assign]
