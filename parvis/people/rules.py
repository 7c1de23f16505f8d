"""What a person may be called, and what is refused. Pure functions of what was typed."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from parvis.common import text
from parvis.people.errors import (
    BirthDateImpossible,
    EmailMalformed,
    ForeignNumberMalformed,
    NameMissing,
    PassportNumberMalformed,
    PhoneMalformed,
)
from parvis.people.models import NAME_LENGTH

LANGUAGES = frozenset({"fr", "fr-simple", "en", "es", "pt", "ar", "tr", "zh-hans", "uk", "ta"})
OLDEST_YEARS = 130
_FOLDED_LENGTH = 1000


def family_name(typed: str) -> str:
    """A family name of any script and any length, kept up to 120 characters. Raises ``NameMissing``."""
    kept = given_name(typed)
    if not any(character.isalpha() for character in kept):
        raise NameMissing
    return kept


def given_name(typed: str) -> str:
    """A given name, kept up to 120 characters; many people have none."""
    return text.clean(typed, limit=NAME_LENGTH)


def folded_name(family: str, given: str) -> str:
    """The two names as they are compared when somebody is searched."""
    return text.folded(f"{family} {given}")[:_FOLDED_LENGTH]


def foreign_number(typed: str) -> str:
    """The number of the national file: 9 or 10 digits of any script, spaces and dots aside; blank stays blank.

    Raises ``ForeignNumberMalformed``.
    """
    digits = _plain_digits(re.sub(r"[\s.\-]", "", text.clean(typed, limit=40)))
    if digits and not re.fullmatch(r"[0-9]{9,10}", digits):
        raise ForeignNumberMalformed
    return digits


def passport_number(typed: str) -> str:
    """A passport number: 5 to 20 letters and digits, capitals; blank stays blank.

    Raises ``PassportNumberMalformed``.
    """
    number = re.sub(r"[\s.\-/]", "", text.clean(typed, limit=60)).upper()
    if number and not re.fullmatch(r"[A-Z0-9]{5,20}", number):
        raise PassportNumberMalformed
    return number


def birth_date(given: date | None, *, today: date) -> date | None:
    """A day on which somebody alive was born, or none. Raises ``BirthDateImpossible``."""
    if given is not None and not today.year - OLDEST_YEARS <= given.year <= today.year:
        raise BirthDateImpossible
    if given is not None and given > today:
        raise BirthDateImpossible
    return given


def phone(typed: str) -> str:
    """A telephone number as its digits, after a + if there was one. Raises ``PhoneMalformed``."""
    number = _plain_digits(re.sub(r"[\s.()/\-]", "", text.clean(typed, limit=60)))
    if number and not re.fullmatch(r"\+?[0-9]{6,15}", number):
        raise PhoneMalformed
    return number


def email(typed: str) -> str:
    """An e-mail address, or none. Raises ``EmailMalformed``."""
    address = text.clean(typed, limit=300)
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise EmailMalformed from error
    if len(address) > 254:
        raise EmailMalformed
    return address


def language(code: str) -> str:
    """The language in which the office speaks to the person: one it has, else French."""
    return code if code in LANGUAGES else "fr"


def _plain_digits(typed: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(character, character)) for character in typed)
