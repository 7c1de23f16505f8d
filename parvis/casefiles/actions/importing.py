"""Take over the stock of a former register, and give ours back in the same form."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO

from django.db import connection
from django.db.backends.utils import CursorWrapper

from parvis.casefiles.actions.moves import plain
from parvis.casefiles.errors import OtherFile
from parvis.casefiles.importing import reading, statements
from parvis.casefiles.importing.codes import Rejection
from parvis.casefiles.importing.columns import HEADINGS, ColumnMapping, mapped
from parvis.casefiles.importing.lines import Candidate, LineReader, Refused, as_row, known_states
from parvis.casefiles.importing.reading import Record, Shape, Source
from parvis.casefiles.models import CaseFile, RejectedLine, StockImport
from parvis.casefiles.models.numbers import new_file_number
from parvis.casefiles.queries.former import Catalogue
from parvis.casefiles.states import OPEN
from parvis.common import clock
from parvis.common.database import action, lock
from parvis.common.states import move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.offices.models import Office
from parvis.people.models import Person

PORTION = 5_000
_State = StockImport.State
# Checked again after it is done: what was rejected may be taken by then, what is here stays as it is.
MOVES: Mapping[str, frozenset[str]] = {
    _State.CHECKED: frozenset({_State.RUNNING, _State.CHECKED}),
    _State.RUNNING: frozenset({_State.DONE}),
    _State.DONE: frozenset({_State.CHECKED}),
}
_EMPTY: tuple[Any, ...] = (None,) * len(Candidate.__slots__)


def check_import(
    office: Office, source: Source, *, name: str, mapping: Mapping[str, Any] | None = None, by: Actor
) -> StockImport:
    """Read a whole file of a former register and say what would become of every line; nothing is taken over.

    ``mapping`` as ``columns.mapped`` reads it; what it leaves out is guessed from the headings. The counts are on the
    answer, the reasons in its ``rejections``. The same bytes under another name are the same import: one that runs is
    given back as it is. Raises ``NothingToImport``, ``MappingImpossible``.
    """
    shape = reading.look(source)
    chosen = mapped(mapping, shape.header)
    found = StockImport.objects.filter(office=office, fingerprint=shape.fingerprint).first()
    if found is not None and found.state == _State.RUNNING:
        return found
    with_lines = _Staged(office)
    try:
        lines = with_lines.fill(source, shape, chosen)
        with connection.cursor() as cursor:
            for judge in statements.JUDGE:
                cursor.execute(judge, with_lines.portion(1, lines))
        return _checked(office, shape, chosen, name=name, lines=lines, staged=with_lines, by=by)
    finally:
        with_lines.drop()


def run_import(
    stock_import: StockImport,
    source: Source,
    *,
    by: Actor,
    portion: int = PORTION,
    told: Callable[[StockImport], None] | None = None,
) -> StockImport:
    """Take over the files of a checked import, five thousand lines at a time, each portion whole or not at all.

    Ended in the middle, by whatever, it goes on where it stopped; done, it does nothing. Lines that turn out to be
    here already are counted as known. ``told`` hears of each portion. Raises ``OtherFile`` for other bytes.
    """
    shape = reading.look(source)
    if shape.fingerprint != stock_import.fingerprint:
        raise OtherFile
    running = _begun(stock_import, by=by)
    if running.state == _State.DONE:
        return running
    staged = _Staged(running.office)
    try:
        staged.fill(source, shape, mapped(running.mapping, shape.header))
        while running.state == _State.RUNNING:
            running = _take(running, staged, portion=portion, by=by)
            if told:
                told(running)
    finally:
        staged.drop()
    return running


@action()
def export(office: Office, out: BinaryIO, *, by: Actor) -> int:
    """Write the open files of an office as an import reads them (CSV, UTF-8, semicolons); how many.

    Cells that a sheet would run as a formula begin with an apostrophe, which an import takes off again.
    """
    now = clock.now()
    out.write("\ufeff".encode())
    states = ", ".join(f"'{state}'" for state in sorted(OPEN))
    statement = statements.EXPORT.format(**HEADINGS, open=states)
    with connection.cursor() as cursor:
        with cursor.copy(statement, [office.pk]) as copy:
            for part in copy:
                out.write(part)
        files: int = cursor.rowcount
    journal.record("stock.exported", office, by=by, at=now, office=office.pk, files=files)
    return files


class _Staged:
    """The lines of a file in a table of this session, which goes with it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.lines = 0

    def fill(self, source: Source, shape: Shape, mapping: ColumnMapping) -> int:
        """Put every line there, read or rejected; how many."""
        catalogue = Catalogue(mapping.procedures)
        reader = LineReader(
            places=mapping.places(shape.header),
            procedures=catalogue.procedures,
            states=known_states(mapping),
            silence=catalogue.silence,
            fee_case=catalogue.fee_case,
            today=clock.today(),
        )
        with connection.cursor() as cursor:
            cursor.execute(statements.DROP)
            cursor.execute(statements.CREATE)
            rows = _rows(reading.records(source, shape), reader)
            # Read first, then written: the catalogue is asked meanwhile, over the same connection.
            while part := list(islice(rows, PORTION)):
                with cursor.copy(statements.COPY) as copy:
                    for row in part:
                        copy.write_row(row)
                self.lines += len(part)
            cursor.execute(statements.ANALYZE)
        return self.lines

    def portion(self, first: int, last: int) -> dict[str, Any]:
        """What every statement is given."""
        return {"first": first, "last": last, "office": self.office.pk, "now": clock.now()}

    def drop(self) -> None:
        """Forget the lines; a session that has failed forgets them by itself."""
        if not connection.needs_rollback and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(statements.DROP)


