"""The stock of a former register is taken over whole, once, and every line that is not says why."""

import csv
import io
from collections import Counter as Tally
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from parvis.casefiles import actions, queries
from parvis.casefiles.actions.importing import check_import, export, run_import
from parvis.casefiles.errors import MappingImpossible, NothingToImport, OtherFile
from parvis.casefiles.importing import reading
from parvis.casefiles.importing.codes import Rejection
from parvis.casefiles.models import CaseFile, RejectedLine, StockImport
from parvis.casefiles.states import Channel, State
from parvis.journal.actions import SYSTEM
from parvis.journal.models import Entry
from parvis.people.models import Person
from tests.casefiles.house import CaseHouse
from tests.casefiles.register import HEADER, line, register, written
from tests.people.factories import PersonFactory
from tests.procedures.factories import FeeFactory

pytestmark = pytest.mark.django_db


def check(house: CaseHouse, content: bytes | str | Path, **given: object) -> StockImport:
    source = content.encode() if isinstance(content, str) else content
    return check_import(house.office, source, **({"name": "registre.csv", "by": SYSTEM} | given))


def take_over(house: CaseHouse, content: bytes | str, **given: object) -> StockImport:
    source = content.encode() if isinstance(content, str) else content
    return run_import(check(house, source, **given), source, by=SYSTEM, portion=7)


def reasons(done: StockImport) -> dict[int, str]:
    return dict(RejectedLine.objects.filter(taken_over=done).order_by("line").values_list("line", "code"))


def totals(done: StockImport) -> tuple[int, int, int, int]:
    return done.lines, done.accepted, done.known, done.rejected


def test_a_permit_that_had_expired_makes_a_late_renewal_of_the_fee(house: CaseHouse) -> None:
    FeeFactory(procedure=house.procedures["renewal"], late=True)
    one = line(1) | {"Titre expire le": "30/09/2017"}
    take_over(house, written([one], header=(*HEADER, "Titre expire le")))
    assert CaseFile.objects.get().fee_case == "renewal+late"


def test_a_register_becomes_files_with_their_persons_and_legal_days(house: CaseHouse) -> None:
    done = take_over(house, register(20))
    assert totals(done) == (20, 20, 0, 0)
    assert done.state == StockImport.State.DONE
    file = CaseFile.objects.get(former_number="ANC-000003")
    assert (file.person.full_name, file.person.birth_date) == ("Témoin 3 Exemple", date(1985, 3, 12))
    assert (file.person.foreign_number, file.person.folded_name) == ("9900000003", "exemple temoin 3")
    assert (file.state, file.channel) == (State.UNDER_REVIEW, Channel.IMPORT)
    # Complete on 20 October: four months, and a month before.
    assert (file.decide_by, file.warn_on) == (date(2018, 2, 20), date(2018, 1, 20))
    assert len(file.number) == 9
    assert file.number.startswith("D")


def test_the_journal_tells_each_file_and_person_taken_over(house: CaseHouse) -> None:
    take_over(house, register(3))
    facts = Entry.objects.named("case_file.imported").order_by("id")
    assert [entry.subject_id for entry in facts] == list(CaseFile.objects.order_by("pk").values_list("pk", flat=True))
    assert facts[0].facts == {
        "procedure": "renewal",
        "from": "",
        "to": "under_review",
        "days": 70,
        "complete_on": "2017-10-20",
        "decide_by": "2018-02-20",
    }
    assert Entry.objects.named("person.registered").count() == Person.objects.count()
    assert Entry.objects.named("stock_import.done").get().facts["accepted"] == 3


def test_a_dry_run_says_the_same_and_takes_nothing(house: CaseHouse) -> None:
    lines = [line(1), line(2, **{"Déposé le": "31/02/2017"}), line(3), line(1)]
    checked = check(house, written(lines))
    assert (CaseFile.objects.count(), Person.objects.count()) == (0, 0)
    assert totals(checked) == (4, 2, 0, 2)
    said = reasons(checked)
    assert said == {3: Rejection.DATE_MALFORMED, 5: Rejection.TWICE_IN_FILE}
    done = take_over(house, written(lines))
    assert reasons(done) == said
    assert totals(done) == totals(checked)


