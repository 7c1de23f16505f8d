"""What no button gives: a clear message in the person's language, nothing lost, nothing doubled, no fault."""

from datetime import date, timedelta

import pytest
from django.core import signing

from parvis.common import clock
from parvis.offices.models import Office
from parvis.procedures.queries import by_code
from parvis.reception.models import Redirection, Ticket
from parvis.web.kiosk import seal
from parvis.web.kiosk.answers import Answers
from tests.web.door.visitor import Visitor

BORN = {"day": 1, "month": 1, "year": 1990}


@pytest.fixture
def asked(visitor: Visitor) -> Visitor:
    """Somebody on the last page, about to give a name."""
    visitor.open("identite", "d=information")
    return visitor


@pytest.mark.parametrize(
    ("step", "query", "status"),
    [
        ("commune", "d=nothing", 404),
        ("commune", "d=" + "x" * 10_000, 404),
        ("expiration", "d=renewal&c=75056", 400),
        ("expiration", "d=renewal&c=" + "9" * 5_000, 400),
        ("priorite", "d=renewal&e=2017-02-31", 400),
        ("priorite", "d=renewal&e=hier", 400),
        ("identite", "d=renewal&p=courtesy", 400),
        ("identite", "d=renewal&p=" + "a" * 5_000, 400),
        ("priorite", "&".join(f"d=renewal{n}" for n in range(50)), 400),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_a_forged_answer_is_refused_in_words(
    nanterre: Office, step: str, query: str, status: int, language: str
) -> None:
    visitor = Visitor(language=language)
    answer = visitor.open(step, query)
    assert answer.status_code == status
    assert f'<html lang="{language}"' in visitor.text
    assert 'role="alert"' in visitor.text


def test_nothing_chosen_is_said(visitor: Visitor) -> None:
    answer = visitor.come_for()
    assert answer.status_code == 422
    assert "Choisissez au moins une démarche." in visitor.text


@pytest.mark.parametrize(
    "wrong", [{"day": 31, "month": 2, "year": 2018}, {"day": "", "month": 1, "year": 2018}, {"day": "x"}, {}]
)
def test_a_date_that_does_not_exist_is_said_and_the_rest_kept(visitor: Visitor, wrong: dict[str, object]) -> None:
    visitor.open("expiration", "d=renewal&c=92050")
    answer = visitor.answer(**wrong)
    assert answer.status_code == 422
    assert visitor.text.count("Cette date n'existe pas.") == 1
    if wrong.get("month") == 2:
        assert '<option value="2" selected' in visitor.text


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200f", "\x01\x02"])
def test_a_name_of_nothing_is_asked_again(asked: Visitor, name: str) -> None:
    answer = asked.answer(name=name, **BORN)
    assert answer.status_code == 422
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("A" * 10_000, "A" * 120),
        ("محمد التجريبي", "محمد التجريبي"),
        ("Témoin 🎈", "Témoin 🎈"),
        ("🎈🎈", "🎈🎈"),
        ("Fic\u202etif", "Fictif"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Robert'); DROP TABLE ticket;--", "Robert'); DROP TABLE ticket;--"),
    ],
)
def test_any_name_that_people_have_is_kept(asked: Visitor, name: str, kept: str) -> None:
    assert asked.answer(name=name, **BORN).status_code == 200
    assert Ticket.objects.get().holder_name == kept


def test_pressing_twice_gives_one_ticket_and_the_same_page(asked: Visitor) -> None:
    form, fields = asked.url, {**asked.hidden(), "name": "Fictif", **BORN}
    first = asked.client.post(form, fields)
    second = asked.client.post(form, fields)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_going_back_to_change_the_name_does_not_give_a_second_ticket(asked: Visitor) -> None:
    form, fields = asked.url, asked.hidden()
    asked.client.post(form, {**fields, "name": "Fictif", **BORN})
    answer = asked.client.post(form, {**fields, "name": "Un autre", **BORN})
    assert answer.status_code == 409
    assert "déjà été envoyée" in answer.content.decode()
    assert Ticket.objects.count() == 1


def test_the_same_person_gets_one_open_ticket(asked: Visitor) -> None:
    asked.answer(name="Fictif Exemple", **BORN)
    asked.open("identite", "d=information")
    answer = asked.answer(name="FICTIF  exemple", **BORN)
    assert answer.status_code == 409
    assert "déjà un ticket" in asked.text
    assert 'value="FICTIF  exemple"' in asked.text


def test_a_form_open_for_too_long_is_renewed_and_keeps_what_was_typed(
    asked: Visitor, nanterre: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "HOLDS", timedelta(seconds=-1))
    answer = asked.answer(name="Fictif Patient", **BORN)
    assert answer.status_code == 409
    assert "ouverte depuis longtemps" in asked.text
    assert 'value="Fictif Patient"' in asked.text
    monkeypatch.undo()
    assert asked.answer(name="Fictif Patient", **BORN).status_code == 200
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "forged",
    ["", "x", "a" * 100_000, signing.dumps([1, "d=information", "k"])],
    # A signature changes with the second; workers must agree on the names of the tests.
    ids=["nothing", "short", "long", "signed for something else"],
)
def test_a_forged_seal_gives_nothing(asked: Visitor, forged: str) -> None:
    answer = asked.client.post(asked.url, {"seal": forged, "name": "Fictif", **BORN})
    assert answer.status_code == 400
    assert "pas reconnue" in answer.content.decode()
    assert Ticket.objects.count() == 0


def test_a_seal_made_for_other_answers_gives_nothing(asked: Visitor, nanterre: Office) -> None:
    other = seal.make(nanterre, Answers((by_code("renewal"),)))
    answer = asked.client.post(asked.url, {"seal": other, "name": "Fictif", **BORN})
    assert answer.status_code == 400


def test_an_address_that_skips_the_questions_is_checked_at_the_end(visitor: Visitor) -> None:
    visitor.open("identite", "d=renewal&c=92002&e=2017-12-31")
    visitor.answer(name="Fictif", **BORN)
    assert Ticket.objects.count() == 0
    assert Redirection.objects.get().to_office is not None


@pytest.mark.parametrize("query", ["", "o=nothing", "o=" + "x" * 10_000])
def test_advice_that_was_never_given_is_not_found(visitor: Visitor, query: str) -> None:
    assert visitor.open("conseil", query).status_code == 404


def test_a_permit_may_expire_the_day_the_clocks_change(visitor: Visitor) -> None:
    clock.hold(clock.at(date(2018, 3, 26), "10:00"))
    visitor.open("expiration", "d=renewal&c=92050")
    visitor.date(date(2018, 3, 25))
    visitor.sign()
    assert Ticket.objects.get().day == date(2018, 3, 26)


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
@pytest.mark.parametrize("step", ["demarche", "commune", "identite"])
def test_a_nul_character_is_unreadable_not_a_fault(nanterre: Office, step: str, language: str) -> None:
    visitor = Visitor(language=language)
    answer = visitor.open(step, "d=information&c=%00")
    assert answer.status_code == 400
    assert f'<html lang="{language}"' in visitor.text
    assert visitor.client.post(f"{visitor.door}{step}/", {"name": "a\x00"}).status_code == 400
