"""The handover at a counter: found by whatever is read, checked line by line, given once, or not and why."""

import html
from typing import Any

import pytest
from django.test import Client

from parvis.booking.actions.summons import link
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import State as FileState
from parvis.journal.models import Entry
from parvis.permits import actions as permits
from parvis.permits.models import FailedHandover, Handover, Permit, Stamp
from parvis.permits.states import Failure, Notice, Returned, State
from parvis.reception.models import ReturnPass, Ticket
from parvis.reception.states import Outcome, Status
from tests.people.factories import PersonFactory
from tests.web.cards.stock import awaiting, card_of
from tests.web.staff import Staff

ALL = ["identity", "old_permit_or_receipt", "chip_data"]
STAMP = {"stamp_number": ["1234567890123456", ""], "stamp_eur": ["269", ""]}


def press(client: Client, number: int, what: str, **fields: object) -> Any:
    return client.post(f"/guichet/{number}/{what}/", fields, follow=True)


def scan(client: Client, typed: str, number: int = 20) -> str:
    """What a scanner reads at a counter, as the page asks for it."""
    answer = client.get(f"/guichet/{number}/cartes/", {"numero": typed}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def served(staff: Staff, client: Client, number: int = 20, **more: object) -> Ticket:
    """Somebody received at a handover counter."""
    ticket = staff.ticket("permit_handover", **more)
    press(client, number, "appeler", key=f"appel-{ticket.pk}")
    press(client, number, "arrive", ticket=ticket.pk)
    return ticket


@pytest.fixture
def at(staff: Staff) -> Client:
    """An agent at counter 20."""
    return staff.at_counter(20, "handover", role="handover_agent")[0]


def test_the_card_of_the_person_is_there_at_once_with_its_place_and_checklist(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    card = card_of(staff, file, place="Tiroir C-7")
    served(staff, at, person=file.person)
    page = html.unescape(at.get("/guichet/20/").content.decode())
    for said in (card.number, file.number, "Tiroir C-7", "Identité vérifiée", "de 74 à 269 euros", "Notice"):
        assert said in page


def test_everything_that_can_be_read_finds_the_card(staff: Staff, at: Client) -> None:
    person = PersonFactory(foreign_number="9900123456")
    file = awaiting(staff, person)
    card = card_of(staff, file)
    Receipt.objects.create(
        case_file=file,
        office=staff.office,
        rank=1,
        valid_from=file.deposited_on,
        valid_to=file.permit_expires_on,
        work="yes",
        issued_at=card.received_at,
    )
    ticket = served(staff, at, name="Témoin Sans Fiche")
    owner = staff.ticket("permit_handover", person=person)
    reads = [
        f"https://exemple.invalid/rendez-vous/remise/{link(card)}/",
        Receipt.objects.get().number,
        file.number.lower(),
        "TITRE0001",
        "9900 123 456",
        f"https://exemple.invalid/t/{owner.token}/",
        str(owner),
    ]
    for typed in reads:
        assert "B-12" in scan(at, typed), typed
    assert ticket.person is None
    assert "Aucun titre sous ce numéro" in scan(at, "RIEN-DE-TEL")


def test_a_file_without_a_card_yet_says_where_it_stands(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    served(staff, at, person=file.person)
    assert f"Dossier {file.number} : pas de titre au bureau. État : Titre en fabrication." in scan(at, file.number)


def test_a_whole_handover(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    card = card_of(staff, file)
    ticket = served(staff, at, person=file.person)
    sent = {"ticket": ticket.pk, "permit": card.pk, "check": ALL, "notice": "paper", "key": "k", **STAMP}
    for _time in range(2):
        assert press(at, 20, "remettre", **sent).status_code == 200
    done = Handover.objects.get()
    assert done.permit == card
    assert set(done.checks) == set(ALL)
    assert done.notice == Notice.PAPER
    assert done.counter_id == staff.counter(20).pk
    assert done.seconds is not None
    assert Stamp.objects.get().eur == 269
    assert CaseFile.objects.get().state == FileState.CLOSED
    ticket.refresh_from_db()
    assert ticket.state == Status.RECEIVED
    assert ticket.steps.get().outcome == Outcome.HANDED_OVER
    assert Entry.objects.filter(what="permit.handed_over").count() == 1


def test_what_is_missing_is_said_with_what_then_and_nothing_typed_is_lost(staff: Staff, at: Client) -> None:
    file = awaiting(staff, procedure="student")
    card = card_of(staff, file)
    ticket = served(staff, at, person=file.person)
    sent = {"stamp_number": ["1234 5678 9012 3456", ""], "stamp_eur": ["49", ""]}
    answer = press(at, 20, "remettre", ticket=ticket.pk, permit=card.pk, check=["identity"], key="k", **sent)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert "La personne revient avec le certificat de scolarité de l'année." in page
    assert 'value="identity" checked' in page
    assert 'value="1234 5678 9012 3456"' in page
    assert 'value="49"' in page
    card.refresh_from_db()
    assert card.state == State.IN_STOCK
    assert Stamp.objects.count() == 0


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        ({"stamp_number": ["1234567890123456"], "stamp_eur": ["12"]}, "Les timbres font 12 euros"),
        ({"stamp_number": ["1234567890123456"], "stamp_eur": ["beaucoup"]}, "Le numéro du timbre"),
        ({"stamp_number": ["!!"], "stamp_eur": ["269"]}, "Le numéro du timbre"),
        ({"stamp_number": ["1234567890123456"] * 2, "stamp_eur": ["100", "100"]}, "Ce timbre a déjà servi."),
    ],
)
def test_a_stamp_that_does_not_do(staff: Staff, at: Client, stamps: dict[str, list[str]], said: str) -> None:
    file = awaiting(staff)
    card = card_of(staff, file)
    ticket = served(staff, at, person=file.person)
    answer = press(at, 20, "remettre", ticket=ticket.pk, permit=card.pk, check=ALL, notice="paper", key="k", **stamps)
    assert answer.status_code in {409, 422}
    assert said in html.unescape(answer.content.decode())
    assert not Handover.objects.exists()


def test_several_stamps_make_the_amount(staff: Staff, at: Client) -> None:
    file = awaiting(staff, procedure="minor_travel_document", fee_case="first")
    card = card_of(staff, file)
    ticket = served(staff, at, person=file.person)
    stamps = {"stamp_number": ["1111111111111111", "2222222222222222"], "stamp_eur": ["25", "20"]}
    checks = ["identity", "child_present"]
    press(at, 20, "remettre", ticket=ticket.pk, permit=card.pk, check=checks, key="k", **stamps)
    assert sorted(Stamp.objects.values_list("eur", flat=True)) == [20, 25]


def test_the_notice_signed_on_the_screen_is_kept_as_a_drawing(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    card = card_of(staff, file)
    ticket = served(staff, at, person=file.person)
    path = "M 10 20 L 30 40 L 50 20 M 60 60 L 70 70"
    sent = {"ticket": ticket.pk, "permit": card.pk, "check": ALL, "key": "k", **STAMP}
    assert press(at, 20, "remettre", signature="<script>alert(1)</script>", **sent).status_code == 422
    press(at, 20, "remettre", signature=path, **{**sent, "key": "l"})
    done = Handover.objects.get()
    assert (done.notice, done.signature) == (Notice.SCREEN, path)


def test_the_second_counter_sees_who_gave_the_card_when_and_where(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    card = card_of(staff, file)
    other, _agent = staff.at_counter(21, "handover", role="handover_agent")
    second = served(staff, other, 21, name="Fictif Venu Deux Fois")
    ticket = served(staff, at, person=file.person)
    press(at, 20, "remettre", ticket=ticket.pk, permit=card.pk, check=ALL, notice="paper", key="k", **STAMP)
    sent = {"stamp_number": ["9999999999999999"], "stamp_eur": ["269"]}
    answer = press(other, 21, "remettre", ticket=second.pk, permit=card.pk, check=ALL, notice="paper", key="k", **sent)
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "Ce titre a déjà été remis." in page
    assert "Remis le 11/12/2017 à 10:00 au guichet 20 par Agent Fictif" in page
    assert "Remis le 11/12/2017 à 10:00 au guichet 20" in scan(other, card.number, 21)
    assert Handover.objects.count() == 1
    assert Stamp.objects.count() == 1


def test_a_card_of_somebody_else_is_named_and_not_handed_over(staff: Staff, at: Client) -> None:
    other = staff.card()
    ticket = served(staff, at, person=PersonFactory())
    found = scan(at, other.number)
    assert "Autre personne que le ticket" in found
    assert "Remettre" not in found
    answer = press(at, 20, "remettre", ticket=ticket.pk, permit=other.pk, key="k")
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "Ce titre n'est pas celui de la personne au guichet." in page
    assert str(ticket) in page
    other.refresh_from_db()
    assert other.state == State.IN_STOCK


def test_a_card_without_a_file_is_handed_over_with_advice_alone(staff: Staff, at: Client) -> None:
    person = PersonFactory()
    card = staff.card(person)
    ticket = served(staff, at, person=person)
    press(at, 20, "remettre", ticket=ticket.pk, permit=card.pk, key="k")
    card.refresh_from_db()
    assert card.state == State.HANDED_OVER


def test_a_handover_that_cannot_be_says_why_and_what_then(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    card = card_of(staff, file)
    ticket = served(staff, at, person=file.person)
    sent = {"ticket": ticket.pk, "permit": card.pk, "reason": "stamp_missing", "key": "k"}
    for _time in range(2):
        answer = press(at, 20, "remise-impossible", **sent)
    page = html.unescape(answer.content.decode())
    assert "Non remis : Timbre absent." in page
    assert "Le timbre s'achète en ligne" in page
    failed = FailedHandover.objects.get()
    assert (failed.reason, failed.counter_id) == (Failure.STAMP_MISSING, staff.counter(20).pk)
    ticket.refresh_from_db()
    assert ticket.state == Status.RECEIVED
    assert ticket.steps.get().outcome == Outcome.FILE_INCOMPLETE
    card.refresh_from_db()
    assert card.state == State.IN_STOCK


def test_who_fetches_what_is_missing_comes_back_without_queueing(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    card = card_of(staff, file)
    ticket = served(staff, at, person=file.person)
    sent = {"ticket": ticket.pk, "permit": card.pk, "reason": "stamp_missing", "comes_back": "1", "key": "k"}
    page = press(at, 20, "remise-impossible", **sent).content.decode()
    assert ReturnPass.objects.get().code in page
    served(staff, at, person=file.person)
    assert "Déjà venu le 11/12/2017 : Timbre absent" in html.unescape(at.get("/guichet/20/").content.decode())


@pytest.mark.parametrize(("fields", "status"), [({}, 422), ({"reason": "rien"}, 422), ({"reason": "other"}, 422)])
def test_a_reason_must_be_one(staff: Staff, at: Client, fields: dict[str, str], status: int) -> None:
    file = awaiting(staff)
    card = card_of(staff, file)
    ticket = served(staff, at, person=file.person)
    answer = press(at, 20, "remise-impossible", ticket=ticket.pk, permit=card.pk, key="k", **fields)
    assert answer.status_code == status
    assert not FailedHandover.objects.exists()


def test_another_reason_without_words_stays_open_with_what_was_said(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    ticket = served(staff, at, person=file.person)
    sent = {"ticket": ticket.pk, "permit": card_of(staff, file).pk, "reason": "other", "comes_back": "1", "key": "k"}
    page = press(at, 20, "remise-impossible", **sent).content.decode()
    assert '<details class="fail" name="tool" open>' in page
    assert 'name="comes_back" value="1" data-key="v" checked' in page


def test_a_card_sent_back_is_said_to_be(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    card = card_of(staff, file)
    permits.send_back([card], because=Returned.FAULTY, by=staff.agent("handover_agent"))
    served(staff, at, name="Témoin Quelconque")
    assert "Défaut ou erreur : à refaire" in scan(at, card.number)


def test_the_copy_of_the_chip_is_a_paper_in_the_language_of_the_person(staff: Staff, at: Client) -> None:
    person = PersonFactory(language="ar", family_name="Exemple", given_name="Ines")
    card = card_of(staff, awaiting(staff, person))
    answer = at.get(f"/guichet/20/puce/{card.pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    content = answer.content
    assert content.startswith(b"%PDF")
    assert b"pdfuaid" in content
    other, _agent = staff.at_counter(3)
    assert other.get(f"/guichet/20/puce/{card.pk}.pdf").status_code == 403


def test_without_a_script_a_scan_opens_the_whole_page(staff: Staff, at: Client) -> None:
    file = awaiting(staff)
    card_of(staff, file)
    served(staff, at, name="Témoin Sans Fiche")
    page = at.get("/guichet/20/cartes/", {"numero": file.number}).content.decode()
    assert "B-12" in page
    assert 'id="side"' in page
    assert Permit.objects.get().state == State.IN_STOCK
