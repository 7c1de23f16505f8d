"""How a file moves: locked, checked against what the agent read, written once, told to the journal."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import F

from parvis.casefiles.errors import FileChanged, NotYourFile
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import MOVES
from parvis.common import clock
from parvis.common.states import check_move, move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor


def locked(case_file: CaseFile, seen: int | None = None) -> CaseFile:
    """The file as it is now, nobody else moving it. Raises ``FileChanged`` when it moved since version ``seen``."""
    file = row(case_file.pk)
    check_seen(file, seen)
    return file


def row(pk: int) -> CaseFile:
    """The row of a file with what every move needs to know, locked until the action ends.

    The officer does not come with it: after a wait for the lock, that joined row would be the one of before.
    """
    files = CaseFile.objects.select_related("procedure", "person")
    return files.select_for_update(of=("self",), no_key=True).get(pk=pk)


def rows(pks: Iterable[int]) -> dict[int, CaseFile]:
    """Several such rows by their keys, locked in the order of the keys."""
    wanted = CaseFile.objects.select_related("procedure", "person").filter(pk__in=list(pks)).order_by("pk")
    return {file.pk: file for file in wanted.select_for_update(of=("self",), no_key=True)}


def locked_all(case_files: Iterable[CaseFile]) -> list[CaseFile]:
    """Several files at once, locked; given back in the order they came."""
    wanted = [file.pk for file in case_files]
    found = rows(wanted)
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


def check_seen(file: CaseFile, seen: int | None) -> None:
    """Raise ``FileChanged`` when the file moved since that version was read."""
    if seen is not None and seen != file.version:
        raise FileChanged(state=file.get_state_display(), version=file.version)


def check_hands(file: CaseFile, by: Actor) -> None:
    """Raise ``NotYourFile`` when another officer works on it; the house itself may always act."""
    if by.agent_id is not None and file.officer_id is not None and file.officer_id != by.agent_id:
        raise NotYourFile(officer=file.officer.name if file.officer else "")


def become(
    file: CaseFile, *states: str, by: Actor, now: datetime, facts: Mapping[str, object] | None = None, **fields: Any
) -> CaseFile:
    """Take a locked file through these states, write its fields once and record every move.

    Raises ``IllegalMove`` for what the table does not allow.
    """
    path = [str(file.state), *states]
    for old, new in pairwise(path):
        check_move(MOVES, old, new)
    file.state = path[-2]
    move(file, path[-1], moves=MOVES, version=file.version + 1, changed_at=now, **fields)
    for old, new in pairwise(path):
        told = move_facts(file, old, new, now, facts)
        journal.record(f"case_file.{new}", file, by=by, at=now, office=file.office_id, **told)
    return file


def become_all(
    files: Sequence[CaseFile],
    *states: str,
    by: Actor,
    now: datetime,
    facts: Mapping[str, object] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> None:
    """The same for many locked files: for those of one state, one statement for the rows and one for each move."""
    for state in sorted({str(file.state) for file in files}):
        together = [file for file in files if file.state == state]
        _become_together(together, [state, *states], by=by, now=now, facts=facts, fields=fields or {})


def _become_together(
    files: Sequence[CaseFile],
    path: Sequence[str],
    *,
    by: Actor,
    now: datetime,
    facts: Mapping[str, object] | None,
    fields: Mapping[str, Any],
) -> None:
    for old, new in pairwise(path):
        check_move(MOVES, old, new)
    CaseFile.objects.filter(pk__in=[file.pk for file in files]).update(
        state=path[-1], version=F("version") + 1, changed_at=now, **fields
    )
    for file in files:
        for name, value in {**fields, "state": path[-1], "version": file.version + 1, "changed_at": now}.items():
            setattr(file, name, value)
    for old, new in pairwise(path):
        _record_all(f"case_file.{new}", [(one, move_facts(one, old, new, now, facts)) for one in files], by=by, now=now)


def change(file: CaseFile, what: str, *, by: Actor, now: datetime, facts: Mapping[str, object], **fields: Any) -> None:
    """Write what changes without a move, and record it."""
    for name, value in {**fields, "version": file.version + 1, "changed_at": now}.items():
        setattr(file, name, value)
    file.save(update_fields=[*fields, "version", "changed_at"])
    journal.record(
        f"case_file.{what}", file, by=by, at=now, office=file.office_id, procedure=file.procedure.code, **facts
    )


def change_all(
    files: Sequence[CaseFile], what: str, *, by: Actor, now: datetime, facts: Mapping[str, object], **fields: Any
) -> None:
    """Write the same change of many locked files in one statement, and record each."""
    if not files:
        return
    CaseFile.objects.filter(pk__in=[file.pk for file in files]).update(
        version=F("version") + 1, changed_at=now, **fields
    )
    for file in files:
        for name, value in {**fields, "version": file.version + 1, "changed_at": now}.items():
            setattr(file, name, value)
    told = [(one, {"procedure": one.procedure.code, **facts}) for one in files]
    _record_all(f"case_file.{what}", told, by=by, now=now)


def move_facts(
    file: CaseFile, old: str, new: str, now: datetime, facts: Mapping[str, object] | None
) -> dict[str, object]:
    """What the journal keeps of a move: days since the deposit, and the days the law fixed when there are any."""
    told: dict[str, object] = {
        "procedure": file.procedure.code,
        "from": old,
        "to": new,
        "days": (clock.office_day(now) - file.deposited_on).days,
    }
    return told | plain(facts or {})


def plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as JSON keeps them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _record_all(what: str, told: Sequence[tuple[CaseFile, dict[str, object]]], *, by: Actor, now: datetime) -> None:
    for office in sorted({file.office_id for file, _facts in told}):
        here = [(file, facts) for file, facts in told if file.office_id == office]
        journal.record_all(what, here, by=by, at=now, office=office)
