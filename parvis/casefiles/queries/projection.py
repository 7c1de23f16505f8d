"""Where the stock goes at the pace of recent weeks, with the honesty of a range."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from statistics import fmean, stdev

from parvis.casefiles.queries.stock import Week, flows, stock_on, waiting_now
from parvis.common import clock
from parvis.offices.models import Office

PACE_WEEKS = 12
# The 97.5 % quantile of Student's law for 1 to 11 degrees of freedom.
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201)
_FARTHEST_WEEKS = 52 * 50


@dataclass(frozen=True, slots=True)
class Projection:
    """By how many files a week the stock falls (``pace``; below zero it grows), and when it is half of ``baseline``.

    ``low`` and ``high`` are the 95 % interval of the mean weekly pace (Student's t over the ``weeks`` complete weeks;
    None with fewer than three): weeks are taken as alike and independent, so a holiday widens it and a trend is not
    seen. ``halved_low`` is the day at the quick end of the range, ``halved_high`` that at the slow end. A day is None
    when at that pace the stock never halves.
    """

    stock: int
    baseline: int
    weeks: int
    pace: float | None
    low: float | None
    high: float | None
    halved_on: date | None
    halved_low: date | None
    halved_high: date | None


def projection(office: Office, *, weeks: int = PACE_WEEKS, since: date | None = None) -> Projection:
    """The stock at today's pace: half of today's stock, or of the stock at the end of the day ``since``."""
    today = clock.today()
    now = waiting_now(office)
    baseline = now if since is None else stock_on(office, since)
    falls = [float(week.decided - week.opened) for week in _told(flows(office, weeks + 1))]
    pace = fmean(falls) if falls else None
    low, high = _interval(falls)
    halved = [_day_of(baseline / 2, now, speed, today) for speed in (pace, high, low)]
    return Projection(now, baseline, len(falls), pace, low, high, *halved)


def _told(weeks: list[Week]) -> list[Week]:
    """The complete weeks from the first in which anything happened: before, the house was not used."""
    complete = [week for week in weeks if week.is_complete]
    while complete and not complete[0].opened and not complete[0].decided:
        complete.pop(0)
    return complete


def _interval(falls: list[float]) -> tuple[float | None, float | None]:
    """The 95 % interval of the mean; none of fewer than three weeks."""
    if len(falls) < 3:
        return None, None
    freedom = len(falls) - 1
    quantile = _STUDENT[freedom - 1] if freedom <= len(_STUDENT) else 1.96 + 2.5 / freedom
    half = quantile * stdev(falls) / sqrt(len(falls))
    return fmean(falls) - half, fmean(falls) + half


def _day_of(goal: float, now: int, pace: float | None, today: date) -> date | None:
    """The day on which the stock is down to ``goal`` at this pace; None when it never is, or beyond fifty years."""
    if now <= goal:
        return today
    if pace is None or pace <= 0 or (now - goal) / pace > _FARTHEST_WEEKS:
        return None
    return today + timedelta(days=ceil(7 * (now - goal) / pace))
