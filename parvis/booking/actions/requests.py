"""Ask for a seat when there are fewer seats than people: one request for each person and procedure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from parvis.booking import queries, rules
from parvis.booking.actions import offers
from parvis.booking.actions.guards import allow
from parvis.booking.actions.telling import about, tell_person, tell_requester
from parvis.booking.errors import AlreadyBooked, AlreadyRequested, NotByDraw, TooLateToChange
from parvis.booking.models import Appointment, Attempt, Offer, SeatRequest
from parvis.booking.queries import draws
from parvis.booking.rules import SELF, Attendee, Booker, Contact, Wish
from parvis.booking.states import REQUEST_LIVE, REQUEST_MOVES, Channel, OfferState, RequestState, UrgentGround
from parvis.common import clock, text
from parvis.common.commands import once
from parvis.common.database import action, lock
from parvis.common.states import check_move, move
from parvis.journal import actions as journal
from parvis.journal.actions import Actor
from parvis.messages import actions as messages
from parvis.offices.models import Agent, Office
from parvis.procedures.models import Procedure

REQUESTS_PER_ADDRESS = 60
HALF_DAYS = frozenset(f"{day}{half}" for day in range(1, 8) for half in ("am", "pm"))
# Whoever types another person's number again and again does not flood them.
_AGAIN_EVERY = timedelta(minutes=15)

# What a request made again keeps of the one before; an attempt too.
_KEPT = (
    "office", "procedure", "identity", "family_name", "given_name", "birth_date", "foreign_number", "passport_number",
    "email", "phone", "language", "channel", "booked_by", "booker_name", "booker_email", "expires_on", "ground",
    "ground_reason", "ground_confirmed_by", "suits", "lost", "created_at",
)  # fmt: skip
_OF_ATTEMPT = ("at", "channel", "batch_id", "outcome")

# A batch that is being closed makes this wait, and is then no longer open: nobody slips into a closed list.
_GATHERING = """
SELECT id FROM booking_batch
WHERE office_id = %s AND procedure_id = %s AND state = 'open' AND closes_at > %s FOR SHARE
"""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What was asked, checked."""

    office: Office
    procedure: Procedure
    attendee: Attendee
    contact: Contact
    booker: Booker
    expires_on: date | None
    ground: str
    ground_reason: str
    suits: tuple[str, ...]
    channel: Channel

    def content(self) -> dict[str, object]:
        """What a second sending of the same command repeats."""
        return {
            "request": self.procedure.pk,
            "office": self.office.pk,
            "who": rules.identity(self.attendee),
            "contact": [self.contact.email, self.contact.phone],
            "suits": self.suits,
            "expires_on": self.expires_on,
            "ground": self.ground,
        }


def request(
    office: Office,
    procedure: Procedure,
    *,
    attendee: Attendee,
    contact: Contact,
    booker: Booker = SELF,
    expires_on: date | None = None,
    ground: str = "",
    ground_reason: str = "",
    suits: Iterable[str] = (),
    channel: Channel = Channel.WEB,
    wish: Wish | None = None,
    since: date | None = None,
    by: Actor,
    key: str = "",
    address: str = "",
) -> SeatRequest:
    """Ask for a seat of a procedure that is drawn, or of which no seat is free. It counts once, whatever the channel.

    Asked again, it is the same request with one attempt more. Its address is sent again to its own contact; somebody
    who gives another contact is not told it (``AlreadyRequested``), an agent is. ``suits`` are half-days (``1am`` is
    Monday morning), all when empty. Where seats are booked directly, ``wish`` is the visit that was looked for (one
    person for this procedure when empty) and ``since`` the first day that was of use: when no seat fits it, somebody
    may ask although others would find one. ``address`` is the network address of somebody who asks alone.

    Raises ``NotByDraw`` while a seat is free, ``AlreadyBooked``, ``AlreadyRequested``, ``TooOften``, ``BookerMissing``,
    and what names, numbers and contacts may raise.
    """
    asked = _Asked(
        office=office,
        procedure=procedure,
        attendee=rules.checked_attendee(attendee, today=clock.today()),
        contact=rules.checked_contact(contact, is_obligatory=by.agent_id is None),
        booker=rules.checked_booker(booker),
        expires_on=expires_on,
        ground=ground if ground in UrgentGround.values else "",
        ground_reason=text.clean(ground_reason, limit=300) if ground in UrgentGround.values and ground else "",
        suits=tuple(sorted(HALF_DAYS.intersection(suits))),
        channel=channel,
    )
    _check_may_ask(asked, wish, since)
    allow("request.address", address, limit=REQUESTS_PER_ADDRESS)
    try:
        made, is_theirs = _ask(asked, by=by, key=key)
    except AlreadyRequested:
        # Sent twice at one instant: the other one has just been written.
        made, is_theirs = _ask(asked, by=by, key=key)
    except AlreadyBooked:
        _send_link(asked)
        raise
    if not is_theirs and by.agent_id is None:
        raise AlreadyRequested
    return made