WRONG = {
    Rejection.NUMBER_MISSING: {"N° dossier": " "},
    Rejection.NUMBER_TOO_LONG: {"N° dossier": "9" * 41},
    Rejection.PROCEDURE_UNKNOWN: {"Démarche": "chasse"},
    Rejection.DATE_MALFORMED: {"Complet le": "hier"},
    Rejection.DATES_IMPOSSIBLE: {"Complet le": "01/10/2017"},
    Rejection.BIRTH_DATE_IMPOSSIBLE: {"Né(e) le": "12/03/1785"},
    Rejection.NAME_MISSING: {"Nom": "///"},
    Rejection.FOREIGN_NUMBER_MALFORMED: {"Numéro étranger": "99-12"},
}


@pytest.mark.parametrize("code", WRONG)
def test_each_wrong_cell_is_named_and_its_neighbours_are_taken(house: CaseHouse, code: str) -> None:
    done = take_over(house, written([line(1), line(2, **WRONG[code]), line(3)]))
    assert reasons(done) == {3: code}
    assert done.accepted == 2


@pytest.mark.parametrize("state", ["En instruction", "under_review", "déposé", "Incomplet"])
def test_states_are_read_by_code_and_by_name(house: CaseHouse, state: str) -> None:
    header = (*HEADER, "État")
    done = take_over(house, written([line(1) | {"État": state}], header=header))
    assert done.accepted == 1


@pytest.mark.parametrize(
    ("state", "changes", "code"),
    [
        ("Clos", {}, Rejection.STATE_NOT_TAKEN),
        ("Proposé", {}, Rejection.STATE_UNKNOWN),
        ("En instruction", {"Complet le": ""}, Rejection.COMPLETE_ON_MISSING),
        ("Titre en fabrication", {}, Rejection.DECIDED_ON_MISSING),
    ],
)
def test_a_state_that_its_line_cannot_tell_is_refused(
    house: CaseHouse, state: str, changes: dict[str, str], code: str
) -> None:
    header = (*HEADER, "État")
    done = take_over(house, written([line(1, **changes) | {"État": state}], header=header))
    assert reasons(done) == {2: code}


def test_a_card_in_production_waits_for_its_delivery_and_not_for_silence(house: CaseHouse) -> None:
    told = line(1) | {"État": "Titre en fabrication", "Décidé le": "01/12/2017"}
    take_over(house, written([told], header=(*HEADER, "État", "Décidé le")))
    file = CaseFile.objects.get()
    assert (file.state, file.decide_by, file.proposal) == (State.IN_PRODUCTION, None, "grant")
    assert file.decided_at is not None


def test_the_same_file_again_goes_nowhere_even_renamed(house: CaseHouse) -> None:
    content = register(10)
    first = take_over(house, content)
    again = run_import(first, content.encode(), by=SYSTEM)
    assert (again.pk, totals(again)) == (first.pk, (10, 10, 0, 0))
    renamed = take_over(house, content, name="copie de registre (1).csv")
    assert (renamed.pk, totals(renamed)) == (first.pk, (10, 0, 10, 0))
    assert (CaseFile.objects.count(), Person.objects.count()) == (10, 10)


def test_another_file_with_the_same_lines_finds_them_known(house: CaseHouse) -> None:
    take_over(house, register(10))
    done = take_over(house, register(12))
    assert totals(done) == (12, 2, 10, 0)
    assert CaseFile.objects.count() == 12


def test_a_person_known_by_foreign_number_is_not_made_twice(house: CaseHouse) -> None:
    known = PersonFactory(foreign_number="9900000001", family_name="Exemple", birth_date=date(1985, 3, 12))
    lines = [line(1), line(2, **{"Numéro étranger": "9900 000 001", "Démarche": "student"})]
    done = take_over(house, written(lines))
    assert done.accepted == 2
    assert set(CaseFile.objects.values_list("person", flat=True)) == {known.pk}


def test_a_foreign_number_of_somebody_else_gives_them_no_file(house: CaseHouse) -> None:
    PersonFactory(foreign_number="9900000001", family_name="Fictif", birth_date=date(1960, 1, 1))
    done = take_over(house, written([line(1), line(2), line(3, **{"Numéro étranger": "9900000002", "Né(e) le": ""})]))
    # Line 4 tells no day of birth, but the same name; and the procedure is the same: open already.
    assert reasons(done) == {2: Rejection.PERSON_DIFFERS, 4: Rejection.FILE_ALREADY_OPEN}


def test_two_people_under_one_number_in_the_file_are_told_apart(house: CaseHouse) -> None:
    lines = [line(1), line(2, **{"Numéro étranger": "9900000001", "Né(e) le": "01/01/1990", "Démarche": "student"})]
    assert reasons(take_over(house, written(lines))) == {3: Rejection.PERSON_DIFFERS}


