"""The small office of the reception, with seats to book in the weeks that follow; every person is invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from parvis.booking import actions
from parvis.booking.models import Appointment, BookingPolicy, CapacityPlan, Seat, Share, Slot
from parvis.booking.rules import Attendee, Contact, Wish
from parvis.booking.states import Channel
from parvis.common import clock
from parvis.journal.actions import Device
from parvis.messages.models import Message
from parvis.offices.models import Agent, Office
from parvis.procedures.models import AccessMode, Mode
from tests.offices.factories import AgentFactory
from tests.reception import house as reception

WEB = Device("web")
TODAY = reception.MONDAY
DAY = TODAY + timedelta(days=7)
SINCE = date(2017, 1, 1)
_people = count(1)


@dataclass
class BookingHouse:
    """The office, with short ways to say what is booked in it."""

    house: reception.House
    agent: Agent

    @property
    def office(self) -> Office:
        return self.house.office

    def slots(
        self,
        line: str = "filing",
        *,
        day: date = DAY,
        hours: tuple[str, str] = ("09:00", "10:00"),
        seats: int = 2,
        minutes: int = 15,
        accepts: tuple[str, ...] = (),
        **pool: str,
    ) -> list[Slot]:
        """Slots of one plan between two hours; ``audience=`` or ``channel=`` keeps their seats for a pool."""
        starts, ends = (time.fromisoformat(hour) for hour in hours)
        plan = CapacityPlan.objects.create(
            line=self.house.lines[line],
            name=f"Plan {CapacityPlan.objects.count() + 1}",
            weekday=day.isoweekday(),
            starts=starts,
            ends=ends,
            slot_minutes=minutes,
            seats=min(seats, 200),
            accepts=list(accepts),
            valid_from=SINCE,
        )
        if pool:
            Share.objects.create(plan=plan, seats=seats, **pool)
        begins, over = clock.at(day, hours[0]), clock.at(day, hours[1])
        made = []
        while begins + timedelta(minutes=minutes) <= over:
            made.append(self._slot(plan, day, begins, seats, pool))
            begins += timedelta(minutes=minutes)
        return made

    def _slot(self, plan: CapacityPlan, day: date, begins: datetime, seats: int, pool: dict[str, str]) -> Slot:
        slot = Slot.objects.create(
            line=plan.line,
            plan=plan,
            day=day,
            starts_at=begins,
            minutes=plan.slot_minutes,
            accepts=plan.accepts,
            falls_back_at=clock.at(day - timedelta(days=2), "12:00"),
        )
        Seat.objects.bulk_create(Seat(slot=slot, number=number, **pool) for number in range(1, seats + 1))
        return slot

    def slot(self, line: str = "filing", hour: str = "09:00", minutes: int = 15, **made: Any) -> Slot:
        """One slot at an hour."""
        ends = (datetime.fromisoformat(f"2000-01-01T{hour}") + timedelta(minutes=minutes)).strftime("%H:%M")
        return self.slots(line, hours=(hour, ends), minutes=minutes, **made)[0]

    def wish(self, *procedures: str, **changes: Any) -> Wish:
        """A visit for these procedures, by the web."""
        asked = tuple(self.house.procedures[code] for code in procedures or ("renewal",))
        return Wish(**({"office": self.office, "procedures": asked, "channel": Channel.WEB} | changes))

    def attendee(self, procedure: str = "renewal", **changes: Any) -> Attendee:
        """Somebody new, with a foreign number that cannot exist."""
        number = next(_people)
        given = {
            "family_name": "Exemple",
            "given_name": f"Témoin {number}",
            "birth_date": date(1990, 1, 1),
            "foreign_number": f"9900{number:06d}",
            "procedure": self.house.procedures[procedure],
        }
        return Attendee(**(given | changes))

    def contact(self, **changes: str) -> Contact:
        """An address of nobody, another one each time."""
        return Contact(**({"email": f"temoin{next(_people)}@exemple.invalid", "language": "fr"} | changes))

    def hold(self, slot: Slot, wish: Wish | None = None, **changes: Any) -> Appointment:
        """Seats kept by somebody on the web."""
        return actions.hold(wish or self.wish(), slot.pk, **({"by": WEB} | changes))

    def pending(self, slot: Slot, **details: Any) -> Appointment:
        """Somebody who has said who they are and awaits the code."""
        given = {"attendees": [self.attendee()], "contact": self.contact(), "by": WEB}
        return actions.give_details(self.hold(slot), **(given | details))

    def booked(self, slot: Slot, wish: Wish | None = None, **details: Any) -> Appointment:
        """A confirmed appointment, taken by an agent at the desk."""
        wish = wish or self.wish()
        given = {
            "attendees": [
                self.attendee(procedure.code, foreign_number=number)
                for number in [f"9900{next(_people):06d}" for _ in range(wish.people)]
                for procedure in wish.procedures
            ],
            "contact": self.contact(),
            "by": self.agent,
        }
        return actions.book(wish, slot.pk, **(given | details))

    def code(self) -> str:
        """The last code that was sent."""
        return str(Message.objects.filter(kind="booking.code").order_by("-pk")[0].facts["code"])

    def policy(self, **changes: int) -> BookingPolicy:
        """The rules of the office, with these changes."""
        return BookingPolicy.objects.update_or_create(office=self.office, defaults=changes)[0]


def build() -> BookingHouse:
    """The office of the reception, every procedure with or without an appointment, no seats yet."""
    house = reception.build()
    for procedure in house.procedures.values():
        AccessMode.objects.create(procedure=procedure, mode=Mode.MIXED, valid_from=SINCE)
    return BookingHouse(house, AgentFactory(office=house.office, roles=["greeter"]))


def seat_states(slot: Slot) -> list[str]:
    """The states of the seats of a slot, sorted."""
    return sorted(Seat.objects.filter(slot=slot).order_by("pk").values_list("state", flat=True))
