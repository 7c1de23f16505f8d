"""A million case files: worklists, search, the stock by age, a card scanned at the handover; and an import of 100,000.

The data are made with SQL: nine files in ten are closed, their persons plainly invented, their numbers begin with 9900.
Each read goes through the product's own query, in this process, on rows that were never asked for before.
"""

import itertools
import random
import re
import tempfile
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import ground

FILES, CARDS, FACTS, OFFICERS = 1_000_000, 500_000, 3_000_000, 12
LINES, BROKEN = 100_000, 0.03
READS = 400
TODAY = date(2017, 12, 11)
P99_AT_MOST, IMPORT_AT_MOST = 50.0, 120.0
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# A number that PostgreSQL and Python spell alike from the place of the file.
NUMBER = "'D2' || translate(lpad(to_hex(n), 7, '0'), '01', 'ZY')"
_PERSONS = """
INSERT INTO people_person (foreign_number, passport_number, family_name, given_name, folded_name, birth_date, language,
    phone, email, created_at)
SELECT '9900' || lpad(n::text, 6, '0'), 'XX' || lpad(n::text, 7, '0'), 'Exemple' || n % 4000, 'Temoin' || n % 3001,
    'exemple' || n % 4000 || ' temoin' || n % 3001, date '1940-01-01' + n % 22000, 'fr', '', '', now()
FROM generate_series(0, {files} - 1) AS n
"""
_FILES = """
INSERT INTO casefiles_casefile (office_id, number, former_number, person_id, procedure_id, "case", fee_case, channel,
    state, version, deposited_on, complete_on, decide_by, warn_on, officer_id, held_because, proposal, grounds, closing,
    created_at, changed_at, decided_at)
SELECT %(office)s, {number}, '', p.id, (%(procedures)s::bigint[])[1 + n %% %(kinds)s], 'default', 'first', 'counter',
    state, 3, deposited, CASE WHEN is_complete THEN deposited + 5 END,
    CASE WHEN is_complete THEN (deposited + 5 + interval '4 months')::date END,
    CASE WHEN is_complete THEN (deposited + 5 + interval '3 months')::date END,
    CASE WHEN n %% 20 = 0 THEN (%(officers)s::bigint[])[1 + n / 20 %% %(hands)s] END, '',
    '', '', CASE WHEN state = 'closed' THEN 'handed_over' ELSE '' END, deposited, deposited,
    CASE WHEN state IN ('closed', 'in_production', 'announced') THEN deposited + 60 END
FROM (
    SELECT n, CASE WHEN n %% 10 > 0 THEN 'closed' ELSE (ARRAY['deposited', 'incomplete', 'under_review', 'under_review',
        'under_review', 'information_requested', 'opinion_pending', 'proposed', 'in_production', 'announced'])[
        1 + n / 10 %% 10] END AS state,
        date '2017-12-10' - CASE WHEN n %% 10 > 0 THEN 200 + n %% 1400 ELSE n / 10 %% 220 END AS deposited,
        n / 10 %% 10 BETWEEN 2 AND 7 AND n %% 10 = 0 AS is_complete
    FROM generate_series(0, {files} - 1) AS n
) e JOIN people_person p ON p.foreign_number = '9900' || lpad(n::text, 6, '0')
"""
_RECEIPTS = """
INSERT INTO casefiles_receipt (case_file_id, office_id, number, rank, kind, valid_from, valid_to, work, mention,
    issued_at)
SELECT id, office_id, 'R' || substr(number, 2), 1, 'receipt', deposited_on + 5, deposited_on + 125, 'no', '', created_at
FROM casefiles_casefile WHERE state NOT IN ('deposited', 'incomplete')
"""
_CARDS = """
INSERT INTO permits_permit (office_id, number, person_id, kind, place, case_file_id, state, received_at, reminders,
    handed_over_at, returned_because, announced_at)
SELECT %(office)s, 'BANC' || n, person_id, 'renewal', 'T' || n %% 400, id,
    CASE WHEN state = 'closed' THEN 'handed_over' ELSE 'in_stock' END, created_at, 0,
    CASE WHEN state = 'closed' THEN created_at END, '', created_at
FROM (
    SELECT row_number() OVER (ORDER BY state = 'closed', id) AS n, f.* FROM casefiles_casefile f
    WHERE state IN ('announced', 'closed')
) e WHERE n <= %(cards)s
"""
_FACTS = """
INSERT INTO journal_entry (at, what, office_id, subject_type, subject_id, agent_id, origin, facts)
SELECT f.created_at + turn * interval '9 days', 'case_file.' || s.is_now, f.office_id, 'casefiles.casefile', f.id, NULL,
    'system', jsonb_build_object('procedure', p.code, 'from', s.was, 'to', s.is_now, 'days', turn * 9)
FROM casefiles_casefile f JOIN procedures_procedure p ON p.id = f.procedure_id
CROSS JOIN (VALUES (0, '', 'deposited'), (1, 'deposited', 'under_review'), (2, 'under_review', 'proposed'))
    AS s (turn, was, is_now)
"""