@action(constraints={"request_one_live_per_person": AlreadyRequested})
def request_again(lost: Appointment, *, by: Actor) -> SeatRequest:
    """Ask again for somebody whose drawn place the office withdrew.

    With the date, the losses, the ground and the attempts of before. Pressed twice, it is the same request. Raises
    ``TooLateToChange`` for an appointment that ended otherwise or that no request led to, ``AlreadyBooked``, and
    ``AlreadyRequested`` when somebody asked since with another contact.
    """
    now = clock.now()
    before = SeatRequest.objects.filter(appointment=lost).first()
    if before is None or not queries.was_withdrawn(lost):
        raise TooLateToChange
    before = lock(SeatRequest, before.pk)
    if (asked := draws.asked_again(before)) is not None:
        return asked
    if queries.live_of(before.identity, before.procedure) is not None:
        raise AlreadyBooked
    attempts = list(before.attempts.order_by("at", "pk"))
    kept = {name: getattr(before, name) for name in _KEPT}
    made = SeatRequest.objects.create(**kept, batch_id=gathering(before.office, before.procedure, now))
    again = Attempt(request=made, at=now, channel=Channel.WEB, outcome="asked")
    known = [Attempt(request=made, **{name: getattr(one, name) for name in _OF_ATTEMPT}) for one in attempts]
    Attempt.objects.bulk_create([*known, again])
    _record("request.made", made, by=by, now=now, channel=str(Channel.WEB), again=True)
    tell_requester(made, "booking.request_received", now=now)
    return made


@action()
def withdraw_request(request: SeatRequest, *, by: Actor) -> SeatRequest:
    """Take a request back. Withdrawn before: nothing more happens. A place that was proposed goes to the next.

    Raises ``IllegalMove`` once it has a place: the appointment is then cancelled.
    """
    now = clock.now()
    offer = Offer.objects.filter(request=request, state=OfferState.OPEN).first()
    if offer is not None:
        offers.give_up(offer, state=OfferState.REFUSED, by=by, now=now)
    request = lock(SeatRequest, request.pk)
    if request.state == RequestState.WITHDRAWN:
        return request
    move(request, RequestState.WITHDRAWN, moves=REQUEST_MOVES, ended_at=now, batch=None)
    _record("request.withdrawn", request, by=by, now=now, lost=request.lost)
    messages.cancel(about(request), kinds=["booking.request_received"])
    return request


@action()
def confirm_ground(request: SeatRequest, *, by: Agent) -> SeatRequest:
    """Have an urgent ground count: its proof was seen. Confirmed before: nothing more happens."""
    now = clock.now()
    request = _live(request)
    if request.ground and request.ground_confirmed_by_id is None:
        request.ground_confirmed_by = by
        request.save(update_fields=["ground_confirmed_by"])
        _record("request.ground_confirmed", request, by=by, now=now)
    return request


@action()
def refuse_ground(request: SeatRequest, *, by: Agent) -> SeatRequest:
    """Set an urgent ground aside: no proof was given. The request stays, without it."""
    now = clock.now()
    request = _live(request)
    if request.ground and request.ground_confirmed_by_id is None:
        request.ground, request.ground_reason = UrgentGround.NONE, ""
        request.save(update_fields=["ground", "ground_reason"])
        _record("request.ground_refused", request, by=by, now=now)
    return request


@action()
def _send_link(asked: _Asked) -> None:
    """Tell the contact of the booking that exists how to find it, at most once a quarter of an hour."""
    now = clock.now()
    for identity in rules.identities(asked.attendee):
        if (existing := queries.live_of(identity, asked.procedure)) is not None:
            tell_person(existing, "booking.already", now=now, suffix=f":{int(now.timestamp()) // 900}")


def _allow_contact(asked: _Asked) -> None:
    """Count one person more for whom this contact asks today. Raises ``TooOften``."""
    most = queries.policy(asked.office).holds_per_contact
    for contact in sorted({asked.contact.email, asked.contact.phone} - {""}):
        allow("request.contact", contact, limit=most)


