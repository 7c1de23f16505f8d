"""When the reception takes people, and by which policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.offices.rules import is_within
from parvis.procedures import queries as procedures
from parvis.procedures.models import Mode, Procedure
from parvis.reception import rules
from parvis.reception.errors import LineClosed, NotServedHere
from parvis.reception.models import QueuePolicy


def policy(office: Office) -> QueuePolicy:
    """The head starts and tolerances of an office; the ready ones until somebody sets others."""
    # Asked anew each time: a process that keeps an office in hand must follow what its head decides.
    return QueuePolicy.objects.filter(office=office.pk).order_by().first() or QueuePolicy(office=office)


def door_code(office: Office) -> str:
    """The code posted at the entrance of this office today."""
    return rules.door_code(settings.SECRET_KEY, office.code, clock.today())


@dataclass(frozen=True, slots=True)
class Doors:
    """The hours of one line today and the policy of its office."""

    policy: QueuePolicy
    hours: Sequence[tuple[datetime, datetime]]

    def take(self, now: datetime) -> bool:
        """Whether somebody who arrives now gets a ticket: from the opening of the doors to the closing of the line."""
        before = timedelta(minutes=self.policy.doors_before_opening)
        return any(start - before <= now < end for start, end in self.hours)

    def receive(self, at: datetime) -> bool:
        """Whether the line receives at this instant of the day."""
        return is_within(at, self.hours)

    @property
    def opens(self) -> datetime | None:
        """When the line first opens today."""
        return self.hours[0][0] if self.hours else None

    @property
    def closes(self) -> datetime | None:
        """When the line closes for the last time today."""
        return self.hours[-1][1] if self.hours else None


def doors(line: Line, now: datetime) -> Doors:
    """The hours and the policy that hold for a line now."""
    return Doors(policy(line.office), offices.hours(line, clock.office_day(now)))


def takes_people(line: Line, now: datetime) -> bool:
    """Whether somebody who arrives at this line now gets a ticket."""
    return doors(line, now).take(now)


def line_today(office: Office, line_code: str, now: datetime) -> Line:
    """The line of this code, which opens today: whoever is sent there will be received.

    Raises ``NotServedHere`` and ``LineClosed``. Past its closing hour it still serves the people who are there.
    """
    line = Line.objects.select_related("office").filter(office=office, code=line_code).first()
    if line is None:
        raise NotServedHere
    if not offices.hours(line, clock.office_day(now)):
        raise LineClosed(why=why_closed(line, now))
    return line


def why_closed(line: Line, now: datetime) -> str:
    """Why the line takes nobody now, and when it next opens, in the language being spoken."""
    day = clock.office_day(now)
    return offices.why_closed(line, day) or ""


def next_opening(line: Line, now: datetime) -> datetime | None:
    """The opening time of the next day on which the line is open; None when none is known within the year."""
    day = offices.next_open_day(line, clock.office_day(now))
    return offices.opening_time(line, day) if day else None


def by_appointment_only(procedure: Procedure, day: date) -> bool:
    """Whether the procedure is received by appointment only on a day."""
    return procedures.access_mode(procedure, day) == Mode.APPOINTMENT_ONLY


def end_of(day: date) -> datetime:
    """The first instant of the following day."""
    return clock.at(day + timedelta(days=1), "00:00")
