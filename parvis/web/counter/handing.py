"""The card at the counter: found by whatever was read, its checklist, and what the agent has already said of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from parvis.booking import queries as bookings
from parvis.booking.models import BookedProcedure
from parvis.common import clock
from parvis.offices.models import Agent, Counter, Office
from parvis.permits import queries as permits
from parvis.permits.models import FailedHandover, Handover, Permit
from parvis.permits.queries import Found
from parvis.permits.rules import Check
from parvis.permits.states import Failure, State
from parvis.procedures.rules import Amount
from parvis.reception import queries
from parvis.reception.errors import CardOfSomebodyElse
from parvis.reception.models import Ticket
from parvis.reception.rules import check_card_of
from parvis.web.requests import key_in

LONGEST = 400
STAMP_FIELDS = 4
NOTICE = "notice"
# The keys of the reasons, in the order of ``Failure``.
REASON_KEYS = "1234567890z"
_TICKET = re.compile(r"/t/([^/?#\s]+)")
_APPOINTMENT = re.compile(r"/rendez-vous/r/([^/?#\s]+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the checklist, the key that ticks it, and whether the last try found it missing."""

    check: Check
    key: str
    is_ticked: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class StampField:
    """One stamp as it was typed."""

    number: str
    eur: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The handover that already took place: what the second counter that has the same card before it must know."""

    handover: Handover
    agent: str
    counter: int | None


@dataclass(frozen=True, slots=True)
class Handing:
    """What the handover part shows. ``is_other``: the card is not that of the person at the counter."""

    typed: str = ""
    found: Found = field(default_factory=Found)
    is_other: bool = False
    due: Amount | None = None
    rows: Sequence[Row] = ()
    stamps: Sequence[StampField] = ()
    signature: str = ""
    gone: Gone | None = None
    failure: FailedHandover | None = None
    reasons: Sequence[tuple[str, Failure]] = ()

    @property
    def card(self) -> Permit | None:
        """The one card that was found, here or in another office."""
        return self.found.permit

    @property
    def may_leave(self) -> bool:
        """Whether this card may be handed over here to the person at the counter."""
        waits = self.card is not None and self.card.state == State.IN_STOCK
        return waits and not self.is_other and self.found.elsewhere is None


def handing(ticket: Ticket, said: QueryDict, *, missing: Iterable[Check] = ()) -> Handing:
    """What to show for the person at the counter, from what was read (``numero``) or sent (``permit``)."""
    typed = said.get("numero", "")[:LONGEST].strip()
    shown = Handing(typed=typed, found=_found(ticket, typed, key_in(said.get("permit", ""))))
    card = shown.card
    if card is None:
        return shown
    shown = replace(shown, is_other=_is_of_another(ticket, card), gone=_gone(card))
    if not shown.may_leave:
        return shown
    stamps = stamps_in(said)
    due = permits.amount_due(card, clock.today())
    blank = [StampField("", "")] * STAMP_FIELDS
    return replace(
        shown,
        due=due,
        rows=_rows(card, said, {check.code for check in missing}, due),
        stamps=[*(stamps or [StampField("", str(due.eur or ""))]), *blank][:STAMP_FIELDS],
        signature=said.get("signature", ""),
        failure=permits.failures_of(card).first(),
        reasons=list(zip(REASON_KEYS, Failure, strict=True)),
    )


def stamps_in(said: QueryDict) -> list[StampField]:
    """The stamps that a form names, as typed; a line without a number is none."""
    lines = zip(said.getlist("stamp_number"), said.getlist("stamp_eur"), strict=False)
    typed = [StampField(number[:60].strip(), eur[:6].strip()) for number, eur in lines]
    return [stamp for stamp in typed if stamp.number][:STAMP_FIELDS]


def remedy(card: Permit, reason: str) -> str:
    """What to tell a person who leaves without their card for this reason; empty when the checklist knows nothing."""
    kind = {Failure.STAMP_AMOUNT: Failure.STAMP_MISSING, Failure.STAMP_USED: Failure.STAMP_MISSING}
    wanted = kind.get(Failure(reason), reason)
    checks = permits.checklist(card, clock.today())
    return next((str(check.remedy) for check in checks if check.failure == wanted != Failure.OTHER), "")


def _found(ticket: Ticket, typed: str, sent: int) -> Found:
    """A ticket or an appointment stands for its person's card; the rest the stock knows how to read."""
    office = ticket.office
    if not typed and sent:
        cards = Permit.objects.select_related("person", "office", "case_file__procedure", "case_file__person")
        return Found(permit=cards.filter(office=office, pk=sent).first())
    if on_paper := _TICKET.search(typed):
        return _of_ticket(office, queries.by_token(on_paper[1]))
    if booked := _APPOINTMENT.search(typed):
        return _of_appointment(office, booked[1])
    found = permits.by_scan(office, typed, person=ticket.person)
    if found == Found() and typed:
        return _of_ticket(office, queries.by_number(office, clock.today(), typed))
    return found


def _of_ticket(office: Office, ticket: Ticket | None) -> Found:
    return permits.by_scan(office, "", person=ticket.person) if ticket and ticket.office_id == office.pk else Found()


def _of_appointment(office: Office, token: str) -> Found:
    made = bookings.by_token(token)
    rows = BookedProcedure.objects.filter(appointment=made, permit__isnull=False).select_related("permit")
    booked = rows.first() if made else None
    return permits.by_scan(office, booked.permit.number) if booked and booked.permit else Found()


def _rows(card: Permit, said: QueryDict, missing: set[str], due: Amount) -> list[Row]:
    ticked = set(said.getlist("check")) | ({NOTICE} if said.get("notice") else set())
    checks = permits.checklist(card, clock.today(), due)
    return [
        Row(check, str(place) if place < 10 else "", check.code in ticked, check.code in missing)
        for place, check in enumerate(checks, 1)
    ]


def _gone(card: Permit) -> Gone | None:
    done = Handover.objects.filter(permit=card).first() if card.state == State.HANDED_OVER else None
    if done is None:
        return None
    agent = Agent.objects.filter(pk=done.agent_id or 0).first()
    counter = Counter.objects.filter(pk=done.counter_id or 0).first()
    return Gone(done, agent.name if agent else "", counter.number if counter else None)


def _is_of_another(ticket: Ticket, card: Permit) -> bool:
    try:
        check_card_of(ticket, card)
    except CardOfSomebodyElse:
        return True
    return False
