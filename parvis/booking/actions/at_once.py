"""Book in one statement: the seats, the appointment, its people, the fact, the messages and the key of the command.

What a rush costs is what one booking costs: everything that can be said to the server at once is.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from parvis.booking import queries, rules
from parvis.booking.actions import freeing, seats
from parvis.booking.actions.guards import counted
from parvis.booking.actions.telling import messages_of
from parvis.booking.errors import TooOften
from parvis.booking.models import Appointment, BookingPolicy
from parvis.booking.models.appointments import new_number, new_token
from parvis.booking.rules import Attendee, Booker, Contact, Wish
from parvis.booking.states import BookedBy, Status
from parvis.common import clock
from parvis.common.errors import KeyReused
from parvis.common.models import Command
from parvis.journal.actions import Actor
from parvis.people.rules import folded_name

_NEXT_KEY = seats.Statement(
    # The statement that follows is planned once for a connection, not for each slot.
    "SELECT nextval(pg_get_serial_sequence('booking_appointment', 'id')) AS pk,"
    " set_config('plan_cache_mode', 'force_generic_plan', true)"
)
_BOOK = seats.Statement(f"""
WITH command AS (
    INSERT INTO common_command (key, fingerprint, answer, created_at)
    SELECT %(key)s::text, %(fingerprint)s::text, to_jsonb(%(pk)s::bigint), %(now)s::timestamptz
    WHERE %(key)s::text <> ''
    ON CONFLICT DO NOTHING RETURNING key),
{seats.statement("(%(key)s::text = '' OR EXISTS (SELECT FROM command))")},
fit AS MATERIALIZED (
    SELECT *, units * minutes AS lasts, (SELECT audience FROM taken ORDER BY starts_at LIMIT 1) AS audience
    FROM start WHERE units = (SELECT count(*) FROM taken)),
counted AS (
    INSERT INTO booking_allowance AS allowance (kind, sender, day, used)
    SELECT kind, sender, %(today)s::date, 1 FROM unnest(%(guards)s::text[], %(senders)s::text[]) AS guard(kind, sender)
    WHERE EXISTS (SELECT FROM fit)
    ON CONFLICT (kind, sender, day) DO UPDATE SET used = allowance.used + 1 RETURNING kind, used),
appointment AS (
    INSERT INTO booking_appointment (
        id, office_id, line_id, procedure_id, token, number, day, starts_at, minutes, state, sequence, moves, channel,
        language, email, phone, booked_by, booker_name, booker_email, cancel_reason, created_at, confirmed_at)
    SELECT %(pk)s, %(office)s, line_id, %(procedure)s, %(token)s, %(number)s, day, starts_at, lasts, 'confirmed', 0, 0,
        %(channel)s, %(language)s, %(email)s, %(phone)s, %(booked_by)s, %(booker_name)s, %(booker_email)s, '',
        %(now)s, %(now)s
    FROM fit RETURNING id),
seated AS (
    UPDATE booking_seat SET state = 'booked', appointment_id = appointment.id, available_from = NULL
    FROM taken, appointment WHERE booking_seat.id = taken.id),
booked AS (
    INSERT INTO booking_bookedprocedure (
        appointment_id, position, procedure_id, identity, family_name, given_name, folded_name, birth_date,
        foreign_number, passport_number, person_id, permit_id, is_live)
    SELECT appointment.id, one.position, one.procedure_id, one.identity, one.family_name, one.given_name,
        one.folded_name, one.birth_date, one.foreign_number, one.passport_number,
        (SELECT id FROM people_person AS known
         WHERE known.foreign_number = one.foreign_number AND known.foreign_number <> ''), one.permit_id, true
    FROM appointment, jsonb_to_recordset(%(people)s) AS one(
        position int, procedure_id bigint, identity text, family_name text, given_name text, folded_name text,
        birth_date date, foreign_number text, passport_number text, permit_id bigint)
    ORDER BY one.identity, one.procedure_id),
fact AS (
    INSERT INTO journal_entry (at, what, office_id, subject_type, subject_id, agent_id, origin, facts)
    SELECT %(now)s, 'appointment.confirmed', %(office)s, 'booking.appointment', appointment.id, %(agent)s, %(origin)s,
        %(facts)s || jsonb_build_object(
            'line', line, 'audience', audience,
            'starts_at', to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
            'lead_hours', round(extract(epoch FROM starts_at - %(now)s) / 3600, 1))
    FROM fit, appointment),
message AS (
    INSERT INTO outbox_message (
        key, kind, channel, recipient, language, facts, about, created_at, due_at, state, subject, body, attempts,
        answer, reference)
    SELECT draft.key, draft.kind, draft.channel, draft.recipient, draft.language, draft.facts, draft.about,
        %(now)s, %(now)s, 'queued', '', '', 0, '', ''
    FROM appointment, jsonb_to_recordset(%(messages)s) AS draft(
        key text, kind text, channel text, recipient text, language text, facts jsonb, about text)
    ON CONFLICT (key) DO NOTHING)
SELECT {seats.FOUND},
    %(key)s::text = '' OR EXISTS (SELECT FROM command) AS is_first,
    (SELECT jsonb_object_agg(kind, most) FROM (SELECT kind, max(used) AS most FROM counted GROUP BY kind) AS uses)
        ::text AS used,
    (SELECT to_jsonb(policy) FROM booking_bookingpolicy AS policy WHERE office_id = %(office)s)::text AS policy
FROM (VALUES (1)) AS one LEFT JOIN start ON true CROSS JOIN access
""")  # noqa: S608 - the parts are constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A booking with everything checked that can be checked without the server."""

    wish: Wish
    slot_id: int
    attendees: Sequence[Attendee]
    contact: Contact
    booker: Booker
    proved: str
    by: Actor
    key: str
    address: str = ""

    @property
    def minutes(self) -> float:
        """What the visit takes: as wished, and never less than these people need."""
        return max(rules.minutes_needed(self.wish), sum(one.procedure.mean_minutes for one in self.attendees))


