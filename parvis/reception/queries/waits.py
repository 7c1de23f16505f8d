"""How long people may expect to wait: measured durations, people ahead, counters open, the pace of the last hour."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.procedures.models import Procedure
from parvis.reception import rules
from parvis.reception.models import CounterSession, Ticket
from parvis.reception.queries.doors import Doors, doors, policy
from parvis.reception.rules import WaitRange, Work
from parvis.reception.states import AT_COUNTER, SessionState, Status

MEASURED_DAYS = 14


@dataclass(frozen=True, slots=True)
class LineWait:
    """A line at a glance: people waiting, since when the first, counters open, and the expected wait of a newcomer."""

    line: Line
    waiting: int
    oldest_at: datetime | None
    counters_open: int
    range: WaitRange | None


@dataclass(frozen=True, slots=True)
class Duration:
    """A procedure's service: the line that serves it, services measured, mean (s) and variance (s²)."""

    line_code: str
    services: int
    mean: float
    variance: float


@dataclass(slots=True)
class Room:
    """The open counters of an office: the lines each serves, and those with nobody."""

    lines: dict[int, frozenset[int]] = field(default_factory=dict)
    idle: set[int] = field(default_factory=set)

    def serving(self, line_id: int) -> set[int]:
        """The open counters that serve a line."""
        return {counter for counter, lines in self.lines.items() if line_id in lines}

    def share(self, of_line: int, *, for_line: int) -> float:
        """The share of a line's work that falls to the counters of another line (1 for the line itself)."""
        counters = self.serving(for_line)
        theirs = self.serving(of_line)
        return len(theirs & counters) / len(theirs) if theirs else 0.0


def expected_wait(ticket: Ticket) -> WaitRange | None:
    """What a person who waits may still expect; None when they do not wait or no counter serves their line."""
    if ticket.state != Status.WAITING:
        return None
    now = clock.now()
    return wait_from(ticket.line, rank_at=ticket.rank_at, now=now, doors=doors(ticket.line, now), before=ticket.pk)


def wait_from(
    line: Line, *, rank_at: datetime, now: datetime, doors: Doors, before: int | None = None
) -> WaitRange | None:
    """What a person of this rank time may expect on a line."""
    day = clock.office_day(now)
    room = open_room(line.office_id)
    ahead = Q(rank_at__lt=rank_at) | (Q(rank_at=rank_at, id__lt=before) if before else Q(rank_at=rank_at))
    known = durations(line.office_id, day)
    work = work_waiting(line.office_id, day, ahead, known)
    return _range(line, _State(room, work, known, paces(line.office_id, now), now), doors)


def wait_by_line(office: Office) -> Sequence[LineWait]:
    """Every line that is open today: people waiting, counters open, what a newcomer may expect."""
    now = clock.now()
    day = clock.office_day(now)
    room = open_room(office.pk)
    known = durations(office.pk, day)
    work = work_waiting(office.pk, day, Q(), known)
    waiting = Ticket.objects.filter(office=office, day=day, state=Status.WAITING).values("line").order_by("line")
    counts = {row["line"]: row for row in waiting.annotate(people=Count("id"), oldest=Min("arrived_at"))}
    open_today = offices.hours_by_line(office, day)
    rule = policy(office)
    state = _State(room, work, known, paces(office.pk, now), now)
    return [
        LineWait(
            line=line,
            waiting=counts[line.pk]["people"] if line.pk in counts else 0,
            oldest_at=counts[line.pk]["oldest"] if line.pk in counts else None,
            counters_open=len(room.serving(line.pk)),
            range=_range(line, state, Doors(rule, open_today.get(line.pk, []))),
        )
        for line in offices.lines(office).select_related("office")
        if line.pk in open_today or line.pk in counts
    ]


