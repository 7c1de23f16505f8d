"""One's own file: nobody learns whether a number exists, the state is plain, nothing that was sent is lost."""

import re
from datetime import date, timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.booking.actions.contacts import CODE_LASTS
from parvis.booking.letters.summons import stamp_says
from parvis.booking.models import Appointment, BookedProcedure
from parvis.booking.states import Status
from parvis.casefiles import actions
from parvis.casefiles.models import CaseFile, Question
from parvis.casefiles.states import Decision, State, Work
from parvis.common import clock
from parvis.messages.models import Message
from parvis.permits.models import Permit
from parvis.permits.queries.handing import STAGE
from parvis.procedures.models import AccessMode, Document, Mode, ReceiptRule
from parvis.procedures.models.receipts import TOLERANCE
from parvis.web.files.finding import FROM_ANYWHERE, FROM_ONE_PLACE, PER_ADDRESS
from parvis.web.files.pages import PROVED, sealed
from parvis.web.files.words import SENTENCES
from tests.casefiles.house import CaseHouse

BORN = date(1990, 5, 4)
PDF, JPEG, PNG = b"%PDF-1.7 exemple", b"\xff\xd8\xff exemple", b"\x89PNG\r\n\x1a\n exemple"


def asked(client: Client, number: str, born: date = BORN) -> str:
    """Ask for a code; the address of the page that takes it."""
    said = client.post("/dossier/", {"number": number, "day": born.day, "month": born.month, "year": born.year})
    assert said.status_code == 302, said.content.decode()
    return said["Location"]


def code() -> str:
    """The last code that was sent."""
    return str(Message.objects.filter(kind="casefiles.code").order_by("-pk")[0].facts["code"])


def seen(client: Client, file: CaseFile) -> str:
    """The page of a file, for somebody who proved who they are; as one line of words."""
    said = client.get(f"/dossier/suivi/{sealed([file.pk], salt=PROVED)}/")
    assert said.status_code == 200
    assert said["Cache-Control"].find("no-store") >= 0
    return " ".join(re.sub(r"<[^>]+>", " ", said.content.decode()).split())


@pytest.fixture
def file(house: CaseHouse) -> CaseFile:
    """A complete file."""
    return house.complete(person=house.person(birth_date=BORN), permit_expires_on=date(2018, 1, 31))


@pytest.fixture
def question(house: CaseHouse, file: CaseFile) -> Question:
    """Photos are asked again."""
    return actions.ask_person(
        actions.take(file, by=house.officer), text="Photos trop sombres.", documents=["photos"], by=house.officer
    )


def test_a_number_a_birth_date_and_a_code_open_the_file(client: Client, file: CaseFile) -> None:
    page = asked(client, f" {file.number[:4].lower()} {file.number[4:]}")
    opened = client.post(page, {"code": code()}, follow=True)
    assert opened.status_code == 200
    assert str(SENTENCES[State.UNDER_REVIEW]) in opened.content.decode().replace("&#x27;", "'")
    assert file.person.family_name not in opened.content.decode()


def test_the_number_of_the_receipt_serves_too(client: Client, house: CaseHouse, file: CaseFile) -> None:
    receipt = actions.issue_receipt(file, work=Work.NO, by=house.clerk)
    page = asked(client, receipt.number)
    assert file.number in client.post(page, {"code": code()}, follow=True).content.decode()


def test_nobody_learns_whether_a_number_exists(client: Client, house: CaseHouse, file: CaseFile) -> None:
    """Unknown number, wrong date, no contact, right ones: the same answers, to the wrong code too."""
    silent = house.complete("student", person=house.person(birth_date=BORN, email="", phone=""))
    answers = set()
    cases = [(file.number, BORN), ("D22222222", BORN), (file.number, BORN + timedelta(days=1)), (silent.number, BORN)]
    for number, born in cases:
        page = asked(client, number, born)
        shown = client.get(page).content
        wrong = [client.post(page, {"code": "12"}) for _ in range(6)]
        answers.add((shown, *[(one.status_code, one.content) for one in wrong]))
    assert len(answers) == 1
    assert Message.objects.filter(kind="casefiles.code").count() == 1


