"""Papers: accessible files in every script, a QR code that is read back, a signature that holds, calendar entries."""

import io
import shutil
import subprocess
from datetime import UTC, date, timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.utils import translation
from ics import Calendar as OtherCalendar
from pyhanko.keys.pemder import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from parvis.booking import actions, signing
from parvis.booking.models import Appointment, Attempt, Certificate, SeatRequest
from parvis.booking.papers import (
    calendar,
    certificate_pdf,
    checklist_pdf,
    confirmation_pdf,
    letter_pdf,
    wording,
)
from parvis.common import clock
from parvis.messages.papers import typesetting
from parvis.messages.papers.typesetting import Link
from tests.booking.house import WEB, BookingHouse

LANGUAGES = [code for code, _name in settings.LANGUAGES]
NAMES = {
    "fr": "Zoé Exemple",
    "ar": "ليلى مثال",
    "zh-hans": "李例子",
    "ta": "எடுத்துக்காட்டு",
    "uk": "Приклад Зоя",
    "tr": "Örnek Işıl",
}


def program(name: str) -> str:
    """A program the tests need (``make test`` brings it)."""
    found = shutil.which(name)
    assert found, f"{name} is not here: make test installs it"
    return found


def codes_on(document: bytes, folder: Path) -> set[str]:
    """What a phone reads from the first page, drawn by another program than the one that made it."""
    (folder / "paper.pdf").write_bytes(document)
    drawn = [program("pdftoppm"), "-r", "110", "-png", "-singlefile", str(folder / "paper.pdf"), str(folder / "page")]
    subprocess.run(drawn, check=True, capture_output=True)
    read = [program("zbarimg"), "--quiet", "--raw", str(folder / "page.png")]
    return set(subprocess.run(read, check=True, capture_output=True, text=True).stdout.split())


def words_of(document: bytes, folder: Path) -> str:
    """The text of every page, as a screen reader would get it."""
    (folder / "paper.pdf").write_bytes(document)
    said = subprocess.run(
        [program("pdftotext"), "-raw", str(folder / "paper.pdf"), "-"], check=True, capture_output=True, text=True
    )
    return " ".join(said.stdout.split())


def figures(node: pikepdf.Object) -> list[pikepdf.Object]:
    """Every figure among the tags under a node."""
    found = [node] if node.get("/S") == "/Figure" else []
    below = node.get("/K")
    for child in [below] if isinstance(below, pikepdf.Dictionary) else list(below) if below is not None else []:
        if isinstance(child, pikepdf.Dictionary):
            found += figures(child)
    return found


def check_accessible(document: bytes, *, language: str, title: str) -> None:
    """What PDF/UA-1 asks for and a program without the standard's own checker can see."""
    with pikepdf.open(io.BytesIO(document)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang).lower().startswith(language.split("-", maxsplit=1)[0])
        assert file.Root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == title
        drawn = figures(file.Root.StructTreeRoot)
        assert all(str(one.get("/Alt", "")) for one in drawn)
        for page in file.pages:
            assert page.get("/StructParents") is not None
            for font in (page.Resources.get("/Font") or {}).values():
                descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                assert any(name.startswith("/FontFile") for name in descendant.FontDescriptor)


@pytest.fixture
def booked(house: BookingHouse) -> Appointment:
    """Somebody's appointment."""
    return house.booked(house.slot())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmation_is_accessible_in_every_language(booked: Appointment, language: str) -> None:
    Appointment.objects.filter(pk=booked.pk).update(language=language)
    booked.booked.update(family_name=NAMES.get(language, "Exemple"), given_name="Témoin")
    booked.refresh_from_db()
    with translation.override(language):
        title = translation.gettext("Votre rendez-vous")
    check_accessible(confirmation_pdf(booked), language=language, title=title)


def test_a_confirmation_says_when_where_for_what_and_who(booked: Appointment, tmp_path: Path) -> None:
    said = words_of(confirmation_pdf(booked), tmp_path)
    person = booked.booked.get()
    for word in ["lundi 18 décembre 2017 à 09:00", booked.number, person.full_name, booked.procedure.name]:
        assert word in said


def test_the_code_of_a_confirmation_opens_the_page_of_the_appointment(booked: Appointment, tmp_path: Path) -> None:
    assert codes_on(confirmation_pdf(booked), tmp_path) == {f"{settings.PUBLIC_URL}/rendez-vous/r/{booked.token}/"}


def test_a_code_is_described_by_where_it_leads(booked: Appointment) -> None:
    with pikepdf.open(io.BytesIO(confirmation_pdf(booked))) as file:
        described = [str(one.Alt) for one in figures(file.Root.StructTreeRoot)]
    assert described
    assert all(booked.token in words for words in described)


def test_a_letter_that_no_font_has_does_not_stop_the_paper(booked: Appointment, tmp_path: Path) -> None:
    booked.booked.update(family_name="Exemple 🙂 বাংলা")
    booked.refresh_from_db()
    assert typesetting.UNKNOWN in words_of(confirmation_pdf(booked), tmp_path)


def test_what_people_typed_stays_text(booked: Appointment, tmp_path: Path) -> None:
    typed = '#panic("non") *gras* $x$ [lien] \\ <étiquette>'
    booked.booked.update(family_name=typed)
    assert typed in words_of(confirmation_pdf(booked), tmp_path)


