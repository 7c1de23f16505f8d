"""Who comes, who books for them, and how they are told."""

import re
from dataclasses import dataclass, replace
from datetime import date

import phonenumbers

from parvis.booking.errors import BookerMissing, ContactMissing, IdentityMissing, PassportMalformed
from parvis.booking.states import BookedBy
from parvis.common import text
from parvis.people import rules as people
from parvis.people.errors import PhoneMalformed
from parvis.permits.models import Permit
from parvis.procedures.models import Procedure

_PLAIN_NUMBER = re.compile(r"[0-9]{9,10}")


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One person and what they come for. A foreign number, or a passport number with the birth date, names them."""

    family_name: str
    given_name: str = ""
    birth_date: date | None
    foreign_number: str = ""
    passport_number: str = ""
    procedure: Procedure
    permit: Permit | None = None


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How the person is told, and in which language. The e-mail address proves a booking, else the phone."""

    email: str = ""
    phone: str = ""
    language: str = "fr"


@dataclass(frozen=True, kw_only=True)
class Booker:
    """Who takes the appointment: the person, or somebody for them."""

    kind: BookedBy = BookedBy.SELF
    name: str = ""
    email: str = ""


SELF = Booker()


def passport(typed: str) -> str:
    """A passport number: 5 to 20 letters and digits, capitals; blank stays blank. Raises ``PassportMalformed``."""
    number = re.sub(r"[\s.\-/]", "", text.clean(typed, limit=60)).upper()
    if number and not re.fullmatch(r"[A-Z0-9]{5,20}", number):
        raise PassportMalformed
    return number


def phone(typed: str) -> str:
    """A telephone number in the international form, French unless it says otherwise. Raises ``PhoneMalformed``."""
    digits = people.phone(typed)
    if not digits:
        return ""
    try:
        number = phonenumbers.parse(digits, "FR")
    except phonenumbers.NumberParseException:
        raise PhoneMalformed from None
    if not phonenumbers.is_possible_number(number):
        raise PhoneMalformed
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def checked_attendee(attendee: Attendee, *, today: date) -> Attendee:
    """The person as they are kept.

    Raises ``NameMissing``, ``IdentityMissing``, ``PassportMalformed``, ``ForeignNumberMalformed``,
    ``BirthDateImpossible``.
    """
    checked = replace(
        attendee,
        family_name=people.family_name(attendee.family_name),
        given_name=people.given_name(attendee.given_name),
        birth_date=people.birth_date(attendee.birth_date, today=today),
        foreign_number=people.foreign_number(attendee.foreign_number),
        passport_number=passport(attendee.passport_number),
    )
    identity(checked)
    return checked


def identity(attendee: Attendee) -> str:
    """The form in which two people are compared: one live booking and one request for each and each procedure.

    Raises ``IdentityMissing``, ``PassportMalformed``, ``ForeignNumberMalformed``.
    """
    if attendee.birth_date is None:
        raise IdentityMissing
    if _PLAIN_NUMBER.fullmatch(attendee.foreign_number):
        # As it is once checked, and it is asked many times a booking.
        return _by_number(attendee.foreign_number)
    if number := people.foreign_number(attendee.foreign_number):
        return _by_number(number)
    return passport_identity(attendee)


def _by_number(number: str) -> str:
    """A number of nine digits and the same one after a zero are of one person."""
    return f"n:{number.lstrip('0')}"


def passport_identity(attendee: Attendee) -> str:
    """The same from the passport alone, for somebody who once gave one and once the other."""
    number = passport(attendee.passport_number)
    if not number or attendee.birth_date is None:
        raise IdentityMissing
    return f"p:{number}:{attendee.birth_date.isoformat()}"


def identities(attendee: Attendee) -> list[str]:
    """Every identity under which this person may already be known."""
    known = [identity(attendee)]
    if attendee.foreign_number and attendee.passport_number:
        known.append(passport_identity(attendee))
    return known


def checked_contact(contact: Contact, *, is_obligatory: bool = True) -> Contact:
    """The contact as it is kept. Raises ``EmailMalformed``, ``PhoneMalformed``, ``ContactMissing``."""
    checked = Contact(
        email=people.email(contact.email), phone=phone(contact.phone), language=people.language(contact.language)
    )
    if is_obligatory and not (checked.email or checked.phone):
        raise ContactMissing
    return checked


def checked_booker(booker: Booker) -> Booker:
    """Who books for somebody else, with a name. Raises ``BookerMissing``, ``EmailMalformed``."""
    if booker.kind == BookedBy.SELF:
        return SELF
    checked = Booker(kind=booker.kind, name=text.clean(booker.name, limit=120), email=people.email(booker.email))
    if booker.kind in {BookedBy.RELATIVE, BookedBy.ASSOCIATION} and not checked.name:
        raise BookerMissing
    return checked


def told_besides(contact: Contact, booker: Booker, proved: str) -> list[str]:
    """Where messages go without anybody having proved to read there; an alias of what was proved is told too."""
    return sorted({contact.email, contact.phone, booker.email} - {"", proved})


def proving(contact: Contact, booker: Booker) -> str:
    """The address or the phone to which the code goes: that of whoever is booking."""
    return booker.email or contact.email or contact.phone
