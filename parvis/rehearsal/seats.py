"""How a simulated visitor takes a seat, through the booking that the screens call."""

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from parvis.booking import actions as booking
from parvis.booking import queries as seats
from parvis.booking.errors import AlreadyBooked, SlotFull, SlotGone
from parvis.booking.models import Appointment
from parvis.booking.rules import Attendee, Booker, Contact, Wish
from parvis.booking.states import BookedBy, Channel
from parvis.journal.actions import PHONE
from parvis.messages.models import Message
from parvis.offices.models import Agent
from parvis.rehearsal.names import foreign_number
from parvis.rehearsal.visitors import Visitor

if TYPE_CHECKING:
    from parvis.rehearsal.play import Setting

ANOTHER_YEAR = timedelta(days=365)  # foreign numbers of those who book, beside those of the cards


def take_seat(
    setting: "Setting",
    visitor: Visitor,
    day: date,
    *,
    channel: Channel,
    helper: Agent,
    chance: Random | None = None,
) -> Appointment | None:
    """Book a seat of a day for a visitor: one that suits by chance, the first one without; None when none is left."""
    asked = tuple(setting.procedures[code] for code in visitor.procedures)
    wish = Wish(office=setting.office, procedures=asked, channel=channel)
    contact = Contact(email=f"visiteur{visitor.number}@exemple.invalid", language=visitor.language)
    alone = channel == Channel.WEB
    proof = ""
    offered = list(seats.free_slots(wish, day))
    while offered:
        slot = offered.pop(chance.randrange(len(offered)) if chance else 0)
        proof = proof or (_proof(contact) if alone else "")
        try:
            return booking.book(
                wish,
                slot.slot_id,
                attendees=[_attendee(setting, visitor, code) for code in visitor.procedures],
                contact=contact,
                booker=Booker() if alone else Booker(kind=BookedBy.HELPER, name=helper.name),
                proof=proof,
                by=PHONE if alone else helper,
                key=f"rehearsal:{setting.day}:{setting.seed}:seat:{visitor.number}:{slot.slot_id}",
            )
        except (SlotFull, SlotGone):
            continue
        except AlreadyBooked:
            return None
    return None


def _proof(contact: Contact) -> str:
    """The person reads the code in the message that was sent, and types it."""
    check = booking.send_code(contact, by=PHONE)
    sent = Message.objects.get(key=f"booking.code:{check.token}")
    return booking.prove(check.token, sent.facts["code"])


def _attendee(setting: "Setting", visitor: Visitor, code: str) -> Attendee:
    return Attendee(
        family_name=visitor.family_name,
        given_name=visitor.given_name,
        birth_date=visitor.born,
        foreign_number=foreign_number(setting.day + ANOTHER_YEAR, visitor.number),
        procedure=setting.procedures[code],
    )
