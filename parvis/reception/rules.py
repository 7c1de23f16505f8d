"""The stated order, who may act, and what a wait is expected to be: pure functions of values and a time."""

import hashlib
import hmac
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils import timezone
from django.utils.formats import date_format

from parvis.booking.errors import NotToday, TooEarlyToCheckIn
from parvis.booking.states import Status as AppointmentStatus
from parvis.common.text import clean, folded
from parvis.reception.errors import (
    AppointmentNotExpected,
    CardOfAnotherOffice,
    CardOfSomebodyElse,
    CounterBusy,
    CounterNotOpen,
    FileOfAnotherOffice,
    IdentityMissing,
    InvalidPolicy,
    NothingAsked,
    NotYourCounter,
    TicketNotHere,
    TicketOfAnotherDay,
)
from parvis.reception.states import Rank, SessionState

if TYPE_CHECKING:
    from parvis.booking.models import Appointment, BookingPolicy
    from parvis.casefiles.models import CaseFile
    from parvis.journal.actions import Actor
    from parvis.offices.models import Office
    from parvis.people.models import Person
    from parvis.permits.models import Permit
    from parvis.procedures.models import Procedure
    from parvis.reception.models import CounterSession, QueuePolicy, Ticket
    from parvis.reception.queries.line import Desk

NAME_LIMIT = 120
# Smallest and largest value of each field; all but the port are minutes.
BOUNDS = {
    "appointment_head_start": (0, 240),
    "priority_head_start": (0, 240),
    "absent_pause": (1, 30),
    "doors_before_opening": (0, 120),
    "printer_port": (1, 65535),
}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,198}[A-Za-z0-9])?")
# What can be read aloud and copied from a wall: no 0/O, no 1/I.
READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
DOOR_CODE_LENGTH = 4
# One network address may send so many wrong door codes in so long; a waiting room's phones share one address.
WRONG_CODES, GUESSING_PAUSE = 10, timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody at the door: what they come for and who they are."""

    office: "Office"
    procedures: tuple["Procedure", ...]
    person: "Person | None" = None
    holder_name: str = ""
    holder_born: date | None = None
    language: str = "fr"
    priority: str = ""
    appointment_at: datetime | None = None
    return_code: str = ""
    # The desk decides to receive somebody who came without the appointment the procedure asks for.
    received_anyway: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands: its class, its reference time, and the rank time that orders the queue."""

    rank: Rank
    reference_at: datetime
    rank_at: datetime


@dataclass(frozen=True, slots=True)
class WaitRange:
    """What a person may expect: half wait less than ``low``, nine in ten less than ``high``.

    ``pace`` is the correction that was applied: measured over modelled waits of the last hour.
    """

    low: timedelta
    high: timedelta
    past_closing: bool
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Work:
    """Services still to be done: how many, their mean total and variance, in seconds and seconds squared."""

    people: float = 0.0
    mean: float = 0.0
    variance: float = 0.0

    def __add__(self, other: "Work") -> "Work":
        return Work(self.people + other.people, self.mean + other.mean, self.variance + other.variance)

    def times(self, share: float) -> "Work":
        """A share of this work."""
        return Work(self.people * share, self.mean * share, self.variance * share)


def place(arrival: Arrival, policy: "QueuePolicy", *, now: datetime, kept_reference: datetime | None = None) -> Place:
    """The place of somebody who arrives now.

    Reference: the arrival of a walk-in; the later of hour and check-in for an appointment; kept for who comes back.
    """
    rank, reference = Rank.WALK_IN, now
    if arrival.appointment_at:
        rank, reference = Rank.APPOINTMENT, max(arrival.appointment_at, now)
    if arrival.priority:
        rank = Rank.PRIORITY
    return ranked(rank, kept_reference or reference, policy)


def ranked(rank: Rank, reference_at: datetime, policy: "QueuePolicy") -> Place:
    """The place of a class and a reference time: rank time = reference minus head start."""
    return Place(rank, reference_at, reference_at - policy.head_start(rank))


def rank_told(ticket: "Ticket") -> Rank:
    """The class of a ticket as the journal says it: with an appointment or without, and never a legal priority.

    The journal is kept for ever, and that this person had such a right is health data: it is erased with the day.
    """
    if ticket.rank != Rank.PRIORITY:
        return Rank(ticket.rank)
    hour = ticket.appointment_at
    # Put back after being missed, the appointment was lost and the reference is that of the return.
    return Rank.APPOINTMENT if hour and ticket.reference_at == max(hour, ticket.arrived_at) else Rank.WALK_IN


