"""Read what happens when there are fewer seats than people: rules, batches, requests, the waiting list."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from parvis.booking.models import (
    AllocationRule,
    Appointment,
    Attempt,
    Batch,
    BookedProcedure,
    Certificate,
    Offer,
    SeatRequest,
)
from parvis.booking.queries.availability import first_free
from parvis.booking.queries.policy import policy
from parvis.booking.rules import Wish
from parvis.booking.states import REQUEST_LIVE, Allocation, BatchState, RequestState, UrgentGround
from parvis.common import clock
from parvis.offices.models import Office
from parvis.procedures.models import Procedure

# The hour at which batches close, by the clock of the office.
CLOSES = "12:00"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class FirstFree:
    """How long until the first seat that may be taken now; None when there is none, or when seats are drawn."""

    procedure: Procedure
    day: date | None
    days: int | None
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Unserved:
    """People who have waited at least so many weeks for a procedure, and for how many days the longest has.

    ``made`` are all the requests made so long ago, whatever became of them.
    """

    procedure: Procedure
    requests: int
    made: int
    longest_days: int

    @property
    def share(self) -> float:
        """Those without a place among all that were made so long ago, between 0 and 1."""
        return self.requests / self.made


def drawing(office: Office, procedure: Procedure) -> AllocationRule | None:
    """The draw that gives seats of some day still to come; None when all of them are booked directly.

    A draw that begins or ends between today and the horizon counts: some seats are its.
    """
    today = clock.today()
    rules = _rules(office, [procedure], today + timedelta(days=policy(office).horizon_days))
    in_force = [rule for rule in rules[procedure.pk] if rule.valid_from > today]
    if current := [rule for rule in rules[procedure.pk] if rule.valid_from <= today]:
        in_force.insert(0, current[-1])
    return next((rule for rule in in_force if rule.allocation == Allocation.DRAW), None)


def draw_days(office: Office, procedure: Procedure, days: Iterable[date]) -> set[date]:
    """Those of these days whose seats are given by draw."""
    wanted = sorted(set(days))
    if not wanted:
        return set()
    rules = _rules(office, [procedure], wanted[-1])[procedure.pk]
    found = set()
    for day in wanted:
        held = [rule for rule in rules if rule.valid_from <= day]
        if held and held[-1].allocation == Allocation.DRAW:
            found.add(day)
    return found


def is_drawn(appointment: Appointment) -> bool:
    """Whether a draw or an offer gave this place, or draws alone give those of its day by now: it is not exchanged."""
    if SeatRequest.objects.filter(appointment=appointment).exists():
        return True
    span = {clock.today(), appointment.day}
    procedures = {one.procedure for one in appointment.booked.all()} or {appointment.procedure}
    return any(draw_days(appointment.office, one, span) == span for one in procedures)


def procedures_with_rules(office: Office) -> QuerySet[Procedure]:
    """The procedures of which an office has ever said how their seats are given."""
    return Procedure.objects.filter(allocation_rules__office=office).distinct().order_by("position", "code")


def drawn_procedures(office: Office) -> list[tuple[Procedure, AllocationRule]]:
    """The procedures of an office whose seats are, or soon will be, given by draw."""
    return [(one, rule) for one in procedures_with_rules(office) if (rule := drawing(office, one))]


def listed_seats(office: Office) -> set[int]:
    """The keys of the seats in lists that are closed and not yet drawn."""
    lists = Batch.objects.filter(office=office, state=BatchState.CLOSED).values_list(
        "published__list__places", flat=True
    )
    return {int(key) for places in lists.order_by("pk") for row in places or () for key in row["place"].split("+")}


def batch_days(rule: AllocationRule, now: datetime) -> tuple[date, date, date]:
    """For a batch opened now: the day whose noon closes it, and the first and last day whose seats it gives.

    It closes after so many days, and never after less than one whole day.
    """
    local = timezone.localtime(now)
    first = local.date() if local.strftime("%H:%M") < CLOSES else local.date() + timedelta(days=1)
    closes_on = max(first + timedelta(days=rule.batch_days - 1), local.date() + timedelta(days=1))
    return closes_on, closes_on + timedelta(days=1), closes_on + timedelta(days=rule.near_days + rule.batch_days)


def reaches_a_draw(office: Office, procedure: Procedure, since: date, until: date) -> bool:
    """Whether the seats of some day between these two are given by draw."""
    days = (since + timedelta(days=step) for step in range((until - since).days + 1))
    return bool(draw_days(office, procedure, days))


def goes_on(office: Office, procedure: Procedure) -> bool:
    """Whether a draw is still to come, by the batch that is open or by one that opens before the horizon."""
    rule, batch = drawing(office, procedure), open_batch_of(office, procedure)
    if batch is not None and reaches_a_draw(office, procedure, batch.seats_from, batch.seats_to):
        return True
    if rule is None:
        return False
    _closes_on, since, until = batch_days(rule, clock.now())
    last = clock.today() + timedelta(days=policy(office).horizon_days)
    return reaches_a_draw(office, procedure, since, max(until, last))


def open_batch_of(office: Office, procedure: Procedure) -> Batch | None:
    """The batch that gathers requests now; None when none does."""
    return Batch.objects.filter(office=office, procedure=procedure, state=BatchState.OPEN).first()


def batches(office: Office) -> QuerySet[Batch]:
    """Every batch of an office, the latest first, without what each has published."""
    rows = Batch.objects.filter(office=office).select_related("procedure", "office")
    return rows.defer("published", "seed").order_by("-opens_at", "-pk")


def published_batch(office_code: str, procedure_code: str, number: int) -> Batch | None:
    """One batch with what it has published; None when there is none."""
    rows = Batch.objects.filter(office__code=office_code, procedure__code=procedure_code, number=number)
    return rows.select_related("procedure", "office").first()


def gathered(batch: Batch) -> int:
    """How many requests wait in a batch, those that wait for any batch of the procedure included."""
    waiting = SeatRequest.objects.filter(
        office=batch.office_id, procedure=batch.procedure_id, state=RequestState.WAITING
    )
    return waiting.filter(Q(batch=batch) | Q(batch=None)).count()


def requests() -> QuerySet[SeatRequest]:
    """Requests with all that the page of one shows."""
    return SeatRequest.objects.select_related("office", "procedure", "batch", "appointment")


def request_by_token(token: str) -> SeatRequest | None:
    """The request of this address; None when there is none."""
    return requests().filter(token=token).first() if _TOKEN.fullmatch(token) else None


def asks_again(appointment: Appointment) -> bool:
    """Whether somebody whose place is withdrawn asks again, with the date of before, because places are drawn."""
    before = SeatRequest.objects.filter(appointment=appointment).first()
    return before is not None and drawing(before.office, before.procedure) is not None


def asked_again(before: SeatRequest) -> SeatRequest | None:
    """The live request of the same person, procedure and contact; None when there is none."""
    known = requests().filter(identity=before.identity, procedure=before.procedure, state__in=sorted(REQUEST_LIVE))
    return known.filter(email=before.email, phone=before.phone).first()


def attempts(request: SeatRequest) -> QuerySet[Attempt]:
    """Every time that somebody asked or was drawn in vain, the first one first."""
    return request.attempts.select_related("batch").order_by("at", "pk")


def open_offer(request: SeatRequest) -> Offer | None:
    """The place that is proposed to this person now; None when there is none."""
    rows = Offer.objects.filter(request=request, state="open").select_related("seat__slot")
    return rows.first()


def offer_by_token(token: str) -> Offer | None:
    """The offer of this address; None when there is none."""
    if not _TOKEN.fullmatch(token):
        return None
    rows = Offer.objects.select_related("seat__slot__line__office", "request__procedure", "request__office")
    return rows.filter(token=token).first()


def certificate_by_token(token: str) -> Certificate | None:
    """The certificate of this address; None when there is none."""
    if not _TOKEN.fullmatch(token):
        return None
    return Certificate.objects.select_related("request__procedure", "request__office").filter(token=token).first()


def grounds_to_confirm(office: Office) -> QuerySet[SeatRequest]:
    """The requests whose urgent ground nobody has looked at, the oldest first."""
    rows = requests().filter(office=office, state__in=sorted(REQUEST_LIVE), ground_confirmed_by=None)
    return rows.exclude(ground=UrgentGround.NONE).order_by("created_at", "pk")


def beyond_the_bound(office: Office) -> dict[int, int]:
    """How many people have lost more draws than the rule allows, by procedure: more are carried over than seats."""
    found = {}
    for procedure, rule in drawn_procedures(office):
        waiting = SeatRequest.objects.filter(office=office, procedure=procedure, state__in=sorted(REQUEST_LIVE))
        if lost := waiting.filter(lost__gt=rule.most_losses).count():
            found[procedure.pk] = lost
    return found


def first_free_days(office: Office) -> list[FirstFree]:
    """For each procedure of the office's seats, the days to the first free one (source: Senate report 21-626)."""
    today = clock.today()
    lines = office.lines.values_list("code", flat=True)
    found = []
    for procedure in Procedure.objects.filter(line_code__in=lines, is_public=True).order_by("position", "code"):
        is_drawn = drawing(office, procedure) is not None
        at = first_free(Wish(office=office, procedures=(procedure,)))
        day = clock.office_day(at) if at else None
        found.append(FirstFree(procedure, day, (day - today).days if day else None, is_drawn))
    return found


