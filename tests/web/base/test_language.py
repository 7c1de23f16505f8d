"""The language of a page: asked, remembered, guessed, French."""

import pytest
from django.conf import settings
from django.test import Client

COOKIE = settings.LANGUAGE_COOKIE_NAME
SIGN_IN = "/compte/connexion/"


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody with a browser that asks for no language."""
    return Client()


def spoken(answer: object) -> tuple[str, str]:
    """The language and direction that a page declares."""
    text = answer.content.decode()  # type: ignore[attr-defined]
    start = text.index("<html lang=")
    declared = text[start : text.index(">", start)].split('"')
    return declared[1], declared[3]


def test_french_is_spoken_unless_something_else_is_asked(visitor: Client) -> None:
    assert spoken(visitor.get("/")) == ("fr", "ltr")
    assert spoken(visitor.get("/", headers={"Accept-Language": "de,ja"})) == ("fr", "ltr")


def test_the_browser_is_listened_to(visitor: Client) -> None:
    assert spoken(visitor.get("/", headers={"Accept-Language": "ar-DZ,fr;q=0.5"})) == ("ar", "rtl")


def test_the_choice_is_remembered_and_wins(visitor: Client) -> None:
    answer = visitor.get("/?lang=ar")
    assert spoken(answer) == ("ar", "rtl")
    assert answer.headers["Content-Language"] == "ar"
    assert spoken(visitor.get("/", headers={"Accept-Language": "en"})) == ("ar", "rtl")


@pytest.mark.parametrize("unknown", ["xx", "../fr", "fr\r\nSet-Cookie: a=b", "a" * 10_000, ""])
def test_an_unknown_language_changes_nothing(visitor: Client, unknown: str) -> None:
    answer = visitor.get("/", {"lang": unknown})
    assert spoken(answer) == ("fr", "ltr")
    assert COOKIE not in answer.cookies


def test_agents_screens_fall_back_to_french(visitor: Client) -> None:
    assert spoken(visitor.get(f"{SIGN_IN}?lang=ar"))[0] == "fr"
    assert spoken(visitor.get(f"{SIGN_IN}?lang=en"))[0] == "en"


@pytest.mark.parametrize(("language", "said"), [("fr", "introuvable"), ("en", "not found"), ("ar", "غير موجودة")])
def test_a_page_that_does_not_exist_says_so_in_the_persons_language(visitor: Client, language: str, said: str) -> None:
    answer = visitor.get(f"/rien/?lang={language}")
    assert answer.status_code == 404
    assert said in answer.content.decode()


def test_a_language_link_keeps_the_answers_of_the_page(visitor: Client) -> None:
    assert '?toutes=1&amp;x=a%26b&amp;lang=ar"' in visitor.get("/?toutes=1&x=a%26b&lang=fr").content.decode()
