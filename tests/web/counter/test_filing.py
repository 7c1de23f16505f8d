"""The case file at the counter: found or opened, ticked, and the paper the person leaves with."""

from datetime import date

import pytest
from django.test import Client

from parvis.casefiles import actions as casefiles
from parvis.casefiles.models import CaseFile, MissingSlip, Receipt
from parvis.casefiles.states import Channel, Closing, State, Work
from parvis.common import clock
from parvis.journal.actions import KIOSK
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.procedures.models import ReceiptRule
from parvis.reception.models import Step, Ticket
from parvis.reception.states import Outcome, Status
from tests.people.factories import PersonFactory
from tests.web.counter.desk import (
    MISSING,
    RECEIPTS,
    at_counter,
    attach,
    form_of,
    new_file,
    press,
    served,
    text_of,
    ticks,
)
from tests.web.staff import Staff


def test_from_the_ticket_to_the_receipt(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory(family_name="Exemple", given_name="Inès")
    ticket = served(staff, client, "renewal", person=person)
    page = text_of(client.get("/guichet/3/"))
    assert "Ouvrir le dossier" in page
    assert 'name="family_name"' not in page
    page = text_of(
        press(client, "dossier/ouvrir", ticket=ticket.pk, person=person.pk, key="o", permit_expires_on="20/01/2018")
    )
    file = CaseFile.objects.get()
    assert f"Dossier {file.number} ouvert." in page
    assert (file.person, file.state, file.channel) == (person, State.DEPOSITED, Channel.COUNTER)
    assert Step.objects.get(ticket=ticket).case_file == file
    page = text_of(press(client, "dossier/complet", **form_of(ticket, file), **ticks(file)))
    receipt = Receipt.objects.get()
    assert f"/guichet/3/recepisse/{receipt.pk}/" in page
    assert "Dossier déposé, complet" in page
    assert (receipt.valid_from, receipt.valid_to) == (date(2018, 1, 21), date(2018, 4, 20))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.steps.get().outcome) == (Status.RECEIVED, Outcome.FILE_DEPOSITED)
    paper = client.get(f"/guichet/3/recepisse/{receipt.pk}/")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


def test_the_last_day_for_a_refugee_s_receipt_is_on_the_counter(staff: Staff) -> None:
    ReceiptRule.objects.filter(procedure__code="renewal").update(due_within_days=8)
    client, person = at_counter(staff), PersonFactory()
    ticket = served(staff, client, "renewal", person=person)
    press(client, "dossier/ouvrir", ticket=ticket.pk, person=person.pk, key="o", permit_expires_on="20/01/2018")
    due = "Premier récépissé à remettre au plus tard le 19 décembre 2017"
    assert due in text_of(client.get("/guichet/3/"))
    file = CaseFile.objects.get()
    press(client, "dossier/complet", **form_of(ticket, file), **ticks(file))
    assert due not in text_of(client.get("/guichet/3/"))


@pytest.mark.parametrize(("months", "until"), [("", date(2018, 4, 10)), ("6", date(2018, 6, 10))])
def test_the_length_of_a_first_receipt_is_chosen(staff: Staff, months: str, until: date) -> None:
    """Four or six months, three more by exception; the usual four are there already."""
    client, person = at_counter(staff), PersonFactory()
    ticket, file = served(staff, client, "first_request", person=person), new_file(staff, person, "first_request")
    page = text_of(attach(client, ticket, file))
    assert '<option value="4" selected>4 mois (durée habituelle)</option>' in page
    assert '<option value="9">9 mois</option>' in page
    assert '<option value="10">' not in page
    answer = press(client, "dossier/complet", **form_of(ticket, file, months="10"), **ticks(file))
    assert answer.status_code == 422
    assert 'name="doc-passport" value="seen" checked' in text_of(answer)
    press(client, "dossier/complet", **form_of(ticket, file, "l", months=months), **ticks(file))
    assert Receipt.objects.get().valid_to == until


