"""Names of every script, and text made to do harm."""

from hypothesis import given
from hypothesis import strategies as st

from parvis.common.text import clean, folded


def test_what_is_kept_is_one_line_without_tricks() -> None:
    assert clean("  Exemple\n\tNom  ", limit=50) == "Exemple Nom"
    assert clean("Nom\u202eesrever\u202c", limit=50) == "Nomesrever"
    assert clean("a\x00b\x1b[31m", limit=50) == "a b [31m"
    assert clean("e\u0301", limit=50) == "é"
    assert clean("محمد", limit=50) == "محمد"


@given(st.text(max_size=400), st.integers(1, 120))
def test_any_text_gets_short_and_settles(text: str, limit: int) -> None:
    kept = clean(text, limit=limit)
    assert len(kept) <= limit
    assert clean(kept, limit=limit) == kept
    assert kept.isprintable() or any(not char.isprintable() for char in text)


def test_names_are_compared_without_case_accents_or_punctuation() -> None:
    assert folded("ÉXEMPLE-Témoin") == folded("exemple temoin") == "exemple temoin"
    assert folded("مُحَمَّد") == folded("محمد")