def ask(client: Client, number: str, born: date = BORN, *, place: str = "127.0.0.1") -> int:
    """Ask for a code from an address of the network; the status of the answer."""
    given = {"number": number, "day": born.day, "month": born.month, "year": born.year}
    return client.post("/dossier/", given, REMOTE_ADDR=place).status_code


def test_a_number_is_asked_so_many_times_a_day(client: Client, file: CaseFile) -> None:
    for number in (file.number, "D33333333"):
        statuses = [ask(client, number) for _ in range(FROM_ONE_PLACE + 1)]
        assert statuses == [302] * FROM_ONE_PLACE + [429]
    assert Message.objects.filter(kind="casefiles.code").count() == FROM_ONE_PLACE


def test_wrong_dates_use_up_nobodys_tries(client: Client, file: CaseFile) -> None:
    """From the person's own address even: a neighbour of the shelter types at random."""
    for n in range(1, 2 * FROM_ANYWHERE + 1):
        assert ask(client, file.number, BORN + timedelta(days=n)) == 302
    assert not Message.objects.filter(kind="casefiles.code").exists()
    assert ask(client, file.number) == 302
    assert Message.objects.filter(kind="casefiles.code").count() == 1


def test_whoever_knows_the_date_too_leaves_tries_to_the_person(client: Client, file: CaseFile) -> None:
    """From one network, whichever of its addresses; from many, the codes of a day stay few."""
    elsewhere = [ask(client, file.number, place=f"2001:db8:0:1::{n + 1:x}") for n in range(2 * FROM_ANYWHERE)]
    assert elsewhere.count(302) == FROM_ONE_PLACE
    assert ask(client, file.number) == 302
    anywhere = [ask(client, file.number, place=f"192.0.2.{n + 1}") for n in range(2 * FROM_ANYWHERE)]
    assert anywhere.count(302) == FROM_ANYWHERE - FROM_ONE_PLACE - 1
    assert Message.objects.filter(kind="casefiles.code").count() == FROM_ANYWHERE


def test_an_address_asks_so_many_times_a_day(client: Client, file: CaseFile) -> None:
    statuses = [ask(client, f"D{n:08d}") for n in range(PER_ADDRESS + 1)]
    assert statuses == [302] * PER_ADDRESS + [429]


def test_a_number_that_exists_is_looked_up_like_one_that_does_not(client: Client, file: CaseFile) -> None:
    """As many questions to the database: the time of an answer says nothing of a number."""
    asked_for = []
    for number in (file.number, "D22222222"):
        with CaptureQueriesContext(connection) as asked_of:
            ask(client, number, BORN + timedelta(days=1))
        asked_for.append(len(asked_of))
    assert asked_for[0] == asked_for[1]


def test_a_code_serves_a_quarter_of_an_hour(client: Client, file: CaseFile) -> None:
    page = asked(client, file.number)
    clock.hold(clock.now() + CODE_LASTS)
    assert client.post(page, {"code": code()}).status_code >= 400


@pytest.mark.parametrize("address", ["/dossier/code/faux/", "/dossier/suivi/faux/", "/dossier/suivi/a:b:c/"])
def test_a_forged_address_leads_to_the_start(client: Client, db: None, address: str) -> None:
    assert client.get(address)["Location"] == "/dossier/"


def test_the_address_of_the_code_does_not_open_the_file(client: Client, file: CaseFile) -> None:
    carried = asked(client, file.number).split("/")[3]
    assert client.get(f"/dossier/suivi/{carried}/")["Location"] == "/dossier/"
    forged = signing.dumps([file.pk], salt="autre")
    assert client.get(f"/dossier/suivi/{forged}/")["Location"] == "/dossier/"