def test_a_right_to_work_that_depends_on_the_permit_is_chosen(staff: Staff) -> None:
    client, person = at_counter(staff), PersonFactory()
    ticket, file = served(staff, client, person=person), new_file(staff, person)
    page = text_of(attach(client, ticket, file))
    assert not any(f'name="work" value="{work}" checked' in page for work in Work.values)
    answer = press(client, "dossier/complet", **form_of(ticket, file, work="", months="2"), **ticks(file))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Dites si le récépissé autorise à travailler" in page
    assert 'name="doc-passport" value="seen" checked' in page
    assert '<option value="2" selected>' in page
    file.refresh_from_db()
    assert file.state == State.DEPOSITED
    press(client, "dossier/complet", **form_of(ticket, file, "l", work="yes"), **ticks(file))
    assert Receipt.objects.get().work == Work.YES


@pytest.mark.parametrize(
    ("procedure", "shown"),
    [
        ("employee", 'name="work" value="yes" checked'),
        ("student", 'name="work" value="student" checked'),
        ("refugee_card", "Droit au travail : <strong>Autorise à travailler</strong>"),
    ],
)
def test_the_right_to_work_that_will_be_printed_is_shown(staff: Staff, procedure: str, shown: str) -> None:
    client, person = at_counter(staff), PersonFactory()
    ticket, file = served(staff, client, procedure, person=person), new_file(staff, person, procedure)
    assert shown in text_of(attach(client, ticket, file))


