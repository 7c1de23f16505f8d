"""Read what can be booked: plans, hours, whom a change hits, and how the pools fill."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from parvis.booking.models import Appointment, CapacityPlan, Seat, Slot
from parvis.booking.rules import plans
from parvis.booking.rules.plans import Calendar, Draft, Pool
from parvis.booking.states import FLEETING, TAKEN, SeatState, Status
from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices import rules as office_rules
from parvis.offices.models import Closure, Line, Office, OpeningWindow

# Those who are expected: whoever has come, or did not come, cannot lose a seat any more.
EXPECTED = frozenset({*FLEETING, Status.CONFIRMED})


def plans_between(office: Office, first: date, last: date) -> list[CapacityPlan]:
    """The plans that make seats on some day between two, with their shares."""
    rows = CapacityPlan.objects.filter(Q(valid_to=None) | Q(valid_to__gte=first), line__office=office)
    ordered = rows.filter(valid_from__lte=last).order_by("line__position", "weekday", "starts", "name", "pk")
    return list(ordered.select_related("line").prefetch_related("shares"))


def plan_history(line: Line, since: date) -> QuerySet[CapacityPlan]:
    """The plans of a line in force on a day or later, those that never held left out."""
    rows = line.capacity_plans.filter(Q(valid_to=None) | Q(valid_to__gte=since))
    return rows.prefetch_related("shares").order_by("weekday", "starts", "valid_from", "pk")


def calendar(office: Office, first: date, last: date) -> Calendar:
    """The hours of the lines between two days."""
    windows = OpeningWindow.objects.filter(Q(valid_to=None) | Q(valid_to__gte=first), line__office=office)
    closures = Closure.objects.filter(office=office, day__range=(first, last)).prefetch_related("lines")
    return Calendar(windows.filter(valid_from__lte=last).order_by("pk"), closures.order_by("pk"))


@dataclass(frozen=True, slots=True)
class Hit:
    """What a change withdraws: slots, the free seats in them, and the people who lose theirs, earliest first."""

    slots: tuple[int, ...]
    free_seats: int
    appointments: tuple[Appointment, ...]

    @property
    def by_procedure(self) -> list[tuple[str, int]]:
        """How many of them come for what, the most frequent first."""
        count: dict[str, int] = {}
        for one in self.appointments:
            count[one.procedure.label] = count.get(one.procedure.label, 0) + 1
        return sorted(count.items(), key=lambda row: (-row[1], row[0]))


def slots_ahead(**which: object) -> QuerySet[Slot]:
    """The slots that have not begun."""
    return Slot.objects.filter(starts_at__gt=clock.now(), **which).order_by("starts_at", "pk")


def hit(slots: Iterable[Slot]) -> Hit:
    """What withdrawing these slots would do."""
    keys = tuple(slot.pk for slot in slots)
    free = Seat.objects.filter(slot__in=keys).exclude(state__in=[*TAKEN, SeatState.WITHDRAWN]).count()
    return Hit(slots=keys, free_seats=free, appointments=expected(seats=Seat.objects.filter(slot__in=keys)))


def expected(*, seats: QuerySet[Seat]) -> tuple[Appointment, ...]:
    """The people expected on these seats, earliest first."""
    holders = seats.filter(appointment__isnull=False).values("appointment")
    rows = Appointment.objects.filter(pk__in=holders, state__in=EXPECTED).select_related("procedure", "line", "office")
    return tuple(rows.prefetch_related("booked__procedure").order_by("starts_at", "pk"))


def slots_hit_by_opening_change(
    line: Line, *, weekday: int, hours: Sequence[tuple[time, time]], valid_from: date
) -> list[Slot]:
    """The slots of the line that would no longer lie within its hours of this weekday."""
    asked = office_rules.checked_hours(hours)
    rows = slots_ahead(line=line, day__gte=valid_from, day__iso_week_day=weekday)
    return [slot for slot in rows if not plans.fits(slot.starts_at, slot.minutes, _spans(slot.day, asked))]


def hit_by_opening_change(line: Line, weekday: int, hours: Sequence[tuple[time, time]], valid_from: date) -> Hit:
    """What would be withdrawn if the line opened at these hours on this weekday from a day on."""
    return hit(slots_hit_by_opening_change(line, weekday=weekday, hours=hours, valid_from=valid_from))


def hit_by_closure(office: Office, lines: Iterable[Line], day: date) -> Hit:
    """What would be withdrawn if these lines, or all when none is named, closed on this day."""
    named = list(lines) or list(offices.lines(office))
    return hit(slots_ahead(line__in=named, day=day))


def hit_by_plan_end(plan: CapacityPlan, last_day: date) -> Hit:
    """What would be withdrawn if the plan made its last seats on this day."""
    return hit(slots_ahead(plan=plan, day__gt=last_day))


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What becomes of one slot when its plan is changed: ``dropped`` seats go; the free ones get these pools."""

    slot: Slot
    dropped: tuple[Seat, ...]
    pools: tuple[tuple[Seat, Pool], ...]
    added: tuple[tuple[int, Pool], ...]


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What changing a plan does: slots whose hour stays (rewritten in place), slots that go, people who lose a seat."""

    first_day: date
    kept: tuple[Rewriting, ...]
    gone: tuple[Slot, ...]
    hit: Hit

    @property
    def dropped(self) -> list[int]:
        """The seats that the slots that stay lose."""
        return [seat.pk for one in self.kept for seat in one.dropped]


def plan_change(plan: CapacityPlan, draft: Draft) -> PlanChange:
    """What it does to replace a plan by another from ``draft.valid_from`` on.

    At the same hour and length people keep their seat: free seats go first, then those of the highest number.
    Raises ``PlanImpossible``.
    """
    plans.check(draft)
    first = max(draft.valid_from, plan.valid_from)
    slots = list(slots_ahead(plan=plan, day__gte=first).prefetch_related("seats"))
    office = Office.objects.get(lines=plan.line_id)
    hours = calendar(office, first, max((slot.day for slot in slots), default=first))
    new = CapacityPlan(line_id=plan.line_id, **draft.columns)
    kept: list[Slot] = []
    gone: list[Slot] = []
    for slot in slots:
        stays = slot.minutes == draft.slot_minutes and slot.starts_at in plans.starts_on(
            new, slot.day, hours.hours(plan.line_id, slot.day)
        )
        (kept if stays else gone).append(slot)
    rewritten = tuple(_rewriting(slot, draft) for slot in kept)
    dropped = [seat.pk for one in rewritten for seat in one.dropped if seat.state in TAKEN]
    lost = Seat.objects.filter(Q(slot__in=[slot.pk for slot in gone]) | Q(pk__in=dropped))
    free = lost.exclude(state__in=[*TAKEN, SeatState.WITHDRAWN]).count()
    free += sum(seat.state not in TAKEN for one in rewritten for seat in one.dropped)
    people = Hit(slots=tuple(slot.pk for slot in gone), free_seats=free, appointments=expected(seats=lost))
    return PlanChange(first_day=first, kept=rewritten, gone=tuple(gone), hit=people)


def _rewriting(slot: Slot, draft: Draft) -> Rewriting:
    taken: list[Seat] = []
    free: list[Seat] = []
    for seat in sorted(slot.seats.all(), key=lambda seat: seat.number):
        (taken if seat.state in TAKEN else free).append(seat)
    kept = taken[: draft.seats]
    pools = plans.regrouped(
        [(seat.audience, seat.channel) for seat in kept],
        draft.seats - len(kept),
        plans.layout(draft.seats, draft.parts),
    )
    stay, go = free[: len(pools)], free[len(pools) :]
    numbers = max((seat.number for seat in slot.seats.all()), default=0)
    return Rewriting(
        slot=slot,
        dropped=(*go, *taken[draft.seats :]),
        pools=tuple(zip(stay, pools, strict=False)),
        added=tuple(enumerate(pools[len(stay) :], start=numbers + 1)),
    )


def _spans(day: date, hours: Sequence[tuple[time, time]]) -> list[office_rules.Span]:
    return [(office_rules.instant(day, opens), office_rules.instant(day, closes)) for opens, closes in hours]


@dataclass(frozen=True, slots=True)
class PoolFill:
    """How one pool of the plans of one name fills. All figures are seats.

    ``fallen_back``: kept for the pool, not taken by it in time, given to everybody (taken since or not).
    ``attended``: whose person came.
    """

    plan: str
    line: str
    audience: str
    channel: str
    seats: int
    booked: int
    fallen_back: int
    attended: int

    @property
    def rate(self) -> float | None:
        """The share of the seats that were booked."""
        return self.booked / self.seats if self.seats else None


_FILL = """
SELECT coalesce(plan.name, ''), line.code, seat.audience, seat.channel, count(*),
    count(*) FILTER (WHERE seat.state = 'booked'),
    count(*) FILTER (WHERE (seat.audience, seat.channel) <> ('', '') AND slot.falls_back_at <= %(now)s
        AND (seat.state <> 'booked' OR appointment.confirmed_at >= slot.falls_back_at)),
    count(*) FILTER (WHERE appointment.state = 'checked_in')
