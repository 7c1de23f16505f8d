"""The demonstration's appointments: seats ahead, people who have booked, and one procedure whose places are drawn."""

from datetime import date, timedelta
from io import StringIO

from django.core.management import call_command

from parvis.booking import actions as booking
from parvis.booking import queries as seats
from parvis.booking.rules import Attendee, Booker, Contact, Wish
from parvis.booking.states import Allocation, BookedBy, Channel, UrgentGround
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Office
from parvis.procedures import queries as procedures
from parvis.procedures.models import Procedure
from parvis.rehearsal.draws import stream
from parvis.rehearsal.names import family_and_given, foreign_number

SEED = 1
DRAWN = "exceptional_admission"
BOOKED = ("student", "employee", "talent_passport", "status_change")
BOOKED_A_DAY = 6
DAYS_BOOKED = 7
OPEN_BEFORE = (14, 7, 0)  # days before the first day on which a batch opens
ASK = 14  # people a batch


def prepare(office: Office, day: date, *, helper: Agent) -> None:
    """Make seats, two published draws and an open batch, and appointments for the first days."""
    start = day - timedelta(days=OPEN_BEFORE[0])
    with clock.held(clock.at(start, "06:00")):
        call_command("load_plans", verbosity=0, stdout=StringIO())
        drawn = procedures.by_code(DRAWN)
        booking.change_allocation(
            office, drawn, allocation=Allocation.DRAW, valid_from=start, by=SYSTEM, batch_days=7, near_days=4
        )
    _draws(office, drawn, day)
    with clock.held(clock.at(day - timedelta(days=3), "10:00")):
        _appointments(office, day, helper=helper)


def _draws(office: Office, drawn: Procedure, day: date) -> None:
    """Each week people ask; at the end of the week places are drawn, and whoever got none is in the next one."""
    chance = stream(SEED, "requests")
    for week, before in enumerate(OPEN_BEFORE):
        opens = day - timedelta(days=before)
        with clock.held(clock.at(opens, "06:00")):
            booking.run_due(by=SYSTEM)
        with clock.held(clock.at(opens, "07:00")):
            for person in range(week * ASK, (week + 1) * ASK):
                ground = UrgentGround.JOB_AT_RISK if chance.random() < 0.1 else UrgentGround.NONE
                booking.request(
                    office,
                    drawn,
                    attendee=_attendee(drawn, day, 700 + person),
                    contact=_contact(700 + person),
                    expires_on=day + timedelta(days=chance.randint(5, 120)) if chance.random() < 0.6 else None,
                    ground=ground,
                    ground_reason="Contrat à signer (démonstration)" if ground else "",
                    by=SYSTEM,
                )


def _appointments(office: Office, day: date, *, helper: Agent) -> None:
    """Some people have booked for the first days; nobody plays them: check them in, move them, cancel them."""
    chance = stream(SEED, "demonstration appointments")
    person = 500
    for open_day in (day + timedelta(days=ahead) for ahead in range(DAYS_BOOKED)):
        for _seat in range(BOOKED_A_DAY):
            asked = procedures.by_code(BOOKED[person % len(BOOKED)])
            wish = Wish(office=office, procedures=(asked,), channel=Channel.PHONE)
            offered = seats.free_slots(wish, open_day)
            if not offered:
                break
            booking.book(
                wish,
                chance.choice(offered).slot_id,
                attendees=[_attendee(asked, day, person)],
                contact=_contact(person),
                booker=Booker(kind=BookedBy.HELPER, name=helper.name),
                by=helper,
            )
            person += 1


def _attendee(procedure: Procedure, day: date, person: int) -> Attendee:
    family, given = family_and_given(person)
    return Attendee(
        family_name=family,
        given_name=given,
        birth_date=date(1960, 1, 1) + timedelta(days=17 * person),
        foreign_number=foreign_number(day + timedelta(days=200), person),
        procedure=procedure,
    )


def _contact(person: int) -> Contact:
    return Contact(email=f"demonstration{person}@exemple.invalid")