def write(order: Order) -> Appointment:
    """Carry out an order inside the caller's action, or find what the same command gave before.

    Raises what ``take`` raises, ``TooOften``, ``KeyReused``; the constraints say the rest.
    """
    now = clock.now()
    made = _draft(order, now)
    fingerprint = _fingerprint(order)
    found = _BOOK.run(_given(order, made, fingerprint, now))
    if found is not None and not found["is_first"]:
        return _answered(order.key, fingerprint)
    policy = BookingPolicy(**_read(found, "policy")) if _read(found, "policy") else BookingPolicy()
    seats.check_wish(order.wish, policy)
    rules.check_people(len({rules.identity(one) for one in order.attendees}), policy.most_people)
    place = seats.judge(found, order.wish, now=now, policy=policy)
    _check_uses(_read(found, "used"), policy)
    made.line_id, made.day, made.starts_at, made.minutes = place.line_id, place.day, place.starts_at, place.minutes
    made._state.adding, made._state.db = False, "default"
    freeing.tell_what_is_free(made.office_id)
    return made


def _draft(order: Order, now: datetime) -> Appointment:
    """The appointment as it will be, but for where and when."""
    row = _NEXT_KEY.run({})
    return Appointment(
        pk=row["pk"] if row else None,
        office=order.wish.office,
        procedure=order.wish.procedures[0],
        token=new_token(),
        number=new_number(),
        state=Status.CONFIRMED,
        channel=order.wish.channel,
        language=order.contact.language,
        email=order.contact.email,
        phone=order.contact.phone,
        booked_by=order.booker.kind,
        booker_name=order.booker.name,
        booker_email=order.booker.email,
        created_at=now,
        confirmed_at=now,
    )


def _given(order: Order, made: Appointment, fingerprint: str, now: datetime) -> dict[str, Any]:
    """What the statement is told."""
    guards = _guards(order)
    kind = "booking.confirmed" if order.booker.kind == BookedBy.SELF else "booking.taken_for_you"
    facts = {
        "procedure": made.procedure.code,
        "channel": str(made.channel),
        "people": len({rules.identity(one) for one in order.attendees}),
        "booked_by": str(made.booked_by),
    }
    return seats.asked(order.wish, order.slot_id, now=now, minutes=order.minutes) | {
        "key": order.key[:100],
        "fingerprint": fingerprint,
        "pk": made.pk,
        "today": clock.office_day(now),
        "guards": [guard for guard, _ in guards],
        "senders": [sender for _, sender in guards],
        "procedure": made.procedure_id,
        "token": made.token,
        "number": made.number,
        "language": made.language,
        "email": made.email,
        "phone": made.phone,
        "booked_by": str(made.booked_by),
        "booker_name": made.booker_name,
        "booker_email": made.booker_email,
        "people": Jsonb([_person(position, one) for position, one in enumerate(order.attendees, start=1)]),
        "agent": order.by.agent_id,
        "origin": order.by.origin,
        "facts": Jsonb(facts),
        "messages": Jsonb([_message(draft) for draft in messages_of(made, kind)]),
    }


def _person(position: int, attendee: Attendee) -> dict[str, Any]:
    return {
        "position": position,
        "procedure_id": attendee.procedure.pk,
        "identity": rules.identity(attendee),
        "family_name": attendee.family_name,
        "given_name": attendee.given_name,
        "folded_name": folded_name(attendee.family_name, attendee.given_name),
        "birth_date": attendee.birth_date.isoformat() if attendee.birth_date else None,
        "foreign_number": attendee.foreign_number,
        "passport_number": attendee.passport_number,
        "permit_id": attendee.permit.pk if attendee.permit else None,
    }


def _message(draft: Any) -> dict[str, Any]:
    return {
        "key": draft.key,
        "kind": draft.kind,
        "channel": str(draft.channel),
        "recipient": draft.to,
        "language": draft.language,
        "facts": dict(draft.facts),
        "about": draft.about,
    }


def _guards(order: Order) -> list[tuple[str, str]]:
    """Whose uses are counted, in one order for everybody; those of an agent are not."""
    if order.by.agent_id is not None:
        return []
    asked = [("booking.person", rules.identity(one)) for one in order.attendees]
    asked += [("told.contact", other) for other in rules.told_besides(order.contact, order.booker, order.proved)]
    asked += [("hold.contact", order.proved), ("hold.address", order.address)]
    return sorted({(kind, counted(kind, sender)) for kind, sender in asked if sender})


def _check_uses(used: dict[str, int], policy: BookingPolicy) -> None:
    limits = {
        "booking.person": policy.bookings_per_person,
        "hold.address": policy.holds_per_address,
        "hold.contact": policy.holds_per_contact,
        "told.contact": policy.holds_per_contact,
    }
    if any(count > limits[kind] for kind, count in used.items()):
        raise TooOften


def _fingerprint(order: Order) -> str:
    """What the command asks, to know it again."""
    who = sorted(f"{rules.identity(one)} {one.procedure.code}" for one in order.attendees)
    content = {"book": order.slot_id, "who": who, "contact": [order.contact.email, order.contact.phone]}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _read(found: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    """A JSON column of the answer; empty when it is null."""
    return json.loads(found[name]) if found and found[name] else {}


def _answered(key: str, fingerprint: str) -> Appointment:
    first = Command.objects.get(pk=key[:100])
    if first.fingerprint != fingerprint:
        raise KeyReused
    return queries.appointment(int(str(first.answer)))
