"""From seats that are kept to an appointment that counts: who, how they are told, the code."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from parvis.booking import queries, rules
from parvis.booking.actions import attending, contacts, holding, moves
from parvis.booking.actions.at_once import Order, write
from parvis.booking.actions.guards import allow
from parvis.booking.actions.telling import tell_person
from parvis.booking.errors import (
    AlreadyBooked,
    CodeExpired,
    ContactNotProved,
    HoldExpired,
    SlotGone,
    TooLateToChange,
)
from parvis.booking.models import Appointment, BookingPolicy, Seat
from parvis.booking.rules import SELF, Attendee, Booker, Contact, Wish
from parvis.booking.states import LIVE, BookedBy, Channel, SeatState, Status
from parvis.common import clock
from parvis.common.database import action
from parvis.journal.actions import Actor
from parvis.procedures.models import Procedure

ONE_LIVE = {"booked_once_per_person": AlreadyBooked, "booked_once_per_permit": AlreadyBooked}


def give_details(
    appointment: Appointment,
    *,
    attendees: Sequence[Attendee],
    contact: Contact,
    booker: Booker = SELF,
    by: Actor,
    proof: str = "",
    address: str = "",
) -> Appointment:
    """Say who comes and how they are told. With a proof of the contact it is confirmed, else a code is sent.

    Raises ``HoldExpired``, ``AlreadyBooked`` (the link of that booking is sent again, to its own contact),
    ``IdentityMissing``, ``ContactMissing``, ``BookerMissing``, ``TooManyPeople``, ``CardNotInStock``, ``TooOften``
    and what the names, numbers and addresses themselves may raise.
    """
    today = clock.today()
    checked = [rules.checked_attendee(one, today=today) for one in attendees]
    contact = rules.checked_contact(contact, is_obligatory=by.agent_id is None)
    booker = rules.checked_booker(booker)
    policy = queries.policy(appointment.office)
    proved = "" if by.agent_id is not None else _proved(proof, contact, booker)
    return _or_send_link(
        checked,
        lambda: _give_details(appointment, checked, contact, booker, by=by, policy=policy, proved=proved),
    )


def confirm(appointment: Appointment, *, code: str, by: Actor) -> Appointment:
    """Make the appointment count, once the code that was sent is typed back. Confirmed before: it stays as it is.

    Raises ``CodeWrong``, ``CodeExpired``, ``HoldExpired``, ``TooOften``, and ``AlreadyBooked`` when the person has
    booked otherwise meanwhile.
    """
    appointment = queries.appointment(appointment.pk)
    if appointment.state == Status.CONFIRMED:
        return appointment
    if appointment.state != Status.PENDING or is_over(appointment, clock.now()):
        raise HoldExpired
    proved = _proving(appointment)
    contacts.prove_contact(proved, code)
    try:
        return _confirm(appointment, proved=proved, by=by)
    except AlreadyBooked:
        _send_links({(one.identity, one.procedure) for one in appointment.booked.all()})
        raise


@action()
def send_code_again(appointment: Appointment, *, by: Actor) -> None:
    """Send another code for an appointment that awaits one. Raises ``HoldExpired``, ``TooOften``."""
    appointment = moves.locked(appointment)
    now = clock.now()
    if appointment.state != Status.PENDING or is_over(appointment, now):
        raise HoldExpired
    policy = queries.policy(appointment.office)
    _send_code(appointment, now=now, policy=policy)


def book(
    wish: Wish,
    slot_id: int,
    *,
    attendees: Sequence[Attendee],
    contact: Contact,
    booker: Booker = SELF,
    proof: str = "",
    by: Actor,
    key: str = "",
    address: str = "",
) -> Appointment:
    """Book in one go: an agent, or somebody who has proved their contact. Sent twice with its key: one booking.

    ``address`` is the network address of somebody who books alone; it is counted with the holds of its day.
    Raises what ``hold`` and ``give_details`` raise, and ``ContactNotProved``.
    """
    today = clock.today()
    checked = [rules.checked_attendee(one, today=today) for one in attendees]
    contact = rules.checked_contact(contact, is_obligatory=by.agent_id is None)
    booker = rules.checked_booker(booker)
    # The address that was proved answers for what is booked: the others may be anything.
    proved = contacts.check_proof(proof, contact, booker) if by.agent_id is None else ""
    order = Order(
        wish=wish,
        slot_id=slot_id,
        attendees=checked,
        contact=contact,
        booker=booker,
        proved=proved,
        by=by,
        key=key,
        address=address,
    )
    if not {one.procedure.pk for one in checked} <= {procedure.pk for procedure in wish.procedures}:
        raise SlotGone
    attending.check_cards(checked)
    return _or_send_link(checked, lambda: _book(order))


def book_again(lost: Appointment, slot_id: int, *, by: Actor, key: str = "") -> Appointment:
    """Give another hour to the people whose seats the office withdrew: they and their contact are known already.

    It is an appointment of its own, told as any other. Sent twice with its key: one booking. Raises what ``book``
    raises, and ``TooLateToChange`` for an appointment that ended otherwise.
    """
    if not queries.was_withdrawn(lost):
        raise TooLateToChange
    rows = list(lost.booked.select_related("procedure", "permit").order_by("position"))
    attendees = [
        Attendee(
            family_name=one.family_name,
            given_name=one.given_name,
            birth_date=one.birth_date,
            foreign_number=one.foreign_number,
            passport_number=one.passport_number,
            procedure=one.procedure,
            permit=one.permit,
        )
        for one in rows
    ]
    people = len({one.identity for one in rows})
    order = Order(
        wish=replace(holding.wish_of(lost), channel=Channel.WEB, people=people),
        slot_id=slot_id,
        attendees=attendees,
        contact=Contact(email=lost.email, phone=lost.phone, language=lost.language),
        booker=Booker(kind=BookedBy(lost.booked_by), name=lost.booker_name, email=lost.booker_email),
        # The address of the appointment went to this contact alone.
        proved=lost.booker_email or lost.email or lost.phone or lost.token,
        by=by,
        key=key,
    )
    attending.check_cards(attendees)
    return _or_send_link(attendees, lambda: _book(order))


def is_over(appointment: Appointment, now: datetime) -> bool:
    """Whether the seats of a hold are no longer this person's."""
    return appointment.hold_until is not None and appointment.hold_until <= now


