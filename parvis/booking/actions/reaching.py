"""Reach somebody again: the links of their appointments, a corrected contact, a message when a window opens."""

from datetime import date

from django.db.models import Q

from parvis.booking import queries, rules
from parvis.booking.actions import booking, moves
from parvis.booking.actions.guards import allow, digest
from parvis.booking.actions.telling import tell_person, tell_requester
from parvis.booking.errors import HoldExpired
from parvis.booking.models import Appointment, SeatRequest
from parvis.booking.rules import Booker, Contact
from parvis.booking.states import AWAITED, REQUEST_LIVE, Status
from parvis.common import clock
from parvis.common.database import action
from parvis.journal.actions import Actor
from parvis.messages import actions as messages
from parvis.messages.states import Channel
from parvis.offices.models import Office
from parvis.procedures.models import Procedure

# A person asks for their links a few times a day; each message goes out once in a quarter of an hour.
LINKS_PER_CONTACT = 6
LINKS_PER_ADDRESS = 60
REMINDERS_PER_ADDRESS = 30
MOST_LINKS = 10
QUARTER = 900
# The hour at which a window is said to have opened.
MORNING = "08:00"


@action()
def send_links(contact: Contact, *, by: Actor, address: str = "") -> None:
    """Send the link of each coming appointment and live request to its own contact; the caller learns nothing.

    With an address and a phone, what either of them was given for: people fill both though they gave one.

    Raises ``ContactMissing``, ``EmailMalformed``, ``PhoneMalformed``, ``TooOften``.
    """
    now = clock.now()
    checked = rules.checked_contact(contact)
    allow("links.address", address, limit=LINKS_PER_ADDRESS)
    for given in (one for one in (checked.email, checked.phone) if one):
        allow("links.contact", given, limit=LINKS_PER_CONTACT)
    theirs = Q()
    if checked.email:
        theirs |= Q(email__iexact=checked.email)
    if checked.phone:
        theirs |= Q(phone=checked.phone)
    suffix = f":{int(now.timestamp()) // QUARTER}"
    coming = Appointment.objects.filter(theirs, state__in=sorted(AWAITED), starts_at__gt=now)
    for appointment in coming.order_by("starts_at", "pk")[:MOST_LINKS]:
        tell_person(appointment, "booking.already", now=now, suffix=suffix)
    waiting = SeatRequest.objects.filter(theirs, state__in=sorted(REQUEST_LIVE))
    for request in waiting.order_by("created_at", "pk")[:MOST_LINKS]:
        tell_requester(request, "booking.request_received", now=now, suffix=suffix)


@action()
def correct_contact(appointment: Appointment, contact: Contact, *, by: Actor, address: str = "") -> None:
    """Send the code elsewhere while it is awaited: the address was mistyped. The names stay as they are.

    Raises ``HoldExpired``, ``ContactMissing``, ``EmailMalformed``, ``PhoneMalformed``, ``TooOften``.
    """
    now = clock.now()
    checked = rules.checked_contact(contact)
    appointment = moves.locked(appointment)
    if appointment.state != Status.PENDING or booking.is_over(appointment, now):
        raise HoldExpired
    allow("code.address", address, limit=queries.policy(appointment.office).holds_per_address)
    allow("hold.contact", rules.proving(checked, Booker()), limit=queries.policy(appointment.office).holds_per_contact)
    if appointment.booker_email and checked.email:
        appointment.booker_email = checked.email
    else:
        appointment.email, appointment.phone, appointment.booker_email = checked.email, checked.phone, ""
    appointment.save(update_fields=["email", "phone", "booker_email"])
    booking.send_code_again(appointment, by=by)


@action()
def remind_of_window(
    office: Office, procedure: Procedure, *, opens: date, contact: Contact, by: Actor, address: str = ""
) -> None:
    """Queue the message that says, on the day, that the request may be filed. Asked twice, it is sent once.

    Raises ``ContactMissing``, ``EmailMalformed``, ``PhoneMalformed``, ``TooOften``.
    """
    checked = rules.checked_contact(contact)
    allow("reminder.address", address, limit=REMINDERS_PER_ADDRESS)
    ways = ((Channel.EMAIL, checked.email), (Channel.SMS, checked.phone))
    for channel, to in ways:
        if to:
            messages.queue(
                "booking.window_opens",
                key=f"booking.window_opens:{procedure.code}:{opens.isoformat()}:{digest(to)[:32]}",
                to=to,
                channel=channel,
                language=checked.language,
                facts={"procedure": procedure.code, "opens": opens.isoformat(), "office": office.code},
                due_at=clock.at(opens, MORNING),
            )