def number(place: int) -> str:
    """The number of the file at this place."""
    return "D2" + f"{place:07x}".translate(str.maketrans("01abcdef", "ZYabcdef")).upper()


def furnish(place: ground.Place) -> dict[str, Any]:
    """The office with its officers and all rows; the keys that the reads need."""
    from django.contrib.auth.models import User
    from django.db import connection

    from parvis.offices.models import Agent
    from parvis.procedures.models import Procedure

    agents = []
    for turn in range(OFFICERS):
        user = User.objects.create_user(f"banc-instruction-{turn}")
        agents.append(Agent.objects.create(user=user, office=place.office, name=f"Instructeur Fictif {turn}"))
    kinds = list(Procedure.objects.order_by("position", "code").values_list("pk", flat=True))[:12]
    asked = {"office": place.office.pk, "procedures": kinds, "kinds": len(kinds), "cards": CARDS}
    asked |= {"officers": [agent.pk for agent in agents], "hands": OFFICERS}
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        for statement in (_PERSONS, _FILES, _RECEIPTS, _CARDS, _FACTS):
            text = statement.replace("{files}", str(FILES)).replace("{number}", f"upper({NUMBER})")
            if statement in {_PERSONS, _RECEIPTS}:
                cursor.execute(text)
            else:
                cursor.execute(text, asked)
        for table in (
            "people_person", "casefiles_casefile", "casefiles_receipt", "permits_permit", "journal_entry",
        ):  # fmt: skip
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("RESET synchronous_commit")
    return {"office": place.office, "agents": agents}


def shape(report: ground.Report) -> None:
    """What is in the database, so that nobody has to believe it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'closed'), count(*) FILTER (WHERE state NOT IN"
            " ('closed', 'in_production', 'announced')) FROM casefiles_casefile"
        )
        files, closed, undecided = cursor.fetchone()
        cursor.execute(
            "SELECT (SELECT count(*) FROM journal_entry), (SELECT count(*) FROM permits_permit),"
            " (SELECT count(*) FROM casefiles_receipt)"
        )
        facts, cards, receipts = cursor.fetchone()
    report.row("case files", files, "files", beside=f"{closed / files:.0%} closed, {undecided:,} undecided")
    report.row("journal", facts, "rows")
    report.row("cards", cards, "cards")
    report.row("receipts", receipts, "receipts")
    assert files >= FILES
    assert facts >= FACTS
    assert cards >= CARDS


def reads(kept: dict[str, Any]) -> Iterator[tuple[str, Callable[[int], object]]]:
    """Each read with what it is asked the nth time; every answer is checked to be one."""
    from parvis.casefiles import queries
    from parvis.permits import links
    from parvis.permits import queries as permits
    from parvis.permits.models import Permit

    office, agents = kept["office"], kept["agents"]
    dice = random.Random(20171211)

    def later(turn: int) -> str:
        return f"{date(2018, 1, 1) + timedelta(days=turn % 90)}.{date(2017, 10, 1)}.{turn}"

    def file_of(_turn: int) -> int:
        return dice.randrange(FILES)

    def named(turn: int, *, alone: bool = False) -> object:
        n = file_of(turn)
        day = None if alone else date(1940, 1, 1) + timedelta(days=n % 22000)
        return queries.search(office, f"Exemple{n % 4000} Temoin{n % 3001}", birth_date=day)

    def waiting(turn: int) -> Permit:
        """A card in stock, of a person never asked for before."""
        return Permit.objects.select_related("person", "office", "case_file__procedure").get(
            number=f"BANC{1 + turn % 9000}"
        )

    # Found before, as the counter finds them: on the paper in the person's hand, and on their ticket.
    papers = {turn: f"https://parvis.invalid/remise/{links.token_of(waiting(turn))}/" for turn in range(READS + 40)}
    bearers = {turn: waiting(turn + 2000).person for turn in range(READS + 40)}
    cards = {turn: waiting(turn + 4000) for turn in range(READS + 40)}
    yield "worklist of an officer", lambda turn: queries.worklist(office, officer=agents[turn % OFFICERS])
    yield "worklist: what nobody has", lambda _turn: queries.worklist(office, free=True)
    yield "worklist: what nobody has, a later page", lambda turn: queries.worklist(office, free=True, after=later(turn))
    yield "worklist: the whole office, a later page", lambda turn: queries.worklist(office, after=later(turn))
    yield "search by file number", lambda turn: queries.search(office, number(file_of(turn)))
    yield "search by foreign number", lambda turn: queries.search(office, f"9900{file_of(turn):06}")
    yield "search by name and birth date", named
    yield "search by name alone", lambda turn: named(turn, alone=True)
    yield "stock by procedure, state and age", lambda _turn: queries.stock(office)
    yield "handover: the card scanned", lambda turn: permits.by_scan(office, f"BANC{1 + turn % 9000}").permit
    yield (
        "handover: the file's number scanned",
        lambda turn: permits.by_scan(office, number(100 * (turn + 1) + 90)).permit,
    )
    yield (
        "handover: the receipt scanned",
        lambda turn: permits.by_scan(office, "R" + number(100 * (turn + 600) + 90)[1:]).permit,
    )
    yield "handover: the summons scanned", lambda turn: permits.by_scan(office, papers[turn]).permit
    yield "handover: the ticket's person", lambda turn: permits.by_scan(office, "", person=bearers[turn]).permit
    yield (
        "handover: what is due and the checklist",
        lambda turn: permits.checklist(cards[turn], TODAY, permits.amount_due(cards[turn], TODAY)),
    )


def measure(kept: dict[str, Any], report: ground.Report) -> None:
    """Every read, warm, alone: P50, P99 and how the database went about it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for name, read in reads(kept):
        assert read(7), name
        with CaptureQueriesContext(connection) as asked:
            read(11)
        how = plans([query["sql"] for query in asked.captured_queries])
        count = READS if "stock" not in name else READS // 4
        times = [timed(read, turn) * 1000 for turn in itertools.islice(itertools.count(20), count)]
        report.row(f"{name}, P50", ground.percentile(times, 0.5), "ms", beside=how)
        report.target(f"{name}, P99", ground.percentile(times, 0.99), P99_AT_MOST, "ms", at_most=True)


