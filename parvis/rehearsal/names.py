"""Invented people: names that nobody can take for somebody's."""

FAMILY_NAMES = ("EXEMPLE", "TÉMOIN", "FICTIF", "MODÈLE", "ESSAI", "SPÉCIMEN", "INVENTÉ")
GIVEN_NAMES = (
    "Amina", "Bao", "Carlos", "Daria", "Emre", "Fatou", "Gustavo", "Hana", "Ibrahim", "Jin", "Kavitha", "Leïla",
    "Mamadou", "Nadia", "Oksana", "Pedro", "Qiang", "Rosa", "Samir", "Thiago", "Usha", "Vera", "Wassim", "Xin",
    "Yasmine", "Zoran", "Awa", "Bilal", "Chidi", "Deniz",
)  # fmt: skip


def family_and_given(number: int) -> tuple[str, str]:
    """The name of the n-th invented person; a name comes back after 210 persons, with another birth date."""
    return FAMILY_NAMES[number % len(FAMILY_NAMES)], GIVEN_NAMES[number // len(FAMILY_NAMES) % len(GIVEN_NAMES)]


def foreign_number(day_number: int, number: int) -> str:
    """A ten-digit number that no real file holds: it begins with 9900."""
    return f"9900{day_number % 1000:03d}{number % 1000:03d}"
