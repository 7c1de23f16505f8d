"""What opens somebody's ticket, appointment or request stays out of the logs."""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import get_resolver

from config.logs import WithoutKeys

NGINX = (Path(__file__).resolve().parents[2] / "deploy/nginx/parvis.conf").read_text()
KEY = "Zq9_opens-it-0123456789"
# What is signed comes with its signature, after colons.
SIGNED = f"12:1tQ5Zx:{KEY}"
SECRET = {"token", "check"}


def patterns(resolver: Any, before: str = "") -> Iterator[str]:
    """Every address of the product as it is written in the tables of addresses."""
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from patterns(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern)


def filled(pattern: str, key: str) -> str:
    """An address, its key in place."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: key if found[1] in SECRET else "1", pattern)


ADDRESSES = sorted(
    {filled(one, key) for one in patterns(get_resolver()) for key in (KEY, SIGNED) if KEY in filled(one, key)}
)


def logged_by_nginx(address: str) -> str:
    """What the map of the nginx file makes of an address."""
    for expression, value in re.findall(r"^    ~(\S+) (\S+);$", NGINX, flags=re.MULTILINE):
        if found := re.search(expression.replace("(?<", "(?P<"), address):
            return re.sub(r"\$(\w+)", lambda name, found=found: found[name[1]], value)
    return address


def logged_by_django(address: str) -> str:
    """The line that a refused request leaves in a process's log."""
    log = logging.StreamHandler(io.StringIO())
    log.addFilter(WithoutKeys())
    log.handle(logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", address), None))
    return str(log.stream.getvalue())


def test_addresses_with_keys_are_found() -> None:
    kinds = ("/t/", "/orientation/", "/rendez-vous/r/", "/rendez-vous/remise/", "/tirages/offre/", "/api/v1/requests/")
    assert [kind for kind in kinds if not any(address.startswith(kind) for address in ADDRESSES)] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_log_keeps_a_key(address: str) -> None:
    assert KEY not in logged_by_nginx(address)
    assert KEY not in logged_by_django(address)


def test_the_rest_of_an_address_is_kept() -> None:
    for address in ("/rendez-vous/nanterre/jour/", "/tirages/nanterre/residence_permit_renewal/12/tirage.json"):
        assert logged_by_nginx(address) == address
        assert logged_by_django(address) == f"Not Found: {address}\n"


def test_the_processes_log_through_the_filter() -> None:
    assert settings.LOGGING["root"]["handlers"] == list(settings.LOGGING["handlers"]) == ["stderr"]
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["keys"]