def test_a_file_deposited_meanwhile_by_another_channel_is_not_doubled(house: CaseHouse) -> None:
    content = register(3)
    checked = check(house, content)
    person = PersonFactory(foreign_number="9900000002", family_name="Exemple", birth_date=date(1985, 3, 12))
    open_file = house.deposited(person=person)
    done = run_import(checked, content.encode(), by=SYSTEM)
    assert reasons(done) == {3: Rejection.FILE_ALREADY_OPEN}
    assert queries.open_file(person, open_file.procedure) == open_file


def test_three_lines_in_a_hundred_are_broken_and_the_encoding_is_western(house: CaseHouse) -> None:
    rows = register(100).split("\r\n")
    rows[10] = rows[10].replace(";", ",")  # other delimiters
    rows[40] = rows[40].replace("Exemple", '"Exemple')  # a quote that never closes
    rows[70] = rows[70][:20]  # cut in the middle
    content = "\r\n".join(rows).encode("cp1252")
    done = take_over(house, content)
    assert totals(done) == (100, 97, 0, 3)
    assert reasons(done) == {11: Rejection.COLUMNS, 41: Rejection.QUOTES, 71: Rejection.COLUMNS}
    assert done.encoding == "latin-1"
    assert Person.objects.filter(given_name="Témoin 5").exists()
    kept = RejectedLine.objects.get(line=41)
    assert kept.text == rows[40]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_names(encoding: str, delimiter: str) -> None:
    content = written([line(1, Nom="Exemple-Ô")], delimiter=delimiter).encode(encoding)
    shape = reading.look(content)
    (record,) = reading.records(content, shape)
    assert shape.header == HEADER
    assert record.cells[4] == "Exemple-Ô"
    assert record.line == 2


def test_one_line_in_another_encoding_is_refused_alone(house: CaseHouse) -> None:
    rows = [row.encode() for row in register(30).split("\r\n")]
    rows[7] = rows[7].decode().encode("latin-1")
    done = take_over(house, b"\r\n".join(rows))
    assert (done.encoding, reasons(done)) == ("utf-8", {8: Rejection.ENCODING})


def test_a_cell_in_quotes_may_hold_delimiters_and_line_breaks(house: CaseHouse) -> None:
    done = take_over(house, written([line(1, Nom='"Exemple;\r\nFictif"'), line(2, Nom='"dit ""Témoin"""')]))
    assert done.accepted == 2
    assert set(Person.objects.values_list("family_name", flat=True)) == {"Exemple; Fictif", 'dit "Témoin"'}


def test_nul_bytes_and_a_line_of_a_million_signs_are_refused_alone(house: CaseHouse) -> None:
    done = take_over(house, written([line(1), line(2, Nom="Exem\x00ple"), line(3, Nom="E" * 10**6), line(4)]))
    assert reasons(done) == {3: Rejection.CONTROL_CHARACTER, 4: Rejection.LINE_TOO_LONG}
    assert done.accepted == 2
    assert all("\x00" not in kept.text and len(kept.text) <= 2_000 for kept in RejectedLine.objects.all())


def test_columns_in_another_order_are_found_by_their_headings(house: CaseHouse) -> None:
    done = take_over(house, written([line(1)], header=reversed(HEADER)))
    assert done.accepted == 1
    assert CaseFile.objects.get().person.family_name == "Exemple"


def test_two_columns_swapped_are_seen_in_the_dry_run(house: CaseHouse) -> None:
    swapped = [line(n, **{"Déposé le": "12/03/1985", "Né(e) le": "02/10/2017"}) for n in range(1, 6)]
    checked = check(house, written(swapped))
    assert Tally(reasons(checked).values()) == {Rejection.DATES_IMPOSSIBLE: 5}
    mapping = {"columns": queries_columns() | {"deposited_on": "Né(e) le", "birth_date": "Déposé le"}}
    assert take_over(house, written(swapped), mapping=mapping).accepted == 5


def queries_columns() -> dict[str, str]:
    names = ("former_number", "procedure", "deposited_on", "complete_on", "family_name", "given_name", "birth_date")
    return dict(zip((*names, "foreign_number"), HEADER, strict=True))


def test_the_administrator_says_what_words_mean(house: CaseHouse) -> None:
    told = line(1, Démarche="RENOUV-CST") | {"État": "A traiter"}
    mapping = {"procedures": {"RENOUV-CST": "renewal"}, "states": {"à traiter": "under_review"}}
    assert take_over(house, written([told], header=(*HEADER, "État")), mapping=mapping).accepted == 1


