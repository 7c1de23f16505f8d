"""The stock of cards on the screens: found, moved, sent back, settled; figures."""

import base64
import html
import re
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.booking import actions as booking
from parvis.booking.states import Status
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import State as FileState
from parvis.common import clock
from parvis.permits import actions
from parvis.permits.models import Delivery, Permit, SetAside
from parvis.permits.states import Failure, Returned, State
from tests.booking.house import build as booking_house
from tests.offices.factories import AgentFactory, OfficeFactory
from tests.people.factories import PersonFactory
from tests.permits.factories import PermitFactory
from tests.reception.house import at
from tests.web.cards.stock import awaiting, card_of
from tests.web.staff import Staff

TOO_LARGE = base64.b64encode(zlib.compress(bytes(9_000_000))).decode()


@pytest.fixture
def agent(staff: Staff) -> Client:
    return staff.signed_in("handover_agent")[0]


def said(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def kept(page: str) -> str:
    """What a page keeps of a list until it is read."""
    return re.findall(r'name="content" value="([^"]+)"', page)[0]


def opened(client: Client) -> Delivery:
    client.post("/titres/livraisons/ouvrir/", {"label": "Lundi", "source": "scan"})
    return Delivery.objects.latest("pk")


def test_the_stock_by_place_and_a_scan_that_opens_its_card(staff: Staff, agent: Client) -> None:
    card = card_of(staff, awaiting(staff), place="Tiroir C-7")
    page = said(agent.get("/titres/"))
    assert "Tiroir C-7" in page
    assert card.number in page
    assert card.number not in said(agent.get("/titres/", {"place": "Ailleurs"}))
    assert agent.get("/titres/", {"n": card.number}).headers["Location"] == f"/titres/t/{card.pk}/"
    assert "Aucun titre sous ce numéro" in said(agent.get("/titres/", {"n": "RIEN-1"}))
    awaited = awaiting(staff)
    assert f"Dossier {awaited.number}" in said(agent.get("/titres/", {"n": awaited.number}))


def test_a_card_is_moved_then_sent_back_to_be_made_again(staff: Staff, agent: Client) -> None:
    card = card_of(staff, awaiting(staff))
    assert "Z-9" in said(agent.post(f"/titres/t/{card.pk}/place/", {"place": "Z-9"}, follow=True))
    page = said(agent.post(f"/titres/t/{card.pk}/defaut/", follow=True))
    assert "il est à refaire" in page
    card.refresh_from_db()
    assert (card.state, card.returned_because) == (State.RETURNED, Returned.FAULTY)
    assert CaseFile.objects.get().state == FileState.IN_PRODUCTION
    assert agent.post(f"/titres/t/{card.pk}/place/", {"place": "A"}).status_code == 409


@pytest.mark.django_db
def test_the_hour_taken_for_a_card_sent_back_is_free_again() -> None:
    with clock.held(at("08:00")):
        house = booking_house()
        card = PermitFactory(office=house.office, person=PersonFactory(email="carte@exemple.invalid"))
        seat = house.slots("handover", minutes=10, hours=("09:00", "09:10"), seats=1)[0]
        made = booking.book_handover(card, seat.pk)
        agent = AgentFactory(office=house.office, roles=["handover_agent"])
        assert Staff(house.office).browser(agent).post(f"/titres/t/{card.pk}/defaut/").status_code == 302
    made.refresh_from_db()
    assert made.state == Status.CANCELLED


def test_cards_scanned_one_after_another_keep_the_place(staff: Staff, agent: Client) -> None:
    file = awaiting(staff, PersonFactory(foreign_number="9900123456"))
    other = awaiting(staff)
    delivery = opened(agent)
    address = f"/titres/livraisons/{delivery.pk}/lire/"
    scan = {"number": "CARTE-1", "identity": "9900123456", "place": "B-1"}
    page = said(agent.post(address, scan, follow=True))
    assert file.number in page
    assert 'name="place" value="B-1"' in page
    page = said(agent.post(address, {"number": "CARTE-2", "identity": other.number, "place": "B-1"}, follow=True))
    assert other.number in page
    page = said(agent.post(address, {"number": "CARTE-3", "identity": file.number, "place": "B-1"}, follow=True))
    assert "Mettez-le de côté" in page
    assert "Ce dossier a déjà un titre" in page
    again = said(agent.post(address, scan, follow=True))
    assert "CARTE-1" in again
    assert Permit.objects.count() == 2
    answer = agent.post(address, {"number": "?", "identity": "", "place": "B-1"})
    assert answer.status_code == 422
    assert "Le numéro du titre est fait de" in said(answer)
    agent.post(f"/titres/livraisons/{delivery.pk}/clore/")
    assert agent.post(address, {"number": "CARTE-4", "identity": ""}).status_code == 409


def test_a_list_in_latin_1_is_seen_then_read(staff: Staff, agent: Client) -> None:
    awaiting(staff, PersonFactory(foreign_number="9900123456"))
    delivery = opened(agent)
    heads = "N° du titre;Numéro étranger;Nom;Rangement\n"
    lines = heads + 'CARTE-1;9900123456;Éxemple;C-3\nCARTE-2;9900000000;Fictif;C-3\nabc;"x\n'
    sent = SimpleUploadedFile("liste.csv", lines.encode("latin-1"), content_type="text/csv")
    page = said(agent.post(f"/titres/livraisons/{delivery.pk}/bordereau/", {"list": sent}))
    assert "Éxemple" in page
    assert "1 illisible" in page
    assert "<option selected>Numéro étranger</option>" in page
    assert not Permit.objects.exists()
    chosen = {"col_number": "N° du titre", "col_foreign_number": "Numéro étranger", "col_name": "Nom"}
    chosen |= {"col_place": "Rangement", "content": kept(page)}
    for taken, again in ((1, 0), (0, 1)):
        page = said(agent.post(f"/titres/livraisons/{delivery.pk}/bordereau/lire/", chosen, follow=True))
        assert re.search(rf"{taken} titres? pris en stock", page)
        assert re.search(rf"{again} déjà lus?", page)
    assert Permit.objects.get().place == "C-3"
    assert SetAside.objects.count() == 2
    unread = SetAside.objects.get(code="line_broken")
    assert 'abc;"x' in page
    assert unread.number not in page
    assert unread.number not in said(agent.get("/titres/a-part/"))


def test_a_list_that_was_seen_can_be_read_whatever_its_letters(staff: Staff, agent: Client) -> None:
    """Within the size the page names: in Latin-1 an accent is one byte, in the form of a page it would be six."""
    awaiting(staff, PersonFactory(foreign_number="9900123456"))
    delivery = opened(agent)
    lines = "titre;étranger;nom\n" + "".join(f"CARTE-{n};9900123456;{'é' * 9_000}\n" for n in range(70))
    sent = SimpleUploadedFile("liste.csv", lines.encode("latin-1"), content_type="text/csv")
    page = said(agent.post(f"/titres/livraisons/{delivery.pk}/bordereau/", {"list": sent}))
    chosen = {"col_number": "titre", "col_foreign_number": "étranger", "content": kept(page)}
    answer = agent.post(f"/titres/livraisons/{delivery.pk}/bordereau/lire/", chosen, follow=True)
    assert answer.status_code == 200
    assert Permit.objects.get().number == "CARTE-0"
    assert SetAside.objects.count() == 69


def test_a_list_whose_card_numbers_are_not_recognised_says_so(staff: Staff, agent: Client) -> None:
    delivery = opened(agent)
    sent = SimpleUploadedFile("liste.csv", b"couleur;poids\nrouge;12\n", content_type="text/csv")
    page = said(agent.post(f"/titres/livraisons/{delivery.pk}/bordereau/", {"list": sent}))
    assert "Aucune colonne n'est reconnue pour le n° du titre" in page
    assert 'name="col_number" required autofocus' in page
    chosen = {"content": kept(page), "col_number": "", "col_name": "couleur"}
    answer = agent.post(f"/titres/livraisons/{delivery.pk}/bordereau/lire/", chosen)
    assert answer.status_code == 422
    assert "rouge" in said(answer)


@pytest.mark.parametrize("content", ["", "pas du tout", "é", "AAAA", TOO_LARGE])
def test_what_no_page_kept_is_no_list(staff: Staff, agent: Client, content: str) -> None:
    delivery = opened(agent)
    address = f"/titres/livraisons/{delivery.pk}/bordereau/lire/"
    answer = agent.post(address, {"content": content, "col_number": "titre"})
    assert answer.status_code == 422
    assert "Ce bordereau ne peut pas être lu" in said(answer)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 rien", b"PK\x03\x04rien", b"titre\n"])
def test_a_list_that_is_none(staff: Staff, agent: Client, content: bytes) -> None:
    delivery = opened(agent)
    sent = SimpleUploadedFile("liste.csv", content, content_type="text/csv")
    answer = agent.post(f"/titres/livraisons/{delivery.pk}/bordereau/", {"list": sent})
    assert answer.status_code == 422
    assert "Ce bordereau ne peut pas être lu" in said(answer)


def test_what_was_set_aside_is_given_to_a_file_or_dismissed(staff: Staff, agent: Client) -> None:
    file = awaiting(staff)
    delivery = opened(agent)
    for number in ("CARTE-1", "CARTE-2"):
        agent.post(f"/titres/livraisons/{delivery.pk}/lire/", {"number": number, "identity": ""})
    first, second = SetAside.objects.order_by("pk")
    page = said(agent.get("/titres/a-part/"))
    assert "Aucun dossier trouvé" in page
    answer = agent.post(f"/titres/a-part/{first.pk}/", {"file": "DRIEN"})
    assert answer.status_code == 422
    assert "Aucun dossier sous ce numéro" in said(answer)
    assert file.number in said(agent.post(f"/titres/a-part/{first.pk}/", {"file": file.number}, follow=True))
    assert Permit.objects.get().case_file == file
    assert agent.post(f"/titres/a-part/{second.pk}/", {"file": file.number}).status_code == 409
    assert agent.post(f"/titres/a-part/{second.pk}/classer/", {"because": " "}).status_code == 422
    agent.post(f"/titres/a-part/{second.pk}/classer/", {"because": "Titre d'un autre bureau"})
    assert not SetAside.objects.filter(settled_at=None).exists()


def test_unclaimed_cards_are_sent_back_together_or_not_at_all(staff: Staff, agent: Client) -> None:
    cards = [card_of(staff, awaiting(staff), number=f"CARTE-{n}") for n in (1, 2)]
    Permit.objects.update(announced_at=clock.now() - timedelta(days=100), unclaimed_on=clock.today())
    CaseFile.objects.update(state=FileState.UNCLAIMED)
    page = said(agent.get("/titres/non-reclames/"))
    assert "CARTE-1" in page
    assert agent.post("/titres/non-reclames/renvoyer/").status_code == 422
    assert agent.post("/titres/non-reclames/renvoyer/", {"permit": [cards[0].pk, 0]}).status_code == 422
    assert Permit.objects.filter(state=State.IN_STOCK).count() == 2
    both = {"permit": [card.pk for card in cards]}
    page = said(agent.post("/titres/non-reclames/renvoyer/", both))
    assert "Renvoyer ces 2 titres pour destruction ?" in page
    assert Permit.objects.filter(state=State.IN_STOCK).count() == 2
    page = said(agent.post("/titres/non-reclames/renvoyer/", {**both, "sure": "1"}, follow=True))
    assert "2 titres renvoyés pour destruction." in page
    assert set(CaseFile.objects.values_list("state", flat=True)) == {FileState.CLOSED}


def test_the_figures_of_a_day(staff: Staff, agent: Client) -> None:
    someone = staff.agent("handover_agent")
    given = card_of(staff, awaiting(staff), number="CARTE-1")
    kept = card_of(staff, awaiting(staff), number="CARTE-2")
    counter = staff.counter(20).pk
    actions.hand_over(
        given,
        checks=("identity", "old_permit_or_receipt", "chip_data"),
        stamps=(("1234567890123456", 269),),
        notice="paper",
        counter_id=counter,
        seconds=300,
        by=someone,
    )
    actions.fail_handover(kept, Failure.STAMP_MISSING, counter_id=counter, by=someone)
    page = said(agent.get("/titres/chiffres/"))
    assert "1 titre remis le 11/12/2017" in page
    assert "5,0 min" in page
    assert "Timbre absent" in page
    for typed in ("2017-12-10", "pas-un-jour", "2999-01-01"):
        assert agent.get("/titres/chiffres/", {"jour": typed}).status_code == 200


def test_the_cards_of_another_office_are_not_there(staff: Staff, agent: Client) -> None:
    elsewhere = Permit.objects.create(
        office=OfficeFactory(code="ailleurs"),
        number="LOIN-1",
        person=PersonFactory(),
        kind="temporary_permit",
        received_at=clock.now(),
    )
    assert agent.get(f"/titres/t/{elsewhere.pk}/").status_code == 404
    assert f"Ce titre est dans un autre bureau : {elsewhere.office.name}." in said(
        agent.get("/titres/", {"n": "LOIN-1"})
    )