def identity(arrival: Arrival) -> tuple[str, str]:
    """The name to keep on the ticket and the form in which its holder is compared. Raises ``IdentityMissing``."""
    if arrival.person:
        return "", f"person:{arrival.person.pk}"
    name = clean(arrival.holder_name, limit=NAME_LIMIT)
    return name, identity_by_name(name, arrival.holder_born)


def identity_by_name(name: str, born: date | None) -> str:
    """Somebody known by name and birth date alone, in the form that is compared. Raises ``IdentityMissing``."""
    # A name in emoji alone folds to nothing: it is compared as typed.
    compared = folded(name) or name
    if not compared:
        raise IdentityMissing
    return f"{compared[:NAME_LIMIT]}|{born or ''}"


def may_be_one_person(name: str, born: date | None, other: str, other_born: date | None) -> bool:
    """Whether two names as written, each with a birth date if it is known, may be those of one person.

    The same words in any order, and no other birth date. With the same birth date on both sides one of them may have
    written fewer of the names: a passport has many.
    """
    words, others = (set((folded(text) or text).split()) for text in (name, other))
    if not words or not others:
        return False
    if born is None or other_born is None:
        return words == others
    return born == other_born and (words <= others or others <= words)


def door_code(secret: str, office: str, day: date) -> str:
    """The code posted at the entrance of an office on a day: who knows it stands there. Four readable characters."""
    digest = hmac.new(secret.encode(), f"parvis.door:{office}:{day.isoformat()}".encode(), hashlib.sha256).digest()
    # 256 is eight times 32: each character is as likely as any other.
    return "".join(READABLE[byte % len(READABLE)] for byte in digest[:DOOR_CODE_LENGTH])