def test_the_fonts_hold_every_letter_of_every_translation() -> None:
    known = typesetting.coverage()
    for language in LANGUAGES:
        with translation.override(language):
            shown = translation.gettext("Liste des documents à apporter") + wording.long_day(date(2018, 8, 1))
        assert set(shown) <= known


@pytest.mark.parametrize("language", ["fr", "ar", "ta", "zh-hans"])
def test_a_checklist_is_accessible(house: BookingHouse, language: str) -> None:
    asked = [house.house.procedures["renewal"]]
    with translation.override(language):
        title = translation.gettext("Liste des documents à apporter")
    check_accessible(checklist_pdf(asked, date(2018, 3, 5), language), language=language, title=title)


def test_a_letter_is_accessible(house: BookingHouse, tmp_path: Path) -> None:
    made = letter_pdf(
        house.office, title="Avis", to="Témoin Exemple", lines=["Une ligne."], link=Link("http://localhost/x/", "Voir")
    )
    check_accessible(made, language="fr", title="Avis")
    assert codes_on(made, tmp_path) == {"http://localhost/x/"}


def test_an_entry_is_read_by_another_library(booked: Appointment) -> None:
    (event,) = OtherCalendar(calendar(booked).decode()).events
    assert event.uid == f"{booked.token}@parvis"
    assert event.begin.datetime.astimezone(UTC) == booked.starts_at
    assert event.duration == timedelta(minutes=booked.minutes)
    assert event.url.endswith(f"/rendez-vous/r/{booked.token}/")
    assert "SEQUENCE:0" in calendar(booked).decode()


def test_an_entry_follows_its_appointment(house: BookingHouse, booked: Appointment) -> None:
    before = calendar(booked).decode()
    moved = actions.move_to(booked, house.slot(hour="11:00").pk, by=WEB)
    after = calendar(moved).decode()
    gone = calendar(actions.cancel(moved, by=WEB)).decode()
    uid = f"UID:{booked.token}@parvis"
    assert all(uid in entry for entry in (before, after, gone))
    assert ["METHOD:PUBLISH" in entry for entry in (before, after, gone)] == [True, True, False]
    assert "METHOD:CANCEL" in gone
    assert "STATUS:CANCELLED" in gone
    sequences = [int(entry.split("SEQUENCE:")[1].split()[0]) for entry in (before, after, gone)]
    assert sequences == [0, 1, 2]


def test_an_entry_tells_nobody_what_it_is_for(booked: Appointment) -> None:
    entry = calendar(booked).decode()
    assert booked.procedure.name not in entry
    assert booked.booked.get().given_name not in entry


@pytest.fixture
def certificate(house: BookingHouse) -> Certificate:
    """Somebody who asked twice and has nothing."""
    now = clock.now()
    request = SeatRequest.objects.create(
        office=house.office,
        procedure=house.house.procedures["renewal"],
        identity="n:9900000042",
        family_name="Fictif",
        given_name="Témoin",
        birth_date=date(1990, 2, 28),
        foreign_number="9900000042",
        created_at=now - timedelta(days=20),
        lost=2,
    )
    for days in (20, 9):
        Attempt.objects.create(request=request, at=now - timedelta(days=days), outcome="asked")
    return actions.issue_certificate(request, by=WEB)


def test_a_certificate_states_the_dates_a_judge_counts(certificate: Certificate, tmp_path: Path) -> None:
    document = certificate_pdf(certificate)
    check_accessible(document, language="fr", title="Attestation de demande de rendez-vous")
    said = words_of(document, tmp_path)
    for word in ["Témoin Fictif", "21 novembre 2017", "2 décembre 2017", certificate.request.number]:
        assert word in said
    assert codes_on(document, tmp_path) == {f"{settings.PUBLIC_URL}/tirages/attestation/{certificate.token}/"}


def test_the_signature_of_a_certificate_holds(certificate: Certificate) -> None:
    document = certificate_pdf(certificate)
    ours = next(iter(load_certs_from_pemder_data(signing.certificate_pem())))
    (embedded,) = PdfFileReader(io.BytesIO(document)).embedded_signatures
    judged = validate_pdf_signature(embedded, ValidationContext(trust_roots=[ours], moment=certificate.issued_at))
    assert judged.intact
    assert judged.valid
    assert judged.coverage.name == "ENTIRE_FILE"
    assert judged.signer_reported_dt == certificate.issued_at.replace(microsecond=0)


def test_another_program_reads_the_signature(certificate: Certificate, tmp_path: Path) -> None:
    paper = tmp_path / "attestation.pdf"
    paper.write_bytes(certificate_pdf(certificate))
    told = subprocess.run([program("pdfsig"), str(paper)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told


def test_a_changed_certificate_is_seen(certificate: Certificate, tmp_path: Path) -> None:
    document = bytearray(certificate_pdf(certificate))
    at = document.find(b"stream") + 40
    document[at] ^= 1
    paper = tmp_path / "attestation.pdf"
    paper.write_bytes(document)
    told = subprocess.run([program("pdfsig"), str(paper)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" not in told
