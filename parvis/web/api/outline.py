"""An OpenAPI description as a page can show it: groups of addresses, their fields, their answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Described = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where it goes, its name, its type, whether it must be given, what it means."""

    place: str
    name: str
    kind: str
    is_needed: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Address:
    """One address: what it does, what it takes, and what it gives when all goes well."""

    method: str
    path: str
    name: str
    summary: str
    takes: list[Field]
    gives: list[Field]


def groups(described: Described) -> dict[str, list[Address]]:
    """The addresses by what they are about, in the order in which they are used."""
    found: dict[str, list[Address]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            group = (operation.get("tags") or [""])[0]
            found.setdefault(group, []).append(_address(described, method, path, operation))
    return found


def _address(described: Described, method: str, path: str, operation: Described) -> Address:
    takes = [
        Field(one["in"], one["name"], _kind(described, one["schema"]), one["required"], one.get("description", ""))
        for one in operation.get("parameters", [])
    ]
    if body := operation.get("requestBody"):
        takes += _fields(described, body["content"]["application/json"]["schema"], "body")
    good = next(answer for code, answer in operation["responses"].items() if int(code) < 300)
    gives = _fields(described, good["content"]["application/json"]["schema"], "answer") if "content" in good else []
    return Address(method.upper(), path, operation["operationId"], operation.get("description", ""), takes, gives)


def _fields(described: Described, schema: Described, place: str, before: str = "") -> list[Field]:
    whole = _resolved(described, schema)
    if whole.get("type") == "array":
        return _fields(described, whole["items"], place, before)
    found: list[Field] = []
    for name, one in whole.get("properties", {}).items():
        needed = name in whole.get("required", ())
        meaning = one.get("description", "")
        found.append(Field(place, before + name, _kind(described, one), needed, meaning))
        inner = _resolved(described, one)
        rows = _resolved(described, inner.get("items", {})) if inner.get("type") == "array" else inner
        if rows.get("properties"):
            found += _fields(described, rows, place, f"{before}{name}.")
    return found


def _kind(described: Described, schema: Described) -> str:
    whole = _resolved(described, schema)
    if whole.get("type") == "array":
        return f"{_kind(described, whole.get('items', {}))} []"
    if values := whole.get("enum"):
        return " | ".join(map(str, values))
    return str(whole.get("format") or whole.get("type", "object"))


def _resolved(described: Described, schema: Described) -> Described:
    for name in ("allOf", "anyOf"):
        if name in schema:
            return _resolved(described, schema[name][0])
    if "$ref" not in schema:
        return schema
    found: Described = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found