@pytest.mark.parametrize("number", ["", "x" * 300, "\u0661\u0662", "<b>"])
def test_what_is_no_number_is_said(client: Client, db: None, number: str) -> None:
    said = client.post("/dossier/", {"number": number, "day": "31", "month": "2", "year": "1990"})
    assert said.status_code == 422
    assert 'aria-invalid="true"' in said.content.decode()


def test_every_state_has_its_sentence() -> None:
    assert set(SENTENCES) == set(State)


@pytest.mark.django_db
def test_the_first_page_leads_to_it(client: Client) -> None:
    assert 'href="/dossier/"' in client.get("/").content.decode()
    assert client.get("/dossier", follow=True).status_code == 200


def test_what_is_missing_is_said_with_its_day(client: Client, house: CaseHouse) -> None:
    said = seen(client, house.incomplete())
    assert "Il manque des pièces" in said
    assert "avant le : 10 janvier 2018 photos" in said
    assert "passport" not in said


def test_the_days_that_count(client: Client, house: CaseHouse, file: CaseFile) -> None:
    actions.issue_receipt(file, work=Work.NO, by=house.clerk)
    said = seen(client, file)
    assert "répondre avant le : 11 avril 2018" in said
    assert "valable jusqu'au : 30 avril 2018" in said
    assert "à partir du : 30 mars 2018" in said
    clock.hold(clock.at(date(2018, 5, 2), "10:00"))
    assert "terminé le : 30 avril 2018" in seen(client, file)


def test_silence_is_nobodys_decision(client: Client, file: CaseFile) -> None:
    clock.hold(clock.at(date(2018, 4, 11), "10:00"))
    said = seen(client, file).replace("&#x27;", "'")
    assert "Le délai est passé le : 11 avril 2018" in said
    assert "Personne ne l'a décidé" in said
    assert "contester ce silence jusqu'au : 11 juin 2018" in said
    assert str(SENTENCES[State.UNDER_REVIEW]).split(".")[0] in said
    assert "Votre demande est refusée" not in said


def test_an_expired_card_that_still_serves_is_said_until_it_does_not(client: Client, house: CaseHouse) -> None:
    rule = {"kind": TOLERANCE, "months": 3, "max_months": 3, "valid_from": date(2017, 1, 1)}
    ReceiptRule.objects.create(procedure=house.procedures["renewal"], **rule)
    person = house.person(birth_date=BORN, language="fr")
    file = house.complete(person=person, permit_expires_on=date(2017, 12, 20))
    page = seen(client, file)
    assert "Même expirée, elle prouve votre droit au séjour et au travail jusqu'au : 20 mars 2018" in page
    clock.hold(clock.at(date(2018, 3, 21), "09:00"))
    assert "Même expirée" not in seen(client, file)


def test_nobody_is_told_to_dispute_a_silence_after_its_last_day(client: Client, file: CaseFile) -> None:
    clock.hold(clock.at(date(2018, 6, 11), "10:00"))
    assert "contester ce silence jusqu'au : 11 juin 2018" in seen(client, file)
    clock.hold(clock.at(date(2018, 6, 12), "10:00"))
    said = seen(client, file)
    assert "Le délai est passé le : 11 avril 2018" in said
    assert "contester" not in said
    assert "defenseurdesdroits.fr" in said


def test_a_proposal_is_not_told_before_it_is_signed(client: Client, house: CaseHouse) -> None:
    refusal = house.proposed(decision=Decision.REFUSE)
    assert "refusée. La décision" not in seen(client, refusal)
    assert seen(client, refusal).replace(refusal.number, "") == seen(client, house.proposed("student")).replace(
        CaseFile.objects.latest("pk").number, ""
    ).replace("student", "renewal")