@action(constraints=ONE_LIVE)
def _give_details(
    appointment: Appointment,
    attendees: list[Attendee],
    contact: Contact,
    booker: Booker,
    *,
    by: Actor,
    policy: BookingPolicy,
    proved: str,
) -> Appointment:
    now = clock.now()
    appointment = moves.locked(appointment)
    if attending.were_given(appointment, attendees, contact):
        return appointment
    if appointment.state != Status.HELD or is_over(appointment, now):
        raise HoldExpired
    if by.agent_id is None:
        answers = proved or rules.proving(contact, booker)
        allow("hold.contact", answers, limit=policy.holds_per_contact)
        for other in rules.told_besides(contact, booker, answers):
            allow("told.contact", other, limit=policy.holds_per_contact)
    attending.check_fits(attendees, appointment.minutes, policy)
    attending.check_accepted(appointment, attendees)
    for one in attendees:
        _check_has_none(one.procedure, [rules.identity(one)])
    appointment.booked.all().delete()
    attending.write_people(appointment, attendees)
    _write_contact(appointment, contact, booker)
    if proved or by.agent_id is not None:
        _count_as_confirmed(appointment, by=by, now=now)
        return appointment
    until = now + timedelta(minutes=policy.activation_minutes)
    moves.become(appointment, Status.PENDING, hold_until=until)
    moves.record("appointment.pending", appointment, by=by, now=now, procedure=appointment.procedure.code)
    _send_code(appointment, now=now, policy=policy)
    return appointment


@action(constraints=ONE_LIVE)
def _confirm(appointment: Appointment, *, proved: str, by: Actor) -> Appointment:
    now = clock.now()
    appointment = moves.locked(appointment)
    if appointment.state == Status.CONFIRMED:
        return appointment
    if appointment.state != Status.PENDING or is_over(appointment, now):
        raise HoldExpired
    if _proving(appointment) != proved:
        # The contact was corrected while the code for the one before was being typed.
        raise CodeExpired
    _count_as_confirmed(appointment, by=by, now=now)
    return appointment