def _check_may_ask(asked: _Asked, looked_for: Wish | None, since: date | None) -> None:
    rules.check_card(asked.procedure, None)
    if draws.drawing(asked.office, asked.procedure) is not None:
        return
    wish = looked_for or Wish(office=asked.office, procedures=(asked.procedure,), channel=asked.channel)
    if queries.first_free(wish, since=since) is not None:
        raise NotByDraw


@action(constraints={"request_one_live_per_person": AlreadyRequested})
def _ask(asked: _Asked, *, by: Actor, key: str) -> tuple[SeatRequest, bool]:
    """The request, and whether it belongs to the contact that was given."""
    return once(
        key,
        asked.content(),
        lambda: _ask_once(asked, by=by),
        keep=lambda made: [made[0].pk, made[1]],
        again=lambda kept: (draws.requests().get(pk=kept[0]), kept[1]),
    )


def _ask_once(asked: _Asked, *, by: Actor) -> tuple[SeatRequest, bool]:
    now = clock.now()
    identities = rules.identities(asked.attendee)
    known = SeatRequest.objects.filter(identity__in=identities, procedure=asked.procedure)
    existing = known.filter(state__in=sorted(REQUEST_LIVE)).order_by("pk").first()
    if existing is not None:
        return _ask_again(lock(SeatRequest, existing.pk), asked, by=by, now=now)
    if any(queries.live_of(identity, asked.procedure) for identity in identities):
        raise AlreadyBooked
    if by.agent_id is None:
        _allow_contact(asked)
    made = SeatRequest.objects.create(
        office=asked.office,
        procedure=asked.procedure,
        batch_id=gathering(asked.office, asked.procedure, now),
        identity=identities[0],
        family_name=asked.attendee.family_name,
        given_name=asked.attendee.given_name,
        birth_date=asked.attendee.birth_date or date.min,
        foreign_number=asked.attendee.foreign_number,
        passport_number=asked.attendee.passport_number,
        email=asked.contact.email,
        phone=asked.contact.phone,
        language=asked.contact.language,
        channel=asked.channel,
        booked_by=asked.booker.kind,
        booker_name=asked.booker.name,
        booker_email=asked.booker.email,
        expires_on=asked.expires_on,
        ground=asked.ground,
        ground_reason=asked.ground_reason,
        suits=list(asked.suits),
        created_at=now,
    )
    Attempt.objects.create(request=made, at=now, channel=asked.channel, outcome=_outcome(asked))
    _record("request.made", made, by=by, now=now, channel=str(asked.channel), again=False)
    tell_requester(made, "booking.request_received", now=now)
    return made, True


def _ask_again(existing: SeatRequest, asked: _Asked, *, by: Actor, now: datetime) -> tuple[SeatRequest, bool]:
    last = existing.attempts.order_by("-at").values_list("at", flat=True).first()
    is_recent = last is not None and last > now - _AGAIN_EVERY
    if not is_recent:
        Attempt.objects.create(request=existing, at=now, channel=asked.channel, outcome=_outcome(asked))
        _record("request.made", existing, by=by, now=now, channel=str(asked.channel), again=True)
        tell_requester(existing, "booking.request_received", now=now, suffix=f":{now.timestamp():.0f}")
    contact = asked.contact
    is_theirs = bool(
        (contact.email and contact.email.casefold() == existing.email.casefold())
        or (contact.phone and contact.phone == existing.phone)
    )
    return existing, is_theirs


def gathering(office: Office, procedure: Procedure, now: datetime) -> int | None:
    """The key of the batch that gathers requests, kept from closing until the action ends; None when none does."""
    with connection.cursor() as cursor:
        cursor.execute(_GATHERING, [office.pk, procedure.pk, now])
        row = cursor.fetchone()
    return row[0] if row else None


def _outcome(asked: _Asked) -> str:
    return "asked" if draws.drawing(asked.office, asked.procedure) else "no_seat"


def _live(request: SeatRequest) -> SeatRequest:
    request = lock(SeatRequest, request.pk)
    if request.state not in REQUEST_LIVE:
        check_move(REQUEST_MOVES, request.state, RequestState.WAITING)
    return request


def _record(what: str, request: SeatRequest, *, by: Actor, now: datetime, **facts: object) -> None:
    procedure = request.procedure.code
    journal.record(what, request, by=by, at=now, office=request.office_id, procedure=procedure, **facts)
