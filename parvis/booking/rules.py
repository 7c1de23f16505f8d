"""Who books what, for whom, and when that may be: values in, values out or an error that says why not."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil

import phonenumbers

from parvis.booking.errors import (
    BookerMissing,
    CardNotInStock,
    ContactMissing,
    IdentityMissing,
    PassportMalformed,
    TooManyPeople,
)
from parvis.booking.states import Audience, BookedBy, Channel
from parvis.common import text
from parvis.offices.models import Office
from parvis.people import rules as people
from parvis.people.errors import PhoneMalformed
from parvis.permits.models import Permit
from parvis.permits.states import State as PermitState
from parvis.procedures.models import Procedure

HANDOVER = "handover"
_PLAIN_NUMBER = re.compile(r"[0-9]{9,10}")
_AUDIENCES = {
    "student": Audience.STUDENTS,
    "employee": Audience.EMPLOYEES,
    "talent_passport": Audience.EMPLOYEES,
    "private_family_life": Audience.FAMILY,
    "family_reunification": Audience.FAMILY,
}


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


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody would like to book: so many people, each for all of these procedures, in one visit.

    ``permit`` is the card of a handover. ``audience`` empty: that of the first procedure.
    """

    office: Office
    procedures: tuple[Procedure, ...]
    people: int = 1
    channel: Channel = Channel.WEB
    audience: Audience = Audience.ALL
    permit: Permit | None = None

    @property
    def pool(self) -> str:
        """The audience whose seats are open to this wish, beside those of everybody."""
        return self.audience or audience_of(self.procedures[0])


def minutes_needed(wish: Wish) -> float:
    """Counter minutes of a visit: the mean of each procedure, for each person."""
    return sum(procedure.mean_minutes for procedure in wish.procedures) * wish.people


def units(minutes: float, slot_minutes: int) -> int:
    """How many slots in a row a visit of so many minutes needs."""
    return max(1, ceil(round(minutes / slot_minutes, 6)))


def audience_of(procedure: Procedure) -> str:
    """The audience that a procedure is for; empty for all of them."""
    return _AUDIENCES.get(procedure.code, Audience.ALL)


def needs_card(procedure: Procedure) -> bool:
    """Whether people come to fetch a card."""
    return procedure.line_code == HANDOVER


def check_card(procedure: Procedure, permit: Permit | None) -> None:
    """Raise ``CardNotInStock`` for a handover without a card that waits."""
    if needs_card(procedure) and (permit is None or permit.state != PermitState.IN_STOCK):
        raise CardNotInStock


def check_people(count: int, most: int) -> None:
    """Raise ``TooManyPeople`` for nobody or for more people than one visit takes."""
    if not 1 <= count <= most:
        raise TooManyPeople(most=most)


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


def proving(contact: Contact, booker: Booker) -> str:
    """The address or the phone to which the code goes: that of whoever is booking."""
    return booker.email or contact.email or contact.phone


def opens_at(starts_at: datetime, early_minutes: int) -> datetime:
    """The instant from which a person may check in."""
    return starts_at - timedelta(minutes=early_minutes)


def is_late(starts_at: datetime, late_minutes: int, now: datetime) -> bool:
    """Whether somebody who comes now has missed their hour."""
    return now > starts_at + timedelta(minutes=late_minutes)