@pytest.fixture
def card(house: CaseHouse) -> Permit:
    """The announced card of a renewal; its stamp was fixed."""
    file = house.complete(fee_case="renewal")
    CaseFile.objects.filter(pk=file.pk).update(state=State.ANNOUNCED, card_months=12)
    file.refresh_from_db()
    return Permit.objects.create(
        office=house.office,
        number="9900T1",
        person=file.person,
        kind="renewal",
        case_file=file,
        received_at=clock.now(),
        announced_at=clock.now(),
        stamp_eur=219,
    )


def received_as(house: CaseHouse, mode: Mode) -> None:
    """How people come for a card from today on."""
    AccessMode.objects.create(procedure=house.procedures["permit_handover"], mode=mode, valid_from=clock.today())


@pytest.mark.parametrize(("mode", "says"), [(Mode.WALK_IN, "sans rendez-vous"), (Mode.MIXED, "Choisir quand venir")])
def test_an_announced_card_says_the_stamp_and_when_to_come(
    client: Client, house: CaseHouse, card: Permit, mode: Mode, says: str
) -> None:
    received_as(house, mode)
    said = seen(client, card.case_file)
    assert "219 euros exactement" in said
    assert says in said


def test_a_stamp_whose_amount_is_not_known_is_still_spoken_of(client: Client, house: CaseHouse, card: Permit) -> None:
    """Who reads nothing of a stamp comes without one."""
    Permit.objects.filter(pk=card.pk).update(stamp_eur=None)
    card.refresh_from_db()
    said = seen(client, card.case_file)
    assert "Le timbre fiscal " + stamp_says(card).replace("'", "&#x27;") in said


def test_what_is_brought_is_what_this_card_asks(client: Client, house: CaseHouse, card: Permit) -> None:
    handover = house.procedures["permit_handover"]
    Document.objects.create(
        procedure=handover,
        code="passport_here",
        names={"fr": "Passeport en cours", "tr": "Güncel pasaport"},
        form="original",
        stage=STAGE,
        position=1,
        valid_from=clock.today(),
    )
    assert "À apporter Passeport en cours" in seen(client, card.case_file)


def test_who_has_an_hour_sees_it_and_chooses_no_other(client: Client, house: CaseHouse, card: Permit) -> None:
    received_as(house, Mode.APPOINTMENT_ONLY)
    taken = Appointment.objects.create(
        office=house.office,
        line=house.office.lines.earliest("pk"),
        procedure=house.procedures["permit_handover"],
        day=clock.today(),
        starts_at=clock.now(),
        minutes=10,
        state=Status.CONFIRMED,
        confirmed_at=clock.now(),
        created_at=clock.now(),
        email="temoin@exemple.invalid",
    )
    BookedProcedure.objects.create(
        appointment=taken,
        position=0,
        procedure=taken.procedure,
        identity="foreign:9900000001",
        family_name="Exemple",
        folded_name="exemple",
        birth_date=BORN,
        permit=card,
        is_live=True,
    )
    said = client.get(f"/dossier/suivi/{sealed([card.case_file_id], salt=PROVED)}/").content.decode()
    assert f'href="/rendez-vous/r/{taken.token}/"' in said
    assert "Choisir quand venir" not in said


def test_the_page_speaks_the_language_of_the_person(client: Client, house: CaseHouse) -> None:
    said = client.get(
        f"/dossier/suivi/{sealed([house.complete(person=house.person(language='ar')).pk], salt=PROVED)}/"
    ).content.decode()
    assert 'lang="ar" dir="rtl"' in said


