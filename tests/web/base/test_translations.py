"""The texts to translate: found without gettext, complete, with the same places to fill."""

import gettext as gettext_module
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from parvis.messages.papers import typesetting
from parvis.web.management import texts
from parvis.web.management.commands.check_translations import faults_of


@pytest.fixture(scope="module")
def found() -> texts.Found:
    """Every text of the sources."""
    return texts.collect()


DATA = (texts.ROOT / "parvis/procedures/data/texts", texts.ROOT / "parvis/offices/data")
OTHERS = [language for language in texts.languages() if language != texts.FULL_LANGUAGE]


def test_every_language_offered_is_asked_for() -> None:
    assert {*texts.languages(), texts.SOURCE_LANGUAGE} == {code for code, _name in settings.LANGUAGES}
    assert len(texts.languages()) == 9
    assert set(texts.PLURALS) == set(texts.languages())


@pytest.mark.parametrize("language", texts.languages())
def test_every_language_is_complete(found: texts.Found, language: str) -> None:
    assert list(faults_of(language, found)) == []


def test_texts_are_found_in_python() -> None:
    source = """
a = _("Un")
b = ngettext("%(n)d place", "%(n)d places", n)
c = pgettext_lazy("ticket", "Reçu")
d = other("x")
"""
    assert sorted(texts.in_python(source)) == [
        texts.Text("%(n)d place", "%(n)d places"),
        texts.Text("Reçu", context="ticket"),
        texts.Text("Un"),
    ]


def test_texts_are_found_in_templates(tmp_path: object) -> None:
    page = tmp_path / "page.html"  # type: ignore[operator]
    page.write_text(
        "{% load i18n %}{% if a %}{% translate 'Un' %}{% endif %}"
        "{% blocktranslate with n=b %}Guichet {{ n }}{% endblocktranslate %}"
        "{% blocktranslate count c=d %}{{ c }} jour{% plural %}{{ c }} jours{% endblocktranslate %}"
    )
    assert sorted(texts.in_template(page)) == [
        texts.Text("%(c)s jour", "%(c)s jours"),
        texts.Text("Guichet %(n)s"),
        texts.Text("Un"),
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_the_public_texts_alone_are_asked_of_other_languages(found: texts.Found, language: str) -> None:
    asked = {text.msgid for text in found.wanted_in(language)}
    assert {"Pourquoi venez-vous ?", "Prendre rendez-vous", "Votre demande"} <= asked
    assert "Chef de bureau" not in asked
    assert "Chef de bureau" in {text.msgid for text in found.wanted_in("en")}


def test_a_missing_an_unsure_and_a_wrongly_filled_text_are_faults(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = texts.Found()
    for msgid in ("Un", "Deux", "Salle %(room)s"):
        found.add(texts.Text(msgid), "parvis/web/kiosk/views.py")
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Deux", msgstr="Two", flags=["fuzzy"]))
    catalogue.append(polib.POEntry(msgid="Salle %(room)s", msgstr="Room %(hall)s"))
    catalogue.append(polib.POEntry(msgid="Trois", msgstr="Three"))
    path = tmp_path / "django.po"  # type: ignore[operator]
    catalogue.save(str(path))
    monkeypatch.setattr(texts, "path_of", lambda _language: path)
    said = " ".join(faults_of("en", found))
    for word in ("not collected: 'Un'", "to translate: 'Deux'", "other placeholders", "no longer used: 'Trois'"):
        assert word in said


def test_a_language_without_a_catalogue_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "path_of", lambda _language: tmp_path / "django.po")
    assert list(faults_of("uk", texts.Found())) == ["uk: no catalogue (make messages)"]


@pytest.mark.parametrize("language", texts.languages())
def test_every_number_has_its_plural_form(language: str) -> None:
    """The rule of the catalogue never asks for a form that the catalogue does not have."""
    catalogue = polib.pofile(str(texts.path_of(language)))
    forms = int(catalogue.metadata["Plural-Forms"].split("=")[1].split(";")[0])
    rule = gettext_module.c2py(catalogue.metadata["Plural-Forms"].split("plural=")[1].rstrip(";"))
    assert {rule(number) for number in range(200)} == set(range(forms))
    assert [entry.msgid for entry in catalogue if entry.msgid_plural and len(entry.msgstr_plural) != forms] == []


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("uk", 1, "Перед вами 1 людина"),
        ("uk", 3, "Перед вами 3 людини"),
        ("uk", 11, "Перед вами 11 людей"),
        ("zh-hans", 3, "您前面还有 3 人"),
        ("tr", 3, "Önünüzde 3 kişi var"),
        ("ta", 1, "உங்களுக்கு முன் 1 நபர்"),
        ("fr-simple", 0, "0 personne avant vous"),
        ("pt", 2, "2 pessoas à sua frente"),
    ],
)
def test_a_number_is_said_as_the_language_says_it(language: str, number: int, said: str) -> None:
    with translation.override(language):
        text = translation.ngettext("%(ahead)d personne avant vous", "%(ahead)d personnes avant vous", number)
        assert text % {"ahead": number} == said


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "mardi 3 février 2026, 09:05"),
        ("fr-simple", "mardi 3 février 2026, 09:05"),
        ("en", "Tuesday 3 February 2026, 09:05"),
        ("es", "martes 3 de febrero de 2026, 09:05"),
        ("pt", "Terça-feira, 3 de Fevereiro de 2026, 09:05"),
        ("ar", "الثلاثاء 3 فبراير 2026, 09:05"),
        ("tr", "3 Şubat 2026 Salı, 09:05"),
        ("zh-hans", "2026年2月3日 星期二, 09:05"),
        ("uk", "Вівторок, 3 лютого 2026, 09:05"),
        ("ta", "3 பிப்ரவரி 2026, செவ்வாய், 09:05"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(language: str, written: str) -> None:
    with translation.override(language):
        assert date_format(datetime(2026, 2, 3, 9, 5, tzinfo=UTC), "l j F Y, H:i") == written


def test_a_form_says_nothing_in_french_to_who_reads_tamil() -> None:
    with translation.override("ta"):
        for said in map(translation.gettext, texts.FRAMEWORK["ta"]):
            assert any("\u0b80" <= character <= "\u0bff" for character in said)


def test_papers_can_print_every_letter_of_every_language() -> None:
    said = {text for language in texts.languages() for text in _in_catalogue(language)}
    said |= {
        text for folder in DATA for path in folder.rglob("*.toml") for text in _within(tomllib.loads(path.read_text()))
    }
    missing = {character for text in said for character in text} - typesetting.coverage() - {"\n"}
    assert missing == set()


def _in_catalogue(language: str) -> Iterator[str]:
    for entry in polib.pofile(str(texts.path_of(language))):
        yield from [entry.msgstr, *entry.msgstr_plural.values()]


def _within(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _within(part)