def test_a_column_that_is_missing_is_named(house: CaseHouse) -> None:
    with pytest.raises(MappingImpossible) as refusal:
        check(house, written([line(1)], header=HEADER[1:]))
    assert "Numéro d'origine" in str(refusal.value)
    with pytest.raises(MappingImpossible):
        check(house, register(1), mapping={"columns": queries_columns() | {"phone": "Minitel"}})
    assert not StockImport.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b"\x00\x00;\x00"])
def test_an_empty_file_is_said_to_be_one(house: CaseHouse, content: bytes) -> None:
    with pytest.raises(NothingToImport):
        check(house, content)


def test_headings_alone_are_an_import_of_nothing(house: CaseHouse) -> None:
    assert totals(take_over(house, register(0))) == (0, 0, 0, 0)


def test_other_bytes_than_those_checked_are_refused(house: CaseHouse) -> None:
    checked = check(house, register(3))
    with pytest.raises(OtherFile):
        run_import(checked, register(4).encode(), by=SYSTEM)


def test_names_in_four_scripts_are_kept(house: CaseHouse) -> None:
    names = ["نموذج", "示例", "Зразок", "மாதிரி"]
    take_over(house, written(line(n, Nom=name) for n, name in enumerate(names)))
    assert set(Person.objects.values_list("family_name", flat=True)) == set(names)


def test_what_is_exported_is_read_back_by_an_empty_office(house: CaseHouse, tmp_path: Path) -> None:
    take_over(house, written([line(1, Nom="=Exemple"), line(2, **{"Complet le": ""}), line(3)]))
    out = io.BytesIO()
    assert export(house.office, out, by=SYSTEM) == 3
    assert ";'=Exemple;" in out.getvalue().decode()
    CaseFile.objects.all().delete()
    path = tmp_path / "export.csv"
    path.write_bytes(out.getvalue())
    done = run_import(check(house, path), path, by=SYSTEM)
    assert totals(done) == (3, 3, 0, 0)
    assert set(Person.objects.values_list("family_name", flat=True)) == {"=Exemple", "Exemple"}
    assert CaseFile.objects.get(former_number="ANC-000002").state == State.DEPOSITED


def test_no_cell_of_an_export_runs_in_a_spreadsheet(house: CaseHouse) -> None:
    names = {"Nom": "@SUM(1)", "Prénom": "-1+1"}
    hostile = [names | {"N° dossier": f"{sign}HYPERLINK({n})"} for n, sign in enumerate("=+-@")]
    take_over(house, written([line(n, **cells) for n, cells in enumerate(hostile)]))
    assert CaseFile.objects.filter(former_number__contains="HYPERLINK").update(case="=1+1", fee_case="+2") == 4
    out = io.BytesIO()
    export(house.office, out, by=SYSTEM)
    cells = [cell for row in csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig")), delimiter=";") for cell in row]
    assert {"'=HYPERLINK(0)", "'-HYPERLINK(2)", "'=1+1", "'+2", "'@SUM(1)", "'-1+1"} <= set(cells)
    assert not [cell for cell in cells if cell[:1] in {*"=+-@"}]


def test_files_taken_over_are_worked_on_like_the_others(house: CaseHouse) -> None:
    take_over(house, register(2))
    first, _second = queries.worklist(house.office, free=True)
    taken = actions.take(first, by=house.officer, seen=first.version)
    assert actions.propose(taken, "grant", by=house.officer).state == State.PROPOSED


def test_the_commands_check_run_and_give_back(house: CaseHouse, tmp_path: Path) -> None:
    path, refused, out = tmp_path / "registre.csv", tmp_path / "refus.csv", tmp_path / "stock.csv"
    path.write_text(written([line(1), line(2, Démarche="chasse")]) + "\n=1+1;trop;peu", encoding="utf-8")
    said = io.StringIO()
    call_command("import_case_files", path, office=house.office.code, rejected=refused, stdout=said)
    assert "3 lines, 1 taken, 0 here already, 2 rejected" in said.getvalue()
    assert not CaseFile.objects.exists()
    assert "3;procedure_unknown;" in refused.read_text("utf-8-sig")
    assert ";'=1+1;trop;peu" in refused.read_text("utf-8-sig").replace('"', "")
    call_command("import_case_files", path, office=house.office.code, run=True, stdout=said, stderr=said)
    assert CaseFile.objects.count() == 1
    call_command("export_case_files", out, office=house.office.code, stdout=said)
    assert "ANC-000001;renewal;" in out.read_text("utf-8-sig")
    with pytest.raises(CommandError):
        call_command("import_case_files", path, office="nulle-part")
