"""What somebody would like to book, how long that takes, and when it may be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from parvis.booking.errors import CardNotInStock, TooManyPeople
from parvis.booking.states import Audience, Channel
from parvis.offices.models import Office
from parvis.permits.models import Permit
from parvis.permits.states import State as PermitState
from parvis.procedures.models import Procedure

HANDOVER = "handover"
_AUDIENCES = {
    "student": Audience.STUDENTS,
    "employee": Audience.EMPLOYEES,
    "talent_passport": Audience.EMPLOYEES,
    "private_family_life": Audience.FAMILY,
    "family_reunification": Audience.FAMILY,
}


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


def opens_at(starts_at: datetime, early_minutes: int) -> datetime:
    """The instant from which a person may check in."""
    return starts_at - timedelta(minutes=early_minutes)


def is_late(starts_at: datetime, late_minutes: int, now: datetime) -> bool:
    """Whether somebody who comes now has missed their hour."""
    return now > starts_at + timedelta(minutes=late_minutes)
