"""One appointment, one hold, one request of each kind in the office of the staff, with names that try to be more."""

from datetime import timedelta

from parvis.booking import actions
from parvis.booking.models import AllocationRule
from parvis.booking.rules import Booker
from parvis.booking.states import Allocation, BookedBy
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.messages.models import Message
from parvis.offices.models import Agent, Line
from parvis.procedures.models import AccessMode, Mode, Procedure
from tests.booking.house import SINCE, WEB, BookingHouse
from tests.reception.house import House
from tests.web.staff import Staff

SEEN = ("see", "move", "cancel", "convocation", "event")
DRAWN = "licence_exchange"


def book_something(staff: Staff, agent: Agent, name: str) -> dict[str, object]:
    """What stands for the parts of the addresses of appointments, draws, the help desk and the outbox."""
    procedures = {one.code: one for one in Procedure.objects.all()}
    for procedure in (procedures["renewal"], procedures[DRAWN]):
        AccessMode.objects.filter(procedure=procedure).delete()
        AccessMode.objects.create(procedure=procedure, valid_from=SINCE, mode=Mode.MIXED)
    lines = {line.code: line for line in Line.objects.filter(office=staff.office)}
    house = BookingHouse(House(staff.office, lines, procedures), agent)
    slot = house.slot(seats=4, day=clock.today() + timedelta(days=7))
    booker = Booker(kind=BookedBy.RELATIVE, name=name, email="proche@exemple.invalid")
    booked = house.booked(slot, attendees=[house.attendee(family_name=name, given_name=name)], booker=booker)
    pending = house.pending(slot, attendees=[house.attendee(family_name=name)])
    held = house.hold(slot)
    drawn = procedures[DRAWN]
    AllocationRule.objects.create(
        office=staff.office, procedure=drawn, allocation=Allocation.DRAW, valid_from=clock.today()
    )
    batch = actions.open_batch(staff.office, drawn, by=SYSTEM)
    person, contact = house.attendee(DRAWN, family_name=name, given_name=name), house.contact()
    asked = actions.request(
        staff.office, drawn, attendee=person, contact=contact, ground="health", ground_reason=name, by=WEB
    )
    certificate = actions.issue_certificate(asked, by=WEB)
    message = Message.objects.filter(about=f"booking.appointment:{booked.pk}").order_by("pk")[0]
    return {
        **{f"appointments:{page}.token": booked.token for page in SEEN},
        "appointments:details.token": held.token,
        "appointments:code.token": pending.token,
        **{f"draws:{page}.token": asked.token for page in ("request", "withdraw", "issue")},
        **{f"draws:{page}.token": certificate.token for page in ("certificate", "paper")},
        **{f"draws:{page}.{part}": value for page in ("batch", "document") for part, value in _parts(batch.number)},
        **{f"helpdesk:{page}.pk": booked.pk for page in ("appointment", "move", "cancel", "check_in")},
        **{f"outbox:{page}.pk": message.pk for page in ("paper", "resend", "printed")},
        **{f"api:v1:{page}.token": booked.token for page in ("appointment", "move", "cancel")},
        **{f"api:v1:{page}.token": asked.token for page in ("request", "withdraw")},
    }


def _parts(number: int) -> list[tuple[str, object]]:
    return [("procedure", DRAWN), ("number", number)]
