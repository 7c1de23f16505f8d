"""A database of one's own beside the configured one: a rehearsal never touches the office's data.

A template holds the tables and the office as delivered; it is made once for each state of the migrations and data
files. Each rehearsal copies it, which takes a fraction of a second, and drops the copy at the end.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg import sql
from psycopg.conninfo import make_conninfo

from parvis.common.errors import BusinessError

_SOURCES = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/data/*.toml")
_DJANGOS_OWN = {"assume_role", "isolation_level", "pool", "prepare_threshold", "server_side_binding"}
_KEPT = "kept by its rehearsal"


class MayNotCreateDatabases(BusinessError):
    """The role of the configured database may not create databases."""

    code = "may_not_create_databases"
    message = _(
        "Le rôle PostgreSQL « %(role)s » ne peut pas créer de base : la répétition a besoin d'une base à elle, "
        "à côté de celle du bureau. Donnez-lui ce droit : ALTER ROLE %(role)s CREATEDB;"
    )
    status = 403


@contextmanager
def scratch_database(*, keep: bool = False, durable: bool = False) -> Iterator[str]:
    """Work in a fresh copy of the template until the end of the block; gives its name.

    Unless ``durable``, a commit does not wait for the disk: what is dropped in a minute need not survive a power cut.
    Raises ``MayNotCreateDatabases``.
    """
    office = str(connection.settings_dict["NAME"])
    name = f"{office}_rehearsal_{os.getpid()}"
    with _maintenance() as server:
        _check_may_create(server)
        _drop_leftovers(server, office)
        template = _template(server, office)
        _drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        if not durable:
            server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))
        if keep:
            _comment(server, name, _KEPT)
    _use(name)
    try:
        yield name
    finally:
        _use(office)
        if not keep:
            with _maintenance() as server:
                _drop(server, name)


def _template(server: psycopg.Connection[Any], office: str) -> str:
    """The template's name, made anew when the migrations or the data have changed; one process makes it."""
    name = f"{office}_rehearsal"
    wanted = _state()
    # Longer than any lock of an action: whoever comes second waits while the template is made.
    server.execute("SET lock_timeout = 0")
    server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
    try:
        found = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found is None or found[0] != wanted:
            _drop(server, name)
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            _fill(name, office)
            _comment(server, name, wanted)
    finally:
        server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
    return name


def _fill(name: str, office: str) -> None:
    _use(name)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        with Path(os.devnull).open("w") as nowhere:
            call_command("load_office", verbosity=0, stdout=nowhere, stderr=nowhere)
            call_command("load_procedures", verbosity=0, stdout=nowhere)
            call_command("load_plans", verbosity=0, stdout=nowhere)
    finally:
        _use(office)


def _state() -> str:
    """A fingerprint of everything the template is made from."""
    root = Path(settings.BASE_DIR) / "parvis"
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _SOURCES for path in root.glob(pattern)):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _use(name: str) -> None:
    """Point this process's connection at another database of the same server."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend alone
    connection.settings_dict["NAME"] = name


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own to the server, outside any transaction."""
    known = connection.settings_dict
    options = {name: value for name, value in known["OPTIONS"].items() if name not in _DJANGOS_OWN}
    where = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    address = make_conninfo(dbname="postgres", **{name: value for name, value in (where | options).items() if value})
    with psycopg.connect(address, autocommit=True) as server:
        yield server


def _check_may_create(server: psycopg.Connection[Any]) -> None:
    row = server.execute(
        "SELECT rolcreatedb OR rolsuper, rolname FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row and not row[0]:
        raise MayNotCreateDatabases(role=row[1])


def _drop_leftovers(server: psycopg.Connection[Any], office: str) -> None:
    """Drop what a killed rehearsal left: nobody is connected to it and nobody asked to keep it."""
    rows = server.execute(
        "SELECT datname FROM pg_database AS base WHERE datname ~ %s"
        " AND shobj_description(oid, 'pg_database') IS DISTINCT FROM %s"
        " AND NOT EXISTS (SELECT FROM pg_stat_activity AS used WHERE used.datid = base.oid)",
        [f"^{office}_rehearsal_[0-9]+$", _KEPT],
    ).fetchall()
    for (name,) in rows:
        process = int(name.rsplit("_", 1)[1])
        if not Path(f"/proc/{process}").exists():
            _drop(server, name)


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _comment(server: psycopg.Connection[Any], name: str, text: str) -> None:
    server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text)))


def recreate_database() -> None:
    """Drop the configured database and make it anew, empty: the journal refuses that anything be deleted from it."""
    name = str(connection.settings_dict["NAME"])
    _use(name)
    with _maintenance() as server:
        _check_may_create(server)
        _drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
