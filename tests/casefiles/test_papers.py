"""The receipt and the slip: accessible files, read back by a scanner, true to what was decided."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from parvis.casefiles import actions
from parvis.casefiles.letters.text import status_page
from parvis.casefiles.models import MissingSlip, Receipt
from parvis.casefiles.papers import receipt_pdf, slip_pdf
from parvis.casefiles.states import DocumentState, ReceiptKind, Work
from parvis.common import clock
from tests.booking.test_papers import LANGUAGES, NAMES, check_accessible, codes_on, words_of
from tests.casefiles.house import CaseHouse


@pytest.fixture
def receipt(house: CaseHouse) -> Receipt:
    """The receipt of a renewal."""
    file = house.complete(permit_expires_on=date(2018, 3, 15), person=house.person(foreign_number="9900000017"))
    return actions.issue_receipt(file, work=Work.NO, by=house.clerk)


@pytest.fixture
def slip(house: CaseHouse) -> MissingSlip:
    """Photos forgotten, and a passport nobody can read."""
    file = house.deposited(person=house.person(family_name="Exemple", given_name="Zoé"))
    seen = house.all_seen(file) | {
        "photos": (DocumentState.MISSING, ""),
        "passport": (DocumentState.NOT_ACCEPTED, "illisible"),
    }
    return actions.give_slip(actions.tick(file, seen, by=house.clerk), by=house.clerk)


def test_a_receipt_is_accessible_and_says_what_holds(receipt: Receipt, tmp_path: Path) -> None:
    document = receipt_pdf(receipt)
    check_accessible(document, language="fr", title="Récépissé de demande de titre de séjour")
    said = words_of(document, tmp_path)
    for words in (
        receipt.case_file.person.full_name,
        "9900000017",
        "du 16 mars 2018 au 15 juin 2018 inclus",
        "N'autorise pas à travailler",
        receipt.number,
        receipt.case_file.number,
        "à partir du 15 mai 2018",
        "Sans réponse au 11 avril 2018, la loi considère que la demande est refusée, sans que personne l'ait décidé",
    ):
        assert words in said


def test_the_papers_say_where_the_file_is_followed(receipt: Receipt, slip: MissingSlip, tmp_path: Path) -> None:
    for document in (receipt_pdf(receipt), slip_pdf(slip)):
        said = words_of(document, tmp_path)
        assert "Suivre mon dossier" in said
        assert status_page().rstrip("/") in said


def test_a_scanner_reads_the_number_of_a_receipt(receipt: Receipt, tmp_path: Path) -> None:
    assert codes_on(receipt_pdf(receipt), tmp_path) == {receipt.number}


def test_a_receipt_printed_again_is_the_same(receipt: Receipt) -> None:
    first = receipt_pdf(receipt)
    clock.hold(clock.at(date(2018, 1, 5), "11:00"))
    assert receipt_pdf(receipt) == first


def test_before_the_committee_it_is_said_to_be_provisional(receipt: Receipt) -> None:
    receipt.kind = ReceiptKind.PROVISIONAL
    check_accessible(receipt_pdf(receipt), language="fr", title="Récépissé provisoire de demande de titre de séjour")


def test_a_mention_is_printed(receipt: Receipt, tmp_path: Path) -> None:
    receipt.mention = "reconnu réfugié"
    assert "Mention reconnu réfugié" in words_of(receipt_pdf(receipt), tmp_path)


def test_a_receipt_is_french_whatever_the_agent_speaks(receipt: Receipt, tmp_path: Path) -> None:
    with translation.override("ar"):
        assert "Valable" in words_of(receipt_pdf(receipt), tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_is_accessible_in_every_language(slip: MissingSlip, language: str) -> None:
    person = slip.case_file.person
    person.language, person.family_name = language, NAMES.get(language, "Exemple")
    with translation.override(language):
        title = translation.gettext("Ce qui manque à votre dossier")
    check_accessible(slip_pdf(slip), language=language, title=title)


def test_a_slip_says_what_why_and_until_when(slip: MissingSlip, tmp_path: Path) -> None:
    said = words_of(slip_pdf(slip), tmp_path)
    for words in ("photos", "Manquante", "passport", "Non acceptée : illisible", "10 janvier 2018", "Zoé Exemple"):
        assert words in said
    assert "proof_conditions" not in said
    assert "En français" not in said


def test_a_slip_is_in_two_languages(slip: MissingSlip, tmp_path: Path) -> None:
    slip.case_file.person.language = "en"
    said = words_of(slip_pdf(slip), tmp_path)
    for words in ("photos (en)", "January 10, 2018", "En français", "Démarche : renewal", "10 janvier 2018"):
        assert words in said.replace("Jan. 10", "January 10").replace("10 January 2018", "January 10, 2018")
    assert said.count("illisible") == 2


def test_a_scanner_reads_the_file_on_a_slip(slip: MissingSlip, tmp_path: Path) -> None:
    assert codes_on(slip_pdf(slip), tmp_path) == {slip.case_file.number}


def test_the_french_part_is_tagged_french(slip: MissingSlip) -> None:
    slip.case_file.person.language = "ar"
    assert b"/Lang (fr)" in _plain(slip_pdf(slip))


def test_a_document_that_left_the_catalogue_is_named_by_its_code(slip: MissingSlip, tmp_path: Path) -> None:
    slip.case_file.procedure.documents.filter(code="photos").delete()
    assert "photos" in words_of(slip_pdf(slip), tmp_path)


def test_what_people_typed_stays_text(house: CaseHouse, tmp_path: Path) -> None:
    """A name in four scripts, and one that looks like a program of the typesetter."""
    for name in ("Zoé 李 ليلى எடு", '#panic("x")', "$ \\ * _ `"):
        file = house.complete(person=house.person(family_name=name, given_name=""))
        receipt = actions.issue_receipt(file, work=Work.NO, by=house.clerk)
        check_accessible(receipt_pdf(receipt), language="fr", title="Récépissé de demande de titre de séjour")
    assert len(settings.LANGUAGES) == len(LANGUAGES)


def _plain(document: bytes) -> bytes:
    """The objects of a file without compression."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(document)) as file:
        kept = io.BytesIO()
        file.save(
            kept, object_stream_mode=pikepdf.ObjectStreamMode.disable, stream_decode_level=pikepdf.StreamDecodeLevel.all
        )
    return kept.getvalue()