def open_room(office_id: int) -> Room:
    """The counters open now (not on a break) with the lines they and their agents serve."""
    served: dict[int, set[int]] = defaultdict(set)
    idle = set()
    busy = Ticket.objects.filter(counter=OuterRef("counter"), state__in=AT_COUNTER)
    rows = (
        CounterSession.objects.filter(counter__office=office_id, state=SessionState.OPEN)
        .filter(counter__lines__agents=F("agent"))
        .order_by()
        .values_list("counter", "counter__lines", Exists(busy))
    )
    for counter, line, is_busy in rows:
        served[counter].add(line)
        if not is_busy:
            idle.add(counter)
    return Room({counter: frozenset(lines) for counter, lines in served.items()}, idle)


def durations(office_id: int, day: date) -> Mapping[int, Duration]:
    """How long each procedure's service takes: the catalogue corrected by the last fortnight."""
    since = day - timedelta(days=MEASURED_DAYS)
    recent = Q(measures__office=office_id, measures__day__gt=since, measures__day__lte=day)
    rows = Procedure.objects.order_by("pk").values_list(
        "pk",
        "line_code",
        "mean_minutes",
        "sigma",
        Coalesce(Sum("measures__services", filter=recent), 0),
        Coalesce(Sum("measures__seconds", filter=recent), 0.0),
        Coalesce(Sum("measures__squares", filter=recent), 0.0),
    )
    return {
        pk: Duration(line_code, services, *rules.measured(mean, sigma, services, seconds, squares))
        for pk, line_code, mean, sigma, services, seconds, squares in rows
    }


def usual_service(line: Line, known: Mapping[int, Duration]) -> float:
    """The usual service of a line in seconds: its procedures weighed by how often they are done."""
    own = [one for one in known.values() if one.line_code == line.code]
    weight = sum(one.services + 1 for one in own)
    return sum((one.services + 1) * one.mean for one in own) / weight if weight else 0.0


def work_waiting(office_id: int, day: date, ahead: Q, known: Mapping[int, Duration]) -> Mapping[int, Work]:
    """The work of the people who wait, by line: the procedure they wait for, and the next ones that the line serves."""
    work: dict[int, Work] = defaultdict(Work)
    rows = (
        Ticket.objects.filter(ahead, office=office_id, day=day, state=Status.WAITING)
        .filter(steps__outcome="", steps__procedure__line_code=F("line__code"))
        .order_by()
        .values_list("line", "steps__procedure")
        .annotate(services=Count("steps"), people=Count("steps", filter=Q(steps__procedure=F("procedure"))))
    )
    for line, procedure, services, people in rows:
        one = known[procedure]
        work[line] += Work(people, services * one.mean, services * one.variance)
    return work


@dataclass(frozen=True, slots=True)
class _State:
    """The queue at an instant, as far as waits depend on it."""

    room: Room
    work: Mapping[int, Work]
    known: Mapping[int, Duration]
    paces: Mapping[int, float]
    now: datetime


def _range(line: Line, state: _State, doors: Doors) -> WaitRange | None:
    room, now = state.room, state.now
    counters = room.serving(line.pk)
    ahead = rules.total(one.times(room.share(other, for_line=line.pk)) for other, one in state.work.items())
    wait = rules.expected_wait(
        ahead,
        counters=len(counters),
        free=bool(counters & room.idle),
        service=usual_service(line, state.known),
        bias=state.paces.get(line.pk, 1.0),
    )
    if wait is None:
        return None
    # Before the opening nobody is called: the wait for the doors comes first.
    until_open = max(timedelta(), doors.opens - now) if doors.opens else timedelta()
    low, high = (until_open + timedelta(seconds=seconds) for seconds in wait)
    return WaitRange(low=low, high=high, past_closing=doors.closes is not None and now + high > doors.closes)


def paces(office_id: int, now: datetime) -> Mapping[int, float]:
    """For each line, measured over told waits of the people first called during the last hour."""
    called = Ticket.objects.filter(office=office_id, day=clock.office_day(now), told_low__gt=0)
    rows = (
        called.filter(first_called_at__gte=now - timedelta(hours=1))
        .order_by()
        .values_list("line")
        .annotate(people=Count("id"), told=Sum("told_low"), waited=Sum(F("first_called_at") - F("arrived_at")))
    )
    return {line: rules.pace(waited.total_seconds(), told, people) for line, people, told, waited in rows}
