"""The figures of the counters where cards are handed over."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.common import clock
from parvis.offices.models import Office
from parvis.permits.models import FailedHandover, Handover


@dataclass(frozen=True, slots=True)
class CounterFigures:
    """One counter on one day: cards given, cards per hour of work, mean seconds a handover, failures by reason.

    ``counter_id`` is empty for handovers made away from a counter. ``per_hour`` counts from the beginning of the first
    person to the end of the last; empty without a card. ``mean_seconds`` is empty when nobody measured.
    """

    counter_id: int | None
    cards: int
    per_hour: float | None
    mean_seconds: float | None
    failures: Mapping[str, int]


def counter_figures(office: Office, day: date) -> list[CounterFigures]:
    """The figures of every counter that gave a card, or failed to, on a day of the office."""
    when = clock.at(day, "00:00"), clock.at(day + timedelta(days=1), "00:00")
    given = defaultdict(list)
    rows = Handover.objects.filter(permit__office=office, at__gte=when[0], at__lt=when[1])
    for counter, at, seconds in rows.values_list("counter_id", "at", "seconds").order_by("at"):
        given[counter].append((at, seconds))
    failed: dict[int | None, Tally[str]] = defaultdict(Tally)
    failures = FailedHandover.objects.filter(permit__office=office, at__gte=when[0], at__lt=when[1])
    for counter, reason in failures.values_list("counter_id", "reason"):
        failed[counter][reason] += 1
    counters = sorted({*given, *failed}, key=lambda pk: (pk is None, pk or 0))
    return [_figures(counter, given[counter], failed[counter]) for counter in counters]


def _figures(
    counter: int | None, given: list[tuple[datetime, float | None]], failures: Mapping[str, int]
) -> CounterFigures:
    measured = [seconds for _at, seconds in given if seconds is not None]
    mean = sum(measured) / len(measured) if measured else None
    return CounterFigures(counter, len(given), _per_hour(given, mean), mean, dict(failures))


def _per_hour(given: list[tuple[datetime, float | None]], mean: float | None) -> float | None:
    if not given:
        return None
    first_at, first_seconds = given[0]
    took = timedelta(seconds=first_seconds if first_seconds is not None else mean or 0)
    hours = (given[-1][0] - first_at + took).total_seconds() / 3600
    return len(given) / hours if hours else None