def _rows(records: Iterator[Record], reader: LineReader) -> Iterator[tuple[Any, ...]]:
    """The rows to wait: place, line, text, reason, what was read, and two keys to come."""
    seen: set[str] = set()
    for place, record in enumerate(records, start=1):
        code, told = str(record.code), _EMPTY
        if not code:
            try:
                candidate = reader.read(record.cells)
            except Refused as refusal:
                code = str(refusal.code)
            else:
                told = as_row(candidate)
                code = str(Rejection.TWICE_IN_FILE) if candidate.former_number in seen else ""
                seen.add(candidate.former_number)
        yield (place, record.line, record.text, code, *told, None, None)


@action()
def _checked(
    office: Office, shape: Shape, mapping: ColumnMapping, *, name: str, lines: int, staged: _Staged, by: Actor
) -> StockImport:
    """Keep what the dry run found, in place of what an earlier one did."""
    now = clock.now()
    fresh = StockImport(
        office=office,
        name=name[:120],
        fingerprint=shape.fingerprint,
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        mapping=mapping.as_json(),
        started_at=now,
        agent_id=by.agent_id,
    )
    StockImport.objects.bulk_create([fresh], ignore_conflicts=True)
    kept = lock(StockImport, StockImport.objects.get(office=office, fingerprint=shape.fingerprint).pk)
    if kept.state == _State.RUNNING:
        return kept
    RejectedLine.objects.filter(taken_over=kept).delete()
    with connection.cursor() as cursor:
        counts = _counted(cursor, staged.portion(1, lines), kept)
    told = {"mapping": mapping.as_json(), "lines": lines, "read": 0, "agent_id": by.agent_id, "ended_at": None}
    move(kept, _State.CHECKED, moves=MOVES, **told, **counts)
    journal.record("stock_import.checked", kept, by=by, at=now, office=office.pk, lines=lines, **counts)
    return kept


@action()
def _begun(stock_import: StockImport, *, by: Actor) -> StockImport:
    """Start what was checked; leave what runs or is done."""
    now = clock.now()
    kept = lock(StockImport, stock_import.pk)
    if kept.state == _State.CHECKED:
        RejectedLine.objects.filter(taken_over=kept).delete()
        nothing = {"read": 0, "accepted": 0, "known": 0, "rejected": 0}
        move(kept, _State.RUNNING, moves=MOVES, started_at=now, agent_id=by.agent_id, **nothing)
        journal.record("stock_import.begun", kept, by=by, at=now, office=kept.office_id, lines=kept.lines)
    return kept


@action()
def _take(stock_import: StockImport, staged: _Staged, *, portion: int, by: Actor) -> StockImport:
    """Take over the next portion of lines and write down where it ended, or that it was the last.

    Two processes that run one import take turns: the row of the import says what is done.
    """
    now = clock.now()
    kept = lock(StockImport, stock_import.pk)
    if kept.state != _State.RUNNING:
        return kept
    last = min(kept.read + portion, staged.lines)
    lines = staged.portion(kept.read + 1, last)
    with connection.cursor() as cursor:
        for judge in statements.JUDGE:
            cursor.execute(judge, lines)
        cursor.execute(statements.KEYS, lines)
        _renumber(cursor, lines)
        cursor.execute(statements.PERSONS, lines)
        _tell_persons(cursor.fetchall(), by=by)
        cursor.execute(statements.SAME_PERSON, lines)
        cursor.execute(statements.FILES, lines)
        cursor.execute(statements.LOST, lines)
        cursor.execute(statements.TAKEN, lines)
        _tell_files(cursor.fetchall(), kept, by=by)
        counts = _counted(cursor, lines, kept)
    totals = {name: getattr(kept, name) + count for name, count in counts.items()}
    for name, total in {"read": last, **totals}.items():
        setattr(kept, name, total)
    kept.save(update_fields=["read", *totals])
    if last >= staged.lines:
        move(kept, _State.DONE, moves=MOVES, ended_at=now)
        journal.record("stock_import.done", kept, by=by, at=now, office=kept.office_id, lines=last, **totals)
    return kept


def _renumber(cursor: CursorWrapper, lines: Mapping[str, Any]) -> None:
    """Give another number to a file whose new one is taken already: once in a million."""
    cursor.execute(statements.NUMBERS_TAKEN, lines)
    for (place,) in cursor.fetchall():
        cursor.execute("UPDATE stock_line SET number = %s WHERE place = %s", [new_file_number(), place])


def _counted(cursor: CursorWrapper, lines: Mapping[str, Any], kept: StockImport) -> dict[str, int]:
    """Keep the rejected lines of a portion; how many were taken, known and rejected."""
    cursor.execute(statements.REJECTED, {**lines, "import": kept.pk})
    cursor.execute(statements.COUNTS, lines)
    return dict(zip(("accepted", "known", "rejected"), cursor.fetchone(), strict=True))


def _tell_persons(rows: list[tuple[int, bool]], *, by: Actor) -> None:
    told: list[Any] = [(Person(pk=pk), {"has_foreign_number": has_number}) for pk, has_number in rows]
    journal.record_all("person.registered", told, by=by, at=clock.now(), office=None)


def _tell_files(rows: list[tuple[Any, ...]], kept: StockImport, *, by: Actor) -> None:
    """One fact a file, with the days the law fixed: the journal alone tells where it stands."""
    today = clock.today()
    told: list[Any] = []
    for pk, procedure, state, deposited_on, complete_on, decide_by in rows:
        facts = {"procedure": procedure, "from": "", "to": state, "days": (today - deposited_on).days}
        days = {"complete_on": complete_on, "decide_by": decide_by}
        told.append((CaseFile(pk=pk), facts | plain({name: day for name, day in days.items() if day})))
    journal.record_all("case_file.imported", told, by=by, at=clock.now(), office=kept.office_id)