def test_pressing_complete_twice_gives_one_receipt(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory()
    ticket, file = served(staff, client, person=person), new_file(staff, person)
    attach(client, ticket, file)
    fields = {**form_of(ticket, file), **ticks(file)}
    answers = [press(client, "dossier/complet", **fields) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Receipt.objects.count() == 1


def test_what_is_missing_goes_on_a_slip_with_its_reason(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory()
    ticket, file = served(staff, client, person=person), new_file(staff, person)
    attach(client, ticket, file)
    said = ticks(file, passport="not_accepted", address_own="missing") | {"why-passport": "Périmé depuis mars"}
    page = text_of(press(client, "dossier/incomplet", **form_of(ticket, file), **said))
    slip = MissingSlip.objects.get()
    assert f"/guichet/3/fiche/{slip.pk}/" in page
    reasons = {row["code"]: row["reason"] for row in slip.documents}
    assert reasons["passport"] == "Périmé depuis mars"
    assert "address_own" in reasons
    file.refresh_from_db()
    assert (file.state, file.missing_by) == (State.INCOMPLETE, slip.until)
    assert ticket.steps.get().outcome == Outcome.FILE_INCOMPLETE
    assert client.get(f"/guichet/3/fiche/{slip.pk}/").content.startswith(b"%PDF")


def test_coming_back_with_the_missing_document_completes_the_same_file(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory()
    first, file = served(staff, client, person=person), new_file(staff, person)
    attach(client, first, file)
    press(client, "dossier/incomplet", **form_of(first, file), **ticks(file, passport="missing"))
    second = served(staff, client, person=person)
    page = text_of(client.get("/guichet/3/"))
    assert "Ses dossiers ouverts" in page
    assert file.number in page
    page = text_of(attach(client, second, file))
    assert "Dernière fiche des pièces manquantes" in page
    file.refresh_from_db()
    press(client, "dossier/complet", **form_of(second, file, "l"), **ticks(file))
    file.refresh_from_db()
    assert file.state == State.UNDER_REVIEW
    assert file.decide_by == date(2018, 4, 11)


def test_complete_with_something_missing_is_refused_and_nothing_typed_is_lost(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory()
    ticket, file = served(staff, client, person=person), new_file(staff, person)
    attach(client, ticket, file)
    answer = press(client, "dossier/complet", **form_of(ticket, file), **ticks(file, passport="missing"))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Il manque des pièces" in page
    assert 'name="doc-passport" value="missing" checked' in page
    assert 'name="doc-address_own" value="seen" checked' in page
    assert Receipt.objects.count() == 0
    ticket.refresh_from_db()
    assert ticket.state == Status.SERVING


def test_saving_without_finishing_keeps_the_person_there(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory()
    ticket, file = served(staff, client, person=person), new_file(staff, person)
    attach(client, ticket, file)
    page = text_of(press(client, "dossier/pieces", **form_of(ticket, file), **{"doc-passport": "seen"}))
    assert 'name="doc-passport" value="seen" checked' in page
    assert "notées" in page
    ticket.refresh_from_db()
    assert ticket.state == Status.SERVING


def test_a_file_that_moved_meanwhile_says_so_and_keeps_what_was_ticked(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory()
    ticket, file = served(staff, client, person=person), new_file(staff, person)
    attach(client, ticket, file)
    casefiles.tick(file, {"passport": (MISSING, "")}, by=staff.agent("case_officer"))
    answer = press(client, "dossier/complet", **form_of(ticket, file), **ticks(file))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "a changé entre-temps" in page
    assert 'name="doc-passport" value="seen" checked' in page
    assert "noté entre-temps : Manquante" in page
    file.refresh_from_db()
    press(client, "dossier/complet", **form_of(ticket, file, "l"), **ticks(file))
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("how", ["file", "receipt", "foreign", "address"])
def test_one_number_puts_the_file_on_the_counter(staff: Staff, how: str) -> None:
    client = at_counter(staff, RECEIPTS)
    person = PersonFactory(foreign_number="9900123456")
    file = new_file(staff, person)
    casefiles.tick(file, {code[4:]: (state, "") for code, state in ticks(file).items()}, by=KIOSK)
    receipt = casefiles.issue_receipt(file, work=Work.NO, by=KIOSK)
    typed = {
        "file": file.number.lower(),
        "receipt": f" {receipt.number} ",
        "foreign": "9900 123 456",
        "address": f"https://exemple.test/dossier/?numero={file.number}",
    }[how]
    ticket = served(staff, client, "receipt_renewal", counter=RECEIPTS)
    page = text_of(press(client, "dossier/chercher", counter=RECEIPTS, ticket=ticket.pk, typed=typed))
    assert f'<strong class="num">{file.number}</strong>' in page
    assert "Nouveau récépissé et terminer" in page
    assert Step.objects.get(ticket=ticket).case_file == file


def test_a_name_with_a_birth_date_shows_side_by_side_and_chooses_nothing(staff: Staff) -> None:
    client = at_counter(staff)
    twins = [PersonFactory(family_name="Double", given_name="Fictif", birth_date=date(1990, 1, 1)) for _ in range(2)]
    files = [new_file(staff, one) for one in twins]
    ticket = served(staff, client)
    page = text_of(press(client, "dossier/chercher", ticket=ticket.pk, typed="double", born="01/01/1990"))
    assert all(file.number in page for file in files)
    assert "comparez avant de choisir" in page
    assert Step.objects.get(ticket=ticket).case_file is None


def test_a_foreign_number_opens_no_file_of_another_procedure_and_none_that_is_closed(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory(foreign_number="9900123456")
    file = new_file(staff, person, "student")
    ticket = served(staff, client)
    page = text_of(press(client, "dossier/chercher", ticket=ticket.pk, typed="9900123456"))
    assert file.number in page
    assert "C'est cette personne" in page
    casefiles.close(file, Closing.WITHDRAWN, by=staff.agent("head_of_office"))
    CaseFile.objects.update(procedure=catalogue.by_code("renewal"))
    press(client, "dossier/chercher", ticket=ticket.pk, typed="9900123456")
    assert Step.objects.get(ticket=ticket).case_file is None
    page = text_of(press(client, "dossier/personne", ticket=ticket.pk, person=person.pk))
    assert "Ouvrir le dossier" in page
    assert f'name="person" value="{person.pk}"' in page


def test_nobody_found_says_so(staff: Staff) -> None:
    client = at_counter(staff)
    ticket = served(staff, client)
    for typed in ("DZZZZZZZZ", "9900999999", "Introuvable", "", "🙂", "x" * 5000):
        answer = press(client, "dossier/chercher", ticket=ticket.pk, typed=typed, born="01/02/2000")
        assert answer.status_code == 200
        assert "Aucun dossier" in text_of(answer)


@pytest.mark.parametrize("typed", ["double", ""])
@pytest.mark.parametrize("born", ["31/02/1990", "hier", "00/00/0000"])
def test_a_birth_date_that_is_none_is_said_and_kept_never_left_out(staff: Staff, typed: str, born: str) -> None:
    client = at_counter(staff)
    file = new_file(staff, PersonFactory(family_name="Double", birth_date=date(1990, 1, 1)))
    ticket = served(staff, client)
    page = text_of(press(client, "dossier/chercher", ticket=ticket.pk, typed=typed, born=born))
    assert f"« {born} » n'est pas une date" in page
    assert f'name="born" value="{born}"' in page
    assert f'name="typed" value="{typed}"' in page
    assert file.number not in page
    assert "Aucun dossier" not in page


@pytest.mark.parametrize(
    ("said", "family", "given"),
    [
        ("EXEMPLE Inès", "EXEMPLE", "Inès"),
        ("Inès Claire EXEMPLE-FICTIF", "EXEMPLE-FICTIF", "Inès Claire"),
        ("DA EXEMPLE Inès", "DA EXEMPLE", "Inès"),
        ("Inès Exemple", "Inès Exemple", ""),
        ("EXEMPLE", "EXEMPLE", ""),
        ("Inès EXEMPLE Claire", "Inès EXEMPLE Claire", ""),
        ("مثال", "مثال", ""),
    ],
)
def test_capitals_tell_the_family_name_of_a_ticket(staff: Staff, said: str, family: str, given: str) -> None:
    client = at_counter(staff)
    served(staff, client, name=said)
    form = client.get("/guichet/3/").context["filing"].form
    assert (form["family_name"].value(), form["given_name"].value() or "") == (family, given)


def opening(ticket: Ticket, **more: object) -> dict[str, object]:
    """Somebody typed."""
    fields = {"family_name": "Exemple", "given_name": "Inès", "birth_date": "02/03/1991", "language": "fr"}
    return {"ticket": ticket.pk, "key": "o", **fields, **more}


@pytest.mark.parametrize("name", ["Exemple-Œuvré", "مثال", "例子", "உதாரணம்", "Прикладєв"])
def test_a_name_of_any_script_is_kept_as_it_is_written(staff: Staff, name: str) -> None:
    client = at_counter(staff)
    ticket = served(staff, client)
    page = text_of(press(client, "dossier/ouvrir", **opening(ticket, family_name=name)))
    person = CaseFile.objects.get().person
    assert person.family_name == name
    assert f"<bdi>Inès {name}</bdi>" in page


def test_somebody_who_may_be_known_is_shown_beside_and_never_merged(staff: Staff) -> None:
    client = at_counter(staff)
    known = PersonFactory(family_name="Exemple", given_name="Ines", birth_date=date(1991, 3, 2), passport_number="")
    ticket = served(staff, client)
    page = text_of(press(client, "dossier/ouvrir", **opening(ticket)))
    assert "Peut-être déjà connue" in page
    assert known.foreign_number in page
    assert 'value="Inès"' in page
    assert CaseFile.objects.count() == 0
    press(client, "dossier/ouvrir", **opening(ticket, distinct="1"))
    assert CaseFile.objects.get().person != known
    assert Person.objects.filter(family_name="Exemple").count() == 2


def test_the_known_person_is_taken_when_the_agent_says_so(staff: Staff) -> None:
    client = at_counter(staff)
    known = PersonFactory(family_name="Exemple", given_name="Ines", birth_date=date(1991, 3, 2))
    ticket = served(staff, client)
    press(client, "dossier/ouvrir", **opening(ticket, person=known.pk))
    assert CaseFile.objects.get().person == known
    assert Person.objects.count() == 1


def test_a_number_that_is_somebodys_is_said_beside_its_field(staff: Staff) -> None:
    client = at_counter(staff)
    PersonFactory(foreign_number="9900123456", family_name="Autre")
    ticket = served(staff, client)
    page = text_of(press(client, "dossier/ouvrir", **opening(ticket, foreign_number="9900123456", distinct="1")))
    assert "Une personne est déjà connue sous ce numéro étranger." in page
    assert "Autre" in page
    assert CaseFile.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "typed"),
    [("family_name", "🙂"), ("birth_date", "32/13/1990"), ("foreign_number", "12"), ("passport_number", "é"),
     ("phone", "1"), ("email", "rien"), ("permit_expires_on", "hier")],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_beside_its_field(staff: Staff, field: str, typed: str) -> None:
    client = at_counter(staff)
    ticket = served(staff, client)
    page = text_of(press(client, "dossier/ouvrir", **opening(ticket, **{field: typed})))
    assert f'id="id_{field}_error"' in page
    assert CaseFile.objects.count() == 0
    assert Person.objects.count() == 0


def test_deposited_twice_by_two_channels_shows_the_other_file(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory()
    other = new_file(staff, person, channel=Channel.POST, deposited_on=date(2017, 12, 4))
    ticket = served(staff, client, person=person)
    answer = press(client, "dossier/ouvrir", ticket=ticket.pk, person=person.pk, key="o")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Un dossier est déjà ouvert" in page
    assert other.number in page
    assert "Courrier" in page
    attach(client, ticket, other)
    assert Step.objects.get(ticket=ticket).case_file == other


def renewing(staff: Staff, client: Client, *, ends: date = date(2017, 12, 20)) -> tuple[Ticket, CaseFile, Receipt]:
    """Somebody with a receipt that ends soon, received."""
    person = PersonFactory()
    file = new_file(staff, person)
    casefiles.tick(file, {code[4:]: (state, "") for code, state in ticks(file).items()}, by=KIOSK)
    receipt = casefiles.issue_receipt(file, work=Work.NO, by=KIOSK)
    Receipt.objects.update(valid_from=date(2017, 9, 21), valid_to=ends)
    ticket = served(staff, client, "receipt_renewal", counter=RECEIPTS)
    press(client, "dossier/chercher", counter=RECEIPTS, ticket=ticket.pk, typed=receipt.number)
    file.refresh_from_db()
    return ticket, file, receipt


def documents_of_renewal() -> dict[str, str]:
    rows = catalogue.documents_to_bring(catalogue.by_code("receipt_renewal"), clock.today(), stage="filing")
    return {f"doc-{row.code}": "seen" for row in rows if row.condition == "always"}


def test_a_receipt_is_renewed_from_the_day_after_it_ends(staff: Staff) -> None:
    client = at_counter(staff, RECEIPTS)
    ticket, file, first = renewing(staff, client)
    fields = form_of(ticket, file) | documents_of_renewal()
    page = text_of(press(client, "dossier/renouveler", counter=RECEIPTS, **fields))
    second = Receipt.objects.get(rank=2)
    assert (second.valid_from, second.valid_to) == (date(2017, 12, 21), date(2018, 3, 20))
    assert second.work == first.work
    assert f"/guichet/16/recepisse/{second.pk}/" in page
    assert ticket.steps.get().outcome == Outcome.RECEIPT_ISSUED
    assert press(client, "dossier/renouveler", counter=RECEIPTS, **fields).status_code == 200
    assert Receipt.objects.count() == 2


def test_a_file_of_elsewhere_keeps_what_its_receipt_says_of_work(staff: Staff) -> None:
    client, person = at_counter(staff, RECEIPTS), PersonFactory()
    file = new_file(staff, person)
    casefiles.tick(file, {code[4:]: (state, "") for code, state in ticks(file).items()}, by=KIOSK)
    ticket = served(staff, client, "receipt_renewal", counter=RECEIPTS)
    page = text_of(press(client, "dossier/chercher", counter=RECEIPTS, ticket=ticket.pk, typed=file.number))
    assert "reprenez ce que dit celui de la personne" in page
    file.refresh_from_db()
    said = form_of(ticket, file, work="yes") | documents_of_renewal()
    press(client, "dossier/renouveler", counter=RECEIPTS, **said)
    assert Receipt.objects.get().work == "yes"


def test_a_renewal_without_every_document_seen_is_refused(staff: Staff) -> None:
    client = at_counter(staff, RECEIPTS)
    ticket, file, _first = renewing(staff, client)
    said = documents_of_renewal()
    said.pop("doc-passport")
    answer = press(client, "dossier/renouveler", counter=RECEIPTS, **form_of(ticket, file), **said)
    assert answer.status_code == 409
    assert 'name="doc-old_receipt" value="seen" checked' in text_of(answer)
    assert Receipt.objects.count() == 1


def test_a_renewal_too_early_says_from_when(staff: Staff) -> None:
    client = at_counter(staff, RECEIPTS)
    ticket, file, _first = renewing(staff, client, ends=date(2018, 3, 1))
    answer = press(client, "dossier/renouveler", counter=RECEIPTS, **form_of(ticket, file), **documents_of_renewal())
    assert answer.status_code == 409
    assert "il sera renouvelé à partir du 01/02/2018" in text_of(answer)


def test_the_file_of_a_child_leaves_the_ticket_to_the_parent(staff: Staff) -> None:
    client = at_counter(staff)
    parent, child = PersonFactory(), PersonFactory(family_name="Enfant-Exemple")
    ticket, file = served(staff, client, person=parent), new_file(staff, child)
    page = text_of(attach(client, ticket, file))
    assert "Autre personne que le ticket" in page
    assert "Enfant-Exemple" in page
    ticket.refresh_from_db()
    assert ticket.person == parent


def test_a_file_of_another_office_is_not_opened_here(staff: Staff) -> None:
    client = at_counter(staff)
    file = new_file(staff, PersonFactory())
    antony = type(staff.office).objects.exclude(pk=staff.office.pk).order_by("pk").first()
    CaseFile.objects.update(office=antony)
    ticket = served(staff, client)
    assert attach(client, ticket, file).status_code == 404
    assert Step.objects.get(ticket=ticket).case_file is None


def test_who_may_not_open_files_sees_no_file(staff: Staff) -> None:
    client, _agent = staff.at_counter(3, "filing", role="digital_helper")
    person = PersonFactory()
    ticket, file = served(staff, client, person=person), new_file(staff, person)
    assert "data-filing" not in client.get("/guichet/3/").content.decode()
    assert attach(client, ticket, file).status_code == 403


def test_a_counter_that_is_somebody_elses_opens_no_file(staff: Staff) -> None:
    holder = at_counter(staff)
    person = PersonFactory()
    ticket, file = served(staff, holder, person=person), new_file(staff, person)
    other, _agent = staff.at_counter(4, "filing")
    assert attach(other, ticket, file).redirect_chain[-1][0] in {"/guichet/", "/guichet/4/"}
    assert Step.objects.get(ticket=ticket).case_file is None


def test_another_tab_finished_the_visit(staff: Staff) -> None:
    client = at_counter(staff)
    person = PersonFactory()
    ticket, file = served(staff, client, person=person), new_file(staff, person)
    attach(client, ticket, file)
    press(client, "terminer", ticket=ticket.pk, outcome="informed", key="z")
    answer = press(client, "dossier/complet", **form_of(ticket, file), **ticks(file))
    assert answer.status_code == 409
    assert Receipt.objects.count() == 0
    file.refresh_from_db()
    assert file.state == State.DEPOSITED
