"""The test session: its database, its settings, its strictness."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.db import connections

from config.settings import database_settings
from launcher import database, messages, throwaway
from tests import flushing, strictness

_throwaway: list[Path] = []


def pytest_configure(config: pytest.Config) -> None:
    """Use a throwaway embedded server unless a database is named; the workers of xdist share it."""
    if not os.environ.get("DATABASE_URL"):
        var = throwaway.make()
        _throwaway.append(var)
        database.start(var, durable=False)
        os.environ["DATABASE_URL"] = database.default_url(var)
        connections.databases["default"].update(database_settings(os.environ["DATABASE_URL"]))
    if not hasattr(config, "workerinput"):
        messages.compile_all()
    _settle(Path(settings.STATIC_ROOT))


def pytest_unconfigure() -> None:
    """Stop and forget the throwaway server."""
    while _throwaway:
        throwaway.remove(_throwaway.pop())
        del os.environ["DATABASE_URL"]


def _settle(static_root: Path) -> None:
    settings.CLOCK = ""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages.__dict__.pop("backends", None)
    # Static files come from where they are written: nobody collects them for a test.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WHITENOISE_USE_FINDERS = True
    static_root.mkdir(parents=True, exist_ok=True)
    strictness.fail_on_unknown_variables()
    strictness.shuffle_unordered_rows()
    flushing.empty_the_journal_too()


@pytest.fixture(autouse=True)
def _dice(request: pytest.FixtureRequest) -> None:
    """Each test meets unordered rows in the order that its name and the session's seed give."""
    seed = request.config.getoption("randomly_seed", default=0)
    strictness.dice.seed(f"{seed} {request.node.nodeid}")
