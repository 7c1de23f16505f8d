"""The public pages of draws, through HTTP as a phone without JavaScript opens them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from parvis.booking import actions, signing
from parvis.booking.models import Batch, Certificate, SeatRequest
from parvis.booking.states import RequestState
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from tests.booking.house import WEB, build
from tests.booking.scarcity import Scarcity, drawn, open_offers
from tests.reception.house import MONDAY, at


@pytest.fixture
def scarce(db: None) -> Iterator[Scarcity]:
    with clock.held(at("10:00")):
        yield drawn(build())


@pytest.fixture
def drawn_batch(scarce: Scarcity) -> Batch:
    """Three asked, two have a place."""
    scarce.seats(2)
    batch = scarce.batch()
    for _ in range(3):
        scarce.ask()
    return scarce.draw(batch)


def page(address: str, status: int = 200, **headers: str) -> str:
    answer = Client().get(address, headers=headers)
    assert answer.status_code == status, answer.content[:300]
    return str(answer.content.decode())


def pressed(address: str, status: int = 302) -> str:
    """Press a button; where it leads."""
    answer = Client(enforce_csrf_checks=True).post(address)
    assert answer.status_code == status
    return str(answer.headers.get("Location", ""))


def test_the_open_batch_shows_its_commitment_and_no_seed(scarce: Scarcity) -> None:
    batch = scarce.batch()
    scarce.ask()
    for address in ("/tirages/", "/tirages/essai/renewal/1/"):
        text = page(address)
        assert batch.commitment in text
        assert batch.seed not in text
    page("/tirages/essai/renewal/1/tirage.json", 404)


def test_without_any_draw_the_page_says_so(db: None) -> None:
    assert "Aucun tirage" in page("/tirages/")


@pytest.mark.parametrize(
    "address",
    [
        "/tirages/essai/renewal/2/",
        "/tirages/autre/renewal/1/",
        "/tirages/essai/renewal/99999999999/",
        "/tirages/essai/renewal/2/tirage.json",
        "/tirages/demande/xxxxxxxxxxxxxxxxxxxxxx/",
        "/tirages/demande/x%00/",
        "/tirages/offre/xxxxxxxxxxxxxxxxxxxxxx/",
        "/tirages/attestation/xxxxxxxxxxxxxxxxxxxxxx/",
        "/tirages/attestation/xxxxxxxxxxxxxxxxxxxxxx/attestation.pdf",
    ],
)
def test_what_does_not_exist_is_not_found(scarce: Scarcity, address: str) -> None:
    assert Client().get(address).status_code in {400, 404}


def test_the_closed_list_is_published_before_the_seed(scarce: Scarcity) -> None:
    batch = scarce.batch()
    scarce.ask()
    clock.hold(batch.closes_at)
    batch = actions.close_batch(batch, by=SYSTEM)
    text = page("/tirages/essai/renewal/1/") + page("/tirages/essai/renewal/1/tirage.json")
    assert batch.list_digest in text
    assert batch.seed not in text


def test_the_file_and_the_program_verify_each_other_elsewhere(drawn_batch: Batch, tmp_path: Path) -> None:
    """Downloaded from the site, run in an empty folder by Python alone."""
    program, document = tmp_path / "verify_draw.py", tmp_path / "tirage.json"
    program.write_text(page("/tirages/verify_draw.py"))
    document.write_text(page("/tirages/essai/renewal/1/tirage.json"))
    asked = SeatRequest.objects.get(state=RequestState.WAITING)
    command = [sys.executable, "-I", str(program), str(document), "--mine", asked.number, asked.token]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "no place" in said.stdout
    changed = json.loads(document.read_text())
    changed["result"] = {}
    document.write_text(json.dumps(changed))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_a_person_finds_their_line_from_their_own_page(drawn_batch: Batch) -> None:
    asked = SeatRequest.objects.get(state=RequestState.WAITING)
    text = page(f"/tirages/demande/{asked.token}/")
    address = text.split('href="/tirages/essai/renewal/1/?ligne=')[1].split('"')[0]
    assert "Pas de place dans ce tirage" in page(f"/tirages/essai/renewal/1/?ligne={address}")
    assert "pas dans la liste" in page("/tirages/essai/renewal/1/?ligne=0000")
    assert "&lt;script&gt;" in page("/tirages/essai/renewal/1/?ligne=<script>")


def test_my_request_shows_no_name_and_is_kept_by_no_browser(scarce: Scarcity) -> None:
    scarce.batch()
    asked = scarce.ask()
    answer = Client().get(f"/tirages/demande/{asked.token}/")
    text = answer.content.decode()
    for secret in (asked.family_name, asked.given_name, asked.foreign_number, asked.email):
        assert secret not in text
    assert asked.number in text
    assert "no-store" in answer.headers["Cache-Control"]


def test_my_request_speaks_my_language_unless_i_chose_another(scarce: Scarcity) -> None:
    asked = scarce.ask(contact=scarce.house.contact(language="ar"))
    assert 'lang="ar" dir="rtl"' in page(f"/tirages/demande/{asked.token}/")
    assert 'lang="en"' in page(f"/tirages/demande/{asked.token}/?lang=en")


def test_who_has_a_place_is_led_to_the_appointment(drawn_batch: Batch) -> None:
    asked = SeatRequest.objects.filter(state=RequestState.PLACED).order_by("pk")[0]
    assert asked.appointment is not None
    assert f"/rendez-vous/r/{asked.appointment.token}/" in page(f"/tirages/demande/{asked.token}/")


def test_withdrawing_is_asked_twice_and_done_once(scarce: Scarcity) -> None:
    asked = scarce.ask()
    address = f"/tirages/demande/{asked.token}/retirer/"
    page(address)
    asked.refresh_from_db()
    assert asked.state == RequestState.WAITING, "looking changes nothing"
    for _ in range(2):
        assert pressed(address) == f"/tirages/demande/{asked.token}/"
    asked.refresh_from_db()
    assert asked.state == RequestState.WITHDRAWN
    assert "Retirée" in page(f"/tirages/demande/{asked.token}/")


def test_an_offer_is_taken_by_its_link(scarce: Scarcity) -> None:
    asked = scarce.ask()
    slot = scarce.seats(1, day=MONDAY.replace(day=13))
    actions.cancel(scarce.give(slot), by=WEB)
    (offer,) = open_offers()
    assert f"/tirages/offre/{offer.token}/" in page(f"/tirages/demande/{asked.token}/")
    assert "Oui, je prends" in page(f"/tirages/offre/{offer.token}/")
    first = pressed(f"/tirages/offre/{offer.token}/accepter/")
    assert first == pressed(f"/tirages/offre/{offer.token}/accepter/")
    assert first.startswith("/rendez-vous/r/")
    assert "Vous avez pris cette place" in page(f"/tirages/offre/{offer.token}/")


def test_an_offer_refused_or_too_late_is_said(scarce: Scarcity) -> None:
    for _ in range(2):
        scarce.ask()
    actions.cancel(scarce.give(scarce.seats(1, day=MONDAY.replace(day=13))), by=WEB)
    (first,) = open_offers()
    assert pressed(f"/tirages/offre/{first.token}/refuser/") == f"/tirages/demande/{first.request.token}/"
    (second,) = open_offers()
    clock.hold(second.expires_at)
    answer = Client().post(f"/tirages/offre/{second.token}/accepter/")
    assert answer.status_code == 409
    assert answer.content.decode().count("Votre demande reste dans la liste") == 1
    actions.withdraw_request(second.request, by=WEB)
    assert "Vous avez retiré votre demande" in page(f"/tirages/offre/{second.token}/")
    assert "reste dans la liste" not in page(f"/tirages/offre/{second.token}/")


def test_the_certificate_is_made_opened_and_checked(scarce: Scarcity) -> None:
    asked = scarce.ask()
    address = pressed(f"/tirages/demande/{asked.token}/attestation/")
    paper = Client().get(address)
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    made = Certificate.objects.get()
    text = page(f"/tirages/attestation/{made.token}/")
    assert "Attestation authentique" in text
    assert asked.number in text
    assert signing.fingerprint() in text
    for not_on_the_paper in (asked.email, asked.foreign_number, asked.token):
        assert not_on_the_paper not in text


def test_a_certificate_that_was_tampered_with_is_shown_as_such(scarce: Scarcity) -> None:
    made = actions.issue_certificate(scarce.ask(), by=WEB)
    Certificate.objects.update(facts={**made.facts, "family_name": "Autre"})
    text = page(f"/tirages/attestation/{made.token}/")
    assert "Attestation non valable" in text
    assert "Autre" not in text
    page(f"/tirages/attestation/{made.token}/attestation.pdf", 404)


def test_who_has_a_place_gets_no_certificate(drawn_batch: Batch) -> None:
    asked = SeatRequest.objects.filter(state=RequestState.PLACED).order_by("pk")[0]
    answer = Client().post(f"/tirages/demande/{asked.token}/attestation/")
    assert answer.status_code == 409
    assert not Certificate.objects.exists()


def test_the_certificate_of_the_office_holds_no_private_key(db: None) -> None:
    text = page("/tirages/certificat.pem")
    assert "BEGIN CERTIFICATE" in text
    assert "PRIVATE" not in text


@pytest.mark.parametrize("language", ["fr", "fr-simple", "en", "es", "pt", "ar", "tr", "zh-hans", "uk", "ta"])
def test_every_language_opens_every_page(drawn_batch: Batch, language: str) -> None:
    asked = SeatRequest.objects.get(state=RequestState.WAITING)
    made = actions.issue_certificate(asked, by=WEB)
    for address in (
        "/tirages/",
        "/tirages/essai/renewal/1/",
        f"/tirages/demande/{asked.token}/",
        f"/tirages/demande/{asked.token}/retirer/",
        f"/tirages/attestation/{made.token}/",
    ):
        assert f'lang="{language}' in page(f"{address}?lang={language}").lower()


def test_the_address_of_a_request_ends_a_month_after_it(scarce: Scarcity, settings: Any) -> None:
    waiting, ended = scarce.ask(), scarce.ask()
    actions.withdraw_request(ended, by=WEB)
    settings.LINK_DAYS = 10
    clock.hold(clock.now() + timedelta(days=10) - timedelta(minutes=1))
    page(f"/tirages/demande/{ended.token}/")
    clock.hold(clock.now() + timedelta(minutes=1))
    assert "plus valable" in page(f"/tirages/demande/{ended.token}/", 410)
    page(f"/tirages/demande/{ended.token}/retirer/", 410)
    clock.hold(clock.now() + timedelta(days=300))
    page(f"/tirages/demande/{waiting.token}/")


def test_the_address_of_a_drawn_request_and_of_its_offer_live_as_long_as_the_visit(scarce: Scarcity) -> None:
    given = scarce.give(scarce.seats(1))
    SeatRequest.objects.update(ended_at=clock.now())
    offer = given.request.offers.create(
        seat=given.seats.get(), state="taken", created_at=clock.now(), expires_at=clock.now()
    )
    clock.hold(given.starts_at + timedelta(days=29))
    for address in (f"/tirages/demande/{given.request.token}/", f"/tirages/offre/{offer.token}/"):
        page(address)
    clock.hold(given.starts_at + timedelta(days=30))
    for address in (f"/tirages/demande/{given.request.token}/", f"/tirages/offre/{offer.token}/"):
        page(address, 410)


def test_a_certificate_says_until_when_it_can_be_checked(scarce: Scarcity, settings: Any) -> None:
    made = actions.issue_certificate(scarce.ask(), by=WEB)
    address = f"/tirages/attestation/{made.token}/"
    assert "12 décembre 2019" in page(address)
    # What it states holds, whatever the house says since.
    settings.CERTIFICATE_DAYS = 10
    with clock.held(at("10:00", date(2019, 12, 12))):
        page(address)
        assert Client().get(f"{address}attestation.pdf").content.startswith(b"%PDF")
    with clock.held(at("00:01", date(2019, 12, 13))):
        page(address, 410)
        page(f"{address}attestation.pdf", 410)
