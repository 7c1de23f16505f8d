"""A stock is sent, looked at, judged, taken over by the worker, and given out again."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.casefiles.models import CaseFile, StockImport
from parvis.web import tasks
from tests.web.casework.conftest import BackOffice

HEADER = "Dossier;Nature de la demande;Nom;Prénom;Date de naissance;Date de dépôt\n"
LINES = (
    "A-1;renewal;Exemple;Zoé;17/05/1985;02/10/2017\n"
    "A-2;étudiant;Témoin;Ève;18/05/1985;03/10/2017\n"
    "A-3;renewal;Fictif;Noé;19/05/1985;99/99/2017\n"
    "A-4;renewal;=cmd|fictif;Léa;20/05/1985;99/99/2017\n"
)


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> Path:
    """Files sent are kept in a folder of the test."""
    settings.VAR_DIR = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def head(back: BackOffice) -> Client:
    return back.browser(back.head)


def send(browser: Client, text: str, *, name: str = "ancien.csv") -> str:
    """Send a file in Latin-1; the address of the page that asks what its columns are."""
    sent = SimpleUploadedFile(name, text.encode("latin-1"), content_type="text/csv")
    answer = browser.post("/instruction/reprise/", {"stock": sent})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def judged(browser: Client, address: str, **said: object) -> StockImport:
    """Answer the page of the columns as it stands, with what is said besides."""
    page = browser.get(address)
    columns = {f"column-{one.name}": one.heading for one in page.context["look"].columns if one.heading}
    answer = browser.post(address, columns | said)
    assert answer.status_code == 302, answer.context["problem"]
    return StockImport.objects.get()


def test_from_the_file_to_the_files_of_the_office(back: BackOffice, head: Client, kept: Path) -> None:
    address = send(head, HEADER + LINES)
    look = head.get(address).context["look"]
    assert look.shape.delimiter == ";"
    assert [word.written for word in look.procedures] == ["étudiant"]
    checked = judged(head, address, **{"procedure-written": ["étudiant"], "procedure-code": ["student"]})
    assert (checked.accepted, checked.rejected, CaseFile.objects.count()) == (2, 2, 0)
    page = head.get(f"/instruction/reprise/{checked.pk}/").content.decode()
    assert "99/99/2017" in page
    head.post(f"/instruction/reprise/{checked.pk}/lancer/")
    tasks.take_over_stock(stock_import=checked.pk, agent=back.head.pk)
    assert set(CaseFile.objects.values_list("former_number", flat=True)) == {"A-1", "A-2"}
    # The names that were sent are not kept beside the files they became.
    assert list(kept.rglob("*.csv")) == []
    checked.refresh_from_db()
    assert checked.state == StockImport.State.DONE


def test_rejected_lines_leave_as_they_were_written(head: Client) -> None:
    checked = judged(head, send(head, HEADER + LINES))
    answer = head.get(f"/instruction/reprise/{checked.pk}/rejets.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "ligne;motif;texte"
    assert "A-3;renewal;Fictif" in text
    assert len(text.splitlines()) == 4


def test_the_same_file_again_takes_nothing_twice(back: BackOffice, head: Client) -> None:
    for name in ("ancien.csv", "renommé.csv"):
        checked = judged(head, send(head, HEADER + LINES, name=name))
        tasks.take_over_stock(stock_import=checked.pk, agent=back.head.pk)
    assert CaseFile.objects.count() == 1
    assert StockImport.objects.count() == 1


def test_columns_that_are_not_there_are_asked_for(head: Client) -> None:
    address = send(head, "Quoi;Qui\n1;2\n")
    answer = head.post(address, {"column-family_name": "Qui"})
    assert answer.status_code == 422
    assert "Démarche" in str(answer.context["problem"])
    assert head.post(address, {"column-family_name": "Nulle part"}).status_code == 422
    assert StockImport.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03", b"a" * 1_000_000, b"\n\n\n"])
def test_what_is_no_table_is_told_so(head: Client, content: bytes) -> None:
    sent = SimpleUploadedFile("faux.csv", content)
    answer = head.post("/instruction/reprise/", {"stock": sent}, follow=True)
    assert answer.status_code in {200, 422}
    assert StockImport.objects.count() == 0


def test_too_long_a_body_is_refused_unread(head: Client) -> None:
    for address, length in (("/instruction/reprise/", "60000001"), ("/instruction/lot/", "1000001")):
        answer = head.post(address, b"", content_type="text/plain", CONTENT_LENGTH=length)
        assert answer.status_code in {400, 413}, address


def test_what_was_not_sent_here_is_not_found(head: Client) -> None:
    for mark in ("filing", "0" * 64, ".." * 32):
        assert head.get(f"/instruction/reprise/fichier/{mark}/").status_code == 404


def test_the_stock_is_given_out_as_it_would_be_read(back: BackOffice, head: Client) -> None:
    file = back.house.complete()
    answer = head.post("/instruction/reprise/dossiers.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.startswith("Numéro d'origine;")
    assert file.person.family_name in text


def test_an_empty_file_is_said_to_be_empty(back: BackOffice, head: Client) -> None:
    sent = SimpleUploadedFile("vide.csv", b"", content_type="text/csv")
    page = head.post("/instruction/reprise/", {"stock": sent}, follow=True).content.decode()
    assert "Ce fichier est vide" in page


def test_what_is_no_table_is_refused_with_words(back: BackOffice, head: Client) -> None:
    sent = SimpleUploadedFile("image.csv", b"\x00\x01\x02\n\x03", content_type="text/csv")
    answer = head.post("/instruction/reprise/", {"stock": sent}, follow=True)
    assert answer.status_code == 200
    assert "ne nomme pas les colonnes" in answer.content.decode()