def _proving(appointment: Appointment) -> str:
    """The contact whose code confirms this appointment."""
    contact = Contact(email=appointment.email, phone=appointment.phone)
    return rules.proving(contact, Booker(email=appointment.booker_email))


def _count_as_confirmed(appointment: Appointment, *, by: Actor, now: datetime) -> None:
    people = sorted(set(appointment.booked.values_list("identity", flat=True)))
    if by.agent_id is None:
        # Counted here and not before: nobody uses up the bookings of somebody else.
        for identity in people:
            allow("booking.person", identity, limit=queries.policy(appointment.office).bookings_per_person)
    taken = Seat.objects.filter(appointment=appointment)
    audience = taken.order_by("slot__starts_at").values_list("audience", flat=True).first() or ""
    taken.update(state=SeatState.BOOKED)
    moves.become(appointment, Status.CONFIRMED, confirmed_at=now)
    facts = moves.booked_facts(appointment, now=now, people=len(people), audience=audience)
    moves.record("appointment.confirmed", appointment, by=by, now=now, **facts)
    tell_booked(appointment, now=now)


def tell_booked(appointment: Appointment, *, now: datetime) -> None:
    """Tell the person that they are expected, in other words when somebody else booked for them."""
    other = appointment.booked_by != BookedBy.SELF
    tell_person(appointment, "booking.taken_for_you" if other else "booking.confirmed", now=now)


@action(constraints=ONE_LIVE)
def _book(order: Order) -> Appointment:
    return write(order)


def _write_contact(appointment: Appointment, contact: Contact, booker: Booker) -> None:
    appointment.email, appointment.phone, appointment.language = contact.email, contact.phone, contact.language
    appointment.booked_by, appointment.booker_name = booker.kind, booker.name
    appointment.booker_email = booker.email
    appointment.save(update_fields=["email", "phone", "language", "booked_by", "booker_name", "booker_email"])


def _proved(proof: str, contact: Contact, booker: Booker) -> str:
    """The address that the proof is of, if any."""
    try:
        return contacts.check_proof(proof, contact, booker)
    except ContactNotProved:
        return ""


def _send_code(appointment: Appointment, *, now: datetime, policy: BookingPolicy) -> None:
    contact = Contact(email=appointment.email, phone=appointment.phone, language=appointment.language)
    to = rules.proving(contact, Booker(email=appointment.booker_email))
    allow("code.contact", to, limit=policy.codes_per_contact)
    proving = Contact(email=to if "@" in to else "", phone="" if "@" in to else to, language=contact.language)
    contacts.new_check(proving, now=now, lasts=timedelta(minutes=policy.activation_minutes))


def _or_send_link(attendees: list[Attendee], do: Callable[[], Appointment]) -> Appointment:
    """Do it; when somebody has a booking already, send its link to its own contact and say no."""
    try:
        for attendee in attendees:
            # Somebody who booked with the passport alone, and now gives both numbers.
            _check_has_none(attendee.procedure, rules.identities(attendee)[1:])
        return do()
    except AlreadyBooked:
        _send_links({(identity, one.procedure) for one in attendees for identity in rules.identities(one)})
        raise


def _check_has_none(procedure: Procedure, identities: Sequence[str]) -> None:
    """Raise ``AlreadyBooked`` for somebody who is expected for this procedure under one of these identities."""
    if any(queries.live_of(identity, procedure) is not None for identity in identities):
        raise AlreadyBooked


def _send_links(asked: set[tuple[str, Procedure]]) -> None:
    """Send what these people have booked to its own contact."""
    for identity, procedure in asked:
        if (existing := queries.live_of(identity, procedure)) is not None:
            _send_link(existing)


@action()
def _send_link(existing: Appointment) -> None:
    """At most once a quarter of an hour: whoever types another person's number must not flood them."""
    now = clock.now()
    if existing.state in LIVE:
        tell_person(existing, "booking.already", now=now, suffix=f":{int(now.timestamp()) // 900}")