FROM booking_seat AS seat
JOIN booking_slot AS slot ON slot.id = seat.slot_id
JOIN offices_line AS line ON line.id = slot.line_id
LEFT JOIN booking_capacityplan AS plan ON plan.id = slot.plan_id
LEFT JOIN booking_appointment AS appointment ON appointment.id = seat.appointment_id
WHERE line.office_id = %(office)s AND slot.day BETWEEN %(since)s AND %(until)s AND seat.state <> 'withdrawn'
GROUP BY 1, 2, 3, 4, line.position ORDER BY line.position, 1, 3, 4
"""


def fill(office: Office, since: date, until: date) -> list[PoolFill]:
    """How the pools of the slots between two days, both included, are filled now."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"office": office.pk, "since": since, "until": until, "now": clock.now()})
        return [PoolFill(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class WeekSeats:
    """The seats of one line in one week that begins on ``monday``."""

    monday: date
    seats: int
    taken: int


def seats_by_week(office: Office) -> Mapping[int, list[WeekSeats]]:
    """For every line, the seats that have been made for the coming weeks."""
    found: dict[int, list[WeekSeats]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT slot.line_id, date_trunc('week', slot.day)::date, count(*),"
            " count(*) FILTER (WHERE seat.state IN ('held', 'booked'))"
            " FROM booking_seat AS seat JOIN booking_slot AS slot ON slot.id = seat.slot_id"
            " JOIN offices_line AS line ON line.id = slot.line_id"
            " WHERE line.office_id = %s AND slot.day >= %s AND seat.state <> 'withdrawn'"
            " GROUP BY 1, 2 ORDER BY 1, 2",
            [office.pk, clock.today()],
        )
        for line, *week in cursor.fetchall():
            found.setdefault(line, []).append(WeekSeats(*week))
    return found


def seats_in_week(office: Office, day: date, *, procedure: str, line: Line) -> int:
    """The seats that the plans make for a procedure in the seven days from a day on, before anybody books."""
    last = day + timedelta(days=6)
    known = [plan for plan in plans_between(office, day, last) if plan.line_id == line.pk]
    open_to = [plan for plan in known if not plan.accepts or procedure in plan.accepts]
    return sum(plan.seats for plan, _day, _at in plans.wanted(open_to, calendar(office, day, last), day, last))


def first_seat(line: Line, procedure: str, *, since: datetime) -> datetime | None:
    """When the first free seat of the line that takes this procedure begins, at or after an instant."""
    takes = Q(slot__accepts=[]) | Q(slot__accepts__contains=[procedure])
    rows = Seat.objects.filter(takes, slot__line=line, state=SeatState.FREE, slot__starts_at__gte=since)
    return rows.order_by("slot__starts_at", "pk").values_list("slot__starts_at", flat=True).first()
