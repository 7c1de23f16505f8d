"""Invented people: names that nobody can take for somebody's."""

from datetime import date

FAMILY_NAMES = ("EXEMPLE", "TÉMOIN", "FICTIF", "MODÈLE", "ESSAI", "SPÉCIMEN", "INVENTÉ")
GIVEN_NAMES = (
    "Amina", "Bao", "Carlos", "Daria", "Emre", "Fatou", "Gustavo", "Hana", "Ibrahim", "Jin", "Kavitha", "Leïla",
    "Mamadou", "Nadia", "Oksana", "Pedro", "Qiang", "Rosa", "Samir", "Thiago", "Usha", "Vera", "Wassim", "Xin",
    "Yasmine", "Zoran", "Awa", "Bilal", "Chidi", "Deniz",
)  # fmt: skip


def family_and_given(number: int) -> tuple[str, str]:
    """The name of the n-th invented person; a name comes back after 210 persons, with another birth date."""
    return FAMILY_NAMES[number % len(FAMILY_NAMES)], GIVEN_NAMES[number // len(FAMILY_NAMES) % len(GIVEN_NAMES)]


def foreign_number(day: date, number: int) -> str:
    """A ten-digit number that no real file holds: 9900, then the day and the n-th card of that day."""
    return f"9900{day.toordinal() % 1000:03d}{number:03d}"


def card_number(day: date, number: int) -> str:
    """The number printed on an invented card."""
    return f"9900-{day:%y%m%d}-{number:03d}"
