"""Whom a change of hours would hit among the people of the reception."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Line
from parvis.offices.rules import Span, instant, is_within
from parvis.reception import rules
from parvis.reception.models import ReturnPass, Ticket, TicketQuerySet
from parvis.reception.queries.outlook import outlook
from parvis.reception.states import AT_COUNTER, ReturnKind


@dataclass(frozen=True, slots=True)
class OpeningHits:
    """Whom a change of hours would hit: people who hold a ticket for today, and rights to come back."""

    tickets: int
    returns: int


def hit_by_opening_change(
    line: Line, *, weekday: int, hours: Sequence[tuple[time, time]], valid_from: date
) -> OpeningHits:
    """Whom new hours of a weekday would hit from a day on.

    Today's open tickets: all of them when the line would receive nobody now, or only later than planned; when it would
    receive for a shorter time, the last people, who no longer fit. Promised returns: those whose moment is closed.
    """
    now = clock.now()
    today = clock.office_day(now)
    tickets = 0
    if valid_from <= today and today.isoweekday() == weekday:
        tickets = _tickets_hit(line, offices.hours(line, today), _spans(today, hours), now)
    promised = ReturnPass.objects.filter(ticket__line=line, used_by=None, valid_on__gte=max(valid_from, today))
    concerned = [given for given in promised.order_by("pk") if given.valid_on.isoweekday() == weekday]
    missed = [given for given in concerned if not _is_kept(given, _spans(given.valid_on, hours), now)]
    return OpeningHits(tickets=tickets, returns=len(missed))


def _tickets_hit(line: Line, before: Sequence[Span], after: Sequence[Span], now: datetime) -> int:
    there = Ticket.objects.open().filter(line=line, day=clock.office_day(now))
    planned, receives = _next(before, now), _next(after, now)
    if planned is None:
        # Closed for today already: the change takes nothing from the people who are still there.
        return 0
    if receives is None or receives > planned:
        return there.count()
    left = rules.time_left(after, now)
    return _too_many(line, there, left, now) if left < rules.time_left(before, now) else 0


def _too_many(line: Line, there: TicketQuerySet, left: timedelta, now: datetime) -> int:
    """How many of the people waiting, from the last one, do not fit in what is left of the day.

    Where no counter is open yet, as one counter would receive them.
    """
    seen = outlook(line.office_id, now=now)
    counters = len(seen.serving(line.pk))
    needed = seen.work_for(line.pk) if counters else seen.work.get(line.pk, rules.Work())
    late_by = needed.mean - left.total_seconds() * max(1, counters)
    found = 0
    for ticket in there.exclude(state__in=AT_COUNTER).in_order().reverse():
        if late_by <= 0:
            break
        late_by -= seen.durations[ticket.procedure_id].mean
        found += 1
    return found


def _is_kept(given: ReturnPass, spans: Sequence[Span], now: datetime) -> bool:
    """Whether the line would still receive at the moment that was promised."""
    if given.kind == ReturnKind.LATER_TODAY:
        return is_within(max(given.reference_at, now), spans)
    if given.kind == ReturnKind.MISSING_COPY:
        return _next(spans, now) is not None
    return bool(spans)


def _next(spans: Sequence[Span], now: datetime) -> datetime | None:
    """When a line next receives, which may be now; None when it does not any more."""
    return next((max(start, now) for start, end in spans if now < end), None)


def _spans(day: date, hours: Sequence[tuple[time, time]]) -> list[Span]:
    return [(instant(day, opens), instant(day, closes)) for opens, closes in sorted(hours)]
