"""A small office whose seats are drawn, and short ways to ask, close and draw; every person is invented."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from parvis.booking import actions
from parvis.booking.actions import placing
from parvis.booking.models import AllocationRule, Appointment, Batch, Offer, SeatRequest, Slot
from parvis.booking.states import Allocation
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.procedures.models import Procedure
from tests.booking.house import SINCE, WEB, BookingHouse
from tests.reception.house import MONDAY

# A week of requests from Monday 11 December 2017 closes at noon on Sunday 17; seats are given from Monday 18.
OPEN = MONDAY
FIRST_DAY = MONDAY + timedelta(days=7)


@dataclass
class Scarcity:
    """The house, one procedure of which is drawn."""

    house: BookingHouse
    procedure: Procedure

    def ask(self, **changes: Any) -> SeatRequest:
        """Somebody new asks on the web."""
        given = {
            "attendee": self.house.attendee(self.procedure.code),
            "contact": self.house.contact(),
            "by": WEB,
        }
        return actions.request(self.house.office, self.procedure, **(given | changes))

    def batch(self) -> Batch:
        """The batch that gathers requests."""
        return actions.open_batch(self.house.office, self.procedure, by=SYSTEM)

    def seats(self, count: int, *, day: date = FIRST_DAY, hour: str = "09:00", minutes: int = 15, **more: Any) -> Slot:
        """A slot with so many seats."""
        return self.house.slot(day=day, hour=hour, seats=count, minutes=minutes, **more)

    def draw(self, batch: Batch, *, on_time: bool = True) -> Batch:
        """Close at the hour announced, and draw."""
        if on_time:
            clock.hold(max(batch.closes_at, clock.now()))
        return actions.draw(actions.close_batch(batch, by=SYSTEM), by=SYSTEM)

    def placed(self, *requests: SeatRequest) -> list[SeatRequest]:
        """Those of these who have a place."""
        for one in requests:
            one.refresh_from_db()
        return [one for one in requests if one.appointment_id]

    def give(self, slot: Slot) -> Appointment:
        """Seat somebody in a slot, as a draw would."""
        request = SeatRequest.objects.create(
            office=self.house.office, procedure=self.procedure, identity=f"n:99009{slot.pk % 100_000:05d}",
            family_name="Exemple", birth_date=date(1980, 1, 1), email="place@exemple.invalid", created_at=clock.now(),
        )  # fmt: skip
        spot = placing.Spot(
            tuple(slot.seats.order_by("number").values_list("pk", flat=True)[:1]),
            slot.line_id, slot.day, slot.starts_at, slot.minutes, "",
        )  # fmt: skip
        with transaction.atomic():
            return placing.place([(request, spot)], by=SYSTEM, now=clock.now())[0]


def drawn(house: BookingHouse, procedure: str = "renewal", **rule: int) -> Scarcity:
    """Have the seats of a procedure drawn."""
    chosen = house.house.procedures[procedure]
    AllocationRule.objects.create(
        office=house.office, procedure=chosen, allocation=Allocation.DRAW, valid_from=SINCE, **rule
    )
    return Scarcity(house, chosen)


def open_offers() -> list[Offer]:
    """The offers that await an answer."""
    return list(Offer.objects.filter(state="open").select_related("request", "seat__slot").order_by("pk"))
