"""What an SMS carries, when to try again, the name of a message."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.messages import rules


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Rendez-vous déplacé : été, Noël", "Rendez-vous déplacé : été, Noel"),
        ("« où ? » — l’hôtel", '" où ? " - l\'hotel'),
        ("garçon, œuf", "garcon, oeuf"),
        ("Işıl, ğ, ş", "Isil, g, s"),
        ("não, ações", "nao, acoes"),
    ],
)
def test_latin_letters_lose_what_an_sms_lacks(text: str, sent: str) -> None:
    assert rules.sms_text(text) == sent
    assert rules.sms_parts(sent) == 1


@pytest.mark.parametrize("text", ["موعدك يوم الاثنين", "Зустріч", "预约", "சந்திப்பு"])
def test_another_script_is_left_alone(text: str) -> None:
    assert rules.sms_text(text) == text


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("م" * 70, 1), ("م" * 71, 2)]
)
def test_the_parts_of_an_sms(text: str, parts: int) -> None:
    assert rules.sms_parts(text) == parts


@given(st.text(max_size=200))
def test_the_text_of_an_sms_is_final(text: str) -> None:
    once = rules.sms_text(text)
    assert rules.sms_text(once) == once


def test_attempts_are_further_and_further_apart_and_end() -> None:
    pauses = [rules.pause_after(attempt) for attempt in range(1, len(rules.PAUSES) + 1)]
    assert pauses == sorted(pauses, key=lambda pause: pause or timedelta.max)
    assert rules.pause_after(len(rules.PAUSES) + 1) is None


def test_a_message_keeps_its_name_and_says_nothing_by_it() -> None:
    name = rules.message_id("booking.confirmed:12:0:email", "https://accueil.example.org")
    assert name == rules.message_id("booking.confirmed:12:0:email", "https://accueil.example.org")
    assert name.endswith("@accueil.example.org>")
    assert "12:0" not in name
    assert name != rules.message_id("booking.confirmed:13:0:email", "https://accueil.example.org")
