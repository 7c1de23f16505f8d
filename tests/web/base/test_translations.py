"""The texts to translate: found without gettext, complete, with the same places to fill."""

import polib
import pytest

from parvis.web.management import texts
from parvis.web.management.commands.check_translations import faults_of


@pytest.fixture(scope="module")
def found() -> texts.Found:
    """Every text of the sources."""
    return texts.collect()


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


def test_the_public_texts_alone_are_asked_of_other_languages(found: texts.Found) -> None:
    arabic = {text.msgid for text in found.wanted_in("ar")}
    assert "Pourquoi venez-vous ?" in arabic
    assert "Chef de bureau" not in arabic
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
