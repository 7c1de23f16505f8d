"""What an officer does with one file, and what the house answers when it moved meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client

from parvis.casefiles import actions
from parvis.casefiles.models import CaseFile, Question
from parvis.casefiles.states import Closing, Decision, State
from parvis.common import clock
from parvis.procedures.models import Document
from tests.casefiles.house import days_later
from tests.offices.factories import OfficeFactory
from tests.web.casework.conftest import BackOffice


@pytest.fixture
def browser(back: BackOffice) -> Client:
    return back.browser(back.officer)


def do(browser: Client, file: CaseFile, code: str, *, follow: bool = True, **typed: object) -> str:
    """Send one act from the page as it stands now; the text of the page that follows."""
    sent = {"seen": file.version, "fact": 0} | typed
    answer = browser.post(f"/instruction/dossier/{file.pk}/{code}/", sent, follow=follow)
    assert answer.status_code in {200, 409, 422}, answer.status_code
    return answer.content.decode().replace("&#x27;", "'")


def test_take_then_propose_opens_the_next_file_of_the_list(back: BackOffice, browser: Client) -> None:
    first, second = back.house.taken(), back.house.taken()
    answer = browser.post(
        f"/instruction/dossier/{first.pk}/accorder/?liste=miennes", {"seen": first.version, "card_months": "48"}
    )
    first.refresh_from_db()
    assert (first.state, first.proposal, first.card_months) == (State.PROPOSED, Decision.GRANT, 48)
    assert answer.headers["Location"] == f"/instruction/dossier/{second.pk}/?liste=miennes"


def test_after_the_last_file_of_the_list_comes_the_list(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    answer = browser.post(f"/instruction/dossier/{file.pk}/accorder/", {"seen": file.version})
    assert answer.headers["Location"] == "/instruction/?liste=miennes"


def test_a_file_that_moved_shows_what_changed_and_keeps_what_was_typed(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    read = browser.get(f"/instruction/dossier/{file.pk}/")
    actions.propose(file, Decision.GRANT, by=back.officer, seen=file.version)
    grounds = "Motif écrit pendant une heure"
    answer = browser.post(
        f"/instruction/dossier/{file.pk}/refuser/",
        {"seen": file.version, "fact": read.context["last_fact"], "grounds": grounds},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert grounds in page
    assert [one.entry.what for one in answer.context["since"]] == ["case_file.proposed"]
    file.refresh_from_db()
    assert file.proposal == Decision.GRANT


def test_a_form_still_offered_keeps_its_text_and_reads_the_new_version(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    actions.hold(file, clock.today() + timedelta(days=9), "Pièce attendue", by=back.officer)
    old = file.version
    page = do(browser, file, "refuser", grounds="Motif gardé", seen=old)
    file.refresh_from_db()
    assert file.version > old
    assert "Motif gardé" in page
    assert f'name="seen" value="{file.version}"' in page
    assert file.state == State.UNDER_REVIEW


def test_a_refusal_needs_grounds(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    do(browser, file, "refuser", grounds=" ")
    file.refresh_from_db()
    assert file.state == State.UNDER_REVIEW


def test_ask_then_note_the_answer(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    until = clock.today() + timedelta(days=20)
    do(browser, file, "demander", text="Une photo récente.", documents=["photos"], answer_by=until.isoformat())
    question = Question.objects.get(case_file=file)
    assert (question.documents, question.answer_by) == (["photos"], until)
    file.refresh_from_db()
    do(browser, file, "repondre", text="Apportée au guichet.")
    file.refresh_from_db()
    assert file.state == State.UNDER_REVIEW


def test_opinion_asked_and_received(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    do(browser, file, "avis", body="work_directorate", due_on=(clock.today() + timedelta(days=30)).isoformat())
    file.refresh_from_db()
    assert file.state == State.OPINION_PENDING
    do(browser, file, "avis-recu", opinion=file.opinions.get().pk, favourable="yes", text="Rien à dire.")
    file.refresh_from_db()
    assert file.state == State.UNDER_REVIEW
    assert file.opinions.get().is_favourable


def test_two_bodies_are_asked_one_answers_and_the_other_is_awaited_no_more(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    until = (clock.today() + timedelta(days=30)).isoformat()
    for body in ("mayor", "work_directorate"):
        do(browser, file, "avis", body=body, due_on=until)
        file.refresh_from_db()
    mayor, work = file.opinions.order_by("pk")
    do(browser, file, "avis-recu", opinion=work.pk, favourable="no")
    file.refresh_from_db()
    assert file.state == State.OPINION_PENDING
    page = do(browser, file, "avis-recu", opinion=mayor.pk, favourable="none", text="Relancé deux fois.")
    file.refresh_from_db()
    mayor.refresh_from_db()
    assert (file.state, mayor.is_favourable) == (State.UNDER_REVIEW, None)
    assert "aucun avis n'est venu" in page


def test_an_order_to_leave_is_chosen_with_the_refusal_and_shown_with_its_delay(
    back: BackOffice, browser: Client
) -> None:
    file = back.house.taken()
    assert (
        "Saisir le tribunal administratif : 2 mois" in browser.get(f"/instruction/dossier/{file.pk}/").content.decode()
    )
    page = do(browser, file, "refuser", grounds="Fraude.", order="jamais")
    file.refresh_from_db()
    assert file.state == State.UNDER_REVIEW
    assert "Fraude." in page
    do(browser, file, "refuser", grounds="Fraude.", order="without_delay")
    file.refresh_from_db()
    assert (file.state, file.order_to_leave) == (State.PROPOSED, "without_delay")


def test_only_the_reasons_that_may_close_are_offered(back: BackOffice, browser: Client) -> None:
    def offered(state: str) -> set[str]:
        CaseFile.objects.filter(pk=file.pk).update(state=state)
        page = browser.get(f"/instruction/dossier/{file.pk}/").content.decode()
        return {one for one in Closing.values if f'<option value="{one}"' in page}

    file = back.house.taken()
    assert offered("under_review") == {"withdrawn", "moved_away", "duplicate"}
    assert offered("incomplete") == {"withdrawn", "moved_away", "duplicate", "not_completed"}
    assert offered("in_production") == {"withdrawn", "moved_away"}
    assert offered("announced") == set()


def test_committee_not_before_its_fifteen_days(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    today = clock.today()
    soon, later = today + timedelta(days=5), today + timedelta(days=30)
    page = do(browser, file, "commission", summoned_on=today.isoformat(), meets_on=soon.isoformat())
    assert "quinze jours" in page
    do(browser, file, "commission", summoned_on=today.isoformat(), meets_on=later.isoformat())
    file.refresh_from_db()
    assert file.state == State.COMMITTEE_REFERRAL
    days_later(30)
    do(browser, file, "commission-avis", favourable="no", text="")
    file.refresh_from_db()
    assert file.state == State.UNDER_REVIEW


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("attendre", {"until": "2017-12-11", "because": "Motif gardé"}),
        ("attendre", {"until": "2020-01-01", "because": "Motif gardé"}),
        ("demander", {"text": "Motif gardé", "answer_by": "2019-01-01"}),
        ("avis", {"body": "work_directorate", "due_on": "2017-12-01"}),
        ("commission", {"summoned_on": "2017-12-01", "meets_on": "2018-01-15"}),
        ("commission", {"summoned_on": "2017-12-12", "meets_on": "2018-04-15"}),
    ],
)
def test_a_day_that_cannot_be_is_said_beside_its_field(
    back: BackOffice, browser: Client, code: str, typed: dict[str, str]
) -> None:
    file = back.house.taken()
    page = do(browser, file, code, **typed)
    assert 'aria-invalid="true"' in page
    assert " du 1" in page or " du 2" in page, "which days are possible"
    assert "Cette date n'est pas possible" not in page
    if "Motif gardé" in typed.values():
        assert "Motif gardé" in page
    file.refresh_from_db()
    assert (file.state, file.held_until) == (State.UNDER_REVIEW, None)


def test_the_last_possible_days_are_taken(back: BackOffice, browser: Client) -> None:
    held, asked, referred = (back.house.taken() for _n in range(3))
    do(browser, held, "attendre", until="2019-12-31", because="Longtemps")
    do(browser, asked, "demander", text="Une photo.", answer_by=(clock.today() + timedelta(days=366)).isoformat())
    do(browser, referred, "commission", summoned_on="2018-02-24", meets_on="2018-03-11")
    for file in (held, asked, referred):
        file.refresh_from_db()
    assert held.held_until is not None
    assert (asked.state, referred.state) == (State.INFORMATION_REQUESTED, State.COMMITTEE_REFERRAL)


def test_the_committees_opinion_is_not_noted_before_it_met(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    do(browser, file, "commission", summoned_on="2017-12-11", meets_on="2018-01-15")
    page = do(browser, file, "commission-avis", favourable="yes", text="Trop tôt")
    assert "15 janvier 2018" in page.partition("commission-avis")[2]
    assert "à partir de ce jour" in page
    assert "Trop tôt" in page


def test_the_documents_asked_are_those_of_the_day_of_the_deposit(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    Document.objects.filter(procedure=file.procedure, code="photos").update(valid_to=clock.today())
    days_later(3)
    page = browser.get(f"/instruction/dossier/{file.pk}/").content.decode()
    assert 'value="photos"' in page
    do(browser, file, "demander", documents=["photos"])
    assert Question.objects.get(case_file=file).documents == ["photos"]


def test_a_colleagues_file_is_taken_before_anything_is_typed(back: BackOffice) -> None:
    file = back.house.taken()
    page = back.browser(back.head).get(f"/instruction/dossier/{file.pk}/").content.decode()
    assert "prenez-le d" in page
    offered = [
        code for code in ("prendre", "accorder", "refuser", "demander", "attendre", "note") if f"/{code}/" in page
    ]
    assert offered == ["prendre", "note"]


def test_what_was_typed_for_a_file_that_a_colleague_took_stays_in_its_form(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    actions.take(file, by=back.head, seen=file.version)
    page = do(browser, file, "refuser", grounds="Motif d'une heure", seen=file.version)
    assert page.count("Motif d'une heure") == 1
    assert 'id="refuser_grounds"' in page


def test_the_address_of_an_act_leads_back_to_the_file(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    for code in ("refuser", "note"):
        answer = browser.get(f"/instruction/dossier/{file.pk}/{code}/?liste=toutes")
        assert answer.headers["Location"] == f"/instruction/dossier/{file.pk}/?liste=toutes"
    assert browser.get("/instruction/lot/?liste=libres").headers["Location"] == "/instruction/?liste=libres"
    assert browser.get(f"/instruction/dossier/{file.pk}/nothing/").status_code == 404


def test_a_file_decided_meanwhile_is_not_said_to_be_given(back: BackOffice) -> None:
    file = back.house.granted()
    page = do(back.browser(back.head), file, "confier", officer=back.head.pk)
    assert "Le dossier est confié" not in page
    file.refresh_from_db()
    assert file.officer == back.officer


def test_hold_and_resume(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    until = clock.today() + timedelta(days=9)
    do(browser, file, "attendre", until=until.isoformat(), because="Pièce promise")
    file.refresh_from_db()
    assert (file.held_until, file.held_because) == (until, "Pièce promise")
    do(browser, file, "reprendre")
    file.refresh_from_db()
    assert file.held_until is None


def test_notes_and_closing(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    assert "À relire" in do(browser, file, "note", text="À relire <b>lundi</b>")
    file.refresh_from_db()
    do(browser, file, "clore", closing=Closing.WITHDRAWN)
    file.refresh_from_db()
    assert (file.state, file.closing) == (State.CLOSED, Closing.WITHDRAWN)


def test_who_proposes_does_not_sign(back: BackOffice) -> None:
    head = back.browser(back.head)
    file = actions.propose(actions.take(back.house.complete(), by=back.head), Decision.GRANT, by=back.head)
    page = head.get(f"/instruction/dossier/{file.pk}/").content.decode()
    assert "un autre agent signe" in page
    answer = head.post(f"/instruction/dossier/{file.pk}/decider/signer/", {"seen": file.version})
    assert answer.status_code == 409
    file.refresh_from_db()
    assert file.state == State.PROPOSED


def test_sign_and_send_back(back: BackOffice) -> None:
    head = back.browser(back.head)
    kept, returned = back.house.proposed(), back.house.proposed()
    head.post(f"/instruction/dossier/{kept.pk}/decider/signer/", {"seen": kept.version})
    head.post(
        f"/instruction/dossier/{returned.pk}/decider/renvoyer/",
        {"seen": returned.version, "because": "Ressources à vérifier"},
    )
    kept.refresh_from_db()
    returned.refresh_from_db()
    assert (kept.state, returned.state) == (State.IN_PRODUCTION, State.UNDER_REVIEW)


def test_an_officer_signs_nothing_whatever_the_address(back: BackOffice, browser: Client) -> None:
    file = back.house.proposed()
    assert browser.post(f"/instruction/dossier/{file.pk}/decider/signer/").status_code == 403
    assert browser.post(f"/instruction/dossier/{file.pk}/signer/").status_code == 404
    assert browser.post(f"/instruction/dossier/{file.pk}/confier/").status_code == 403
    file.refresh_from_db()
    assert file.state == State.PROPOSED


def test_a_file_of_another_office_does_not_exist(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    CaseFile.objects.filter(pk=file.pk).update(office=OfficeFactory(code="ailleurs"))
    assert browser.get(f"/instruction/dossier/{file.pk}/").status_code == 404
    assert browser.post(f"/instruction/dossier/{file.pk}/note/", {"text": "x"}).status_code == 404


def test_a_passed_delay_is_never_called_a_refusal(back: BackOffice, browser: Client) -> None:
    file = back.house.taken()
    days_later(130)
    page = browser.get(f"/instruction/dossier/{file.pk}/").content.decode().replace("&#x27;", "'")
    assert "personne n'a décidé" in page
    assert "En instruction" in page
    listed = browser.get("/instruction/silence/").content.decode()
    assert file.number in listed
    assert "Refusé" not in listed