def timed(read: Callable[[int], object], turn: int) -> float:
    began = time.perf_counter()
    read(turn)
    return time.perf_counter() - began


def plans(statements: list[str]) -> str:
    """The kinds of scan of these statements, and the indexes they use."""
    from django.db import connection

    found: Tally[str] = Tally()
    with connection.cursor() as cursor:
        for statement in statements:
            if re.match(r"\s*SELECT", statement):
                # The statement as it was captured: its values are in it.
                cursor.execute("EXPLAIN (COSTS OFF) " + statement.replace("%", "%%"), [])
                for (line,) in cursor.fetchall():
                    if scan := re.search(r"((?:Parallel )?\w+(?: Only)? Scan)(?: Backward)? (?:using|on) (\w+)", line):
                        found[f"{scan[1]} {scan[2]}"] += 1
    return ", ".join(sorted(found))


def register(path: Path, count: int) -> None:
    """A former register in Latin-1; three lines in a hundred are broken in one way or another."""
    dice = random.Random(3)
    with path.open("w", encoding="latin-1") as out:
        out.write("N° dossier;Démarche;Déposé le;Complet le;Nom;Prénom;Né(e) le;Numéro étranger\r\n")
        for n in range(count):
            deposited = date(2017, 1, 1) + timedelta(days=n % 330)
            line = (
                f"ANC-{n:07};renewal;{deposited:%d/%m/%Y};{deposited:%d/%m/%Y};Exemple{n % 900};"
                f"Témoin {n};{date(1950, 1, 1) + timedelta(days=n % 18000):%d/%m/%Y};99010{n:05}"
            )
            if dice.random() < BROKEN:
                line = (line[:40], line.replace(";", ",", 3), line.replace("renewal", "chasse"), f'"{line}')[n % 4]
            out.write(line + "\r\n")


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    began = time.perf_counter()
    yield lambda: time.perf_counter() - began


def take_over(kept: dict[str, Any], report: ground.Report) -> None:
    """The import, its dry run and an export, beside a COPY of the same bytes into a bare table."""
    from django.db import connection

    from parvis.casefiles.actions.importing import check_import, export, run_import
    from parvis.casefiles.models import CaseFile
    from parvis.journal.actions import SYSTEM

    office = kept["office"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registre.csv"
        register(path, LINES)
        with stopwatch() as seconds, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bare (written text)")
            with cursor.copy("COPY bare FROM STDIN WITH (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')") as copy:
                for line in path.read_text("latin-1").splitlines(keepends=True):
                    copy.write(line)
            bare = seconds()
        with stopwatch() as seconds:
            checked = check_import(office, path, name=path.name, by=SYSTEM)
            report.row("dry run of 100,000 lines", seconds(), "s", beside=f"{checked.rejected:,} rejected")
        before = CaseFile.objects.count()
        with stopwatch() as seconds:
            done = run_import(checked, path, by=SYSTEM)
            spent = seconds()
        report.row("import of 100,000 lines", spent, "s", beside="a bare COPY of its lines", ratio=spent / bare)
        report.row("a bare COPY of its lines", bare, "s")
        report.target("import of 100,000 files", spent, IMPORT_AT_MOST, "s", at_most=True)
        assert done.accepted + done.rejected == LINES
        assert done.rejected == checked.rejected
        assert CaseFile.objects.count() == before + done.accepted
        with stopwatch() as seconds, (Path(folder) / "export.csv").open("wb") as out:
            files = export(office, out, by=SYSTEM)
            report.row("export of the open files", seconds(), "s", beside=f"{files:,} files")


def main() -> None:
    """Measure on an office of its own."""
    with ground.office(with_pages=False, with_live=False) as place:
        report = ground.Report("casework")
        with stopwatch() as seconds:
            kept = furnish(place)
            report.row("making the data", seconds(), "s")
        shape(report)
        measure(kept, report)
        take_over(kept, report)
    report.write()


if __name__ == "__main__":
    main()