def send(client: Client, question: Question, **given: object) -> tuple[int, str]:
    """Send the form of a question."""
    said = client.post(f"/dossier/repondre/{question.token}/", given)
    return said.status_code, said.content.decode().replace("&#x27;", "'")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it, whatever it says it is."""
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_documents_are_kept_then_the_answer_is_sent(client: Client, question: Question) -> None:
    shown = client.get(f"/dossier/repondre/{question.token}/").content.decode()
    assert "Photos trop sombres." in shown
    assert '<label for="file_1">photos</label>' in shown
    status, said = send(client, question, photos=[upload("a.jpg", JPEG), upload("b.png", PNG)], send="1", text="Voici")
    assert status == 200
    assert ">Voici</textarea>" in said
    assert {one.code for one in question.sent.all()} == {"photos"}
    status, said = send(client, question, other=upload("c.pdf", PDF), text="Voici", finish="1")
    assert (status, "Votre réponse est arrivée" in said) == (200, True)
    question.refresh_from_db()
    assert (question.answer, question.sent.count()) == ("Voici", 3)
    assert question.case_file.state == State.UNDER_REVIEW


def test_the_same_document_twice_is_one(client: Client, question: Question) -> None:
    for _ in range(2):
        assert send(client, question, photos=upload("a.jpg", JPEG), send="1")[0] == 200
    assert question.sent.count() == 1


def test_a_wrong_kind_loses_neither_the_others_nor_the_words(client: Client, question: Question) -> None:
    """Refused by its content, whatever its name says; the answer waits until the person has seen it."""
    status, said = send(
        client,
        question,
        photos=[upload("bon.jpg", JPEG), upload("virus.jpg", b"MZ exemple")],
        text="Mes photos",
        finish="1",
    )
    assert status == 415
    assert "virus.jpg" in said
    assert "ni un PDF, ni une photo" in said
    assert ">Mes photos</textarea>" in said
    assert [one.name for one in question.sent.all()] == ["bon.jpg"]
    question.refresh_from_db()
    assert question.answered_at is None


def test_a_file_of_eleven_megabytes_is_refused_alone(client: Client, question: Question) -> None:
    large = upload("grand.jpg", JPEG + bytes(11_000_000))
    status, said = send(client, question, photos=[large, upload("bon.jpg", JPEG)], send="1")
    assert (status, "dépasse 10 Mo" in said) == (413, True)
    assert [one.name for one in question.sent.all()] == ["bon.jpg"]


class Unread:
    """A body that nobody may read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def test_two_hundred_megabytes_are_refused_unread(client: Client, question: Question) -> None:
    client.raise_request_exception = False
    said = client.generic(
        "POST",
        f"/dossier/repondre/{question.token}/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="200000000",
        **{"wsgi.input": Unread()},
    )
    assert said.status_code == 413
    assert "plusieurs fois" in said.content.decode()
    assert f'href="/dossier/repondre/{question.token}/"' in said.content.decode()


def test_twenty_documents_at_most(client: Client, question: Question) -> None:
    for n in range(0, 20, 5):
        send(client, question, photos=[upload(f"{n + m}.jpg", JPEG + bytes([n + m])) for m in range(5)], send="1")
    status, said = send(client, question, photos=upload("de-trop.jpg", JPEG + b"x"), send="1")
    assert (status, "Vingt fichiers au plus" in said) == (409, True)
    assert question.sent.count() == 20


def test_nothing_at_all_is_said(client: Client, question: Question) -> None:
    status, said = send(client, question, finish="1", text="  ")
    assert status == 422
    assert 'role="alert"' in said


@pytest.mark.parametrize("over", ["answered", "late"])
def test_a_link_that_has_served_keeps_nothing_more(client: Client, question: Question, over: str) -> None:
    if over == "answered":
        send(client, question, text="Fini", finish="1")
    else:
        clock.hold(clock.at(question.answer_by + timedelta(days=1), "09:00"))
    status, said = send(client, question, photos=upload("tard.jpg", JPEG), send="1")
    assert question.sent.count() == 0
    assert "<form method=" not in said
    assert status in (200, 410)


def test_an_unknown_link_and_an_unknown_field(client: Client, question: Question) -> None:
    assert client.get("/dossier/repondre/inconnu/").status_code == 404
    status, _said = send(client, question, passport=upload("a.jpg", JPEG), send="1")
    assert status == 422
    assert question.sent.count() == 0