def door_code_read(typed: str) -> str:
    """A door code as people type it: small letters, spaces, the figures of any script."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in typed.upper() if not sign.isspace())


def check_asks_something(arrival: Arrival) -> None:
    """Raise ``NothingAsked`` when no procedure is asked for."""
    if not arrival.procedures:
        raise NothingAsked


def check_expected(appointment: "Appointment", policy: "BookingPolicy", *, now: datetime, today: date) -> None:
    """Whether somebody may check in now: a confirmed appointment of today, its hour near or past.

    Who was counted absent is still expected. Raises ``AppointmentNotExpected``, ``NotToday``, ``TooEarlyToCheckIn``.
    """
    if appointment.state not in (AppointmentStatus.CONFIRMED, AppointmentStatus.NO_SHOW):
        raise AppointmentNotExpected
    starts = timezone.localtime(appointment.starts_at)
    if appointment.day != today:
        raise NotToday(day=date_format(appointment.day, "l j F Y"), hour=f"{starts:%H:%M}")
    opens = starts - timedelta(minutes=policy.early_minutes)
    if now < opens:
        raise TooEarlyToCheckIn(from_=f"{opens:%H:%M}")


def check_today(ticket: "Ticket", today: date) -> None:
    """Raise ``TicketOfAnotherDay`` unless the ticket was issued today."""
    if ticket.day != today:
        raise TicketOfAnotherDay(number=str(ticket))


H = TypeVar("H", "CounterSession", "Desk")


def check_holds(held: H | None, by: "Actor") -> H:
    """An open counter that this agent holds. Raises ``CounterNotOpen``, ``NotYourCounter``."""
    if held is None or held.state == SessionState.CLOSED:
        raise CounterNotOpen
    if held.agent_id != by.agent_id:
        raise NotYourCounter
    return held


def check_may_call(desk: "Desk | None", by: "Actor") -> "Desk":
    """A counter that may call now. Raises also ``CounterBusy``; a break ends before a call."""
    held = check_holds(desk, by)
    if held.state == SessionState.BREAK:
        raise CounterNotOpen
    if held.occupant:
        raise CounterBusy(number=held.occupant)
    return held


def check_here(ticket: "Ticket", counter_id: int | None) -> None:
    """Raise ``TicketNotHere`` unless the ticket is at this counter, the one that the agent holds."""
    if ticket.counter_id is None or ticket.counter_id != counter_id:
        raise TicketNotHere(number=str(ticket))


def check_card_of(ticket: "Ticket", permit: "Permit") -> None:
    """Raise ``CardOfSomebodyElse`` when the office knows who holds the ticket and the card is not theirs.

    With a short identity only, the agent compares the card with the passport.
    """
    if ticket.person_id is not None and permit.person_id != ticket.person_id:
        raise CardOfSomebodyElse(number=str(ticket))


def check_card_here(ticket: "Ticket", permit: "Permit") -> None:
    """Raise ``CardOfAnotherOffice`` when the card is in the stock of another office."""
    if permit.office_id != ticket.office_id:
        raise CardOfAnotherOffice


def check_file_of(ticket: "Ticket", case_file: "CaseFile") -> None:
    """Raise ``FileOfAnotherOffice`` when the file is kept elsewhere: this counter writes nothing in it."""
    if case_file.office_id != ticket.office_id:
        raise FileOfAnotherOffice


def may_be_holder(ticket: "Ticket", person: "Person") -> bool:
    """Whether a ticket bound to a name may become this person's: nobody's yet, and no other birth date was given."""
    return ticket.person_id is None and not is_of_another(ticket, person)


def is_of_another(ticket: "Ticket", person: "Person") -> bool:
    """Whether what is known of the ticket's holder says that this is somebody else: a child's file, or a mistake."""
    if ticket.person_id is not None:
        return ticket.person_id != person.pk
    return ticket.holder_born not in (None, person.birth_date)


def check_policy(fields: dict[str, Any]) -> None:
    """Raise ``InvalidPolicy`` for an unknown field, a number out of bounds, or a host that no network could name."""
    for name, value in fields.items():
        if name == "printer_host":
            possible = isinstance(value, str) and (value == "" or _HOST.fullmatch(value) is not None)
        else:
            low, high = BOUNDS.get(name, (1, 0))
            possible = type(value) is int and low <= value <= high
        if not possible:
            raise InvalidPolicy(field=name)


# The 90th percentile of a standard normal variable.
_P90 = 1.2816
# What the model does not know (breaks, pace of the day), as a share of the mean; set from measured calibration.
_UNKNOWN = 0.22


def expected_wait(
    ahead: Work, *, counters: int, free: bool, service: float, bias: float = 1.0
) -> tuple[float, float] | None:
    """The P50 and P90 of a wait in seconds, None when no counter serves the line.

    ``ahead`` is the work of the people served before; ``free``: a counter is idle; ``service``: the usual service of
    the line in seconds; ``bias``: the pace of the last hour. With c counters busy the first
    frees itself after about 1/(c + 1) of a service; then the work ahead is consumed c at a time. Variances add; the
    sum of many services is close to normal.
    """
    if counters == 0:
        return None
    if free and ahead.people == 0:
        return 0.0, 60.0
    first_free = service / (counters + 1)
    mean = (ahead.mean / counters + first_free) * bias
    spread = math.sqrt(ahead.variance / counters**2 + first_free**2 + (_UNKNOWN * mean) ** 2)
    return mean, mean + _P90 * spread


def measured(
    prior_mean: float, prior_sigma: float, services: int, seconds: float, squares: float
) -> tuple[float, float]:
    """Mean and variance of a service in seconds: the catalogue's assumption, corrected by what was measured.

    The assumption counts as ten services (``prior_mean`` in minutes, lognormal ``prior_sigma``).
    """
    weight, mean = 10, prior_mean * 60
    variance = mean**2 * (math.exp(prior_sigma**2) - 1)
    total = weight + services
    new_mean = (weight * mean + seconds) / total
    second_moment = (weight * (variance + mean**2) + squares) / total
    return new_mean, max(second_moment - new_mean**2, (0.1 * new_mean) ** 2)


# Those who come later and go ahead (priorities, appointments) and counters on a break lengthen a wait by a tenth.
USUAL_PACE = 1.1


def pace(waited: float, modelled: float, people: int) -> float:
    """Measured over modelled waits of the people called during the last hour, in seconds, within 0.6 and 1.8.

    The usual pace counts as ten people: a few hasty or slow services do not change what is told.
    """
    if people == 0 or modelled <= 0:
        return USUAL_PACE
    ten = 10 * modelled / people
    return min(max((waited + USUAL_PACE * ten) / (modelled + ten), 0.6), 1.8)


def time_left(hours: Iterable[tuple[datetime, datetime]], now: datetime) -> timedelta:
    """How long a line still receives within these hours: neither a pause nor the time before an opening counts."""
    return sum((end - max(start, now) for start, end in hours if now < end), timedelta())


def admission_level(work_seconds: float, seconds_left: float) -> str:
    """Whether the work waiting fits in the counter time left: ``ok``, ``tight`` (over 85 %) or ``over``."""
    if work_seconds <= 0.85 * seconds_left or work_seconds == 0:
        return "ok"
    return "tight" if work_seconds <= seconds_left else "over"


def total(works: Iterable[Work]) -> Work:
    """The sum of several pieces of work."""
    return sum(works, Work())