def unserved(office: Office, weeks: int) -> list[Unserved]:
    """The live requests older than so many weeks, by procedure, those with a booking since left out."""
    now = clock.now()
    booked = BookedProcedure.objects.filter(
        identity=OuterRef("identity"), procedure=OuterRef("procedure"), is_live=True
    )
    old = SeatRequest.objects.filter(office=office, created_at__lte=now - timedelta(weeks=weeks))
    made = dict(old.order_by().values_list("procedure").annotate(count=Count("pk")))
    waiting = old.filter(~Exists(booked), state__in=sorted(REQUEST_LIVE)).select_related("procedure")
    by_procedure: dict[int, list[SeatRequest]] = {}
    for one in waiting.order_by("procedure__position", "procedure__code", "created_at"):
        by_procedure.setdefault(one.procedure_id, []).append(one)
    return [
        Unserved(some[0].procedure, len(some), made[pk], (now - some[0].created_at).days)
        for pk, some in by_procedure.items()
    ]


def demand(office: Office) -> dict[int, int]:
    """How many people wait now, by procedure."""
    rows = SeatRequest.objects.filter(office=office, state__in=sorted(REQUEST_LIVE)).order_by()
    return dict(rows.values_list("procedure").annotate(count=Count("pk")))


def is_served(request: SeatRequest) -> bool:
    """Whether the person is served already, by a booking made otherwise."""
    return BookedProcedure.objects.filter(
        identity=request.identity, procedure=request.procedure_id, is_live=True
    ).exists()


def _rules(office: Office, procedures: Iterable[Procedure], until: date) -> dict[int, list[AllocationRule]]:
    wanted = [procedure.pk for procedure in procedures]
    rows = AllocationRule.objects.filter(office=office, procedure__in=wanted, valid_from__lte=until)
    found: dict[int, list[AllocationRule]] = {pk: [] for pk in wanted}
    for rule in rows.order_by("valid_from"):
        found[rule.procedure_id].append(rule)
    return found
