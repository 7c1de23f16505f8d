"""Who may open which address. One table, merged from the tables of the audiences; what has no row is refused."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

AUDIENCES = (
    "public",
    "documents",
    "kiosk",
    "display",
    "appointments",
    "draws",
    "files",
    "api",
    "account",
    "desk",
    "helpdesk",
    "counter",
    "cards",
    "casework",
    "steering",
    "outbox",
    "audit",
)


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody. ``for_agents`` marks a page that only agents have a use for (signing in): it speaks their languages."""

    for_agents: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Any signed-in account that is still active."""


@dataclass(frozen=True, slots=True)
class Permission:
    """An active agent whose roles include one of these permissions (``app.codename``)."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


Rule = Public | SignedIn | Permission
Table = Mapping[str, Rule]


@functools.cache
def table() -> dict[str, Rule]:
    """Every url name (``namespace:name``) with its rule. Raises ``ValueError`` when two audiences claim one name."""
    merged: dict[str, Rule] = {}
    for audience in AUDIENCES:
        rows: Table = import_module(f"parvis.web.{audience}.access").ACCESS
        if claimed_twice := merged.keys() & rows.keys():
            raise ValueError(f"{audience}: {sorted(claimed_twice)}")
        merged.update(rows)
    return merged


def rule_for(view_name: str) -> Rule | None:
    """The rule of an address, None when nobody wrote one."""
    return table().get(view_name)
