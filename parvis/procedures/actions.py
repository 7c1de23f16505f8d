"""Change the catalogue."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models

from parvis.common import clock
from parvis.common.database import action, lock
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.procedures import queries, rules
from parvis.procedures.catalogue import Catalogue, Entry
from parvis.procedures.errors import OfficesMissing
from parvis.procedures.models import AccessMode, Epoch, Procedure, SpecialScope


@action()
def change_access(procedure: Procedure, *, mode: str, valid_from: date, by: Actor) -> AccessMode:
    """From a day on, receive people for this procedure without an appointment, with or without, or with one only.

    The modes of the days before stay as they were. Raises ``UnknownMode``, ``AccessInThePast``.
    """
    now = clock.now()
    procedure = lock(Procedure, procedure.pk)
    rules.check_access_change(mode, valid_from=valid_from, today=clock.today())
    before = queries.access_mode(procedure, valid_from)
    row, _new = AccessMode.objects.update_or_create(procedure=procedure, valid_from=valid_from, defaults={"mode": mode})
    journal.record(
        "procedure.access_changed",
        procedure,
        by=by,
        at=now,
        office=None,
        before=before,
        after=mode,
        valid_from=valid_from.isoformat(),
    )
    return row


@action(patience=60)
def load(catalogue: Catalogue, *, by: Actor) -> list[str]:
    """Bring the database to what the catalogue says; the codes of the procedures that changed.

    Harmless the second time, and while another loads: who comes second waits and finds it done. Rules
    follow the catalogue; how people come (``AccessMode``) is only completed, because the office changes it on screen.
    Raises ``OfficesMissing``.
    """
    for epoch in catalogue.epochs:
        columns = {name: getattr(epoch, name) for name in ("rules_from", "rules_to", "fees_from", "fees_to")}
        Epoch.objects.update_or_create(code=epoch.code, defaults=columns)
    offices: dict[str, Office] = Office.objects.in_bulk(field_name="code")
    return [entry.code for entry in catalogue.entries if _load_one(entry, offices, by=by)]


def _load_one(entry: Entry, offices: Mapping[str, Office], *, by: Actor) -> bool:
    """Bring one procedure up to date; whether anything changed."""
    now = clock.now()
    procedure, new = Procedure.objects.get_or_create(code=entry.code, defaults=entry.columns)
    procedure = lock(Procedure, procedure.pk)
    parts = {
        "columns": _write_columns(procedure, entry.columns),
        "documents": _replace(procedure, procedure.documents.all(), entry.documents),
        "filing_windows": _replace(procedure, procedure.filing_windows.all(), entry.windows),
        "fees": _replace(procedure, procedure.fees.all(), entry.fees),
        "receipt_rules": _replace(procedure, procedure.receipt_rules.all(), entry.receipts),
        "silence_rules": _replace(procedure, procedure.silence_rules.all(), entry.silences),
        "special_scopes": _replace(procedure, procedure.special_scopes.all(), _scopes(entry, offices)),
        "access_modes": _complete_modes(procedure, entry.modes),
    }
    changed = [part for part, is_changed in parts.items() if is_changed]
    if new or changed:
        what = "procedure.registered" if new else "procedure.revised"
        journal.record(what, procedure, by=by, at=now, office=None, code=procedure.code, parts=changed)
    return new or bool(changed)


def _write_columns(procedure: Procedure, columns: Mapping[str, Any]) -> bool:
    changed = [name for name, value in columns.items() if getattr(procedure, name) != value]
    for name in changed:
        setattr(procedure, name, columns[name])
    if changed:
        procedure.save(update_fields=changed)
    return bool(changed)


def _replace(procedure: Procedure, rows: models.QuerySet[Any], wanted: Sequence[models.Model]) -> bool:
    """Put the wanted rows in the place of those of the procedure, unless they say the same."""
    for row in wanted:
        row.procedure = procedure  # type: ignore[attr-defined]  # every rule belongs to a procedure
    if [_content(row) for row in rows.order_by("pk")] == [_content(row) for row in wanted]:
        return False
    rows.delete()
    rows.model._default_manager.bulk_create(wanted)
    return True


def _content(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def _scopes(entry: Entry, offices: Mapping[str, Office]) -> list[SpecialScope]:
    if missing := {row["office"] for row in entry.scopes} - set(offices):
        raise OfficesMissing(offices=sorted(missing))
    return [
        SpecialScope(
            office=offices[row["office"]],
            area=row["area"],
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
        )
        for row in entry.scopes
    ]


def _complete_modes(procedure: Procedure, modes: Mapping[date, str]) -> bool:
    known = set(procedure.access_modes.values_list("valid_from", flat=True))
    missing = [
        AccessMode(procedure=procedure, valid_from=day, mode=mode) for day, mode in modes.items() if day not in known
    ]
    AccessMode.objects.bulk_create(missing)
    return bool(missing)
